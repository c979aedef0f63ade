"""A stranger's incident in other words: no plan stands behind it, so every new line is held against the old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from slackincidents.errors import CheckFailed
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.regeneration.ours import nothing_to_say, with_text
from slackincidents.schema.draft import Variation
from slackincidents.schema.incident import IncidentRecord
from slackincidents.validator import check
from slackincidents.writer.reword import Objections, Reworder, Rewording, Texts, rewordable

NOTE = "reworded"
"""The key under `metadata` that says what was reworded; a stranger's file has no provenance to say it in."""


def lines(incident: IncidentRecord) -> tuple[str, ...]:
    """The texts that another wording has to keep away from."""
    return tuple(incident.timeline[place].text for place in rewordable(incident))


async def reworded(
    workshop: Workshop, incident: Incident, places: Sequence[int] | None, reworder: Reworder, variation: Variation
) -> Incident:
    """The incident with other words in these places, all of them without any. Raises UsageError, CheckFailed."""
    free = rewordable(incident)
    wanted = free if places is None else tuple(place for place in places if place in free)
    if not wanted:
        raise nothing_to_say(incident, free if places is None else places)
    judge = _Judge(workshop, incident)
    rewording = await reworder.reword(incident, wanted, judge, variation)
    if not rewording.texts:
        first = next(iter(rewording.kept.values()), ("no reason was given",))
        raise CheckFailed(f"{incident.scenario_id}: not one line could be reworded: {first[0]}", "Try another model.")
    metadata = {**incident.metadata, NOTE: _note(rewording, variation)}
    return _with(incident, rewording.texts).model_copy(update={"metadata": metadata})


class _Judge:
    """Says what the validator finds in new texts that it did not find in the old ones."""

    def __init__(self, workshop: Workshop, incident: Incident) -> None:
        self._workshop = workshop
        self._incident = incident
        self._known = set(self._findings(incident))

    def __call__(self, texts: Texts) -> Objections:
        found = self._findings(_with(self._incident, texts))
        new = {key: message for key, message in found.items() if key not in self._known}
        wrong: dict[int, tuple[str, ...]] = {}
        for (_, index), message in new.items():
            for place in (index,) if index in texts else tuple(texts):
                if place is not None:
                    wrong[place] = (*wrong.get(place, ()), message)
        return wrong

    def _findings(self, incident: Incident) -> dict[tuple[str, int | None], str]:
        stage = self._workshop.stage
        report = check(incident, catalogue=stage.catalogue, people=stage.people)
        return {(finding.code, finding.index): finding.message for finding in report.findings}


def _with(incident: Incident, texts: Mapping[int, str]) -> Incident:
    timeline = tuple(
        with_text(event, texts[place]) if place in texts else event for place, event in enumerate(incident.timeline)
    )
    return incident.model_copy(update={"timeline": timeline})


def _note(rewording: Rewording, variation: Variation) -> dict[str, JsonValue]:
    kept: dict[str, JsonValue] = {str(place): list(why) for place, why in sorted(rewording.kept.items())}
    usage: dict[str, JsonValue] = dict(rewording.usage.model_dump())
    return {
        "model": rewording.model,
        "variant": variation.name,
        "lines": [*sorted(rewording.texts)],
        "kept": kept,
        "usage": usage,
    }
