"""The finished incidents that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from slackincidents.incident import Incident
from slackincidents.library import Library, read_incident
from slackincidents.pipeline import Workshop, run

FILES = Library().incident_files()


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    """The shipped library."""
    return Workshop.open()


def test_every_scenario_has_one() -> None:
    """One finished incident for each scenario, named after it."""
    assert [path.stem for path in FILES] == list(Library().skeleton_names())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_can_be_made_again(path: Path, workshop: Workshop) -> None:
    """Its provenance is enough to make the same bytes again; `make incidents` renews the files."""
    incident = Incident.of(read_incident(path))
    plan = workshop.replan(incident)
    assert plan is not None
    again = run(workshop.finish(plan))
    assert again.to_json() == path.read_text(encoding="utf-8")
    assert workshop.validate(incident).clean
