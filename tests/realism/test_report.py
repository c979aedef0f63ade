"""The report in words."""

from __future__ import annotations

import pytest

from slackincidents.realism.base import Evidence, Score
from slackincidents.realism.report import between, limits, number, report, side_by_side, table, verdict
from slackincidents.realism.results import (
    Contents,
    Discriminator,
    Distance,
    Evaluation,
    Judge,
    Kind,
    Range,
    Separation,
    Tell,
    Verdict,
)


def score(name: str, value: float | None, *evidence: Evidence) -> Score:
    """One score with an interval around it."""
    low, high = (None, None) if value is None else (value - 0.1, value + 0.1)
    return Score(name=name, title=name, measure="made", value=value, low=low, high=high, count=7, evidence=evidence)


def distance(name: str, here: float, said: Verdict | None, target: Range | None = None) -> Distance:
    """One distance to a band of 0 to 1."""
    plain = Distance(name=name, title=name, measure="made", kind=Kind.BAND, value=0.5, here=here, passes=(0, 1))
    return plain.model_copy(update={"verdict": said, "target": target})


LINE = Evidence(incident="cart-001", event=4, text="seen here", note="why")


def made(**more: object) -> Evaluation:
    """Three checks: on target, passing, out."""
    plain = Evaluation(
        versions={"python": "3"},
        seed="7",
        set=Contents(name="mine", incidents=1, lines=8, left_out={"with too few lines": 2}),
        reference="somewhere",
        scores=(score("a", 0.3), score("b", 0.5), score("c", 9.0, LINE), score("d", 0.25), score("e", None)),
        distances=(
            distance("a", 0.3, Verdict.TARGET, (0.2, 0.4)),
            distance("b", 0.5, Verdict.PASS),
            distance("c", 9, Verdict.OUT),
        ),
        notes=("read with care",),
    )
    return plain.model_copy(update=more)


def test_columns_line_up() -> None:
    """Plain columns are padded; Markdown has bars and a rule under the head, and no bar inside a cell."""
    rows = [("long one", "1"), ("b", "22")]
    assert table(("name", "n"), rows, markdown=False).splitlines()[2:] == ["long one  1", "b         22"]
    assert table(("name", "n"), rows, markdown=True).splitlines()[1] == "| -------- | -- |"
    assert table(("name",), [("a|b",)], markdown=True).splitlines()[2] == "| a/b  |"


@pytest.mark.parametrize(
    ("said", "word"), [(None, "-"), (Verdict.OUT, "OUT"), (Verdict.PASS, "pass"), (Verdict.TARGET, "target")]
)
def test_verdicts(said: Verdict | None, word: str) -> None:
    """Four words for what can be."""
    assert verdict(distance("x", 0.5, said)) == word


def test_figures_in_few_letters() -> None:
    """Three decimals for small ones; open ends; nothing where nothing was measured."""
    assert [number(0.12345), number(123.4), number(None)] == ["0.123", "123", "-"]
    assert [between(0.1, 0.2), between(None, 0.2)] == ["0.100 to 0.200", "-"]
    assert [limits((0.1, None)), limits((None, 2)), limits((1, 2)), limits(None)] == [">= 0.1", "<= 2", "1 to 2", "-"]


def test_the_report_says_what_counts() -> None:
    """What was read, what was left out, the tally, the notes, what is out and where it can be seen."""
    text = report(made())
    assert text.startswith("mine: 1 incident, 8 human lines. Left out: 2 with too few lines.")
    assert "2 of 3 checks pass (67%); 1 of 1 lie in the incident band." in text
    assert "Note: read with care" in text
    assert '- c: cart-001 [4] "seen here" (why)' in text
    assert "0.150 to 0.350" in text.split("Without a range:")[1]
    assert made().passing == pytest.approx(2 / 3)


def test_sections_that_others_make_are_shown() -> None:
    """The AUC with its strongest feature, and why the judge did not speak."""
    tell = Tell(name="comma", weight=0.5, here=0.4, there=0.2, examples=(LINE,))
    told = Discriminator(separations=(Separation(unit="message", auc=score("auc", 0.8), tells=(tell,)),))
    text = report(made(discriminator=told, judge=Judge(skipped="no endpoint")))
    assert "message  0.800" in text
    assert "comma    +0.50" in text
    assert "Judge: skipped: no endpoint" in text


def test_sets_stand_side_by_side() -> None:
    """A column a set; what is out says so; a set without the measure has a dash."""
    text = side_by_side({"ours": made(), "other": made(distances=made().distances[:1])})
    row = next(line for line in text.splitlines() if line.startswith("| c "))
    assert [cell.strip() for cell in row.strip("|").split("|")] == ["c", "0.50 (9.000) OUT", "-"]
