"""`slackincidents.deliver` and `adeliver`: dry by default, callable where a loop runs already."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

import slackincidents
from slackincidents.errors import BadFile, NotConfigured, Unsafe, UsageError
from slackincidents.incident import Incident
from slackincidents.schema.delivery import PostingOptions, Progress
from slackincidents.settings import Settings
from slackincidents.sinks.memory import MemoryWorkspace, Store
from tests.slack.clocks import Times
from tests.slack.practice import complaints, scene_of
from tests.slack.pretend import pretended
from tests.slack.scene import ALERTS_TOKEN, POSTER_TOKEN, TEAM
from tests.slack.stand import Stand


@pytest.fixture(scope="module")
def brief() -> Incident:
    """An incident of two minutes."""
    return slackincidents.generate("traffic-spike", seed=7, pace="brief")


@pytest.fixture
def times() -> Times:
    """Time that jumps."""
    return Times()


@pytest.fixture
def stand(brief: Incident, times: Times, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stand]:
    """A workspace that the environment names."""
    monkeypatch.chdir(tmp_path)
    with pretended(scene_of(brief), clock=times.now) as one:
        monkeypatch.setenv("SLACK_BOT_TOKEN", POSTER_TOKEN)
        monkeypatch.setenv("ALERT_BOT_TOKEN", ALERTS_TOKEN)
        monkeypatch.setenv("SLACK_WORKSPACE_ID", TEAM)
        monkeypatch.setenv("SLACK_API_URL", one.api_url)
        yield one


def test_it_is_dry_by_default(brief: Incident, socket_disabled: None, tmp_path: Path) -> None:
    """Neither token nor socket nor folder: the delivery lists everything as left."""
    delivery = slackincidents.deliver(brief)
    assert delivery.dry_run
    assert not delivery.complete
    assert len(delivery.left) == len(brief.timeline)
    assert slackincidents.deliver(brief.save(tmp_path / "x.json")) == delivery


def test_it_posts_when_told(brief: Incident, stand: Stand, times: Times, tmp_path: Path) -> None:
    """To the workspace of the environment; the same call again posts nothing."""
    delivery = slackincidents.deliver(brief, dry_run=False, run_folder=tmp_path / "run", clock=times.renew())
    assert delivery.complete
    assert complaints(brief, stand.ledger()) == []
    calls = len(stand.calls("chat.postMessage"))
    assert slackincidents.deliver(brief, dry_run=False, run_folder=tmp_path / "run", clock=times.renew()) == delivery
    assert len(stand.calls("chat.postMessage")) == calls


def test_it_posts_inside_a_running_loop(brief: Incident, stand: Stand, times: Times, tmp_path: Path) -> None:
    """As a notebook calls it: `deliver` as it is, `adeliver` awaited; an observer sees every message."""
    seen: list[int] = []

    class Watch:
        def progress(self, progress: Progress) -> None:
            seen.append(progress.posted)

    async def cell() -> tuple[bool, bool]:
        first = slackincidents.deliver(brief, dry_run=False, run_folder=tmp_path / "a", clock=times.renew())
        second = await slackincidents.adeliver(
            brief, dry_run=False, run_folder=tmp_path / "b", clock=times.renew(), observer=Watch()
        )
        return first.complete, second.complete

    assert asyncio.run(cell()) == (True, True)
    assert set(seen) >= set(range(1, len(brief.timeline) + 1))


def test_a_workspace_of_ones_own(brief: Incident, times: Times, tmp_path: Path) -> None:
    """Anything with the eleven calls will do; no token is needed then, and the limits of the settings still hold."""
    clock = times.renew()
    store = Store.of({event.channel.lstrip("#") for event in brief.timeline})
    workspace = MemoryWorkspace(clock, store)
    delivery = slackincidents.deliver(
        brief, workspace=workspace, dry_run=False, run_folder=tmp_path, clock=clock, settings=Settings()
    )
    assert delivery.complete
    limited = Settings(slack_channels_allowed=("somewhere",))
    with pytest.raises(Unsafe, match="SLACK_CHANNELS_ALLOWED"):
        slackincidents.deliver(
            brief, workspace=workspace, dry_run=False, run_folder=tmp_path / "b", clock=clock, settings=limited
        )


def test_what_is_missing_is_told(brief: Incident, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token, a folder, a file, a speed that can be kept."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotConfigured, match="SLACK_BOT_TOKEN"):
        slackincidents.deliver(brief, dry_run=False, run_folder=tmp_path)
    with pytest.raises(NotConfigured, match="run_folder"):
        slackincidents.deliver(brief, dry_run=False)
    with pytest.raises(BadFile, match="does not exist"):
        slackincidents.deliver(tmp_path / "nowhere.json")
    for speed in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="speed"):
            slackincidents.deliver(brief, realtime=True, speed=speed)


def test_every_option_of_the_poster_can_be_reached() -> None:
    """What the poster can be told, a caller or the settings can tell it; several incidents are the command line's."""
    parameters = set(slackincidents.deliver.__annotations__)
    elsewhere = {"interval", "own_starts", "workspace_id", "allow_list", "channels", "groups", "alert_bot_name"}
    assert set(PostingOptions.model_fields) - elsewhere <= parameters
