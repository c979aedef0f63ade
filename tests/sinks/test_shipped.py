"""Every incident that ships, and a file from elsewhere with every oddity."""

from __future__ import annotations

from pathlib import Path

import pytest

from slackincidents.library import data_root, read_incident
from slackincidents.schema.delivery import PostingOptions
from slackincidents.sinks.steps import bare
from tests.sinks.stage import LIVE, Shop, alert, faults_in, incident, message, shop

FAST = LIVE.model_copy(update={"realtime": True, "speed": 10.0})
SHIPPED = sorted((data_root() / "scenarios" / "incidents").glob("*.json"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "options", [LIVE, LIVE.model_copy(update={"realtime": True, "speed": 10.0})], ids=["at-once", "fast"]
)
def test_every_shipped_incident_posts_cleanly(tmp_path: Path, path: Path, options: PostingOptions) -> None:
    """Each of the thirteen comes through whole, in its threads and in order, at once or in real time."""
    record = read_incident(path)
    names = sorted({bare(event.channel) for event in record.timeline})
    place = Shop(tmp_path / "run", record)
    place.store = type(place.store).of(names)
    assert place.post(options).complete
    assert faults_in(record, place.store.messages) == []


def test_thirteen_incidents_ship() -> None:
    """Thirteen: the twelve of the demo shop and the failing database."""
    assert len(SHIPPED) == 13


def test_a_file_from_elsewhere_with_every_oddity_posts_cleanly(tmp_path: Path) -> None:
    """Unsorted times and reactions, Markdown's bold, a cross-channel parent and an unknown group."""
    place = shop(
        tmp_path,
        [
            message(30, "#shop", "same here", thread_parent=1),
            alert(0, reactions=[{"emoji": "rotating_light"}, {"emoji": ":eyes:", "users": ["bob"]}, {"emoji": "eyes"}]),
            message(12, text="**Hit rate** is <0> & @mystery-oncall knows", thread_parent=1, mentions=["@mystery"]),
            message(40, text="fine", type="resolution", metrics_after={"p95_latency": "50ms"}),
            {"type": "mention", "offset_seconds": 5, "channel": "cache", "user": "bob", "content": "hm <!channel>"},
        ],
    )  # fmt: skip
    delivery = place.post(LIVE.model_copy(update={"ping": True}))
    assert delivery.complete
    assert faults_in(place.record, place.store.messages) == []
    assert "*Hit rate* is &lt;0&gt; &amp; @mystery-oncall knows" in place.texts
    assert "hm @channel" in place.texts
    assert any("outside a thread" in note for note in delivery.notes)
    assert any("@mystery-oncall" in note for note in delivery.notes)
    assert sorted(place.store.messages[0].reactions) == ["eyes", "rotating_light"]


def test_a_bad_file_is_refused_before_the_first_call(tmp_path: Path) -> None:
    """Every finding is told, nothing is called, and the error says that nothing was posted."""
    place = Shop(tmp_path / "run", incident([message(0, thread_parent=5), message(1, text="")]))
    with pytest.raises(Exception, match=r"timeline\[0\].*timeline\[1\].*nothing was posted") as caught:
        place.post()
    assert type(caught.value).__name__ == "BadFile"
    assert place.workspace is not None
    assert not place.workspace.calls
