"""How the parts of a debrief are put in words, the same in Markdown, on a terminal and on a page."""

from __future__ import annotations

from slackincidents.drills.debrief.values import LEFT, Debrief
from slackincidents.drills.happenings import LEFT_OPEN, OUTAGE, RESOLVED
from slackincidents.render.plots import moment
from slackincidents.render.room import span
from slackincidents.stats import Measure

ENDS = {
    RESOLVED: "It was resolved",
    LEFT_OPEN: "It was left open",
    OUTAGE: "Nobody answered the pager: a major outage",
    LEFT: "The drill was left",
}

EFFECTS = {
    "fixes": "fixed it",
    "partly": "helped partly",
    "nothing": "changed nothing",
    "worse": "made it worse",
    None: "took no effect",
}


def who(found: Debrief, person: str | None) -> str:
    """A person's name; ``you`` for the one in the seat, a dash for nobody."""
    return "-" if person is None else "you" if person == found.seat else person


def when(at: int | None) -> str:
    """A moment, or a dash."""
    return "-" if at is None else moment(at)


def length(seconds: float | None) -> str:
    """A length of time, or a dash."""
    return "-" if seconds is None else span(seconds)


def clock(found: Debrief) -> str:
    """What the debrief's clock counts from."""
    what = "first report of a user" if found.no_alert else "first alert"
    return f"Moments are minutes and seconds since the {what}."


def ending(found: Debrief) -> str:
    """How it ended, and how long it hurt."""
    told = f"{ENDS.get(found.outcome, found.outcome)}, {span(max(0, found.ends))} after it began."
    least = "" if found.times[Measure.MITIGATE].why is None else "at least "
    return f"{told} Users were hit for {least}{span(found.impact_s)}."


def many(count: int, noun: str) -> str:
    """``1 page``, ``3 pages``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}es" if noun.endswith("s") else f"{count} {noun}s"
