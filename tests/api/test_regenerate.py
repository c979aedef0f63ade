"""regenerate, aregenerate: what changes is what was asked for, and nothing else."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

import slackincidents
from evals.variants import facts
from slackincidents import CheckFailed, Incident, Library, OfflineWriter, Plan, UnknownName, UsageError
from slackincidents.api import Scenario
from slackincidents.assembly import assemble, disassemble
from slackincidents.chat.scripted import ScriptedChat
from slackincidents.library import data_root, read_incident
from slackincidents.pipeline import Workshop
from slackincidents.schema.acts import Act
from slackincidents.schema.draft import Draft, Variation
from slackincidents.schema.incident import Provenance
from slackincidents.writer.base import FIRST, Complaints
from slackincidents.writer.llm import Asking, LanguageWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.scenes import by_model

WORKSHOP = Workshop.open()
STANDING = slackincidents.generate("cache-failure", seed=7)
PLAN = slackincidents.plan("cache-failure", seed=7)
SAID = [place for place, beat in enumerate(PLAN.beats) if by_model(beat)]
FOREIGN = Path(__file__).parents[1] / "render" / "foreign" / "kafka-lag-001.json"


class Spy:
    """The offline writer, which keeps what it was told to stay away from."""

    def __init__(self) -> None:
        self._inner = OfflineWriter.of()
        self.told: list[Variation] = []

    async def write(self, plan: Plan, variation: Variation = FIRST) -> Draft:
        """Written offline."""
        self.told.append(variation)
        return await self._inner.write(plan, variation)

    async def revise(self, plan: Plan, draft: Draft, complaints: Complaints, variation: Variation = FIRST) -> Draft:
        """Written offline."""
        self.told.append(variation)
        return await self._inner.revise(plan, draft, complaints, variation)


class Saying:
    """A writer that gives the beats it is asked to revise these texts, one after the other, then the last again."""

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.complaints: list[dict[str, tuple[str, ...]]] = []

    async def write(self, plan: Plan, variation: Variation = FIRST) -> Draft:
        """Never asked."""
        raise AssertionError("a part is revised, not written")

    async def revise(self, plan: Plan, draft: Draft, complaints: Complaints, variation: Variation = FIRST) -> Draft:
        """The next text for every beat."""
        self.complaints.append(dict(complaints))
        text = self._texts[0] if len(self._texts) == 1 else self._texts.pop(0)
        return draft.model_copy(update={"texts": {**draft.texts, **dict.fromkeys(complaints, text)}})


def changed(before: Incident, after: Incident) -> list[int]:
    """The places of the events that differ."""
    pairs = zip(before.timeline, after.timeline, strict=True)
    return [place for place, (one, other) in enumerate(pairs) if one != other]


def origin(incident: Incident) -> Provenance:
    """Where a file says it comes from."""
    assert incident.provenance is not None
    return incident.provenance


def without(incident: Incident, places: list[int]) -> object:
    """A file as JSON without some texts and without its provenance."""
    whole = json.loads(incident.to_json())
    for place in places:
        del whole["timeline"][place]["content"]
    return whole | {"provenance": None}


def test_other_words_keep_all_facts() -> None:
    """Three wordings: the same plan, times, threads, figures, pastes and answer key; clean with every rule run."""
    made = slackincidents.regenerate(STANDING, variants=3)
    assert {facts(PLAN, incident) for incident in (STANDING, *made)} == {facts(PLAN, STANDING)}
    assert [origin(incident).variant for incident in made] == ["v1", "v2", "v3"]
    for incident in made:
        report = slackincidents.validate(incident)
        assert report.clean
        assert report.skipped == ()


def test_other_words_are_other_words() -> None:
    """No two wordings share more than a tenth of their lines, the original included."""
    made = [STANDING, *slackincidents.regenerate(STANDING, variants=3)]
    for place, one in enumerate(made):
        for other in made[:place]:
            alike = [at for at in SAID if one.timeline[at].text == other.timeline[at].text]
            assert len(alike) < len(SAID) / 10


def test_each_wording_is_told_the_lines_before_it() -> None:
    """The first knows the words of the file, the second those of the first too."""
    spy = Spy()
    first, _ = slackincidents.regenerate(STANDING, variants=2, writer=spy)
    lines = [[incident.timeline[place].text for place in SAID] for incident in (STANDING, first)]
    assert [list(variation.used_up) for variation in spy.told] == [
        lines[0],
        [*lines[0], *lines[1]],
    ]


def test_the_same_call_gives_the_same_bytes() -> None:
    """Also from a file, awaited, and inside a running loop."""

    async def cell() -> tuple[Incident, ...]:
        return (*slackincidents.regenerate(STANDING), *await slackincidents.aregenerate(STANDING))

    (once,) = slackincidents.regenerate(STANDING)
    assert asyncio.run(cell()) == (once, once)


def test_from_a_file(tmp_path: Path) -> None:
    """A path is read; its $schema line and fields that we do not know stay in every variant."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"$schema": "s.json", "ticket": "OPS-1", **json.loads(STANDING.to_json())}), "utf-8")
    (made,) = slackincidents.regenerate(path)
    (plain,) = slackincidents.regenerate(STANDING)
    assert made.timeline == plain.timeline
    assert (made.schema_, made.unknown_fields) == ("s.json", ("ticket",))


@pytest.mark.parametrize("kind", ["name", "path", "skeleton"])
def test_from_a_scenario(tmp_path: Path, kind: str) -> None:
    """A scenario by name, file or value is planned with the seed, then told in several ways."""
    path = tmp_path / "mine.json"
    path.write_bytes((data_root() / "scenarios" / "skeletons" / "cache-failure.json").read_bytes())
    sources: dict[str, Scenario] = {
        "name": "cache-failure",
        "path": path,
        "skeleton": Library().skeleton("cache-failure"),
    }
    made = slackincidents.regenerate(sources[kind], seed=7, variants=2)
    assert [incident.scenario_id for incident in made] == ["cache-failure-7"] * 2
    assert {facts(PLAN, incident) for incident in made} == {facts(PLAN, STANDING)}


def test_another_course_is_what_its_seed_makes() -> None:
    """From a scenario: the incidents of the seeds from `seed` on, byte for byte."""
    made = slackincidents.regenerate("high-cpu", vary="course", variants=2, seed=4)
    assert made == tuple(slackincidents.generate("high-cpu", seed=seed) for seed in (4, 5))


def test_another_course_of_a_file_keeps_what_was_asked_for() -> None:
    """Its own seed is left out; start, engineers and pace stay where somebody chose them, else the seed draws them."""
    chosen = {"start_time": "2024-12-11T15:00:00+00:00", "engineers": {"recommendation": ["bob"]}}
    given = slackincidents.generate("cache-failure", seed=1, pace="brief", **chosen)  # type: ignore[arg-type]
    made = slackincidents.regenerate(given, vary="course", variants=2)
    again = [slackincidents.generate("cache-failure", seed=s, pace="brief", **chosen) for s in (0, 2)]  # type: ignore[arg-type]
    assert list(made) == again
    (drawn,) = slackincidents.regenerate(STANDING, vary="course", seed=7)
    assert drawn == slackincidents.generate("cache-failure", seed=8)


def test_both() -> None:
    """Other courses, and each told away from the words of those before it."""
    spy = Spy()
    made = slackincidents.regenerate("high-cpu", vary="both", variants=2, writer=spy)
    assert [(origin(incident).seed, origin(incident).variant) for incident in made] == [("0", "v1"), ("1", "v2")]
    first = slackincidents.plan("high-cpu", seed=0)
    said = {made[0].timeline[at].text for at, beat in enumerate(first.beats) if by_model(beat)}
    assert [set(variation.used_up) for variation in spy.told] == [set(), said]
    assert all(slackincidents.validate(incident).clean for incident in made)


@pytest.mark.parametrize("only", [6, "10", "thread:0", "#frontend-oncall"])
def test_a_part_alone(only: str | int) -> None:
    """Only the messages asked for change, only their texts, and the result is clean."""
    word = str(only)
    asked = [
        place
        for place, event in enumerate(STANDING.timeline)
        if word in (str(place), event.channel) or (word == "thread:0" and event.thread_parent == 0)
    ]
    (made,) = slackincidents.regenerate(STANDING, only=only)
    places = changed(STANDING, made)
    assert places
    assert set(places) <= set(asked)
    assert len(places) > len(set(asked) & set(SAID)) / 2
    assert without(made, places) == without(STANDING, places)
    assert origin(made) == origin(STANDING).model_copy(update={"variant": "v1", "repaired": tuple(places)})
    assert slackincidents.validate(made).clean


def test_variants_of_a_part_differ() -> None:
    """Four ways to say one message."""
    made = slackincidents.regenerate(STANDING, only=6, variants=4)
    assert len({incident.timeline[6].text for incident in (STANDING, *made)}) == 5


def test_a_slip_goes_along_with_its_correction() -> None:
    """A message, the half it was parted from and the correction of its slip change together, whichever is asked for."""
    plan, place = next(
        (plan, place)
        for seed in range(40)
        for plan in [slackincidents.plan("cache-failure", seed=seed)]
        for place, beat in enumerate(plan.beats)
        if beat.act is Act.CORRECTION and beat.continues
    )
    head = next(at for at, beat in enumerate(plan.beats) if beat.id == plan.beats[place].continues)
    standing = assemble(plan, OfflineWriter.of().compose(plan))
    whole = {head, *(at for at, beat in enumerate(plan.beats) if beat.continues == plan.beats[head].id)}
    for asked in (place, head):
        (made,) = slackincidents.regenerate(standing, only=asked, seed=3)
        assert {head, place} <= set(changed(standing, made)) <= whole
        assert slackincidents.validate(made).clean


def test_a_part_that_brings_findings_is_written_again() -> None:
    """An invented figure goes back with the reason; what is clean then is taken."""
    writer = Saying("p95 is at 98765ms", "slower than i thought")
    (made,) = slackincidents.regenerate(STANDING, only=6, writer=writer)
    assert made.timeline[6].text == "slower than i thought"
    assert changed(STANDING, made) == [6]
    assert "98765" in str(writer.complaints[1])


def test_a_model_sees_what_stands_around_a_part() -> None:
    """One message by a model: one call, which shows the lines before it; nothing else changes."""
    lines = json.dumps({"lines": [{"beat": PLAN.beats[6].id, "text": "slower than i thought"}]})
    chat = ScriptedChat(lambda _: lines)
    writer = LanguageWriter(chat, Asking("some-model"), Prompts.of(), OfflineWriter.of())
    (made,) = slackincidents.regenerate(STANDING, only=6, writer=writer)
    assert (changed(STANDING, made), made.timeline[6].text) == ([6], "slower than i thought")
    (request,) = chat.requests
    here = STANDING.timeline[6].channel
    beside = [e.text for i, e in enumerate(STANDING.timeline) if e.channel == here and e.type == "message" and i != 6]
    assert any(text in request.messages[1].content for text in beside)
    assert origin(made).usage["calls"] == 1


@pytest.mark.parametrize("text", ["p95 is at 98765ms", STANDING.timeline[6].text])
def test_a_part_that_never_passes(text: str) -> None:
    """Findings in every attempt, or no other words at all: CheckFailed, with what was written."""
    with pytest.raises(CheckFailed, match="no other words passed") as caught:
        slackincidents.regenerate(STANDING, only=6, writer=Saying(text))
    assert caught.value.draft[PLAN.beats[6].id] == text


@pytest.mark.parametrize(
    ("source", "arguments", "kind", "part"),
    [
        (STANDING, {"vary": "wrods"}, UnknownName, '"words"'),
        (STANDING, {"variants": 0}, UsageError, "one or more"),
        (STANDING, {"only": "soon"}, UsageError, "thread:12"),
        (STANDING, {"only": 999}, UsageError, "counted from 0"),
        (STANDING, {"only": "thread:6"}, UsageError, "no thread hangs on message 6"),
        (STANDING, {"only": "#frontend-onkall"}, UnknownName, '"#frontend-oncall"'),
        (STANDING, {"only": 0}, UsageError, "nobody typed words of their own"),
        (STANDING, {"only": 6, "vary": "course"}, UsageError, "course"),
        ("cache-failure", {"only": 6}, UsageError, "has no messages yet"),
        ("cache-failur", {}, UnknownName, '"cache-failure"'),
        ("./nothing.json", {}, UsageError, "nothing.json does not exist"),
        (FOREIGN, {}, UsageError, "OPENAI_API_KEY"),
        (FOREIGN, {"vary": "course"}, UsageError, "does not say what it was made from"),
    ],
)
def test_what_cannot_be_is_told(
    source: Incident | Scenario, arguments: dict[str, object], kind: type[UsageError], part: str
) -> None:
    """Wrong arguments raise an error that says which and what would do."""
    with pytest.raises(kind) as caught:
        slackincidents.regenerate(source, **arguments)  # type: ignore[arg-type]  # wrong on purpose
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("update", "part"),
    [
        ({"skeleton": "gone"}, "skeleton 'gone' is not in the library"),
        ({"skeleton_sha256": "0" * 64}, "skeleton 'cache-failure' has changed"),
        ({"people_sha256": "0" * 64}, "people have changed"),
        ({"engineers": {"recommendation": ("nobody-we-know",)}}, "nobody-we-know"),
    ],
)
def test_which_part_of_the_origin_differs(update: dict[str, object], part: str) -> None:
    """A file that cannot be planned again is refused, with the part that is another now."""
    lost = STANDING.model_copy(update={"provenance": origin(STANDING).model_copy(update=update)})
    with pytest.raises(UsageError, match="cannot be told again") as caught:
        slackincidents.regenerate(lost)
    assert part in str(caught.value)


def test_an_event_that_was_moved_is_named() -> None:
    """A file whose times were edited no longer fits its plan, and the message says where."""
    timeline = list(STANDING.timeline)
    timeline[6] = timeline[6].model_copy(update={"channel": "#elsewhere"})
    with pytest.raises(UsageError, match=r"timeline\[6\] channel is '#elsewhere'"):
        slackincidents.regenerate(STANDING.model_copy(update={"timeline": tuple(timeline)}))


def test_an_edited_text_is_no_hindrance() -> None:
    """Words written over by hand stay in a part that is not asked for, and are replaced otherwise."""
    timeline = list(STANDING.timeline)
    timeline[6] = timeline[6].model_copy(update={"content": "my own words"})
    edited = STANDING.model_copy(update={"timeline": tuple(timeline)})
    (part,) = slackincidents.regenerate(edited, only=10)
    assert part.timeline[6].text == "my own words"
    (whole,) = slackincidents.regenerate(edited)
    assert whole.timeline[6].text != "my own words"


@pytest.mark.parametrize("path", Library().incident_files(), ids=lambda path: path.stem)
def test_a_draft_can_be_had_back(path: Path) -> None:
    """Taken apart, every shipped incident gives the draft it was made of, and put together again the same bytes."""
    incident = Incident.of(read_incident(path))
    plan = WORKSHOP.replan(incident)
    assert plan is not None
    draft = OfflineWriter.of().compose(plan)
    assert disassemble(plan, assemble(plan, draft)) == draft
    back = assemble(plan, disassemble(plan, incident))
    assert back.model_copy(update={"schema_": incident.schema_}).to_json() == path.read_text(encoding="utf-8")


def test_a_note_can_be_had_back() -> None:
    """Who wrote, in which wording, what was filled in and what it cost come back too."""
    spoken = [PLAN.beats[place].id for place in SAID]
    note = {"variant": "v3", "model": "m", "fell_back": (spoken[0],), "repaired": (spoken[1],)}
    draft = OfflineWriter.of().compose(PLAN)
    draft = draft.model_copy(update={"note": draft.note.model_copy(update=note)})
    assert disassemble(PLAN, assemble(PLAN, draft)) == draft
