"""What is left of an incident without its answers."""

from __future__ import annotations

import re

import pytest

from slackincidents import archive
from slackincidents.archive.answers import identity
from slackincidents.incident import Incident
from slackincidents.schema.incident import AlertEvent, IncidentRecord, NoiseLabel
from slackincidents.schema.workspace import Noise


def words(text: str) -> set[str]:
    """Words of three letters or more."""
    return {word.lower() for word in re.findall(r"[A-Za-z]{3,}", text)}


@pytest.mark.parametrize("place", range(13))
def test_no_word_of_the_cause_stands_outside_messages_and_alerts(shipped: tuple[Incident, ...], place: int) -> None:
    """But for names of services and people, which stand in alphabetical order, nothing outside the timeline has one."""
    whole = shipped[place]
    blind = archive.blind(whole)
    assert whole.labels is not None
    titles = {event.title for event in whole.timeline if isinstance(event, AlertEvent)}
    assert blind.title in titles or blind.title.startswith("Report in #")
    cause = " ".join(whole.labels.root_cause.model_dump().values())
    listed = " ".join((*whole.services, *(one.channel + one.oncall_group for one in whole.services.values())))
    telling = words(f"{cause} {whole.scenario_type} {whole.title}") - words(listed)
    rest = blind.model_dump(mode="json", exclude={"timeline", "title", "people", "services"}, exclude_none=True)
    values = " ".join(map(str, [*rest.pop("metadata").items(), *rest.values()]))
    assert "synthetic" in words(values)
    assert not telling & (words(values) - {"incident", "seconds"}), telling & words(values)
    assert list(blind.services) == sorted(whole.services)
    assert {service.role for service in blind.services.values()} == {""}
    assert blind.timeline == whole.timeline


def test_the_neutral_name_hangs_on_what_was_said_alone(shipped: tuple[Incident, ...]) -> None:
    """Another scenario's name or key changes nothing, another word does; blind twice is blind once; none are alike."""
    whole = shipped[0]
    blind = archive.blind(whole)
    renamed = whole.model_copy(update={"scenario_id": "x", "title": "y", "scenario_type": "z", "description": None})
    assert archive.blind(renamed).to_json() == blind.to_json()
    assert archive.blind(blind).to_json() == blind.to_json()
    assert identity(blind) == identity(whole) == blind.scenario_id.removeprefix("incident-")
    assert identity(whole.model_copy(update={"timeline": whole.timeline[:-1]})) != identity(whole)
    assert len({identity(one) for one in shipped}) == len(shipped)


def test_everything_can_be_put_back(shipped: tuple[Incident, ...]) -> None:
    """Names, roles, their order and unknown fields as well, byte for byte."""
    for one in shipped:
        whole = Incident.of(
            IncidentRecord.model_validate({**one.model_dump(by_alias=True), "postmortem": "a full disk"})
        )
        blind = archive.blind(whole)
        assert "full disk" not in blind.to_json()
        assert archive.AnswerKey.of(whole).put_back(blind).to_json() == whole.to_json()


def test_noise_is_not_told_from_an_incident(shipped: tuple[Incident, ...]) -> None:
    """Neither id, type nor title of noise says that nobody needed it."""
    label = NoiseLabel(kind=Noise.THRESHOLD, monitor="disk", answered=False)
    noise = shipped[0].model_copy(
        update={"scenario_type": "noise", "scenario_id": "noise-7", "labels": None, "noise": label}
    )
    assert "noise" not in archive.blind(noise).to_json()
    assert archive.blind(noise).scenario_type == archive.blind(shipped[1]).scenario_type


def test_what_is_no_incident_keeps_its_name(shipped: tuple[Incident, ...]) -> None:
    """A stretch of a team's talk or a deploy has no cause, and its names say only where it was."""
    for kind in ("slack-export", "change", "talk"):
        record = shipped[0].model_copy(update={"scenario_type": kind, "scenario_id": f"{kind}-1", "labels": None})
        blind = archive.blind(record)
        assert (blind.scenario_id, blind.scenario_type, blind.title) == (f"{kind}-1", kind, record.title)
