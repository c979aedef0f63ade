"""PLN001 differs-from-plan."""

from __future__ import annotations

from slackincidents.schema.incident import EventBase, Spoken
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule

FIELDS = ("type", "speaker", "offset_seconds", "channel", "thread_parent", "mentions")


def _check(context: Context) -> Found:
    beats, timeline = context.course.beats, context.incident.timeline
    if len(beats) != len(timeline):
        yield None, f"has {len(timeline)} events, the plan {len(beats)}"
    place = {beat.id: index for index, beat in enumerate(beats)}
    for index, event, beat in context.pairs():
        mentions = event.mentions if isinstance(event, Spoken) else ()
        thread = place.get(beat.thread) if beat.thread else None
        found = (_type(event), event.speaker, event.offset_seconds, event.channel, event.thread_parent, mentions)
        planned = (beat.kind.value, beat.speaker, beat.at, beat.channel, thread, beat.mentions)
        for what, here, there in zip(FIELDS, found, planned, strict=True):
            if here != there:
                yield index, f"{what} is {here!r}, in the plan {there!r}"


def _type(event: EventBase) -> str:
    return str(getattr(event, "type", ""))


RULE = Rule(
    code="PLN001",
    name="differs-from-plan",
    what="Kind, speaker, time, channel, thread and mentions of each event are its beat's.",
    why="The engine owns the facts; a writer that moves them breaks the answer key.",
    hint="Take everything but the text from the plan.",
    check=_check,
    example="The plan lets bob speak, the file alice.",
    needs_plan=True,
)
