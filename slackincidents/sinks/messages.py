"""From a step to the messages that leave: ids put in, text escaped, long text in parts."""

from __future__ import annotations

from dataclasses import dataclass

from slackincidents.schema.delivery import Attachment, Marker, Outgoing, PostingOptions, Step, Voice
from slackincidents.sinks.markup import MOST_TEXT, Ids, escape, line_to_slack, split, to_slack
from slackincidents.sinks.resolve import Place

MARK = "simulated"
"""The small line that says so."""

ROOM_FOR_NAME = 100


@dataclass(frozen=True)
class Part:
    """One message of a step: its text as Slack takes it, and the card under it."""

    text: str
    card: Attachment | None = None


def parts(step: Step, ids: Ids) -> tuple[Part, ...]:
    """A step's messages; more than one only when its text is too long for one. The card stands under the last.

    An alert's text stands on its card; what does not fit there follows as plain messages.
    """
    most = MOST_TEXT - ROOM_FOR_NAME
    if step.card is None or step.text:
        texts = split(to_slack(step.text, ids), most)
        card = _card(step.card, "", ids) if step.card else None
        return (*(Part(text) for text in texts[:-1]), Part(texts[-1], card))
    texts = split(to_slack(step.card.text, ids), most) or ("",)
    return (Part("", _card(step.card, texts[0], ids)), *(Part(text) for text in texts[1:]))


def _card(card: Attachment, text: str, ids: Ids) -> Attachment:
    return card.model_copy(
        update={
            "title": to_slack(card.title, Ids()).replace("\n", " "),
            "text": text,
            "fields": tuple((escape(name), line_to_slack(value, ids)) for name, value in card.fields),
        }
    )


@dataclass(frozen=True)
class Letterhead:
    """What is the same on every message of a run. `nameless` are the voices whose user name Slack ignores."""

    incident: str
    run: str
    place: Place
    options: PostingOptions
    nameless: frozenset[Voice] = frozenset()
    two_bots: bool = False

    def message(self, step: Step, part: int, made: Part, thread_ts: str | None) -> Outgoing:
        """One message, ready to leave."""
        voice: Voice = step.voice if self.two_bots else "people"
        named = voice not in self.nameless
        text, card, context = made.text, made.card, self._context(step)
        if not named and voice == "people" and part == 0:
            text = f"*{escape(step.name)}*\n{text}".rstrip()
        if card is not None and not made.text:
            card, context = card.model_copy(update={"footer": context}), ""
        return Outgoing(
            channel_id=self.place.ids[step.channel],
            text=text,
            marker=Marker(incident=self.incident, index=step.index, part=part, run=self.run),
            thread_ts=thread_ts,
            username=step.name if named else "",
            icon=step.icon if named else "",
            card=card,
            context=context,
        )

    def _context(self, step: Step) -> str:
        if not self.options.mark:
            return ""
        return f"#{escape(step.channel)} · {MARK}" if self.options.test_channel else MARK
