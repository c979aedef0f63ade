"""The answer key on its own: taken out of an incident, and put back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Self, TypeVar

from pydantic import Field, JsonValue

from slackincidents.schema.base import Frozen
from slackincidents.schema.change import unset
from slackincidents.schema.incident import (
    AlertEvent,
    IncidentRecord,
    Labels,
    NoiseLabel,
    Provenance,
    ServiceRecord,
    empty,
)
from slackincidents.schema.kinds import BETWEEN

Record = TypeVar("Record", bound=IncidentRecord)

TELLING = frozenset({"root_cause", "resolution", "tags", "ref", "recurs", "difficulty", "services_impacted"})
"""What stands in metadata and gives the answer away: in the seed's dialect, and in files of ours."""

NEUTRAL = "incident"
"""The type of every incident without its answers, and what its id begins with."""

TELLS_NOTHING = frozenset({"slack-export", *BETWEEN})
"""Types of what is no incident: a stretch of a team's talk, a deploy or flag, talk. Their names give nothing away."""

VERSION = 1


class AnswerKey(Frozen):
    """What was taken out of one incident. `incident` is `identity` of what is left."""

    incident: str
    scenario_id: str
    scenario_type: str | None = None
    title: str | None = None
    description: str | None = None
    roles: dict[str, str] = Field(default_factory=dict, description="of the services, in the file's order")
    fields: dict[str, JsonValue] = Field(default_factory=dict, exclude_if=empty, description="unknown ones, whole")
    metadata: dict[str, JsonValue] | None = Field(default=None, description="whole, where a part of it tells")
    labels: Labels | None = None
    noise: NoiseLabel | None = Field(default=None, exclude_if=unset)
    provenance: Provenance | None = None

    @classmethod
    def of(cls, incident: IncidentRecord) -> Self:
        """Everything that gives the answer of an incident away."""
        return cls(
            incident=identity(incident),
            scenario_id=incident.scenario_id,
            scenario_type=incident.scenario_type,
            title=incident.title,
            description=incident.description,
            roles={name: service.role for name, service in incident.services.items()},
            fields=incident.model_extra or {},
            metadata=incident.metadata if TELLING & set(incident.metadata) else None,
            labels=incident.labels,
            noise=incident.noise,
            provenance=incident.provenance,
        )

    def put_back(self, incident: Record) -> Record:
        """The incident with its answers."""
        return incident.model_copy(
            update={
                **self.fields,
                "scenario_id": self.scenario_id,
                "scenario_type": incident.scenario_type if self.scenario_type is None else self.scenario_type,
                "title": incident.title if self.title is None else self.title,
                "description": self.description,
                "services": _with_roles(incident.services, self.roles),
                "metadata": incident.metadata if self.metadata is None else self.metadata,
                "labels": self.labels,
                "noise": self.noise,
                "provenance": self.provenance,
            }
        )


class AnswerFile(Frozen):
    """The answer keys of some incidents, as they stand in a file of their own."""

    version: int = VERSION
    incidents: tuple[AnswerKey, ...]

    def to_json(self) -> str:
        """As it is written."""
        return self.model_dump_json(indent=2, exclude_none=True) + "\n"


def blind(incident: Record) -> Record:
    """The incident as one would see it who has to find the cause.

    No labels, provenance, description, telling tag or unknown field. Its id is ``incident-`` and `identity`, its type
    ``incident``, its title that of the first alert, and no service has a role: they stand in the order of their names.
    """
    bare = _bare(incident)
    return bare.model_copy(update={"scenario_id": f"{NEUTRAL}-{_digest(bare)}"}) if _named(bare) else bare


def identity(incident: IncidentRecord) -> str:
    """Sixteen hex digits that depend on what was said, and not on the answers."""
    return _digest(_bare(incident))


def _bare(incident: Record) -> Record:
    """Without anything that tells; the id, which is made of the rest, is the same for all."""
    kept = {name: value for name, value in incident.metadata.items() if name not in TELLING}
    gone = dict.fromkeys((*incident.unknown_fields, "description", "labels", "noise", "provenance"))
    named = {"scenario_id": NEUTRAL, "scenario_type": NEUTRAL, "title": _title(incident)} if _named(incident) else {}
    roles = dict.fromkeys(sorted(incident.services), "")
    services = _with_roles(incident.services, roles)
    return incident.model_copy(update={**gone, **named, "services": services, "metadata": kept})


def _named(incident: IncidentRecord) -> bool:
    """Whether its names may tell the cause."""
    return incident.scenario_type not in TELLS_NOTHING or incident.labels is not None


def _title(incident: IncidentRecord) -> str:
    """What anybody saw of it first."""
    alerts = (event for event in incident.timeline if isinstance(event, AlertEvent) and event.state != "resolved")
    first = min(alerts, key=lambda event: event.offset_seconds, default=None)
    if first is not None:
        return first.title
    return f"Report in {incident.timeline[0].channel}" if incident.timeline else "Incident"


def _with_roles(services: Mapping[str, ServiceRecord], roles: Mapping[str, str]) -> dict[str, ServiceRecord]:
    """The services in the order of the roles, each with its own; the others stay as they are, behind them."""
    told = {name: services[name].model_copy(update={"role": role}) for name, role in roles.items() if name in services}
    return {**told, **{name: service for name, service in services.items() if name not in told}}


def _digest(bare: IncidentRecord) -> str:
    text = bare.model_dump_json(by_alias=True, exclude_none=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
