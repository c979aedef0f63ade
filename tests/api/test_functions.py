"""generate, agenerate, plan, validate, load."""

from __future__ import annotations

import asyncio
import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

import slackincidents
from slackincidents import BadFile, Incident, Library, Plan, SlackIncidentsError, UnknownName, UsageError
from slackincidents.api import Scenario
from slackincidents.cli.scenarios import TEMPLATE
from slackincidents.library import data_root
from slackincidents.pipeline import Workshop
from slackincidents.schema.draft import Draft, Variation, WriterNote
from slackincidents.writer.base import FIRST, Complaints

CREW = {"recommendation": ["alice", "bob"], "product-catalog": ["charlie"]}


def test_the_seeds_call_works() -> None:
    """The custom scenario of the seed document: start time and engineers are obeyed."""
    incident = slackincidents.generate("cache-failure", start_time="2024-12-11T15:00:00Z", engineers=CREW)
    assert incident.started_at == datetime(2024, 12, 11, 15, tzinfo=UTC)
    assert incident.services["recommendation"].engineers == ("alice", "bob")
    assert incident.services["product-catalog"].engineers == ("charlie",)
    assert slackincidents.validate(incident).clean


def test_it_works_inside_a_running_loop() -> None:
    """As in a notebook: sync and async calls give the same incident."""

    async def cell() -> tuple[Incident, Incident]:
        return slackincidents.generate("high-cpu", seed=2), await slackincidents.agenerate("high-cpu", seed=2)

    blocking, awaited = asyncio.run(cell())
    assert blocking == awaited == slackincidents.generate("high-cpu", seed=2)


def test_another_seed_is_another_course() -> None:
    """Five seeds, five courses."""
    assert len({slackincidents.generate("cache-failure", seed=seed).to_json() for seed in range(5)}) == 5


def test_without_a_scenario_the_seed_chooses() -> None:
    """It is "random" then, and repeatable."""
    first = slackincidents.generate(seed=3, pace="brief")
    assert first == slackincidents.generate("random", seed=3, pace="brief")
    assert first.scenario_type in Library().skeleton_names()


@pytest.mark.parametrize("kind", ["path", "text", "skeleton"])
def test_ones_own_skeleton(tmp_path: Path, kind: str) -> None:
    """A skeleton comes from a file or from memory."""
    path = tmp_path / "mine.json"
    path.write_bytes((data_root() / TEMPLATE).read_bytes())
    ways: dict[str, Scenario] = {"path": path, "text": str(path), "skeleton": Library().read_skeleton(path)}
    assert slackincidents.generate(ways[kind], pace="brief").scenario_type == "template"


def test_a_plan_has_no_words() -> None:
    """The plan behind an incident, with the same events."""
    plan = slackincidents.plan("cache-failure", seed=4)
    assert isinstance(plan, Plan)
    timeline = slackincidents.generate("cache-failure", seed=4).timeline
    assert [(beat.at, beat.channel) for beat in plan.beats] == [(e.offset_seconds, e.channel) for e in timeline]


def test_another_writer_writes() -> None:
    """A writer of one's own gets the plan; what it writes is checked like ours."""

    class Mute:
        async def write(self, plan: Plan, variation: Variation = FIRST) -> Draft:
            return Draft(texts={beat.id: "" for beat in plan.beats}, note=WriterNote(writer="mute"))

        async def revise(self, plan: Plan, draft: Draft, complaints: Complaints, variation: Variation = FIRST) -> Draft:
            return draft

    incident = slackincidents.generate("cache-failure", writer=Mute())
    assert incident.provenance is not None
    assert incident.provenance.writer == "mute"
    assert len(incident.provenance.fell_back) > len(incident.timeline) / 2


def test_save_and_load(tmp_path: Path) -> None:
    """A saved incident comes back equal, and validates from its path."""
    incident = slackincidents.generate("cache-failure", seed=7)
    path = incident.save(tmp_path / "x.json")
    assert slackincidents.load(path) == slackincidents.load(str(path)) == incident
    assert slackincidents.validate(path) == slackincidents.validate(incident)
    assert slackincidents.validate(path).clean
    assert slackincidents.validate(path).skipped == ()


def test_a_library_of_ones_own_writes(tmp_path: Path) -> None:
    """An offline writer needs no more than a library; without one it is the writer we use ourselves."""
    path = tmp_path / "prompts" / "offline" / "acknowledge.j2"
    path.parent.mkdir(parents=True)
    path.write_text("reporting for duty\nat your service\n", encoding="utf-8")
    plan = slackincidents.plan("cache-failure", seed=5, pace="brief")
    ours = slackincidents.OfflineWriter.of().compose(plan)
    theirs = slackincidents.OfflineWriter.of(Library(home=tmp_path)).compose(plan)
    incident = slackincidents.generate("cache-failure", seed=5, pace="brief")
    assert [e.text for e in incident.timeline if e.type != "alert"] == list(ours.texts.values())
    assert "duty" in str(theirs.texts).lower() or "service" in str(theirs.texts).lower()
    assert ours != theirs


@pytest.mark.parametrize("offset", [math.nan, math.inf, 1e300])
def test_an_incident_without_a_time_is_refused_in_words(tmp_path: Path, offset: float) -> None:
    """Loading, saving and tabulating say which event has no time; a notebook shows the same; validation finds it."""
    good = slackincidents.generate("cache-failure", seed=3, pace="brief")
    first, *others = good.timeline
    bad = good.model_copy(update={"timeline": (first.model_copy(update={"offset_seconds": offset}), *others)})
    path = tmp_path / "x.json"
    path.write_text(json.dumps(bad.model_dump(mode="json") | {"timeline": _plain(bad)}), encoding="utf-8")
    for action in (lambda: slackincidents.load(path), bad.messages, lambda: bad.save(tmp_path / "y.json")):
        with pytest.raises(UsageError, match=r"timeline\[0\]\.offset_seconds"):
            action()
    assert "timeline[0].offset_seconds" in bad._repr_html_()
    assert "<iframe" in good._repr_html_()
    for checked in (path, bad):
        assert "TIM002" in {finding.code for finding in slackincidents.validate(checked).findings}
    assert not (tmp_path / "y.json").exists()


def _plain(incident: Incident) -> list[dict[str, object]]:
    return [event.model_dump() for event in incident.timeline]


@pytest.mark.parametrize(
    ("start", "engineers"),
    [
        (None, {"recommendation": ("nobody-we-know",)}),
        (None, {"no-such-service": ("alice",)}),
        (None, {"recommendation": ()}),
        ("9999-12-31T23:59:59Z", {}),
        ("0001-01-01T00:00:00+05:00", {}),
        ("soon", {}),
    ],
)
def test_a_plan_that_cannot_be_made_again_is_none(start: str | None, engineers: dict[str, tuple[str, ...]]) -> None:
    """Whatever a file's provenance asks for, replanning it does not raise, nor does validating it."""
    shop = Workshop.open()
    made = slackincidents.generate("cache-failure", seed=3, pace="brief")
    assert made.provenance is not None
    origin = made.provenance.model_copy(update={"engineers": engineers})
    strange = made.model_copy(update={"provenance": origin, "start_time": start or made.start_time})
    assert shop.replan(made) is not None
    assert shop.replan(strange) is None
    assert shop.validate(strange).skipped


@pytest.mark.parametrize(
    ("scenario", "arguments", "kind", "part"),
    [
        ("cache-failur", {}, UnknownName, '"cache-failure"'),
        ("cache-failure", {"pace": "fast"}, UnknownName, "real, brief"),
        ("cache-failure", {"start_time": "soon"}, UsageError, "2024-12-11T14:30:00Z"),
        ("cache-failure", {"start_time": datetime(9999, 12, 31, tzinfo=UTC)}, UsageError, "out of range"),
        ("cache-failure", {"engineers": {"recommendation": ["alise"]}}, UnknownName, '"alice"'),
        ("cache-failure", {"engineers": {"recommendation": []}}, UsageError, "recommendation"),
        ("cache-failure", {"engineers": {"redi": ["alice"]}}, UnknownName, '"redis"'),
        ("./nothing.json", {}, BadFile, "nothing.json does not exist"),
    ],
)
def test_what_cannot_be_is_told(
    scenario: str, arguments: dict[str, object], kind: type[SlackIncidentsError], part: str
) -> None:
    """Wrong arguments raise an error of ours that names the remedy."""
    with pytest.raises(kind, match=r"\w") as caught:
        slackincidents.generate(scenario, **arguments)  # type: ignore[arg-type]  # wrong on purpose
    assert part in str(caught.value)


def test_loading_what_is_no_incident(tmp_path: Path) -> None:
    """A broken file is a BadFile with line and column."""
    (tmp_path / "x.json").write_text("{\n", encoding="utf-8")
    with pytest.raises(BadFile, match="line 2 column 0"):
        slackincidents.load(tmp_path / "x.json")
