"""What really happened: an incident's labels and the skeleton behind it, for the answer files of benchmarks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from slackincidents.archive.answers import identity
from slackincidents.errors import UsageError
from slackincidents.library import Library
from slackincidents.schema.acts import Act
from slackincidents.schema.incident import IncidentRecord, Labels
from slackincidents.schema.skeleton import CauseCategory, Clue, Skeleton
from slackincidents.tellings import SLOT, expand, slots

_NAMESPACE = re.compile(r"(?:^|\s)(?:-n|--namespace)[ =]([a-z0-9][a-z0-9-]*)")

DEFAULT = "default"
"""The namespace of a command that names none."""

MADE_UP = "made-up chat about a made-up system; no cluster, no telemetry and no outage is behind it"
"""What every answer file says about its origin."""


@dataclass(frozen=True)
class Truth:
    """A labelled incident and the skeleton it was made from."""

    incident: IncidentRecord
    labels: Labels
    skeleton: Skeleton

    @cached_property
    def id(self) -> str:
        """Sixteen hex digits that depend on what was said, and not on the answer."""
        return identity(self.incident)

    @cached_property
    def told(self) -> dict[str, int]:
        """Fact -> the first message that reveals it."""
        found: dict[str, int] = {}
        for label in sorted(self.labels.messages, key=lambda label: label.index):
            for fact in label.reveals:
                found.setdefault(fact, label.index)
        return found

    @cached_property
    def alerts(self) -> tuple[tuple[str, int], ...]:
        """The alerts that fired, by name, with the place of their first card, in order of time."""
        named = [(fact.removeprefix("alert:"), place) for fact, place in self.told.items() if fact.startswith("alert:")]
        return tuple(sorted(((name, at) for name, at in named if name in self.skeleton.alerts), key=lambda one: one[1]))

    @cached_property
    def text(self) -> str:
        """All that was said, commands and cards included."""
        return "\n".join(event.text for event in self.incident.timeline)

    def clue(self, fact: str) -> Clue | None:
        """The clue that ``clue:x`` refers to."""
        return self.skeleton.clues.get(fact.removeprefix("clue:")) if fact.startswith("clue:") else None

    def filled(self, wording: str) -> str:
        """A text of the skeleton with the names this incident uses; one that nobody said stays as ``<name>``."""
        values = {name: self._said(name) or f"<{name}>" for name in slots(wording)}
        return SLOT.sub(lambda match: values[match[1]], next(expand(wording)))

    def _said(self, slot: str) -> str | None:
        texts = (text for telling in self.skeleton.particulars.get(slot, ()) for text in expand(telling))
        return next((text for text in texts if text in self.text), None)

    def namespace(self, service: str) -> str:
        """The namespace that commands for a service name, else that of any command, else the default one."""
        own = [text for of, text in self._commands() if of == service]
        every = [text for _, text in self._commands()]
        return _namespace(own) or _namespace(every) or DEFAULT

    def _commands(self) -> Iterator[tuple[str, str]]:
        """The service of each command that was run, with its text."""
        for label in self.labels.messages:
            action = next((fact.removeprefix("action:") for fact in label.reveals if fact.startswith("action:")), None)
            if label.act is Act.EXECUTE and action in self.skeleton.actions:
                yield self.skeleton.actions[action].service, self.incident.timeline[label.index].text


def mentions(text: str, word: str) -> bool:
    """Whether a word stands in a text, whatever its case."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE) is not None


def _namespace(commands: Sequence[str]) -> str | None:
    return next((found[1] for text in commands if (found := _NAMESPACE.search(text))), None)


def truth_of(incident: IncidentRecord, library: Library) -> Truth:
    """The incident with its labels and skeleton. Raises UsageError where one of them is not at hand."""
    if incident.labels is None or incident.provenance is None:
        missing = "labels" if incident.labels is None else "provenance"
        raise UsageError(
            f"{incident.scenario_id} has no {missing}, so its answer is not known",
            "Take the file as it was generated, or put its answers back from NAME.answers.json.",
        )
    origin = incident.provenance
    if origin.skeleton not in library.skeleton_names():
        raise UsageError(
            f"{incident.scenario_id}: its skeleton {origin.skeleton!r} is not in the library",
            "Put it into scenarios/skeletons/ of the folder that SLACKINCIDENTS_HOME names.",
        )
    skeleton = library.skeleton(origin.skeleton)
    if _sha256(skeleton) != origin.skeleton_sha256:
        raise UsageError(
            f"{incident.scenario_id}: its skeleton {origin.skeleton!r} has changed since",
            "Use the one it was made from, or generate the incident again.",
        )
    category = incident.labels.root_cause.category
    if category not in set(CauseCategory):
        raise UsageError(
            f"{incident.scenario_id}: no cause category {category!r}", f"Known: {', '.join(CauseCategory)}."
        )
    size = len(incident.timeline)
    if wrong := next((label.index for label in incident.labels.messages if not 0 <= label.index < size), None):
        raise UsageError(f"{incident.scenario_id}: a label is for event {wrong} of {size}", "slackincidents validate")
    return Truth(incident, incident.labels, skeleton)


def _sha256(skeleton: Skeleton) -> str:
    return hashlib.sha256(skeleton.model_dump_json(by_alias=True, exclude={"schema_"}).encode()).hexdigest()
