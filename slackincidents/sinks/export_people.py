"""Who is in an exported workspace, and which channels it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slackincidents.archive.moments import SECOND, micros
from slackincidents.render.room import clean, is_bot
from slackincidents.schema.incident import Event, IncidentRecord, Spoken, SystemEvent
from slackincidents.schema.plan import INCIDENT_BOT, MONITOR
from slackincidents.sinks.export_ids import APP, TEAM, channel_names, handle_names, slack_id
from slackincidents.sinks.export_shapes import ChannelOut, ProfileOut, Saying, SpeakerOut, UserOut
from slackincidents.sinks.export_slots import Slot
from slackincidents.sinks.markup import Ids, escape

DAY = 86_400
FOUNDED = 400 * DAY
"""How long before its first incident a workspace was founded, in seconds."""

MAIL = "example.com"
SIZES = (24, 32, 48, 72, 192, 512)
_JOINED = re.compile(r"(?:(?P<names>[\w.-]+(?:, [\w.-]+)*) )?joined(?: #[\w-]+)?")
_TOPIC = re.compile(r"set the (?:channel )?topic: (?P<topic>.+)")
_GROUP = re.compile(r"@[\w.-]+-oncall")


@dataclass(frozen=True)
class Roster:
    """Everybody by handle, people and apps apart, and what they are called in the export."""

    people: dict[str, UserOut]
    bots: dict[str, UserOut]
    groups: dict[str, str]

    def user(self, event: Event) -> UserOut:
        """Who posted an event."""
        return self.bots[event.speaker] if is_bot(event) else self.people[event.speaker]

    def users(self) -> tuple[UserOut, ...]:
        """All of them, people first, by name."""
        return tuple(sorted((*self.people.values(), *self.bots.values()), key=lambda user: (user.is_bot, user.name)))

    def joiners(self, event: Event) -> tuple[UserOut, ...]:
        """The people whose joining a system line tells; none when it tells something else, or of a stranger."""
        match = _JOINED.fullmatch(event.text) if isinstance(event, SystemEvent) else None
        if match is None:
            return ()
        handles = match["names"].split(", ") if match["names"] else [event.speaker]
        found = [self.people[handle] for handle in handles if handle in self.people]
        return tuple(found) if len(found) == len(handles) else ()


def joins(incidents: Sequence[IncidentRecord], cast: Roster) -> list[list[int]]:
    """How many messages each event of each incident becomes: a line that tells of three joining is three."""
    return [[len(cast.joiners(event)) or 1 for event in incident.timeline] for incident in incidents]


def topic(event: Event) -> str | None:
    """The topic that a system line says was set."""
    match = _TOPIC.fullmatch(event.text) if isinstance(event, SystemEvent) else None
    return match["topic"] if match else None


def roster(incidents: Sequence[IncidentRecord]) -> Roster:
    """Everybody who posts, reacts, is called or is on call."""
    names: dict[str, str] = {}
    for incident in incidents:
        for handle in _people(incident):
            told = incident.people.get(handle)
            names[handle] = told or names.get(handle) or _capital(handle)
    apps = {event.speaker for incident in incidents for event in incident.timeline if is_bot(event)}
    founded = _founded(incidents)
    fitting, fitting_apps = handle_names(sorted(names)), handle_names(sorted(apps))
    taken = set(fitting.values())
    people = {
        handle: _person(handle, fitting[handle], clean(full) or handle, founded) for handle, full in names.items()
    }
    bots = {app: _bot(app, f"{name}-app" if name in taken else name, founded) for app, name in fitting_apps.items()}
    return Roster(people, bots, {group: slack_id("S", "group", group) for group in _groups(incidents)})


def _people(incident: IncidentRecord) -> Iterator[str]:
    """Handles of people, in no order that matters."""
    for event in incident.timeline:
        if not is_bot(event):
            yield event.speaker
        for reaction in event.reactions:
            yield from (user for user in reaction.users if user and user not in (MONITOR, INCIDENT_BOT))
    for service in incident.services.values():
        yield from filter(None, service.engineers)
    yield from filter(None, incident.people)


def _groups(incidents: Sequence[IncidentRecord]) -> list[str]:
    found = {service.oncall_group for incident in incidents for service in incident.services.values()}
    for incident in incidents:
        for event in incident.timeline:
            if isinstance(event, Spoken):
                found |= {name for name in event.mentions if _GROUP.fullmatch(name)}
    return sorted(name for name in found if re.fullmatch(r"@[\w.-]+", name))


def _founded(incidents: Sequence[IncidentRecord]) -> int:
    first = min((micros(incident.started_at) for incident in incidents), default=0) // SECOND
    return max(0, first // DAY * DAY - FOUNDED)


def _capital(handle: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[._-]+", handle) if word) or handle


def _person(handle: str, name: str, full: str, founded: int) -> UserOut:
    user = slack_id("U", "person", handle)
    profile = _profile(user, full, email=f"{name}@{MAIL}")
    return UserOut(id=user, team_id=TEAM, name=name, real_name=full, profile=profile, is_bot=False, updated=founded)


def _bot(app: str, name: str, founded: int) -> UserOut:
    user = slack_id("U", "bot", app)
    ids = {"bot_id": slack_id("B", "bot", app), "api_app_id": slack_id("A", APP, app)}
    profile = _profile(user, clean(app) or "App", **ids)
    return UserOut(
        id=user, team_id=TEAM, name=name, real_name=profile.real_name, profile=profile, is_bot=True, updated=founded
    )


def _profile(user: str, full: str, **more: str) -> ProfileOut:
    images = {f"image_{size}": f"https://avatars.{MAIL}/{user}-{size}.png" for size in SIZES}
    return ProfileOut(
        real_name=full,
        real_name_normalized=full,
        display_name=full,
        display_name_normalized=full,
        first_name=full.split()[0] if full.split() else full,
        team=TEAM,
        **images,
        **more,
    )


def speaker(user: UserOut) -> SpeakerOut:
    """The author as a message of a person carries him."""
    return SpeakerOut(
        image_72=user.profile.image_72,
        first_name=user.profile.first_name,
        real_name=user.real_name,
        display_name=user.profile.display_name,
        team=TEAM,
        name=user.name,
    )


def ids(cast: Roster, rooms: dict[str, ChannelOut]) -> Ids:
    """Ids by name, for the texts. A group and a channel carry their name along, as in a real export."""
    return Ids(
        groups={group.removeprefix("@"): f"{one}|{group}" for group, one in cast.groups.items()},
        people={handle: user.id for handle, user in cast.people.items()},
        channels={room.name: f"{room.id}|{room.name}" for channel, room in rooms.items() if channel == f"#{room.name}"},
    )


def rooms(incidents: Sequence[IncidentRecord], cast: Roster, placed: dict[str, list[Slot]]) -> dict[str, ChannelOut]:
    """Every channel by the name that the incidents call it; those without a message too."""
    found = {event.channel for incident in incidents for event in incident.timeline}
    found |= {service.channel for incident in incidents for service in incident.services.values() if service.channel}
    called = channel_names(sorted(found))
    return {channel: _room(channel, called[channel], incidents, cast, placed) for channel in sorted(found)}


def _room(
    channel: str, name: str, incidents: Sequence[IncidentRecord], cast: Roster, placed: dict[str, list[Slot]]
) -> ChannelOut:
    posts = [(slot, incidents[slot.incident].timeline[slot.index]) for slot in placed.get(channel, ())]
    owners = sorted(
        {
            (service, handle)
            for incident in incidents
            for service, record in incident.services.items()
            if record.channel == channel
            for handle in record.engineers
            if handle in cast.people
        }
    )
    members = {cast.people[handle].id for _, handle in owners} | {
        user.id for _, event in posts for user in (cast.user(event), *cast.joiners(event)) if not user.is_bot
    }
    lasting = owners or not posts
    created = _founded(incidents) if lasting else posts[0][0].moment // SECOND
    users = cast.users()
    creator = min(members) if members else (users[0].id if users else slack_id("U", "bot", MONITOR))
    said = [(topic(event), slot.moment // SECOND) for slot, event in posts if topic(event)]
    value, last_set = said[-1] if said else ("", 0)
    services = sorted({service for service, _ in owners})
    return ChannelOut(
        id=slack_id("C", "channel", channel),
        name=name,
        created=created,
        creator=creator,
        members=tuple(sorted(members)),
        topic=Saying(value=escape(clean(value or "")), creator=creator if value else "", last_set=last_set),
        purpose=Saying(
            value=escape(f"Alerts and on-call of {', '.join(services)}") if services else "",
            creator=creator if services else "",
            last_set=created if services else 0,
        ),
    )
