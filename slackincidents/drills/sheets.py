"""What can be read at the prompt and costs no time: lists, the summary, the status, hints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from slackincidents.drills import stage_view
from slackincidents.drills.lines import Show
from slackincidents.drills.naming import SOURCES
from slackincidents.drills.session import Session
from slackincidents.drills.sight import Sight, Spot, sight
from slackincidents.drills.typed import VERBS
from slackincidents.planner.world import Responder
from slackincidents.render.room import span
from slackincidents.schema.acts import Act

MORE = {
    "look": (
        f"Places: {', '.join(SOURCES)}.",
        "Without a service your own is looked at first. A look takes as long as it takes; others go on meanwhile.",
        "A place alone is enough: logs, or logs redis.",
    ),
    "do": ("The name alone is enough: restart is do restart.", "When somebody objects: insist, or take to let it be."),
    "tell": ("tell 2 #checkout-oncall carries your second finding there.",),
    "wait": (
        "On a terminal an empty line is wait.",
        "wait ends when somebody wants something of you; wait 5m does not.",
    ),
    "take": ("Answers a question, agrees, gives the update that is due, gives in to an objection.",),
    "escalate": ("While the pager rings it is ignore: the next one on the policy is paged.",),
    "hypothesise": ("Some of them are true and most are not. The list is by name, not by likelihood.",),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A title and lines to read."""

    title: str
    lines: tuple[str, ...]


def sheet(session: Session, wanted: Show) -> Sheet:
    """The sheet that was asked for, as of now."""
    known = sight(session)
    match wanted.sheet:
        case "help":
            return Sheet("Commands" if not wanted.about else wanted.about, tuple(_help(wanted.about)))
        case "actions":
            return Sheet("What can be done", tuple(_numbered(known.actions)))
        case "guesses":
            return Sheet("What it might be", tuple(_numbered(known.guesses)))
        case "finds":
            return Sheet("What you have found", tuple(_finds(session, known)) or ("nothing yet",))
        case "places":
            return Sheet("Where one can look", (", ".join(SOURCES), "look SOURCE, or look SOURCE SERVICE"))
        case "summary":
            return Sheet("So far", tuple(_summary(session, known)))
        case "status":
            return Sheet("Status", tuple(_status(session, known)))
        case "rooms":
            return Sheet("Rooms", tuple(_rooms(session)) or ("none yet",))


def _help(about: str) -> Iterator[str]:
    if about:
        name, verb = next((n, v) for n, v in VERBS.items() if n.startswith(about) or about in v.others)
        yield f"{verb.usage}  {verb.what}"
        if verb.others:
            yield f"Also: {', '.join(verb.others)}."
        yield from MORE.get(name, ())
        return
    for verb in VERBS.values():
        yield f"{verb.usage:<27} {verb.what}"


def _numbered(options: Mapping[str, str]) -> Iterator[str]:
    width = max((len(key) for key in options), default=0)
    for number, (key, plain) in enumerate(options.items(), 1):
        yield f"{number:>2}  {key:<{width}}  {plain}"


def _finds(session: Session, known: Sight) -> Iterator[str]:
    for number, key in enumerate(known.finds, 1):
        one = stage_view.find(session, key, number)
        told = "" if key in known.untold else " (told)"
        yield f"{number}  {one.where} {one.service}: {one.fact}{told}"


def _summary(session: Session, known: Sight) -> Iterator[str]:
    world = session.world
    yield f"{world.severity}, {session.pager.stage if session.pager else 'quiet'}, since {_since(session)}."
    facts = [key for key in session.known() if key not in known.finds or key not in known.untold]
    yield "Known to the room:" if facts else "Nothing is known to the room yet."
    yield from (f"  - {stage_view.settled(session, session.skeleton.clues[key].fact)}" for key in facts)
    if known.untold:
        yield "Known to you alone:"
        yield from (f"  - {stage_view.settled(session, session.skeleton.clues[key].fact)}" for key in known.untold)
    seen = tuple(stage_view.readable(session))
    speakers = {known.me, *(beat.speaker for beat in seen)}
    here = [_who(session, person) for person in world.responders.values() if person.handle in speakers]
    yield f"There: {', '.join(here) or 'nobody'}."
    tried = {beat.action for beat in seen}
    done = [f"{known.actions[key]} ({_effect(session, key)})" for key in world.tried if key in tried]
    yield f"Done: {'; '.join(done) or 'nothing'}."
    voiced = {beat.hypothesis for beat in seen} - world.withdrawn
    held = [f"{known.guesses[key].rstrip('.')} ({who})" for key, who in world.raised.items() if key in voiced]
    if held:
        yield f"Suspected: {'; '.join(held)}."


def _since(session: Session) -> str:
    beats = session.world.beats
    return span(session.now - beats[0].at) if beats else "no time"


def _who(session: Session, person: Responder) -> str:
    you = " (you)" if person.handle == session.chair.handle else ""
    lead = " (lead)" if person.handle == session.world.lead and not you else ""
    return f"{person.handle}{you}{lead}"


def _effect(session: Session, key: str) -> str:
    if any(done == key for _, done in session.world.effects):
        effect = session.skeleton.actions[key].effect
        return {"fixes": "it helped", "partly": "helped a little", "nothing": "no change", "worse": "made it worse"}[
            effect
        ]
    return "under way" if session.world.trouble.acting == key else "not done"


def _status(session: Session, known: Sight) -> Iterator[str]:
    clock = session.moment(round(session.now))
    yield f"{clock:%A %Y-%m-%d %H:%M:%S} {clock.tzname() or ''}".rstrip()
    stage = str(session.pager.stage) if session.pager else "quiet"
    yield f"pager: {stage}; severity: {session.world.severity}; you: {known.me or 'not in it yet'}"
    if known.ringing:
        yield f"it rings for {known.people.get(known.ringing, known.ringing)}: ack or ignore"
    yield from gauge_lines(session, known.desk)


def gauge_lines(session: Session, service: str) -> Iterator[str]:
    """The signals of a service, a line each; a line that says so when nothing is measured there."""
    found = stage_view.gauges(session, service)
    width = max((len(one.label) for one in found), default=0)
    for one in found:
        yield f"{'!' if one.off else ' '} {one.label:<{width}}  {one.now:>10}  normally {one.normal}"
    if not found:
        yield f"  {service}: every panel looks as it always does"


def _rooms(session: Session) -> Iterator[str]:
    me = session.me
    for channel in sorted(me.rooms) if me else ():
        count = sum(beat.channel == channel for beat in session.world.beats)
        yield f"{channel}  {count} message{'' if count == 1 else 's'}"


def hint(session: Session) -> str:
    """What to do next, in one sentence. It knows the answer."""
    known = sight(session)
    if known.ringing:
        return "Acknowledge the page: ack."
    if session.me is None:
        return "Nothing has gone off yet: wait."
    if known.objection:
        return "Somebody objects. insist does it all the same, take lets it be."
    if known.expected is not None:
        return (
            "They wait for you: resolve says that it is over." if known.expected is Act.RESOLVE else "They wait: take."
        )
    if session.world.is_fixed():
        return "It is fixed. Wait until the figures hold, then resolve."
    return _next_step(session, known)


def _next_step(session: Session, known: Sight) -> str:
    world, me = session.world, session.me
    if world.trouble.acting:
        return f"Something is under way ({known.actions[world.trouble.acting]}): wait for it."
    if known.untold:
        return "You know something the others do not: tell."
    if me is not None and world.causes_known_to(me):
        key = next(key for key, one in session.skeleton.actions.items() if one.effect == "fixes")
        return f"You know the cause. Do something about it: do {key}."
    trail = [spot for spot in known.spots if spot.clue in world.trail]
    return _point(trail[0]) if trail else "Others are on it: wait, and read what they find."


def _point(spot: Spot) -> str:
    return f"Look at {spot.where} of {spot.service}: look {spot.where} {spot.service}."
