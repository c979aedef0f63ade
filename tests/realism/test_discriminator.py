"""The two-sample test: equal sets are not told apart, a planted difference is, and it is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from slackincidents.realism import discriminator, references
from slackincidents.realism.base import Reading
from slackincidents.realism.discriminator import discriminate
from slackincidents.realism.features import POSITIONS
from slackincidents.realism.ranking import Area, Item, area
from slackincidents.realism.results import Discriminator, Separation, Tell
from slackincidents.realism.tells import in_words
from slackincidents.seeds import Seed

from .talk import timed

OPENERS = ("is it", "i think it is", "maybe", "we see", "ok so", "can you see", "no that was", "it looks like")
MIDDLES = ("the cart", "redis", "some pods", "all of it", "one node", "what you said", "nothing")
ENDS = ("again", "now", "?", "since noon", "too", "", "i guess", "and slow")


def room(name: str, seed: Seed, dress: Callable[[str], str] = str, lines: int = 12) -> Reading:
    """A room of chance lines, each put through `dress`; ann and bob speak by chance, at chance times."""
    rng = seed.child(name).rng()
    clock, said = 0.0, []
    for _ in range(lines):
        clock += rng.uniform(1, 90)
        text = " ".join(part for part in (rng.choice(OPENERS), rng.choice(MIDDLES), rng.choice(ENDS)) if part)
        said.append((clock, rng.choice(("ann", "bob")), dress(text)))
    return Reading(name, timed(*said))


def rooms(side: str, count: int = 12, dress: Callable[[str], str] = str) -> list[Reading]:
    """Rooms of one side; another side has other chance but the same words."""
    return [room(f"{side}-{place}", Seed("rooms"), dress) for place in range(count)]


def formal(text: str) -> str:
    """The same line in a suit."""
    return f"Please note that {text.rstrip(' ?')}."


@pytest.fixture
def no_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the yardstick and most units out, to be quick: all of them have a test of their own."""
    monkeypatch.setattr(discriminator, "UNITS", (("message", "style"), ("message", "all"), ("incident", "flow")))
    monkeypatch.setattr(discriminator, "_channels", lambda seed: ())
    monkeypatch.setattr(discriminator, "_halves", lambda *_: [])


def unit(found: Discriminator, name: str) -> Separation:
    """One separation by its unit."""
    return next(one for one in found.separations if one.unit == name)


def auc(found: Discriminator, name: str = "message") -> float:
    """The AUC of one unit."""
    value = unit(found, name).auc.value
    assert value is not None
    return value


@pytest.mark.usefixtures("no_channels")
def test_sets_from_one_source_are_not_told_apart() -> None:
    """The AUC by message lies about one half, and its interval holds it."""
    found = discriminate(rooms("a"), rooms("b"), Seed("7"))
    score = unit(found, "message").auc
    assert auc(found) == pytest.approx(0.5, abs=0.1)
    assert score.low is not None
    assert score.high is not None
    assert score.low < 0.5 < score.high
    assert score.count == 2 * 12 * 12


@pytest.mark.usefixtures("no_channels")
def test_formal_text_is_told_apart_and_named() -> None:
    """One side in full sentences: the AUC rises to the top in every third, and the full stop is a tell with lines."""
    plain = discriminate(rooms("a"), rooms("b"), Seed("7"))
    found = discriminate(rooms("a", dress=formal), rooms("b"), Seed("7"))
    assert auc(found) > 0.95 > auc(plain) + 0.3
    for third in ("first third", "middle third", "last third"):
        assert auc(found, f"position:{third}") > 0.95
    tell = named(
        unit(found, "message").tells, "full stop at the end", 'starts with "please"', 'starts with "please (word)"'
    )
    assert tell.weight > 0
    assert (tell.here, tell.there) == (1, 0)
    assert all(example.note == "ours" and example.text.startswith("Please note") for example in tell.examples)
    assert unit(found, "message").auc.evidence[0].incident.startswith("a-")


@pytest.mark.usefixtures("no_channels")
def test_what_ours_lacks_has_a_weight_below_zero() -> None:
    """The same difference the other way round."""
    found = discriminate(rooms("a"), rooms("b", dress=formal), Seed("7"))
    tell = named(
        unit(found, "message").tells, "full stop at the end", 'starts with "please"', 'starts with "please (word)"'
    )
    assert tell.weight < 0
    assert tell.examples[0].note == "reference"


@pytest.mark.usefixtures("no_channels")
def test_casing_is_seen_by_the_full_view_only() -> None:
    """Capitals at the start change nothing for style and everything for the view of all."""
    mostly_lower = [*rooms("b"), room("b-last", Seed("rooms"), str.capitalize)]
    found = discriminate(rooms("a", dress=str.capitalize), mostly_lower, Seed("7"))
    assert auc(found) == pytest.approx(0.5, abs=0.1)
    assert auc(found, "message:all") > 0.9


@pytest.mark.usefixtures("no_channels")
def test_a_metronome_is_seen_by_flow_only() -> None:
    """The same lines, five seconds apart, alternating: incidents differ by flow, messages do not."""
    regular = [
        Reading(
            one.name, timed(*((5.0 * k, ("ann", "bob")[k % 2], line.text) for k, line in enumerate(one.talk.lines)))
        )
        for one in rooms("a")
    ]
    found = discriminate(regular, rooms("b"), Seed("7"))
    assert auc(found, "incident:flow") > 0.95
    assert auc(found) == pytest.approx(0.5, abs=0.1)


@pytest.mark.usefixtures("no_channels")
def test_a_flattened_reference_flattens_both() -> None:
    """Against lower-case texts without full stops, our capitals and full stops do not count, and the report says so."""
    ours = rooms("a", dress=lambda text: text.capitalize() + "." * (not text.endswith("?")))
    found = discriminate(ours, rooms("b"), Seed("7"))
    assert auc(found) == pytest.approx(0.5, abs=0.1)
    assert "no capitals" in found.note
    assert not any(one.unit == "message:all" for one in found.separations)


@pytest.mark.usefixtures("no_channels")
def test_the_same_input_gives_the_same_report() -> None:
    """Twice the same bytes; another seed deals other folds."""
    ours, theirs = rooms("a", 4, formal), rooms("b", 4)
    first = discriminate(ours, theirs, Seed("7")).model_dump_json()
    assert discriminate(ours, theirs, Seed("7")).model_dump_json() == first
    assert discriminate(ours, theirs, Seed("8")).model_dump_json() != first


@pytest.mark.parametrize("sides", [([], rooms("b")), (rooms("a", 1), rooms("b")), (rooms("a"), [])])
@pytest.mark.usefixtures("no_channels")
def test_too_few_incidents_are_said_to_be_too_few(sides: tuple[list[Reading], list[Reading]]) -> None:
    """No number, but a sentence."""
    found = discriminate(*sides, Seed("7"))
    assert not found.separations
    assert "two incidents or more" in found.note


def test_no_incident_stands_on_both_sides_of_a_fold() -> None:
    """All messages of an incident are in one fold, and every fold has both sides."""
    pair = discriminator._pair(rooms("a", 7), rooms("b", 6), Seed("7"))
    samples = discriminator._samples(pair, "message", "style")
    where = dict.fromkeys((sample.ours, sample.incident) for sample in samples)
    folds = discriminator._folds(samples, pair)
    seen: dict[tuple[bool, int], set[int]] = {key: set() for key in where}
    for sample, fold in zip(samples, folds, strict=True):
        seen[sample.ours, sample.incident].add(fold)
    assert all(len(one) == 1 for one in seen.values())
    assert all({s.ours for s, f in zip(samples, folds, strict=True) if f == fold} == {True, False} for fold in range(5))


def test_large_sets_are_drawn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of thirty incidents five are looked at, the same five for the same seed, in their order."""
    monkeypatch.setattr(discriminator, "MOST_INCIDENTS", 5)
    many = rooms("a", 30)
    drawn = discriminator._drawn(many, Seed("7"))
    assert len(drawn) == 5
    assert drawn == discriminator._drawn(many, Seed("7"))
    assert [one.name for one in drawn] == [one.name for one in many if one in drawn]


def test_windows_do_not_overlap() -> None:
    """Twelve lines make two windows of five; an incident shorter than five is one window."""
    pair = discriminator._pair(rooms("a", 2), [room("short", Seed("x"), lines=3), room("two", Seed("x"))], Seed("7"))
    samples = discriminator._samples(pair, "window", "style")
    assert [sum(s.ours and s.incident == place for s in samples) for place in (0, 1)] == [2, 2]
    assert sum(not s.ours and s.incident == 0 for s in samples) == 1


def scored(ours: Sequence[float], theirs: Sequence[float]) -> list[Item]:
    """Items with these scores, each its own incident."""
    return [
        Item(side, place, score) for side, all_ in ((True, ours), (False, theirs)) for place, score in enumerate(all_)
    ]


def test_auc_by_hand() -> None:
    """3 and 1 against 2 and 0: three of four pairs are won. A tie is half a win."""
    assert area(scored([3, 1], [2, 0]), Seed("7")).value == 3 / 4
    assert area(scored([1], [1]), Seed("7")) == Area(0.5)
    assert area(scored([], [1]), Seed("7")) == Area(None)


def test_the_interval_draws_incidents_not_lines() -> None:
    """Ten lines of each of two incidents, one won, one lost: the interval is as wide as two incidents make it."""
    items = [Item(True, place, 10.0 * place) for place in (0, 1) for _ in range(10)]
    items += [Item(False, place, 5.0) for place in range(4)]
    assert area(items, Seed("7")) == Area(0.5, 0.0, 1.0)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pair:^ so", 'starts with "so"'),
        ("pair:now $", 'ends with "now"'),
        ("pair:to ~", '"to (word)"'),
        ("mark:comma", "comma"),
        ("length:1 word", "length: 1 word"),
        ("flow:median gap", "median gap"),
        ("opening:the ~ing", 'starts with "the (..ing)"'),
    ],
)
def test_features_have_words(name: str, words: str) -> None:
    """A reader of the list sees no code."""
    assert in_words(name) == words


def named(tells: Sequence[Tell], *names: str) -> Tell:
    """The first tell that bears one of these names: features that go together are one tell."""
    found = [tell for tell in tells if tell.name in names]
    assert found, [tell.name for tell in tells]
    return found[0]


def test_real_against_real_stands_beside() -> None:
    """The yardstick: halves of one reference are nearer to each other than two real channels, and both are named."""
    readings = [Reading(talk.name, talk) for talk in references.conversations(("rust",))]
    found = discriminate(readings[:4], readings[4:], Seed("7"))
    values = {one.unit: one.auc.value or 0 for one in found.baselines}
    units = [one.unit for one in found.separations]
    assert units[:4] == ["message", *(f"position:{third}" for third in POSITIONS)]
    assert units[4:] == ["window", "incident", "message:all", "window:flow", "incident:flow", "message:topic"]
    assert set(values) == {
        f"{kind}:{unit}"
        for kind in ("reference split in two", "real against real")
        for unit in ("message", "window", "incident")
    }
    assert 0.55 < values["real against real:message"] < 0.75
    assert abs(values["reference split in two:message"] - 0.5) < 0.1
