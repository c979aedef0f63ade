"""What a file of a workspace's history holds: an incident, or what stands around incidents."""

from __future__ import annotations

from enum import StrEnum

from slackincidents.schema.incident import IncidentRecord


class What(StrEnum):
    """An incident, an alert that nobody needed, a deploy or switched flag, or everyday talk."""

    INCIDENT = "incident"
    NOISE = "noise"
    CHANGE = "change"
    TALK = "talk"


BETWEEN = (What.CHANGE, What.TALK)
"""What holds no incident and no alert."""


def what_of(record: IncidentRecord) -> What:
    """What a file holds, by its key and its type; an incident where neither says anything else."""
    if record.noise is not None:
        return What.NOISE
    if record.labels is not None:
        return What.INCIDENT
    return next((what for what in BETWEEN if what == record.scenario_type), What.INCIDENT)
