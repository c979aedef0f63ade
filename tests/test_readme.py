"""The README shows what the program really prints."""

from __future__ import annotations

import re
from pathlib import Path

from slackincidents import generate

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
MAKEFILE = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")


def test_the_excerpt_is_from_the_demo() -> None:
    """The first block of the README stands, line by line, in what `make demo` prints."""
    excerpt = re.search(r"```text\n(.*?)\n```", README, re.DOTALL)
    demo = re.search(r"generate (\S+) --seed (\d+) --format text", MAKEFILE)
    assert excerpt is not None
    assert demo is not None
    assert excerpt[1] in generate(demo[1], seed=int(demo[2])).to_text()
