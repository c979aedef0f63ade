"""Incidents of our own: the plan stands, the writer writes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slackincidents.assembly import assemble, disassemble
from slackincidents.errors import CheckFailed, UsageError
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.schema.acts import Act
from slackincidents.schema.draft import Draft, Variation
from slackincidents.schema.incident import Event, IncidentRecord, Spoken
from slackincidents.schema.plan import Plan
from slackincidents.writer import Writer
from slackincidents.writer.scenes import by_model

ATTEMPTS = 4
"""How often a part is written again until nothing new is found in it."""

OTHERWISE = "say the same in other words than now"


def lines(plan: Plan, incident: IncidentRecord) -> tuple[str, ...]:
    """The texts of an incident that another wording has to keep away from."""
    return tuple(event.text for beat, event in zip(plan.beats, incident.timeline, strict=False) if by_model(beat))


def retold(standing: Incident, fresh: Incident) -> Incident:
    """A file with the words of another wording of its plan; all else in it stays, unknown fields included."""
    pairs = zip(standing.timeline, fresh.timeline, strict=True)
    timeline = tuple(with_text(event, other.text) for event, other in pairs)
    return standing.model_copy(update={"timeline": timeline, "provenance": fresh.provenance})


def with_text(event: Event, text: str) -> Event:
    """The event with another text; a card, or an action without text, as it is."""
    return event.model_copy(update={"content": text}) if isinstance(event, Spoken) and event.text != text else event


async def part_again(
    workshop: Workshop, plan: Plan, standing: Incident, places: Sequence[int], author: Writer, variation: Variation
) -> Incident:
    """The incident with some messages in other words. Raises UsageError, CheckFailed."""
    wanted = _beats(plan, standing, places)
    before = disassemble(plan, standing)
    known = set(workshop.judge(plan, before).findings)
    draft, complaints = before, _all(wanted, OTHERWISE)
    for attempt in range(ATTEMPTS):
        name = f"{variation.name}.{attempt}" if attempt else variation.name
        draft = await author.revise(plan, draft, complaints, variation.model_copy(update={"name": name}))
        complaints = _left(workshop, plan, before, draft, wanted, known)
        if not complaints:
            return _with_part(plan, standing, before, draft, variation.name)
    why = "; ".join(dict.fromkeys(line for found in complaints.values() for line in found))
    raise CheckFailed(f"{standing.scenario_id}: no other words passed: {why}", "Try another --seed.", draft.texts)


def _beats(plan: Plan, standing: Incident, places: Sequence[int]) -> tuple[str, ...]:
    beats = [plan.beats[place] for place in places]
    heads = [beat.continues or beat.id if beat.act is Act.CORRECTION else beat.id for beat in beats]
    free = {beat.id for beat in plan.beats if by_model(beat)}
    wanted = tuple(dict.fromkeys(head for head in heads if head in free))
    if not wanted:
        raise nothing_to_say(standing, places)
    return wanted


def nothing_to_say(incident: IncidentRecord, places: Sequence[int]) -> UsageError:
    """The error for a part in which nobody typed words of their own."""
    where = f"message {places[0]}" if len(places) == 1 else f"{len(places)} messages asked for" if places else "file"
    return UsageError(
        f"{incident.scenario_id}: in the {where} nobody typed words of their own",
        "Cards, commands, pastes and the lines of bots are facts, and stay.",
    )


def _left(
    workshop: Workshop, plan: Plan, before: Draft, draft: Draft, wanted: Sequence[str], known: set[str]
) -> dict[str, tuple[str, ...]]:
    """What is still to be written again, and why; empty when the part can stand."""
    verdict = workshop.judge(plan, draft)
    if new := [finding for finding in verdict.findings if finding not in known]:
        own = {beat: verdict.complaints[beat] for beat in wanted if beat in verdict.complaints}
        return own or _all(wanted, new[0])
    if all(draft.texts[beat] == before.texts[beat] for beat in wanted):
        return _all(wanted, OTHERWISE)
    return {}


def _all(wanted: Sequence[str], complaint: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(wanted, (complaint,))


def _with_part(plan: Plan, standing: Incident, before: Draft, draft: Draft, name: str) -> Incident:
    fresh = assemble(plan, draft)
    changed = {place for place, beat in enumerate(plan.beats) if _differ(before.texts, draft.texts, beat.id)}
    timeline = tuple(
        with_text(event, fresh.timeline[place].text) if place in changed else event
        for place, event in enumerate(standing.timeline)
    )
    origin = fresh.provenance
    if standing.provenance is None or origin is None:
        return standing.model_copy(update={"timeline": timeline})
    repaired = tuple(sorted(changed | set(standing.provenance.repaired)))
    note = {"variant": name, "repaired": repaired, "usage": origin.usage}
    return standing.model_copy(update={"timeline": timeline, "provenance": standing.provenance.model_copy(update=note)})


def _differ(before: Mapping[str, str], after: Mapping[str, str], beat: str) -> bool:
    return before.get(beat) != after.get(beat)
