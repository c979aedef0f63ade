"""Forms of answers: strict schemas out, sound parts in."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pydantic import JsonValue

from slackincidents.drafting.answers import ClueItem, Evidence, Open, Outline, Stage
from slackincidents.drafting.parts import STAGES, Parts, merged
from slackincidents.drafting.shapes import KEPT, read, shape_of

CLUE: dict[str, JsonValue] = {
    "name": "a", "fact": "f", "where": "logs", "service": "cart", "needs": [], "search_s": None, "signals": [],
    "states_cause": False, "points_to": None,
}  # fmt: skip


def _objects(schema: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Every schema in a schema; the keys of `properties` and `$defs` are names."""
    if isinstance(schema, list):
        for one in schema:
            yield from _objects(one)
    elif isinstance(schema, dict):
        yield schema
        for key, value in schema.items():
            if key in {"properties", "$defs"} and isinstance(value, dict):
                for one in value.values():
                    yield from _objects(one)
            else:
                yield from _objects(value)


@pytest.mark.parametrize("kind", STAGES.values(), ids=STAGES)
def test_a_schema_is_strict(kind: type[Stage]) -> None:
    """Every property is required and no other is allowed; no keyword that strict endpoints refuse."""
    shape = shape_of(kind)
    schema = json.loads(shape.json_schema)
    assert schema["type"] == "object"
    assert set(schema["properties"]) == set(kind.model_fields)
    for one in _objects(schema):
        assert set(one) <= KEPT | {"additionalProperties"}
        if "properties" in one:
            assert isinstance(one["properties"], dict)
            assert one["required"] == list(one["properties"])
            assert one["additionalProperties"] is False


def test_a_field_that_is_called_like_a_keyword_stays() -> None:
    """``title`` is a keyword of schemas and a field of ours; the field is asked for."""
    schema = json.loads(shape_of(Outline).json_schema)
    assert {"title", "description", "id"} <= set(schema["$defs"]["Head"]["properties"])


@pytest.mark.parametrize(
    "text",
    [
        '{"clues": []}',
        'Sure! Here it is:\n```json\n{"clues": []}\n```\nAnything else?',
        'The object {pod} is a slot. {"note": 1} {"clues": []}',
    ],
)
def test_an_answer_is_found_in_what_surrounds_it(text: str) -> None:
    """Bare, fenced or after another object."""
    assert read(text, Evidence).answer == Evidence()


@pytest.mark.parametrize("text", ["", "no", '{"clues": [', "[1, 2]", '{"poem": "roses"}', "{" * 5000])
def test_what_is_no_answer_is_none(text: str) -> None:
    """Nothing is made of a reply that holds no object of the form."""
    assert read(text, Evidence).answer is None


def test_unsound_items_are_left_out_and_named() -> None:
    """One bad item does not spoil its list; its fault has the item's name."""
    bad = {**CLUE, "name": "b", "where": "crystal ball"}
    found = read(json.dumps({"clues": [CLUE, bad], "hypotheses": "none", "unsettled": [], "drop": []}), Evidence)
    assert found.answer is not None
    assert [clue.name for clue in found.answer.clues] == ["a"]
    assert [(fault.table, fault.item) for fault in found.faults] == [("clues", "b"), ("hypotheses", "")]
    assert found.faults[0].text.startswith("clues.b.where: Input should be")


def test_a_fault_stays_until_its_item_comes_or_goes() -> None:
    """A correction that forgets the bad item does not make it vanish."""
    fault = read(json.dumps({"clues": [{**CLUE, "where": "?"}]}), Evidence).faults[0]
    assert not read('{"clues": []}', Evidence).settles(fault)
    assert not read("no", Evidence).settles(fault)
    assert read(json.dumps({"clues": [CLUE]}), Evidence).settles(fault)
    assert read('{"clues": [], "drop": ["clues.a"]}', Evidence).settles(fault)


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_what_is_no_number_is_a_fault(number: str) -> None:
    """Python reads NaN; a figure it is not."""
    signal = '{"name": "s", "service": "x", "metric": "m", "label": "l", "unit": "%", "peak": 2, "recovered": 1, '
    signal += f'"baseline": {number}}}'
    found = read('{"signals": [' + signal + "]}", Outline)
    assert [fault.item for fault in found.faults] == ["s"]


def test_a_correction_replaces_adds_and_drops() -> None:
    """Items by their names; what it does not touch stays, in its place."""
    a, b, c = (ClueItem.model_validate({**CLUE, "name": name}) for name in "abc")
    better = b.model_copy(update={"fact": "better"})
    old = Evidence(clues=(a, b), unsettled=(Open(what="w", assumed="x"),))
    new = merged(old, Evidence(clues=(better, c), drop=("clues.a",)))
    assert isinstance(new, Evidence)
    assert new.clues == (better, c)
    assert new.unsettled == old.unsettled
    assert new.drop == ()


def test_later_stages_do_not_count_before_their_turn() -> None:
    """A stage is judged by what was settled up to it."""
    parts = Parts({"outline": Outline(), "evidence": Evidence()})
    assert list(parts.until("outline").answers) == ["outline"]
