"""One event as the messages that an export has for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from slackincidents.archive.directory import Directory
from slackincidents.archive.events import Place, event_of
from slackincidents.archive.marked import EVENT_TYPE, Fields, remainder
from slackincidents.archive.moments import MILLISECOND, SECOND, micros, stamp
from slackincidents.archive.shapes import Message
from slackincidents.render.room import clean, is_bot
from slackincidents.schema.incident import AlertEvent, Event, IncidentRecord, Spoken
from slackincidents.sinks import export_says as says
from slackincidents.sinks.export_ids import TEAM, client_id
from slackincidents.sinks.export_people import Roster, speaker, topic
from slackincidents.sinks.export_shapes import EditedOut, MessageOut, MetadataOut, PayloadOut, ReplyOut, UserOut
from slackincidents.sinks.export_slots import Slot
from slackincidents.sinks.markup import Ids, escape


@dataclass(frozen=True)
class Workplace:
    """What all channels of an export share."""

    incidents: Sequence[IncidentRecord]
    identities: Sequence[str]
    cast: Roster
    ids: Ids
    directory: Directory

    def event(self, slot: Slot) -> Event:
        """The event that a slot is for."""
        return self.incidents[slot.incident].timeline[slot.index]

    def author(self, slot: Slot) -> UserOut:
        """Who posts it; of several who join, the one of this part."""
        event = self.event(slot)
        joiners = self.cast.joiners(event)
        return joiners[slot.part] if joiners else self.cast.user(event)


@dataclass(frozen=True)
class Press:
    """Makes the messages of one channel. `name` is what the export calls it, `slots` are in time order."""

    work: Workplace
    name: str
    slots: Sequence[Slot]

    def messages(self) -> Iterator[MessageOut]:
        """Every message, in time order."""
        for slot in self.slots:
            message = self._threaded(slot, self._finished(slot, self._said(slot)))
            yield message.model_copy(update={"metadata": self._mark(slot, message)})

    @cached_property
    def _roots(self) -> dict[tuple[int, int], Slot]:
        return {(slot.incident, slot.moment): slot for slot in self.slots}

    @cached_property
    def _replies(self) -> dict[tuple[int, int], list[ReplyOut]]:
        found: dict[tuple[int, int], list[ReplyOut]] = defaultdict(list)
        for slot in self.slots:
            if slot.thread is not None:
                found[slot.incident, slot.thread].append(ReplyOut(user=self.work.author(slot).id, ts=slot.ts))
        return dict(found)

    def _said(self, slot: Slot) -> MessageOut:
        """The message with author and text."""
        event, user = self.work.event(slot), self.work.author(slot)
        if self.work.cast.joiners(event):
            return _line(slot, user, "channel_join", "has joined the channel")
        if new := topic(event):
            return _line(slot, user, "channel_topic", f"set the channel topic: {escape(new)}", new)
        if is_bot(event):
            return self._from_app(slot, user, event)
        return MessageOut(
            client_msg_id=client_id(f"{self.work.identities[slot.incident]}/{slot.index}"),
            text=says.text(event, self.work.ids),
            user=user.id,
            ts=slot.ts,
            team=TEAM,
            user_team=TEAM,
            source_team=TEAM,
            user_profile=speaker(user),
        )

    def _from_app(self, slot: Slot, user: UserOut, event: Event) -> MessageOut:
        alert = event if isinstance(event, AlertEvent) else None
        second = slot.moment // SECOND
        return MessageOut(
            subtype="bot_message",
            text=says.summary(alert) if alert else says.text(event, self.work.ids),
            user=user.id,
            bot_id=user.profile.bot_id,
            app_id=user.profile.api_app_id,
            username=user.real_name,
            ts=slot.ts,
            team=TEAM,
            attachments=(says.attachment(alert, second, self.work.ids),) if alert else None,
        )

    def _finished(self, slot: Slot, message: MessageOut) -> MessageOut:
        """The message with what happened to it afterwards."""
        event = self.work.event(slot)
        if slot.part:
            return message
        given = says.reactions(event, self.work.cast)
        return message.model_copy(update={"reactions": given or None, "edited": self._edit(slot, event, message)})

    def _edit(self, slot: Slot, event: Event, message: MessageOut) -> EditedOut | None:
        if not isinstance(event, Spoken) or event.edited is None or message.subtype:
            return None
        told = micros(self.work.incidents[slot.incident].started_at) + round(event.edited.offset_seconds * SECOND)
        return EditedOut(user=message.user, ts=stamp(max(told, slot.moment + MILLISECOND)))

    def _threaded(self, slot: Slot, message: MessageOut) -> MessageOut:
        """The message with the fields of a reply, or of a root."""
        if slot.thread is not None:
            root = self.work.author(self._roots[slot.incident, slot.thread])
            return message.model_copy(update={"thread_ts": slot.thread_ts, "parent_user_id": root.id})
        replies = self._replies.get((slot.incident, slot.moment))
        if not replies:
            return message
        users = tuple(dict.fromkeys(reply.user for reply in replies))
        return message.model_copy(
            update={
                "thread_ts": slot.ts,
                "reply_count": len(replies),
                "reply_users_count": len(users),
                "latest_reply": replies[-1].ts,
                "reply_users": users,
                "replies": tuple(replies),
                "is_locked": False,
                "subscribed": False,
            }
        )

    def _mark(self, slot: Slot, message: MessageOut) -> MetadataOut:
        """Which event the message is, with what a reader cannot tell from the rest of it."""
        payload = PayloadOut(
            incident=self.work.identities[slot.incident],
            index=slot.index,
            part=slot.part or None,
            event=None if slot.part else self._untold(slot, message),
        )
        return MetadataOut(event_type=EVENT_TYPE, event_payload=payload)

    def _untold(self, slot: Slot, message: MessageOut) -> Fields:
        start = micros(self.work.incidents[slot.incident].started_at)
        parent = None if slot.thread is None else self._roots[slot.incident, slot.thread].index
        read = Message.model_validate(message.model_dump(exclude_none=True))
        told = event_of(read, self.work.directory, Place(f"#{self.name}", start, parent))
        return remainder(_fields(told), _fields(self.work.event(slot)))


def _line(slot: Slot, user: UserOut, subtype: str, text: str, new: str | None = None) -> MessageOut:
    """A line of Slack's own about somebody."""
    return MessageOut(
        subtype=subtype,
        text=f"<@{user.id}> {text}",
        user=user.id,
        topic=None if new is None else clean(new),
        ts=slot.ts,
        team=TEAM,
    )


def _fields(event: Event) -> Fields:
    return event.model_dump(mode="json", by_alias=True, exclude_none=True)
