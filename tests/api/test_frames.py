"""An incident as a pandas table."""

from __future__ import annotations

import pytest

import slackincidents
from slackincidents import frames
from tests.conftest import REQUIRE_ALL


def test_one_row_an_event() -> None:
    """The table holds what the timeline and the labels hold."""
    if not REQUIRE_ALL:
        pytest.importorskip("pandas")
    incident = slackincidents.generate("cache-failure", seed=7)
    table = slackincidents.to_frame(incident)
    assert list(table.index) == list(range(len(incident.timeline)))
    assert list(table["user"]) == [event.speaker for event in incident.timeline]
    assert incident.labels is not None
    assert list(table["act"]) == [label.act for label in incident.labels.messages]
    assert table["at"].iloc[0] == incident.started_at
    assert table["thread"].dropna().isin(table.index).all()


def test_without_pandas_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setattr(frames, "_HAS_PANDAS", False)
    with pytest.raises(slackincidents.UsageError, match=r"pip install 'slackincidents\[notebook\]'"):
        slackincidents.to_frame(slackincidents.generate("cache-failure", pace="brief"))
