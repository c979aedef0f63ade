"""A stand-in for Slack, and the environment and time of a command line that posts to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from slackincidents.api import load
from slackincidents.clock import Clock
from slackincidents.incident import Incident
from tests.slack.clocks import Times
from tests.slack.practice import scene_of
from tests.slack.pretend import pretended
from tests.slack.scene import POSTER_TOKEN, SHOP, TEAM, Scene
from tests.slack.stand import Stand

POST = "chat.postMessage"
RUNS = ".slackincidents-posts"


def scene_for(*files: Path) -> Scene:
    """A workspace with the channels, groups and people of incidents."""
    scenes = [scene_of(load(path)) for path in files]
    channels = tuple({seed.name: seed for scene in scenes for seed in scene.channels}.values())
    return scenes[0].model_copy(update={"channels": (*channels, *SHOP.channels), "webhooks": SHOP.webhooks})


@contextmanager
def shop(
    monkeypatch: pytest.MonkeyPatch, scene: Scene, said: Mapping[str, str] | None = None, clock: Clock | None = None
) -> Iterator[Stand]:
    """A workspace that listens; the environment names it, and the command line's time jumps, or is the clock's."""
    times = Times()
    for module in ("post", "slack", "doctor"):
        monkeypatch.setattr(f"slackincidents.cli.{module}.SystemClock", lambda: clock or times.renew())
    with pretended(scene, clock=clock.now if clock else times.now) as stand:
        monkeypatch.setenv("SLACK_BOT_TOKEN", POSTER_TOKEN)
        monkeypatch.setenv("SLACK_WORKSPACE_ID", TEAM)
        monkeypatch.setenv("SLACK_API_URL", stand.api_url)
        for name, value in (said or {}).items():
            monkeypatch.setenv(name, value)
        yield stand


def small(path: Path, name: str = "cache-1", count: int = 6) -> Incident:
    """A short incident in one channel of the workspace, written to a file."""
    lines = ",".join(
        f'{{"type": "message", "offset_seconds": {n * 20}, "channel": "#incidents", "user": "alice", '
        f'"content": "line {n} of {name}"}}'
        for n in range(1, count)
    )
    path.write_text(
        f'''{{"scenario_id": "{name}", "scenario_type": "cache-failure", "title": "Cache down",
 "start_time": "2024-12-11T14:30:00Z",
 "services": {{"recommendation": {{"channel": "#incidents", "oncall_group": "@recommendation-oncall"}}}},
 "timeline": [{{"type": "alert", "offset_seconds": 0, "channel": "#incidents", "severity": "critical",
   "title": "High latency", "details": "p95 is 900ms", "metrics": {{"p95_latency": "900ms"}}}}, {lines}]}}''',
        encoding="utf-8",
    )
    return load(path)
