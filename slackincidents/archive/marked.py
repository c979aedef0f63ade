"""Incidents of ours, put together again from the messages that carry our mark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue, ValidationError

from slackincidents.archive.answers import AnswerFile
from slackincidents.archive.directory import Directory
from slackincidents.archive.events import Place, event_of
from slackincidents.archive.history import Post
from slackincidents.archive.moments import micros
from slackincidents.archive.shapes import Entry, Manifest
from slackincidents.errors import BadFile
from slackincidents.schema.faults import first_fault
from slackincidents.schema.incident import IncidentRecord

EVENT_TYPE = "slackincidents"
AGAIN = "Write the export again."

Fields = dict[str, JsonValue]


class Marks:
    """The messages that belong to incidents of ours, by incident and place in it."""

    def __init__(self, path: Path, manifest: Manifest | None) -> None:
        self.path = path
        self.entries = manifest.incidents if manifest else ()
        self.posts: dict[str, dict[int, Post]] = {entry.incident: {} for entry in self.entries}

    def take(self, post: Post) -> bool:
        """Keep a message that is ours; False for any other. Raises BadFile for a second one of the same event."""
        mark = post.message.metadata
        payload = mark.event_payload if mark and mark.event_type == EVENT_TYPE else None
        if payload is None or payload.incident not in self.posts:
            return False
        if payload.part:
            return True
        posts = self.posts[payload.incident]
        if payload.index in posts:
            raise BadFile(f"{self.path}: event {payload.index} of {payload.incident} is there twice", AGAIN)
        posts[payload.index] = post
        return True


def rebuild(marks: Marks, directory: Directory, answers: AnswerFile | None) -> Iterator[IncidentRecord]:
    """Each incident as it was, with its answers where the export has them. Raises BadFile."""
    keys = {key.incident: key for key in answers.incidents} if answers else {}
    for entry in marks.entries:
        name = keys[entry.incident].scenario_id if entry.incident in keys else _name(entry)
        record = _record(marks, entry, directory, name)
        yield keys[entry.incident].put_back(record) if entry.incident in keys else record


def _name(entry: Entry) -> str:
    return str(entry.record.get("scenario_id", entry.incident))


def _record(marks: Marks, entry: Entry, directory: Directory, name: str) -> IncidentRecord:
    posts = marks.posts[entry.incident]
    if sorted(posts) != list(range(entry.events)):
        lost = entry.events - sum(index < entry.events for index in posts)
        raise BadFile(f"{marks.path}: {name} lacks {lost} of its {entry.events} messages", AGAIN)
    try:
        head = IncidentRecord.model_validate({**entry.record, "timeline": ()})
        start = micros(head.started_at)
        roots = {(post.channel, post.message.ts): index for index, post in posts.items()}
        timeline = [_fields(post, roots, directory, start) for _, post in sorted(posts.items())]
        return IncidentRecord.model_validate({**entry.record, "timeline": timeline})
    except ValidationError as error:
        raise BadFile(f"{marks.path}: {name}: {first_fault(error)}", AGAIN) from None
    except (ValueError, OverflowError):
        raise BadFile(f"{marks.path}: {name}: its start_time is not a date", AGAIN) from None


def _fields(post: Post, roots: dict[tuple[str, str], int], directory: Directory, start: int) -> Fields:
    payload = post.message.metadata.event_payload if post.message.metadata else None
    thread = post.message.thread_ts
    parent = roots.get((post.channel, thread)) if thread and thread != post.message.ts else None
    said = event_of(post.message, directory, Place(post.channel, start, parent))
    return patched(said.model_dump(mode="json", by_alias=True, exclude_none=True), payload.event if payload else {})


def patched(told: Fields, rest: Fields) -> Fields:
    """What Slack's fields tell, with what they cannot; a null takes a field out."""
    return {name: value for name, value in {**told, **rest}.items() if value is not None}


def remainder(told: Fields, whole: Fields) -> Fields:
    """What `patched` needs besides `told` to give `whole`."""
    missing = {name: value for name, value in whole.items() if name not in told or told[name] != value}
    return {**missing, **{name: None for name in told if name not in whole}}
