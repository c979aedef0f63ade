"""The drill as lanes over time: the pager, looks, hypotheses, actions, updates, and how bad the signals were."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from slackincidents.drills.debrief.signals import level
from slackincidents.drills.debrief.values import Debrief
from slackincidents.drills.debrief.wording import EFFECTS, length, who
from slackincidents.render.plots import Lane, Mark, timeline
from slackincidents.stats import Measure

KINDS = {"fixes": "good", "partly": "warn", "nothing": "soft", "worse": "bad", None: "soft"}
LEVELS = ("good", "warn", "bad", "odd")
SAID = ("normal", "off", "bad", "worse than its peak")
LEGEND = (
    ("plain", "happened, yours"),
    ("soft", "by others, or in vain"),
    ("good", "good"),
    ("warn", "partly, late"),
    ("bad", "bad, missed"),
    ("odd", "worse than its peak"),
)
"""What the colours mean; every mark also says it in words."""


def plot(found: Debrief) -> Markup:
    """The timeline, from the first thing that happened to the end."""
    lanes = tuple(Lane(name, tuple(sorted(marks, key=lambda m: m.at))) for name, marks in _lanes(found))
    begins = min([0.0, *(mark.at for lane in lanes for mark in lane.marks)])
    return timeline("The drill", lanes, begins=begins, ends=float(max(found.ends, 1)))


def _lanes(found: Debrief) -> Iterator[tuple[str, Iterator[Mark]]]:
    yield "Pager", _pager(found)
    yield "Looks", _looks(found)
    yield "Hypotheses", _guesses(found)
    yield "Actions", _actions(found)
    yield "Updates", _updates(found)
    yield "Milestones", _milestones(found)
    yield "Worst signal", _signals(found)


def _pager(found: Debrief) -> Iterator[Mark]:
    for page in found.pages:
        kind = "soft" if not page.seat else "good" if page.answered_at is not None else "bad"
        told = f"page to {who(found, page.person)} for {page.service}: {page.fate}"
        yield Mark(float(page.at), told, kind, None if page.answered_at is None else float(page.answered_at))


def _looks(found: Debrief) -> Iterator[Mark]:
    finds = [
        one for one in found.clues if one.how == "found" and one.looked_at is not None and one.known_at is not None
    ]
    for one in finds:
        kind = "good" if one.trail else "plain"
        told = f"{one.where} of {one.service}: {one.fact}"
        yield Mark(float(one.looked_at or 0), told, kind, float(one.known_at or 0))
    shown = {(one.where, one.service, one.looked_at) for one in finds}
    for place in found.places:
        for at in place.looks:
            if (place.where, place.service, at) not in shown:
                yield Mark(float(at), f"{place.where} of {place.service}: nothing new", "soft")


def _guesses(found: Debrief) -> Iterator[Mark]:
    for one in found.guesses:
        kind = "soft" if not one.own else "good" if one.true else "warn" if one.withdrawn_at is not None else "bad"
        told = f"{who(found, one.by)}: {one.claim} ({'true' if one.true else 'false'}, answer key)"
        yield Mark(float(one.at), told, kind, None if one.until is None else float(one.until))


def _actions(found: Debrief) -> Iterator[Mark]:
    for deed in found.deeds:
        kind = KINDS[deed.effect] if deed.own or deed.effect in {"fixes", "worse"} else "soft"
        told = f"{who(found, deed.by)}: {deed.label}, {EFFECTS[deed.effect]}"
        yield Mark(float(deed.at), told, kind, float(deed.at + deed.took_s))


def _updates(found: Debrief) -> Iterator[Mark]:
    for due in found.updates.due:
        if due.late_s != 0:
            late = "none came" if due.late_s is None else f"came {length(due.late_s)} late"
            yield Mark(float(due.at), f"update due, {late}", "bad" if due.late_s is None else "warn")
    yield from (Mark(float(at), "your update", "plain") for at in found.updates.given)
    yield from (Mark(float(at), "an update by somebody else", "soft") for at in found.updates.others)


def _milestones(found: Debrief) -> Iterator[Mark]:
    names = {
        Measure.ACKNOWLEDGE: "acknowledged",
        Measure.DIAGNOSE: "cause known to you",
        Measure.MITIGATE: "fault gone",
        Measure.RESOLVE: "resolved",
    }
    for what, time in found.times.items():
        if time.seconds is not None:
            yield Mark(float(time.seconds), names[what], "good")
    yield from (Mark(float(at), "called over, too early", "bad") for at in found.false_all_clears)
    yield from (Mark(float(at), "fired again", "bad") for at in found.fired_again)
    yield from (Mark(float(one.at), "hint", "soft") for one in found.hints)
    yield from (Mark(float(at), "runbook opened", "plain") for at in found.runbook_opened)


def _signals(found: Debrief) -> Iterator[Mark]:
    for one in found.signals:
        step = level(one.worst)
        told = f"{SAID[step]}: {one.signal}" if step else SAID[step]
        yield Mark(float(one.at), told, LEVELS[step], float(one.until))
