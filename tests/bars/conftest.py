"""Thirteen skeletons, a hundred seeds each, both paces: made once for all bars."""

from __future__ import annotations

import pytest

from evals.corpus import Case, generate
from slackincidents.pipeline import Workshop

SEEDS = range(100)


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    """The shipped library."""
    return Workshop.open()


@pytest.fixture(scope="session")
def corpus(workshop: Workshop) -> dict[str, list[Case]]:
    """A hundred real-pace incidents of every skeleton."""
    return {name: list(generate(workshop, name, SEEDS)) for name in workshop.library.skeleton_names()}
