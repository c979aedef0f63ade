"""One seed, with a named child for each pass, so that no pass disturbs another's chance."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed is a path of names: ``Seed("7").child("casting")``.

    The same path gives the same numbers on every machine, Python version and process:
    `random.Random` hashes a string seed with SHA-512, untouched by ``PYTHONHASHSEED``.
    """

    path: str

    def child(self, name: object) -> Seed:
        """The seed of a pass or item below this one."""
        return Seed(f"{self.path}/{name}")

    def rng(self) -> random.Random:
        """A fresh generator that starts where this seed says."""
        return random.Random(self.path)
