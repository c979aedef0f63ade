"""The answer key on its own: taken out of an incident, and put back."""

from __future__ import annotations

import hashlib
from typing import Self, TypeVar

from pydantic import Field, JsonValue

from slackincidents.schema.base import Frozen
from slackincidents.schema.change import unset
from slackincidents.schema.incident import IncidentRecord, Labels, NoiseLabel, Provenance

Record = TypeVar("Record", bound=IncidentRecord)

TELLING = frozenset({"root_cause", "resolution", "tags", "ref", "recurs"})
"""What stands in metadata and gives the answer away: in the seed's dialect, and in a history of ours."""

VERSION = 1


class AnswerKey(Frozen):
    """What was taken out of one incident. `incident` is `identity` of what is left."""

    incident: str
    scenario_id: str
    description: str | None = None
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
            description=incident.description,
            metadata=incident.metadata if TELLING & set(incident.metadata) else None,
            labels=incident.labels,
            noise=incident.noise,
            provenance=incident.provenance,
        )

    def put_back(self, incident: Record) -> Record:
        """The incident with its answers."""
        return incident.model_copy(
            update={
                "description": self.description,
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
    """The incident as one would see it who has to find the cause: no labels, provenance, description or telling tag."""
    kept = {name: value for name, value in incident.metadata.items() if name not in TELLING}
    gone = dict.fromkeys(("description", "labels", "noise", "provenance"))
    return incident.model_copy(update={**gone, "metadata": kept})


def identity(incident: IncidentRecord) -> str:
    """Sixteen hex digits that depend on the incident, and not on its answers."""
    text = blind(incident).model_dump_json(by_alias=True, exclude_none=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
