"""A judgement as text, and as a section of an evaluation."""

from __future__ import annotations

from slackincidents.realism.base import Score
from slackincidents.realism.judge import Judgement, NotJudged
from slackincidents.realism.judge_tally import Kinded, Outcome, Rate
from slackincidents.realism.report import table
from slackincidents.realism.results import Judge, Reason

MINUS = "-"
ROWS = ("made up beside real", "real beside real (control)")


def told(found: Judgement | NotJudged, markdown: bool = False) -> str:
    """The whole report: figures of both kinds of pairs, the tells with quotes."""
    if isinstance(found, NotJudged):
        return f"Judge: skipped, {found.why}. {found.remedy}\n"
    head = ("pairs", "count", "taken for real", "95 %", "flips", "A picked", "confidence")
    rows = [_row(name, one) for name, one in zip(ROWS, (found.test, found.control), strict=True) if one.pairs]
    parts = [
        f"Judge: {found.model}, {found.wanted} verdicts asked ({found.invalid} of no use), up to {found.window} lines, "
        f"{found.samples} a pair and order, {found.per_call} pairs a call, {found.usage.tokens:,} tokens.",
        table(head, rows, markdown),
        "What gave the made-up excerpts away (pairs, reasons; reasons against real ones, which are mistakes):",
        table(("tell", "pairs", "reasons", "against real"), [_tell(one) for one in found.tells], markdown),
        *(f"{one.tell}: {one.meaning}\n{quotes}" for one in found.tells if (quotes := _quotes(one))),
    ]
    return "\n\n".join(parts) + "\n"


def section(found: Judgement | NotJudged) -> Judge:
    """The same as a section of an evaluation."""
    if isinstance(found, NotJudged):
        return Judge(skipped=f"{found.why}. {found.remedy}")
    return Judge(
        model=found.model, pairs=found.test.pairs, scores=_scores(found), reasons=tuple(map(_reason, found.tells))
    )


def _scores(found: Judgement) -> tuple[Score, ...]:
    test, control = found.test, found.control
    return (
        _score("taken_for_real", "made-up excerpts taken for real", test.fooled),
        _score("judge_flips", "answers that change with the order", test.flips),
        _score("judge_first", "first excerpt picked", test.first),
        _plain("judge_confidence", "mean confidence of the judge, 50 to 100", test.confidence, test.answers),
        _score("control_picked", "real beside real: the one picked that stood for made up", control.fooled),
        _score("control_flips", "real beside real: answers that change with the order", control.flips),
        _plain("control_confidence", "real beside real: mean confidence", control.confidence, control.answers),
        _plain("judge_invalid", "answers of no use", found.invalid / found.wanted, found.wanted),
        _plain("judge_tokens", "tokens of all replies", float(found.usage.tokens), found.usage.calls),
    )


def _score(name: str, title: str, found: Rate) -> Score:
    return Score(
        name=name, title=title, measure="judge", value=found.value, low=found.low, high=found.high, count=found.pairs
    )


def _plain(name: str, title: str, value: float | None, count: int) -> Score:
    return Score(name=name, title=title, measure="judge", value=value, count=count)


def _reason(one: Kinded) -> Reason:
    quotes = tuple(f"{quote.source}: {quote.quote!r}: {quote.why}" for quote in one.examples)
    return Reason(name=one.tell, count=one.against_made, examples=quotes)


def _row(name: str, one: Outcome) -> tuple[str, ...]:
    between = f"{_percent(one.fooled.low)} to {_percent(one.fooled.high)}"
    sure = MINUS if one.confidence is None else f"{one.confidence:.0f}"
    shares = (_percent(one.flips.value), _percent(one.first.value))
    return (name, f"{one.pairs}", _percent(one.fooled.value), between, *shares, sure)


def _tell(one: Kinded) -> tuple[str, ...]:
    return (one.tell, f"{one.pairs}", f"{one.against_made}", f"{one.against_real}")


def _quotes(one: Kinded) -> str:
    return "\n".join(f'- {quote.source}: "{quote.quote}" - {quote.why}' for quote in one.examples)


def _percent(share: float | None) -> str:
    return MINUS if share is None else f"{100 * share:.0f} %"
