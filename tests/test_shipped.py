"""The finished incidents that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.shipped import shipped
from slackincidents.incident import Incident
from slackincidents.library import Library, read_incident
from slackincidents.pipeline import Workshop

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
    assert shipped(workshop, path.stem).to_json() == path.read_text(encoding="utf-8")
    report = workshop.validate(Incident.of(read_incident(path)))
    assert report.clean
    assert report.skipped == ()
