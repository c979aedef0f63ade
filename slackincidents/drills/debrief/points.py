"""What went well, what cost time and what to try next: the few sentences that somebody takes home.

Each rule looks at the debrief and at nothing else. A judgement that needs the answer key says so. Costs are sorted by
the seconds they stand for; what to try follows the greatest of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slackincidents.drills.debrief.values import Debrief, Deed, Learning
from slackincidents.drills.debrief.wording import EFFECTS, length, many, when
from slackincidents.drills.happenings import OUTAGE
from slackincidents.render.escalation import LIMITS
from slackincidents.stats import Measure

MOST_WELL, MOST_COST, MOST_NEXT = 5, 6, 3
SLOW_S, IDLE_S, HELD_S = 180, 300, 60
"""From when on it is worth a word: telling the cause late, leaving a clue or the fix alone, holding a guess."""

AHEAD = 75.0


@dataclass(frozen=True)
class _Cost:
    """What it cost, in seconds, said, and what to do about it."""

    seconds: float
    said: str
    advice: str


def well(found: Debrief) -> tuple[str, ...]:
    """What went well, the important first."""
    return tuple(_well(found))[:MOST_WELL]


def cost(found: Debrief) -> tuple[str, ...]:
    """What cost time, the most expensive first."""
    return tuple(one.said for one in _costs(found) if one.said)[:MOST_COST]


def to_try(found: Debrief) -> tuple[str, ...]:
    """What to try next, for the greatest costs."""
    return tuple(dict.fromkeys(one.advice for one in _costs(found) if one.advice))[:MOST_NEXT]


def _well(found: Debrief) -> Iterator[str]:
    times = {what: time.seconds for what, time in found.times.items()}
    fixed = next((deed for deed in found.deeds if deed.effect == "fixes"), None)
    if fixed is not None and fixed.own:
        yield f"You ended it at {when(fixed.effect_at)}: {fixed.label}."
    cause = found.times[Measure.DIAGNOSE]
    if cause.seconds is not None and cause.person == found.seat:
        yield f"You found the cause yourself, {length(cause.seconds)} in."
    acknowledged = times[Measure.ACKNOWLEDGE]
    if acknowledged and acknowledged <= 60 * LIMITS[found.severity].acknowledge:
        yield f"You had the page after {length(acknowledged)}."
    yield from _ahead(found)
    due = found.updates.due
    if due and all(one.late_s == 0 for one in due):
        yield f"Every status update that was due came in time ({len(due)})."
    yield from (
        f"You took back “{one.claim}” {length(one.against_s)} after something spoke against it."
        for one in found.guesses
        if one.own and one.withdrawn_at is not None and one.against_at is not None and one.against_s <= 5 * HELD_S
    )
    if fixed is not None and fixed.own and not any(_harm(deed) for deed in found.deeds if deed.own):
        yield "Nothing you did made it worse or was tried in vain (answer key)."


def _ahead(found: Debrief) -> Iterator[str]:
    """Where the drill was quicker. A time of nothing is no merit: the clock stood while the person thought."""
    if found.peers is None:
        return
    for what, one in found.peers.times.items():
        if found.times[what].seconds and (one.percentile or 0) >= AHEAD:
            yield f"Time to {what}: {one.behind} of {found.peers.count} simulated responders took longer."


def _costs(found: Debrief) -> list[_Cost]:
    rules = (_pager, _actions, _guesses, _search, _after_the_cause, _ends, _silence)
    return sorted((one for rule in rules for one in rule(found)), key=lambda one: -one.seconds)


def _pager(found: Debrief) -> Iterator[_Cost]:
    let_go = [page for page in found.pages if page.seat and page.fate in {"ignored", "not answered"}]
    took = found.times[Measure.ACKNOWLEDGE].seconds
    limit = 60 * LIMITS[found.severity].acknowledge
    advice = "Answer the page first, and think after: an answer commits you to nothing but looking."
    if found.outcome == OUTAGE:
        yield _Cost(found.impact_s, f"All {len(let_go)} pages were let go, and then there was nobody left.", advice)
    elif took is not None and (let_go or took > limit):
        rang = f"The pager rang for {length(took)}; " if took else ""
        said = f"{rang}{many(len(let_go), 'page')} went unanswered."
        yield _Cost(took, said, advice)


def _harm(deed: Deed) -> bool:
    return deed.effect in {"worse", "nothing", "partly"}


def _actions(found: Debrief) -> Iterator[_Cost]:
    cause = found.times[Measure.DIAGNOSE].seconds
    for deed in (one for one in found.deeds if one.own):
        if _harm(deed):
            blind = cause is None or deed.at < cause
            amount = (
                f"{length(deed.added_s)} of added impact" if deed.effect == "worse" else f"up to {length(deed.took_s)}"
            )
            advice = "Before you act, say what you expect to see if it helps; without a finding behind it, look first."
            said = f"{when(deed.at)} {deed.label}: {EFFECTS[deed.effect]}, {amount} (answer key)."
            yield _Cost(deed.added_s, said, advice if blind else "")
        if deed.objected_by and deed.done_at is not None:
            advice = "When somebody objects, ask what they know before you go on."
            yield _Cost(
                deed.added_s, f"{when(deed.at)} {deed.label}: done although {deed.objected_by} objected.", advice
            )
        elif deed.risky and deed.done_at is not None and not deed.agreed and (deed.company or not deed.announced):
            advice = "Before a risky step, ask for a go-ahead and wait for it."
            word = "nobody had agreed to it" if deed.announced else "done without a word"
            yield _Cost(deed.added_s, f"{when(deed.at)} {deed.label}: risky, and {word}.", advice)


def _guesses(found: Debrief) -> Iterator[_Cost]:
    for one in found.guesses:
        if one.own and one.against_s > HELD_S and one.against_at is not None:
            said = (
                f"“{one.claim}” was held for {length(one.against_s)} after {when(max(one.at, one.against_at))}, "
                f"with this on the table: {one.against}."
            )
            yield _Cost(one.against_s, said, "When something speaks against a guess, say so and take it back.")


def _search(found: Debrief) -> Iterator[_Cost]:
    """The longest that a clue on the way to the cause lay open, and the seat did not look."""
    gaps = [(_idle(found, one), one) for one in found.clues if one.trail and one.open_from is not None]
    seconds, one = max(gaps, key=lambda gap: gap[0], default=(0, None))
    if one is not None and seconds > IDLE_S:
        looked = "you never did" if one.looked_at is None else f"you did at {when(one.looked_at)}"
        told = f"; {one.by} told it at {when(one.known_at)}" if one.how == "told" and one.by else ""
        said = (
            f"The way to the cause led over the {one.where} of {one.service} (answer key). "
            f"You could have looked there from {when(one.open_from)} on; {looked}{told}."
        )
        yield _Cost(seconds, said, "Go through the runbook's checks in order before you circle one idea.")


def _idle(found: Debrief, one: Learning) -> int:
    """How long it could have been looked for and was not: until the seat did, knew it all the same, or the end."""
    ends = (one.looked_at, one.known_at, found.times[Measure.DIAGNOSE].seconds, found.ends)
    return min(at for at in ends if at is not None) - (one.open_from or 0)


def _after_the_cause(found: Debrief) -> Iterator[_Cost]:
    known, told = found.times[Measure.DIAGNOSE], found.cause_told_at
    if known.seconds is None:
        if found.times[Measure.MITIGATE].seconds is not None and found.cause_told_at is None:
            said = "The fault went away, and nobody found out what it was."
            yield _Cost(0, said, "After a fix without a cause, leave somebody to look for it: it can come back.")
        return
    if known.person == found.seat and (told is None or told - known.seconds > SLOW_S):
        kept = (found.ends if told is None else told) - known.seconds
        said = f"You knew the cause at {when(known.seconds)} and the room did not for {length(kept)}."
        yield _Cost(kept, said, "Tell the room what you found, at once.")
    right = [deed.at for deed in found.deeds if deed.effect == "fixes"]
    started = min(right, default=found.ends)
    if started - known.seconds > IDLE_S:
        waited = started - known.seconds
        said = f"The cause was known at {when(known.seconds)}; what fixed it began {length(waited)} later."
        if not right:
            said = f"The cause was known at {when(known.seconds)}; nothing that fixes it was done ({length(waited)})."
        yield _Cost(waited, said, "Once you know the cause, stop looking and act on it.")


def _silence(found: Debrief) -> Iterator[_Cost]:
    late = [one for one in found.updates.due if one.late_s is None or one.late_s > 0]
    minutes = LIMITS[found.severity].update
    if late:
        said = f"{len(late)} of {len(found.updates.due)} status updates came late or not at all."
        yield _Cost(0, said, f"Set a timer: a status update every {minutes} min, also without news.")
    lapsed = [one for one in found.expected if one.answer == "lapsed"]
    if lapsed:
        said = f"{many(len(lapsed), 'line')} the room waited for never came."
        yield _Cost(0, said, "Answer who asks, and be it with “no news”.")


def _ends(found: Debrief) -> Iterator[_Cost]:
    for at in found.false_all_clears:
        said = f"{when(at)} you called it over while it was not."
        yield _Cost(0, said, "Look at the figures once more before you call it over.")
    helped = any(one.section == "Escalation" and one.state == "skipped" for one in found.steps)
    if helped:
        minutes = LIMITS[found.severity].mitigation
        said = f"After {minutes} min without mitigation you asked nobody for help."
        yield _Cost(0, said, f"No mitigation after {minutes} min: ask the neighbours, call somebody in.")
    if found.seat is not None and not found.severities:
        yield _Cost(-1, "", "Say early how severe it is; it sets the clock for everybody.")
