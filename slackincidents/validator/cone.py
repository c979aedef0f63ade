"""The knowledge cone of a finished incident: the same tables, filled from its labels instead of the plan's beats."""

from __future__ import annotations

from collections.abc import Iterator

from slackincidents.knowledge import Knowledge, Saying
from slackincidents.schema.acts import Act
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.plan import Plan


class Cone(Knowledge):
    """Who knows what and when, from the looks and presence of a plan and the labels of an incident."""

    def __init__(self, incident: IncidentRecord, plan: Plan) -> None:
        """Read the records once."""
        super().__init__(plan, _said(incident, plan))


def _said(incident: IncidentRecord, plan: Plan) -> Iterator[Saying]:
    for label in incident.labels.messages if incident.labels else ():
        if not 0 <= label.index < min(len(incident.timeline), len(plan.beats)):
            continue
        event, action = incident.timeline[label.index], plan.beats[label.index].action
        done = action if label.act is Act.EXECUTE else None
        facts = (*label.reveals, *label.cites)
        yield Saying(label.index, event.offset_seconds, event.channel, event.speaker, facts, done)
