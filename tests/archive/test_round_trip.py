"""Export, read, export: nothing is lost and no byte differs."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

import slackincidents
from slackincidents import archive
from slackincidents.api import load_all
from slackincidents.errors import BadFile
from slackincidents.incident import Incident
from slackincidents.sinks import slack_export

THIRTEEN = 13


@pytest.mark.parametrize("place", range(THIRTEEN))
@pytest.mark.parametrize("answers", [True, False])
def test_each_incident_comes_back_byte_for_byte(
    shipped: tuple[Incident, ...], tmp_path: Path, place: int, answers: bool
) -> None:
    """With labels it is the same file again; without them the same but for the answers. So is the second export."""
    incident = shipped[place]
    path = slack_export.write([incident], tmp_path / "x.zip", answers=answers)
    back = slackincidents.load(path)
    assert back.to_json() == (incident if answers else archive.blind(incident)).to_json()
    again = slack_export.write([back], tmp_path / "y.zip", answers=answers)
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("answers", [True, False])
def test_all_together_come_back_byte_for_byte(shipped: tuple[Incident, ...], tmp_path: Path, answers: bool) -> None:
    """Thirteen incidents that share channels are told apart again, from the ZIP and from the folder."""
    assert len(shipped) == THIRTEEN
    path = slack_export.write(shipped, tmp_path / "x.zip", answers=answers)
    with zipfile.ZipFile(path) as packed:
        packed.extractall(tmp_path / "unpacked")
    for place in (path, tmp_path / "unpacked"):
        back = load_all(place)
        wanted = sorted((one if answers else archive.blind(one)).to_json() for one in shipped)
        assert sorted(one.to_json() for one in back) == wanted
        assert slack_export.write(back, tmp_path / "y.zip", answers=answers).read_bytes() == path.read_bytes()


def test_an_edited_message_is_read_as_edited(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """The messages are the incident: what somebody changes in the archive is what is read."""
    path = slack_export.write(shipped[:1], tmp_path / "x.zip")
    said = next(event.text for event in shipped[0].timeline if event.type == "message")
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder)
    for day in folder.glob("*/*.json"):
        posts = json.loads(day.read_text())
        for post in posts:
            post["text"] = "changed" if post["text"] == said else post["text"]
        day.write_text(json.dumps(posts))
    texts = [event.text for event in slackincidents.load(folder).timeline]
    assert "changed" in texts
    assert said not in texts


def test_a_note_added_by_hand_is_a_record_of_its_own(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """Messages without our mark become their channel's record, beside the incidents."""
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(slack_export.write(shipped[:1], tmp_path / "x.zip")) as packed:
        packed.extractall(folder)
    (folder / "random").mkdir()
    (folder / "random" / "2025-01-01.json").write_text('[{"type": "message", "ts": "1735700000.000100", "text": "hi"}]')
    assert [record.scenario_id for record in archive.read(folder)] == [shipped[0].scenario_id, "random"]


def test_answers_can_be_put_back(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """The separate file of answers, laid into a blind export as answer_key.json, makes it whole."""
    path = slack_export.write(shipped, tmp_path / "x.zip", answers=False)
    keys = archive.AnswerFile(incidents=tuple(archive.AnswerKey.of(one) for one in shipped))
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("answer_key.json", keys.to_json())
    assert sorted(one.to_json() for one in load_all(path)) == sorted(one.to_json() for one in shipped)


def test_a_lost_message_is_told(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """An export of ours that lacks messages, or has one twice, is refused with the incident's name."""
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(slack_export.write(shipped[:1], tmp_path / "x.zip")) as packed:
        packed.extractall(folder)
    day = max(folder.glob("*/*.json"), key=lambda path: len(json.loads(path.read_text())))
    posts = json.loads(day.read_text())
    name = shipped[0].scenario_id
    day.write_text(json.dumps(posts[:-2]))
    with pytest.raises(BadFile, match=f"{name} lacks 2 of its {len(shipped[0].timeline)} messages"):
        archive.read(folder)
    day.write_text(json.dumps([*posts, posts[0]]))
    with pytest.raises(BadFile, match="twice"):
        archive.read(folder)
