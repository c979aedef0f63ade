"""The debrief as a document: the important first, then the tables it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slackincidents.drills.debrief.compared import comparison
from slackincidents.drills.debrief.values import Debrief, Deed, Due, Step
from slackincidents.drills.debrief.wording import EFFECTS, clock, ending, length, many, when, who
from slackincidents.render.blocks import (
    Block,
    Bullets,
    Document,
    Grid,
    Heading,
    Paragraph,
    as_markdown,
    as_text,
    line,
    strong,
)
from slackincidents.stats import Measure
from slackincidents.stats.wording import UNTIL

ANSWERS = "Answer key"
SHOWN = 8
UNTIL_HERE = UNTIL | {Measure.DIAGNOSE: "until you knew the cause"}


def to_markdown(found: Debrief) -> str:
    """The debrief in Markdown. The same debrief gives the same bytes."""
    return as_markdown((*head(found), *summary(found), *details(found)))


def to_text(found: Debrief, width: int = 100) -> str:
    """The debrief for a terminal, at most `width` wide."""
    return as_text((*head(found), *summary(found), *details(found)), width)


def head(found: Debrief) -> Document:
    """The title, how it ended, and how to read the rest."""
    seat = "" if found.seat is None else f" You sat in {found.seat}'s seat."
    return (
        Heading(1, f"Debrief: {found.title}"),
        Paragraph(line(strong(ending(found)), seat)),
        Paragraph(
            line(
                f"{found.scenario}, {found.severity}, seed {found.seed}. {clock(found)} "
                "What only the answer key knows is marked: nobody in the drill could know it then."
            )
        ),
    )


def summary(found: Debrief) -> Document:
    """What somebody takes home."""
    return (
        *_list("What went well", found.well, "Nothing stands out."),
        *_list("What cost time", found.cost, "Nothing stands out."),
        *_list("To try next time", found.next, "Another scenario, or a harder one."),
    )


def _list(heading: str, said: Sequence[str], otherwise: str) -> Document:
    return Heading(2, heading), Bullets(tuple(line(one) for one in said or (otherwise,)))


def details(found: Debrief) -> Document:
    """The figures and tables."""
    return tuple(
        block
        for part in (_times, comparison, _looks, _guesses, _deeds, _steps, _room, _pages, _helped, _key)
        for block in part(found)
    )


def _times(found: Debrief) -> Iterator[Block]:
    yield Heading(2, "The four times")
    rows = (
        (
            line(f"Time to {what}"),
            line(strong(length(time.seconds)) if time.why is None else "-"),
            line(_ended(found, what)),
        )
        for what, time in found.times.items()
    )
    yield Grid(("", "You", "How"), tuple(rows))


def _ended(found: Debrief, what: Measure) -> str:
    time = found.times[what]
    return time.why or f"{UNTIL_HERE[what]}: {who(found, time.person)}"


def _looks(found: Debrief) -> Iterator[Block]:
    if found.seat is None:
        return
    yield Heading(2, "What was looked at")
    told = sum(one.how == "told" for one in found.clues)
    own = [one for one in found.clues if one.how == "found"]
    empty = sum(place.empty for place in found.places)
    missed = len(found.clues) - told - len(own)
    yield Paragraph(
        line(
            f"You found {many(len(own), 'clue')} and read {told} from others; "
            f"{missed} of {len(found.clues)} stayed unknown. "
            f"{many(empty, 'look')} found nothing new."
        )
    )
    if own:
        rows = sorted(own, key=lambda one: (one.known_at or 0, one.clue))
        yield Grid(
            ("Found", "Where", "What"),
            tuple((line(when(x.known_at)), line(f"{x.where} of {x.service}"), line(x.fact)) for x in rows),
        )
    lost = [one for one in found.clues if one.trail and one.how == "missed"]
    if lost:
        yield Paragraph(line("On the way to the cause, and never known to you (answer key):"))
        yield Bullets(tuple(line(f"{one.where} of {one.service}: {one.fact}. {_open(one.open_from)}") for one in lost))
    unopened = [place for place in found.places if not place.looks]
    if unopened:
        names = ", ".join(f"{place.where} of {place.service}" for place in unopened)
        of = sum(place.clues > 0 for place in found.places)
        yield Paragraph(line(f"Never opened, {len(unopened)} of {of} sources with something to see: {names}."))


def _open(at: int | None) -> str:
    return "Something else had to be known first." if at is None else f"It could be looked for from {when(at)} on."


def _guesses(found: Debrief) -> Iterator[Block]:
    if not found.guesses:
        return
    yield Heading(2, "Hypotheses")
    rows = (
        (
            line(when(one.at)),
            line(who(found, one.by)),
            line(one.claim),
            line("true" if one.true else "false"),
            line("-" if one.against_at is None else f"{when(one.against_at)} {one.against}"),
            line("let drop" if one.dropped else when(one.withdrawn_at)),
            line(length(one.against_s) if one.against_at is not None else "-"),
        )
        for one in found.guesses
    )
    names = ("Voiced", "By", "What", ANSWERS, "Against it, known to you", "Taken back", "Held against it")
    yield Grid(names, tuple(rows))


def _deeds(found: Debrief) -> Iterator[Block]:
    if not found.deeds:
        return
    yield Heading(2, "Actions")
    rows = (
        (
            line(when(deed.at)),
            line(who(found, deed.by)),
            line(deed.label),
            line("given up" if deed.done_at is None else EFFECTS[deed.effect]),
            line(length(deed.took_s)),
            line(length(deed.added_s) if deed.added_s else "-"),
            line(_said(deed)),
        )
        for deed in found.deeds
    )
    yield Grid(("Ordered", "By", "What", f"{ANSWERS}: it", "Took", "Added impact, at most", "Said to it"), tuple(rows))


def _said(deed: Deed) -> str:
    if deed.objected_by:
        return f"{deed.objected_by} objected"
    silent = "nobody agreed" if deed.company else "alone"
    word = "agreed" if deed.agreed else silent if deed.announced else f"{silent}, without a word"
    return f"{word}; risky" if deed.risky else word


def _steps(found: Debrief) -> Iterator[Block]:
    if not found.steps or found.seat is None:
        return
    yield Heading(2, "The runbook's steps")
    states = [step.state for step in found.steps]
    yield Paragraph(
        line(
            f"{states.count('done')} done, {states.count('by others')} by others, {states.count('skipped')} skipped, "
            f"{states.count('not needed')} not needed."
        )
    )
    skipped = [step for step in found.steps if step.state == "skipped"]
    if skipped:
        yield Paragraph(line("Skipped:"))
        yield Bullets(tuple(line(_step(step)) for step in skipped))


def _step(step: Step) -> str:
    note = f" ({step.note})" if step.note else ""
    return f"{step.section}: {step.name}{note}"


def _room(found: Debrief) -> Iterator[Block]:
    if found.seat is None:
        return
    yield Heading(2, "The room")
    lines = [line(_updates(found)), *(line(_due(found, one)) for one in found.updates.due if one.late_s != 0)]
    answers = [one.answer for one in found.expected]
    if answers:
        counted = ", ".join(f"{answers.count(word)} {word}" for word in dict.fromkeys(answers))
        lines.append(line(f"{many(len(answers), 'line')} expected of you: {counted}."))
    lapsed = [f"{when(one.at)} {one.asked_by or 'a duty'}" for one in found.expected if one.answer == "lapsed"]
    if lapsed:
        rest = f" and {len(lapsed) - SHOWN} more" if len(lapsed) > SHOWN else ""
        lines.append(line(f"Let lapse, with who had asked: {', '.join(lapsed[:SHOWN])}{rest}."))
    lines += [
        line(f"{when(one.at)} {one.what}: you said “{one.said}”") for one in found.expected if one.said is not None
    ]
    severity = ", ".join(f"{one.what} at {when(one.at)}" for one in found.severities)
    lines.append(line(f"Severity: {severity or 'never said'}; the scenario's is {found.severity}."))
    lines += [line(f"Called it over at {when(at)}, too early.") for at in found.false_all_clears]
    lines += [line(f"The monitor fired again at {when(at)}.") for at in found.fired_again]
    lines += [line(f"Handed over to {one.what} at {when(one.at)}.") for one in found.handovers]
    yield Bullets(tuple(lines))


def _updates(found: Debrief) -> str:
    told = found.updates
    if not told.due:
        return f"No status update was due; you gave {len(told.given)}, others {len(told.others)}."
    late = sum(one.late_s != 0 for one in told.due)
    given = f"you gave {len(told.given)}, others {len(told.others)}"
    return f"Status updates: {len(told.due)} due, {late} of them late or missing; {given}."


def _due(found: Debrief, due: Due) -> str:
    if due.late_s is None:
        return f"Due at {when(due.at)} ({due.severity}): none came."
    return f"Due at {when(due.at)} ({due.severity}): {length(due.late_s)} late, by {who(found, due.by)}."


def _pages(found: Debrief) -> Iterator[Block]:
    if not found.pages:
        return
    yield Heading(2, "Pages")
    rows = (
        (
            line(when(page.at)),
            line(who(found, page.person)),
            line(page.service),
            line(f"{page.fate} at {when(page.answered_at)}" if page.answered_at is not None else page.fate),
        )
        for page in found.pages
    )
    yield Grid(("Sent", "To", "For", "Answer"), tuple(rows))
    if found.called:
        yield Bullets(tuple(line(f"{when(one.at)} you {one.what}.") for one in found.called))


def _helped(found: Debrief) -> Iterator[Block]:
    if not found.hints and not found.runbook_opened:
        return
    yield Heading(2, "Help taken")
    lines = [line(f"{when(one.at)} hint: {one.what}" if one.what else f"{when(one.at)} hint") for one in found.hints]
    opened = ", ".join(map(when, found.runbook_opened))
    lines += [line(f"Runbook opened at {opened}.")] if opened else []
    yield Bullets(tuple(lines))


def _key(found: Debrief) -> Iterator[Block]:
    yield Heading(2, ANSWERS)
    yield Paragraph(line(strong("The cause:"), " ", found.cause))
