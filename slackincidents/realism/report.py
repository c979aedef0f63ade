"""An evaluation as text: plain columns for a terminal, bars for Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from slackincidents.realism.base import Evidence, Score
from slackincidents.realism.results import Contents, Discriminator, Distance, Evaluation, Judge, Kind, Range, Verdict

BANDED = ("#", "measure", "value", "95 % interval", "pass", "target", "off by", "verdict")
COMPARED = ("measure", "here", "95 % interval", "there", "interval there", "off by", "verdict")
SHAPED = ("distribution", "distance", "value", "95 % interval", "verdict")
MINUS = "-"
LONGEST = 100
WORST = 12
SINGLE = (Kind.BAND, Kind.INTERVAL)
REUSED = "line_reuse"


def report(evaluation: Evaluation, markdown: bool = False) -> str:
    """The whole report."""
    parts = [
        *_opening(evaluation),
        *_tally(evaluation),
        *_checks(evaluation, markdown),
        *_shapes(evaluation, markdown),
        *_classifier(evaluation.discriminator, markdown),
        *_persona(evaluation, markdown),
        *_judge(evaluation.judge, markdown),
        *_rest(evaluation, markdown),
        *_reuse(evaluation, markdown),
        *_examples(evaluation),
        _signature(evaluation),
    ]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], markdown: bool) -> str:
    """Columns of equal width, with bars when `markdown`."""
    cells = [tuple(cell.replace("|", "/") for cell in row) for row in rows] if markdown else rows
    widths = [max(len(row[column]) for row in (head, *cells)) for column in range(len(head))]
    rule = tuple("-" * width for width in widths)
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (head, rule, *cells)]
    if markdown:
        return "\n".join("| " + " | ".join(row) + " |" for row in padded)
    return "\n".join("  ".join(row).rstrip() for row in padded)


def side_by_side(evaluations: Mapping[str, Evaluation], markdown: bool = True) -> str:
    """The distances of several sets to one reference, a column a set: 0 lies in the incident band."""
    first = next(iter(evaluations.values()))
    known = [{(one.name, one.kind): one for one in found.distances} for found in evaluations.values()]
    rows = [(_title(one), *(_cell(of.get((one.name, one.kind))) for of in known)) for one in first.distances]
    units = dict.fromkeys(unit for found in evaluations.values() for unit in _areas(found))
    rows += [(f"AUC by {unit}", *(number(_areas(of).get(unit)) for of in evaluations.values())) for unit in units]
    passing = (MINUS if of.passing is None else f"{of.passing:.0%}" for of in evaluations.values())
    counts = (f"{of.set.incidents} / {of.set.lines}" for of in evaluations.values())
    head = [("incidents / lines", *counts), ("checks that pass", *passing)]
    return table(("measure", *evaluations), head + rows, markdown)


def _areas(found: Evaluation) -> dict[str, float | None]:
    """The AUC of every unit; none without a discriminator."""
    return {one.unit: one.auc.value for one in found.discriminator.separations} if found.discriminator else {}


def _title(one: Distance) -> str:
    return one.title if one.kind in SINGLE else f"{one.title}, {one.kind}"


def _cell(distance: Distance | None) -> str:
    if distance is None:
        return MINUS
    value = "" if distance.here is None else f" ({number(distance.here)})"
    return f"{distance.value:.2f}{value}" + (" OUT" if distance.verdict is Verdict.OUT else "")


def _opening(evaluation: Evaluation) -> Iterator[str]:
    yield _contents(evaluation.set)
    if evaluation.against:
        yield f"Beside {evaluation.against.name}: {_contents(evaluation.against, named=False)}"
    if evaluation.notes:
        yield "\n".join(f"Note: {note}" for note in evaluation.notes)


def _contents(found: Contents, named: bool = True) -> str:
    incidents = f"{found.incidents} incident{'' if found.incidents == 1 else 's'}"
    left = "".join(
        f" Left out: {count} {why}." for why, count in found.left_out.items() if not why.startswith("speakers")
    )
    ids = "".join(f" {count} {why}." for why, count in found.left_out.items() if why.startswith("speakers"))
    name = f"{found.name}: " if named and found.name else ""
    return f"{name}{incidents}, {found.lines} human lines.{left}{ids}"


def _tally(evaluation: Evaluation) -> Iterator[str]:
    judged = [one for one in evaluation.distances if one.verdict]
    if not judged:
        return
    aimed = [one for one in judged if one.target]
    on_target = sum(one.verdict is Verdict.TARGET for one in aimed)
    passed = sum(one.verdict is not Verdict.OUT for one in judged)
    in_band = f"; {on_target} of {len(aimed)} lie in the incident band" if aimed else ""
    yield f"{passed} of {len(judged)} checks pass ({evaluation.passing:.0%}){in_band}."


def _checks(evaluation: Evaluation, markdown: bool) -> Iterator[str]:
    scores = {score.name: score for score in evaluation.scores}
    others = {score.name: score for score in evaluation.reference_scores}
    banded = [one for one in evaluation.distances if one.kind is Kind.BAND]
    compared = [one for one in evaluation.distances if one.kind is Kind.INTERVAL]
    if banded:
        yield table(BANDED, [_banded(one, scores[one.name]) for one in banded], markdown)
    if compared:
        rows = [_compared(one, scores[one.name], others[one.name]) for one in compared]
        yield table(COMPARED, rows, markdown)


def _banded(one: Distance, score: Score) -> tuple[str, ...]:
    return (
        MINUS if one.number is None else str(one.number),
        one.title,
        number(one.here),
        between(score.low, score.high),
        limits(one.passes),
        limits(one.target),
        _off(one),
        verdict(one),
    )


def _compared(one: Distance, score: Score, other: Score) -> tuple[str, ...]:
    here = (one.title, number(one.here), between(score.low, score.high))
    return (*here, number(one.there), between(other.low, other.high), _off(one), verdict(one))


def _off(one: Distance) -> str:
    if one.value == 0 and not one.high:
        return "0"
    spread = "" if one.low is None or one.high is None else f" ({one.low:.2f} to {one.high:.2f})"
    return f"{one.value:.2f}{spread}"


def verdict(one: Distance) -> str:
    """``target``, ``pass``, ``OUT``, or a dash when nothing was judged."""
    if one.verdict is None:
        return MINUS
    return "OUT" if one.verdict is Verdict.OUT else str(one.verdict)


def _shapes(evaluation: Evaluation, markdown: bool) -> Iterator[str]:
    rows = [
        (one.title, str(one.kind), number(one.value), between(one.low, one.high), verdict(one))
        for one in evaluation.distances
        if one.kind not in SINGLE
    ]
    if rows:
        yield table(SHAPED, rows, markdown)


def _classifier(found: Discriminator | None, markdown: bool) -> Iterator[str]:
    if found is None:
        return
    yield "Told apart from the reference by a classifier (AUC; .5 is not at all), beside real against real:"
    every = [*(("", one) for one in found.separations), *(("baseline ", one) for one in found.baselines)]
    rows = [
        (f"{kind}{one.unit}", number(one.auc.value), between(one.auc.low, one.auc.high), str(one.auc.count))
        for kind, one in every
    ]
    if rows:
        yield table(("by", "AUC", "95 % interval", "items"), rows, markdown)
    tells = [tell for one in found.separations[:1] for tell in one.tells[:WORST]]
    if tells:
        yield "Its strongest features:"
        told = [
            (tell.name, f"{tell.weight:+.2f}", number(tell.here), number(tell.there), _quote(tell.examples))
            for tell in tells
        ]
        yield table(("feature", "weight", "here", "there", "for example"), told, markdown)
    if found.note:
        yield f"Note: {found.note}"


def _persona(evaluation: Evaluation, markdown: bool) -> Iterator[str]:
    found = evaluation.persona
    if found and found.scores:
        yield "People:"
        yield table(("measure", "value", "95 % interval", "counted"), [_plain(one) for one in found.scores], markdown)
    if found and found.note:
        yield f"Note: {found.note}"


def _judge(found: Judge | None, markdown: bool) -> Iterator[str]:
    if found is None:
        return
    if found.skipped:
        yield f"Judge: skipped: {found.skipped}"
        return
    yield f"Judge: {found.model or 'a model'}, {found.pairs} blind pairs."
    yield table(("measure", "value", "95 % interval", "counted"), [_plain(one) for one in found.scores], markdown)
    if found.reasons:
        rows = [(one.name, str(one.count), "; ".join(one.examples)[:LONGEST]) for one in found.reasons]
        yield table(("tell", "times", "for example"), rows, markdown)


def _rest(evaluation: Evaluation, markdown: bool) -> Iterator[str]:
    shown = {one.name for one in evaluation.distances}
    rest = [score for score in evaluation.scores if score.name not in shown and score.value is not None]
    if rest:
        yield "Without a range:"
        yield table(("measure", "value", "95 % interval", "counted"), [_plain(score) for score in rest], markdown)


def _plain(score: Score) -> tuple[str, ...]:
    return score.title, number(score.value), between(score.low, score.high), str(score.count)


def _reuse(evaluation: Evaluation, markdown: bool) -> Iterator[str]:
    worst = next((score.evidence for score in evaluation.scores if score.name == REUSED), ())
    if worst:
        yield "Lines that come back:"
        yield table(("where", "line"), [(one.note, one.text[:LONGEST]) for one in worst], markdown)


def _examples(evaluation: Evaluation) -> Iterator[str]:
    """What shows the measures that are out."""
    out = [one.name for one in evaluation.distances if one.verdict is Verdict.OUT and one.kind in SINGLE]
    found = {score.name: score for score in evaluation.scores}
    lines = [f"- {found[name].title}: {_quote(found[name].evidence)}" for name in out if found[name].evidence]
    if lines:
        yield "\n".join(("Where the measures that are out can be seen:", *lines))


def _quote(evidence: Sequence[Evidence]) -> str:
    if not evidence:
        return ""
    one = evidence[0]
    place = one.incident + ("" if one.event is None else f" [{one.event}]")
    said = " ".join(one.text.split())
    quoted = f'"{said[:LONGEST]}"' if said else ""
    return " ".join(part for part in (place, quoted, f"({one.note})" if one.note else "") if part)


def _signature(evaluation: Evaluation) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in evaluation.versions.items())
    source = f" Reference: {evaluation.reference}" if evaluation.reference else ""
    return f"Seed {evaluation.seed}; {versions}.{source}"


def number(value: float | None) -> str:
    """A figure in few letters."""
    if value is None:
        return MINUS
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"


def between(low: float | None, high: float | None) -> str:
    """An interval."""
    return MINUS if low is None or high is None else f"{number(low)} to {number(high)}"


def limits(found: Range | None) -> str:
    """A range, open on one side or not."""
    if found is None:
        return MINUS
    low, high = found
    if low is None:
        return f"<= {_short(high)}"
    return f">= {_short(low)}" if high is None else f"{_short(low)} to {_short(high)}"


def _short(value: float | None) -> str:
    return MINUS if value is None else f"{value:.4g}"
