"""The page of rules is made from the rules."""

from __future__ import annotations

from pathlib import Path

from slackincidents.validator import RULES
from slackincidents.validator.reference import FAMILIES, page

DOCS = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


def test_the_page_is_current() -> None:
    """docs/rules.md is what `python -m slackincidents.validator.reference` prints."""
    assert DOCS.read_text(encoding="utf-8") == page()


def test_every_family_has_a_heading() -> None:
    """No rule is left out of the page."""
    assert {rule.code[:3] for rule in RULES} == set(FAMILIES)
