"""The library: what is wrong with a file of the user's is said with its place and the remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slackincidents.errors import BadFile
from slackincidents.library import Library, data_root, read_incident

Json = dict[str, object]


def spoilt(tmp_path: Path, *spare: str, **changes: object) -> Path:
    """The template skeleton as a file, without some fields and with others."""
    skeleton = json.loads((data_root() / "scenarios" / "template.json").read_text(encoding="utf-8"))
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({k: v for k, v in skeleton.items() if k not in spare} | changes), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("europe/belin", '"Europe/Berlin"'),
        ("America/New York", '"America/New_York"'),
        ("qqq", "Use an IANA name like Europe/Berlin"),
    ],
)
def test_zones_are_offered_as_they_are_spelt(tmp_path: Path, zone: str, hint: str) -> None:
    """What is offered can be copied into the file."""
    path = tmp_path / "people.json"
    path.write_text(json.dumps({"x": {"name": "X", "style": "plain", "timezone": zone}}), encoding="utf-8")
    with pytest.raises(BadFile, match="is not a time zone") as caught:
        Library(personas_file=path).people()
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("missing", "written", "hint"),
    [
        ("title", "titel", 'Did you mean "title"?'),
        ("audience", "audiance", 'Did you mean "audience"?'),
        ("updates", "update", 'Did you mean "updates"?'),
        ("resolution", "qqq", "Remove it."),
    ],
)
def test_a_misspelt_required_field_gets_its_near_name(tmp_path: Path, missing: str, written: str, hint: str) -> None:
    """The field that is there and unknown is told, not the one that is missing because of it."""
    with pytest.raises(BadFile, match=f"unknown field {written}") as caught:
        Library().read_skeleton(spoilt(tmp_path, missing, **{written: "x"}))
    assert caught.value.hint == hint


def test_a_missing_field_is_told_when_nothing_is_unknown(tmp_path: Path) -> None:
    """Without a misspelt field the missing one is named."""
    with pytest.raises(BadFile, match="title: Field required"):
        Library().read_skeleton(spoilt(tmp_path, "title"))


def test_a_skeleton_is_no_incident(tmp_path: Path) -> None:
    """Reading a skeleton as an incident says what it is; anything else lacks a timeline."""
    with pytest.raises(BadFile, match="is a skeleton, not an incident"):
        read_incident(spoilt(tmp_path))
    with pytest.raises(BadFile, match="Field required"):
        read_incident(spoilt(tmp_path, "root_cause"))
