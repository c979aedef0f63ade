"""An entry of a history, told: one incident file each, in whatever order they are asked for."""

from __future__ import annotations

from slackincidents.pipeline import Workshop
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.workspace import ChangeEntry, Entry, IncidentEntry, NoiseEntry
from slackincidents.workspace.course import ref_of
from slackincidents.workspace.everyday import change_record, talk_record
from slackincidents.workspace.noise import noise_record
from slackincidents.writer.base import AnyWriter


async def tell(workshop: Workshop, entry: Entry, writer: AnyWriter | None = None) -> IncidentRecord:
    """The incident file of an entry. Real incidents are written by `writer`, offline without one.

    Raises CheckFailed when the validator has something to say to an incident's words.
    """
    if isinstance(entry, NoiseEntry):
        return noise_record(workshop, entry)
    if isinstance(entry, ChangeEntry):
        return change_record(workshop, entry)
    if not isinstance(entry, IncidentEntry):
        return talk_record(workshop, entry)
    plan = workshop.plan(entry.scenario, seed=entry.seed, start_time=entry.at, elsewhere=entry.elsewhere)
    incident = await workshop.finish(plan, writer)
    told = {**incident.metadata, "ref": ref_of(entry.number)}
    if entry.recurs is not None:
        told["recurs"] = ref_of(entry.recurs)
    return incident.model_copy(update={"metadata": told})
