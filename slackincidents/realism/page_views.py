"""An evaluation, or two side by side, as its page shows them: every figure already in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from slackincidents.realism.base import Evidence, Score
from slackincidents.realism.report import MINUS, between, number
from slackincidents.realism.results import Contents, Evaluation, Judge, Reason, Separation, Tell, Verdict
from slackincidents.render import plots
from slackincidents.render.plots import Bar, Part
from slackincidents.schema.acts import Feature

CHANCE = 0.5
WIDE = 250
"""Pixels for the names of bars."""

COLOURS = ("bar", "day")
"""The first set's bars and the second's."""

YARDSTICK = "real against real"
COVERED = "features_covered"
FOOLED = "taken_for_real"
THEIRS = "reference"
"""The note of an example from the reference."""

SEEN_BY = ("message", "window", "incident")
"""Units whose tells are shown."""

Pages = Mapping[str, str]
"""Incident -> address of its page."""


@dataclass(frozen=True)
class Card:
    """One figure of the headline."""

    head: str
    big: str
    unit: str
    words: str


@dataclass(frozen=True)
class Quote:
    """A line as evidence, with the way to it."""

    text: str
    where: str
    href: str | None
    note: str


@dataclass(frozen=True)
class TellRow:
    """One thing that tells the sets apart."""

    name: str
    weight: str
    here: str
    there: str
    ours: tuple[Quote, ...]
    theirs: tuple[Quote, ...]


@dataclass(frozen=True)
class TellBlock:
    """The tells of one unit."""

    title: str
    rows: tuple[TellRow, ...]


@dataclass(frozen=True)
class JudgeView:
    """What the judge said, or why there was none."""

    words: str
    scores: tuple[tuple[str, ...], ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Side:
    """What is shown of one set alone."""

    name: str
    cards: tuple[Card, ...]
    notes: tuple[str, ...]
    separation_note: str
    tells: tuple[TellBlock, ...]
    worst: tuple[Quote, ...]
    judge: JudgeView
    people: tuple[tuple[str, ...], ...]
    people_note: str


def side(found: Evaluation, name: str, pages: Pages) -> Side:
    """One set."""
    told = found.discriminator
    shown = told.separations if told else ()
    return Side(
        name=name,
        cards=tuple(_cards(found)),
        notes=found.notes,
        separation_note=told.note
        if told
        else "Not measured: it needs a reference with texts, and was not to be left out.",
        tells=tuple(_block(one, pages) for one in shown if one.unit in SEEN_BY and one.tells),
        worst=tuple(_quote(one, pages) for one in (shown[0].auc.evidence if shown else ())),
        judge=_judge(found.judge),
        people=tuple(scored(one) for one in (found.persona.scores if found.persona else ())),
        people_note=found.persona.note if found.persona else "",
    )


def contents(found: Contents) -> str:
    """What was read and what was left out, in one sentence or two."""
    count = f"{found.incidents} incident{'' if found.incidents == 1 else 's'}, {found.lines} lines typed by people"
    left = "".join(f" Left out: {number} {why}." for why, number in found.left_out.items())
    return f"{found.name or 'This set'}: {count}.{left}"


def scored(score: Score) -> tuple[str, ...]:
    """A score as a row: title, value, interval, how many were counted."""
    return score.title, number(score.value), between(score.low, score.high), str(score.count)


def _cards(found: Evaluation) -> Iterator[Card]:
    yield _apart(found)
    judged = [one for one in found.distances if one.verdict]
    if judged:
        passed = sum(one.verdict is not Verdict.OUT for one in judged)
        aimed = sum(one.verdict is Verdict.TARGET for one in judged)
        words = f"{aimed} of them in the band of incident chat"
        yield Card("Checks that pass", str(passed), f"of {len(judged)}", words)
    else:
        yield Card("Checks that pass", MINUS, "", "no reference to check against")
    scores = {score.name: score for score in found.scores}
    covered = scores.get(COVERED)
    if covered and covered.value is not None:
        count = round(covered.value * len(Feature))
        words = "; ".join(one.note for one in covered.evidence if one.note) or "every one occurs"
        yield Card("Room features", str(count), f"of {len(Feature)}", words)
    else:
        yield Card("Room features", MINUS, "", "no answer keys, so none are counted")
    yield _fooled(found.judge)


def _apart(found: Evaluation) -> Card:
    head = "Told apart"
    if found.discriminator is None or not found.discriminator.separations:
        return Card(head, MINUS, "", "not measured; it needs the texts of a reference")
    first = found.discriminator.separations[0]
    yard = next((b.auc for b in found.discriminator.baselines if b.unit == f"{YARDSTICK}:{first.unit}"), None)
    beside = f"; two real channels {number(yard.value)}" if yard else ""
    spread = between(first.auc.low, first.auc.high)
    return Card(head, number(first.auc.value), "AUC", f"by {first.unit}, 95 % {spread}; no difference is 0.5{beside}")


def _fooled(judge: Judge | None) -> Card:
    head = "Taken for real"
    score = next((one for one in judge.scores if one.name == FOOLED), None) if judge else None
    if judge is None or judge.skipped or score is None or score.value is None:
        return Card(head, MINUS, "", f"judge skipped: {judge.skipped}" if judge and judge.skipped else "no judge asked")
    spread = between(score.low, score.high)
    return Card(head, f"{score.value:.0%}", "", f"by {judge.model or 'the judge'}, {judge.pairs} pairs, 95 % {spread}")


def separations(found: Sequence[Evaluation], names: Sequence[str]) -> Markup:
    """A bar an AUC, the sets below each other; then the yardsticks; a line at no difference."""
    told = [each.discriminator for each in found]
    first = next((one for one in told if one and one.separations), None)
    if first is None:
        return Markup("")
    known = [{one.unit: one for one in each.separations} if each else {} for each in told]
    rows = [
        _bar(unit, known[place].get(unit), place, names)
        for unit in (one.unit for one in first.separations)
        for place in range(len(known))
    ]
    rows += [_bar(one.unit, one, None, names) for one in first.baselines]
    return plots.bars("How well sets are told apart", rows, most=1.0, mark=CHANCE, left=WIDE)


def _bar(unit: str, one: Separation | None, place: int | None, names: Sequence[str]) -> Bar:
    """The bar of a set; without its place, that of a yardstick."""
    name = _named(unit.replace(":", ", "), place, names)
    if one is None or one.auc.value is None:
        return Bar(name, (), "not measured", quiet=bool(place))
    auc = one.auc
    kind = "half" if place is None else COLOURS[place]
    return Bar(name, (Part(one.auc.value, kind),), number(auc.value), auc.low, auc.high, quiet=bool(place))


def _named(name: str, place: int | None, names: Sequence[str]) -> str:
    return f"{name}, {names[place]}" if place else name


def _block(one: Separation, pages: Pages) -> TellBlock:
    rows = tuple(_tell(tell, pages) for tell in sorted(one.tells, key=lambda tell: -abs(tell.weight)))
    return TellBlock(f"By {one.unit}: {len(rows)} features", rows)


def _tell(tell: Tell, pages: Pages) -> TellRow:
    way = "more here" if tell.weight > 0 else "less here"
    plain = [(one.note == THEIRS, _quote(one.model_copy(update={"note": ""}), pages)) for one in tell.examples]
    ours = tuple(quote for theirs, quote in plain if not theirs)
    return TellRow(
        name=tell.name,
        weight=f"{abs(tell.weight):.2f} {way}",
        here=number(tell.here),
        there=number(tell.there),
        ours=ours,
        theirs=tuple(quote for theirs, quote in plain if theirs),
    )


def _quote(one: Evidence, pages: Pages) -> Quote:
    """A line with its incident and place; a link where the incident has a page."""
    address = pages.get(one.incident)
    where = one.incident if one.event is None else f"{one.incident}, message {one.event}"
    anchor = "" if one.event is None else f"#m{one.event}"
    return Quote(one.text, where, f"{address}{anchor}" if address else None, one.note)


def _judge(judge: Judge | None) -> JudgeView:
    if judge is None:
        return JudgeView("No judge was asked.")
    if judge.skipped:
        return JudgeView(f"Skipped: {judge.skipped}")
    words = f"{judge.model or 'A model'} compared {judge.pairs} pairs blind."
    return JudgeView(words, tuple(map(scored, judge.scores)), judge.reasons)


def features(found: Sequence[Evaluation], names: Sequence[str]) -> Markup:
    """A bar for each of the twenty-five, the sets below each other."""
    known = [{score.name: score for score in each.scores} for each in found]
    rows = [_feature(feature, of, place, names) for feature in Feature for place, of in enumerate(known)]
    return plots.bars("Features of incident rooms", rows, most=1.0, left=WIDE)


def _feature(feature: Feature, scores: Mapping[str, Score], place: int, names: Sequence[str]) -> Bar:
    slug = feature.replace("-", "_")
    labelled, seen = scores.get(f"feature_{slug}"), scores.get(f"seen_{slug}")
    name, quiet = _named(str(feature), place, names), bool(place)
    rule = f"({seen.value:.0%})" if seen and seen.value is not None else ""
    if labelled and labelled.value is not None:
        said = f"{labelled.value:.0%} {rule}".rstrip()
        return Bar(name, (Part(labelled.value, COLOURS[place]),), said, labelled.low, labelled.high, quiet)
    if seen and seen.value is not None:
        return Bar(name, (Part(seen.value, "half"),), rule, seen.low, seen.high, quiet)
    return Bar(name, (), "not measured", quiet=quiet)


def aligned(evaluations: Sequence[Evaluation]) -> tuple[tuple[str, ...], ...]:
    """Every score: title, then value and interval of each set, then the reference's."""
    others = {score.name: score for score in evaluations[0].reference_scores}
    known = [{score.name: score for score in found.scores} for found in evaluations]
    return tuple(
        (one.title, *(cell for of in (*known, others) for cell in _two(of.get(one.name))))
        for one in evaluations[0].scores
    )


def _two(score: Score | None) -> tuple[str, str]:
    return (number(score.value), between(score.low, score.high)) if score else (MINUS, "")
