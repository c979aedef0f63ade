"""Prompts: what is sent, to the letter; whose templates; what a faulty one gets."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals.prompts import LEAST_KEPT, MOST_CALLS, MOST_TOKENS, measure
from slackincidents.chat.base import Message
from slackincidents.errors import BadFile
from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.schema.draft import Variation
from slackincidents.schema.plan import Kind, Plan
from slackincidents.writer.offline import OfflineWriter
from slackincidents.writer.prompts import DEFAULT_STYLE, Prompts, PromptSession, style_template
from slackincidents.writer.scenes import GRANULARITIES, Granularity, by_model, carries_on, corrects_slip, scenes

SNAPSHOTS = Path(__file__).parent / "snapshots"
REWRITE = "UPDATE_SNAPSHOTS"
SEED = 12
SKELETONS = Library().skeleton_names()


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    """What ships."""
    return Workshop.open(Library())


@pytest.fixture(scope="module")
def ours() -> Prompts:
    """The prompts that ship."""
    return Prompts.of(Library())


@pytest.fixture(scope="module")
def plan(workshop: Workshop) -> Plan:
    """One course of one incident."""
    return workshop.plan("memory-leak", seed=3)


@pytest.fixture(scope="module")
def texts(workshop: Workshop, plan: Plan) -> dict[str, str]:
    """Its lines, offline."""
    return dict(OfflineWriter(workshop.banks).compose(plan).texts)


def sent(session: PromptSession, texts: dict[str, str], granularity: Granularity = "scene") -> list[Sequence[Message]]:
    """Every call of an incident."""
    return [session.scene(scene, texts) for scene in session.scenes(granularity)]


def page(calls: list[Sequence[Message]]) -> str:
    """Calls as one text: the system message once, then what changes."""
    systems = list(dict.fromkeys(messages[0].content for messages in calls))
    users = [f"--- call {number}\n{messages[1].content}" for number, messages in enumerate(calls, 1)]
    return "\n\n".join([*systems, *users]) + "\n"


# what is sent


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_prompts_are_as_reviewed(workshop: Workshop, ours: Prompts, skeleton: str) -> None:
    """All calls of one course of every skeleton, a turn and a revision are as they were read and found good."""
    plan = workshop.plan(skeleton, seed=SEED)
    texts = dict(OfflineWriter(workshop.banks).compose(plan).texts)
    session = ours.session(plan)
    middle = len(session.scenes("turn")) // 2
    turn = session.scene(session.scenes("turn")[middle], texts)
    ids = session.scenes("turn")[middle].ids
    revision = session.revision(ids, texts, {ids[0]: ("names a figure nobody has",)})
    text = f"{page(sent(session, texts))}\n--- one turn\n{turn[1].content}\n\n--- one revision\n{revision[1].content}\n"
    path = SNAPSHOTS / f"{skeleton}.txt"
    if os.environ.get(REWRITE) == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"no snapshot: {REWRITE}=1 makes one"
    again = f"the prompts of {skeleton} changed. Read the difference; {REWRITE}=1 pytest {__file__} accepts it"
    assert text == path.read_text(encoding="utf-8"), again


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_every_beat_is_asked_for_once_and_in_time(plan: Plan, granularity: Granularity) -> None:
    """What a model is to write is asked for exactly once, in order; nothing else is."""
    asked = [one for scene in scenes(plan, granularity) for one in scene.ids]
    assert asked == [beat.id for beat in plan.beats if by_model(beat)]


def test_what_stays_with_the_engine_is_not_asked_for(workshop: Workshop) -> None:
    """Cards, bot lines, pastes and corrections of slips are nothing a model writes."""
    for seed in range(5):
        for beat in workshop.plan("kafka-lag", seed=seed).beats:
            engine = beat.kind in {Kind.ALERT, Kind.SYSTEM} or beat.words.literal or corrects_slip(beat)
            assert by_model(beat) is not engine


def test_a_thought_in_two_messages_is_asked_for_in_one_call(workshop: Workshop) -> None:
    """No window ends between the halves of a thought."""
    for skeleton in SKELETONS:
        plan = workshop.plan(skeleton, seed=SEED)
        call = {one: scene.number for scene in scenes(plan) for one in scene.ids}
        halves = [(b.continues, b.id) for b in plan.beats if carries_on(b) and b.continues in call]
        assert all(call[first] == call[second] for first, second in halves if first)


def test_what_does_not_change_goes_first(ours: Prompts, plan: Plan, texts: dict[str, str]) -> None:
    """All calls of an incident share their system message; all of all incidents share how it begins."""
    systems = {messages[0].content for messages in sent(ours.session(plan), texts)}
    assert len(systems) == 1
    rules = systems.pop().split("\n\nServices\n")[0]
    turns = sent(ours.session(plan), texts, "turn")
    assert all(messages[0].content.startswith(rules) for messages in turns)
    assert {message.role for messages in turns for message in messages} == {"system", "user"}


def test_a_turn_shows_one_card(ours: Prompts, plan: Plan, texts: dict[str, str]) -> None:
    """In a prompt for one person no other person's card stands."""
    session = ours.session(plan)
    for scene in session.scenes("turn"):
        people = session.scene(scene, texts)[0].content.split("\n\nPeople\n")[1]
        assert people.startswith(f"- {scene.parts[0].speakers[0]}, ")
        assert people.count("\n- ") == 0


def test_used_up_lines_are_shown_short(ours: Prompts, plan: Plan, texts: dict[str, str]) -> None:
    """Of earlier wordings at most twenty beginnings are shown, and only when there are any."""
    lines = tuple(f"line {number} has rather more words than are shown" for number in range(50))
    with_them = sent(ours.session(plan, Variation(name="second", used_up=lines)), texts)[0][1].content
    assert with_them.count("has rather more words") == 20
    assert "than are shown" not in with_them
    assert "Other tellings" not in sent(ours.session(plan), texts)[0][1].content


def test_wordings_are_told_apart(ours: Prompts, plan: Plan, texts: dict[str, str]) -> None:
    """Another wording of the same plan gets other content to reword, with the same beats."""
    one, other = (ours.session(plan, Variation(name=name)) for name in ("1", "2"))
    assert [scene.ids for scene in one.scenes()] == [scene.ids for scene in other.scenes()]
    assert sent(one, texts) != sent(other, texts)


def test_a_revision_asks_for_the_failing_beats_alone(ours: Prompts, plan: Plan, texts: dict[str, str]) -> None:
    """The old text, what is wrong with it, and the lines before; nothing else is to be written."""
    wanted = [beat for beat in plan.beats if by_model(beat)][10:12]
    complaints = {wanted[0].id: ("names 4711, which nobody knows",), wanted[1].id: ("a name in front",)}
    content = ours.session(plan).revision([beat.id for beat in reversed(wanted)], texts, complaints)[1].content
    assert content.endswith(f"Write {wanted[0].id} {wanted[1].id}")
    assert f"was: {texts[wanted[0].id]}" in content
    assert content.count("wrong: ") == 2
    assert "wrong: names 4711, which nobody knows" in content


# whose templates


def home(tmp_path: Path, name: str, text: str) -> Library:
    """A library with one template of the user's own."""
    path = tmp_path / "prompts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Library(home=tmp_path)


@pytest.mark.parametrize("name", ["scene/system.j2", "scene/turn.j2", "persona/card.j2", "persona/default.j2"])
def test_any_template_can_be_replaced(tmp_path: Path, ours: Prompts, name: str) -> None:
    """The user's file is used instead of ours, and the hash says so."""
    mine = Prompts.of(home(tmp_path, name, "mine"))
    assert mine.sha256 != ours.sha256
    if name == "scene/system.j2":
        workshop = Workshop.open(Library())
        plan = workshop.plan("memory-leak", seed=3)
        session = mine.session(plan)
        assert session.scene(session.scenes()[0], {})[0].content.startswith("mine\n\nServices")


def test_every_style_that_ships_has_its_template() -> None:
    """Nobody of ours falls back to the default; a style nobody knows does."""
    library = Library()
    found = {persona.style: style_template(persona.style, library.templates()) for persona in library.people().values()}
    assert [style for style, name in found.items() if name == DEFAULT_STYLE] == []
    assert style_template("pirate, mostly harmless", library.templates()) == DEFAULT_STYLE
    assert style_template("card", library.templates()) == DEFAULT_STYLE


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("fine\n{{ nonsense }}", 2, "nonsense"),
        ("{% if %}", 1, "Expected an expression"),
        ("a\nb\n{{ parts[0].colour }}", 3, "colour"),
        ("{{ parts.__class__.__mro__ }}", 1, "__class__"),
        ("\n{{ ''.__class__.__subclasses__() }}", 2, "__class__"),
        ("{{ parts[0].__init__.__globals__ }}", 1, "__init__"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
        ("\n\n{% include 'scene/../../secret.j2' %}", 3, "scene/../../secret.j2"),
    ],
)
def test_a_faulty_template_is_told_with_file_and_line(
    tmp_path: Path, plan: Plan, text: str, line: int, what: str
) -> None:
    """A name that is not there, a broken tag, or a way out of the sandbox: one clear line, naming the place."""
    session = Prompts.of(home(tmp_path, "scene/turn.j2", text)).session(plan)
    with pytest.raises(BadFile) as caught:
        session.scene(session.scenes("turn")[0], {})
    assert str(caught.value).startswith(f"{tmp_path / 'prompts/scene/turn.j2'}, line {line}: ")
    assert what in caught.value.message
    assert "\n" not in str(caught.value)


def test_templates_cannot_change_what_they_are_given(tmp_path: Path, plan: Plan) -> None:
    """A template that writes into our lists is refused."""
    session = Prompts.of(home(tmp_path, "scene/setting.j2", "{{ cards.append('me') }}")).session(plan)
    with pytest.raises(BadFile, match=r"setting\.j2, line 1"):
        session.scene(session.scenes()[0], {})


# what it costs


def test_prompts_are_within_the_bars() -> None:
    """Few calls, few tokens, and most of them in beginnings that a provider has seen."""
    cost = measure("scene", SKELETONS, range(2), Library())
    assert cost.calls_per_message <= MOST_CALLS
    assert cost.tokens_per_message <= MOST_TOKENS
    assert cost.kept_share >= LEAST_KEPT
