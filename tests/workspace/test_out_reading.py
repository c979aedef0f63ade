"""Histories as other commands read them, and the command line that exports them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slackincidents.api import load_all, load_each
from slackincidents.cli import main
from slackincidents.errors import BadFile, SlackIncidentsError
from slackincidents.schema.incident import IncidentRecord
from slackincidents.stats import Reader
from slackincidents.workspace.out_history import History


def ran(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Code and streams of a command."""
    capsys.readouterr()
    code = main([str(word) for word in words])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_loading_gives_every_record_in_order(history: History, records: tuple[IncidentRecord, ...]) -> None:
    """What stands beside the shards is no incident, and nothing is complained about."""
    assert [one.model_dump_json() for one in load_all(history.folder)] == [one.model_dump_json() for one in records]


def test_loading_reads_a_record_at_a_time(torn: History, records: tuple[IncidentRecord, ...]) -> None:
    """The first ones are there before the last one is read, which cannot be."""
    source = load_each(torn.folder)
    assert next(source).scenario_id == records[0].scenario_id
    with pytest.raises(BadFile, match=r"jsonl:\d+"):
        list(source)


@pytest.mark.parametrize("above", [False, True])
def test_a_reader_passes_over_nothing(history: History, records: tuple[IncidentRecord, ...], above: bool) -> None:
    """Named itself or found in a folder above, only its shards are read, and no file counts as left out."""
    left: list[str] = []
    wrong: list[SlackIncidentsError] = []
    folder = history.folder.parent if above else history.folder
    found = list(Reader(left.append, wrong.append, alarms_only=False).read((folder,)))
    assert len(found) == len(records)
    assert (left, wrong) == ([], [])
    assert found[0].name.endswith("00001.jsonl:1")


def test_an_unfinished_history_says_how_to_finish_it(unfinished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever it is named: nothing of half a history is counted or exported."""
    for words in (
        ("stats", unfinished),
        ("export", unfinished, "--to", "parquet", "-o", unfinished.parent / "out"),
        ("export", unfinished, "-o", unfinished.parent / "out.zip"),
        ("export", unfinished, "--to", "html", "-o", unfinished.parent / "out"),
    ):
        code, out, err = ran(capsys, *words)
        assert (code, out) == (2, "")
        assert "is not finished" in err
        assert "Run the same slackincidents workspace command again" in err
    with pytest.raises(BadFile, match="not finished"):
        load_all(unfinished)
    assert not list(unfinished.parent.glob("out*"))


def test_stats_reads_it(
    history: History, records: tuple[IncidentRecord, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every real incident has its line, and nothing in the folder is complained about."""
    code, out, err = ran(capsys, "stats", history.folder, "--format", "jsonl")
    assert (code, err) == (0, "")
    named = [f'"{record.scenario_id}"' for record in records if record.labels]
    assert [sum(name in line for line in out.splitlines()) for name in named] == [1] * len(named)


def test_export_writes_all_three_forms(
    history: History, records: tuple[IncidentRecord, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each says what it wrote."""
    for words, made in (
        (("--to", "parquet", "-o", tmp_path / "set"), "set/README.md"),
        (("-o", tmp_path / "all.zip"), "all.zip"),
        (("--to", "html", "-o", tmp_path / "site"), "site/index.html"),
    ):
        code, out, err = ran(capsys, "export", history.folder, *words)
        assert (code, out) == (0, ""), err
        assert err.startswith("wrote ")
        assert (tmp_path / made).is_file()
        assert ran(capsys, "export", history.folder, *words)[0] == 2
    assert len(load_all(tmp_path / "all.zip")) == len(records)


def test_answers_can_be_kept_apart(history: History, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The ZIP has none, the file beside it has all."""
    target = tmp_path / "x.zip"
    assert ran(capsys, "export", history.folder, "-o", target, "--labels", "separate")[0] == 0
    keys = json.loads((tmp_path / "x.answers.json").read_text(encoding="utf-8"))
    assert len(keys["incidents"]) == sum(note.told for note in history.manifest.shards)
    assert all(one.labels is None for one in load_all(target))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("{}", "--to", "parquet"), "Name it: -o PATH"),
        (("{}", "--to", "markdown", "-o", "x"), "cannot be written as markdown"),
        (("{}", "-o", "x"), "cannot be written as x"),
        (("{}", "--to", "html", "-o", "x", "--labels", "drop"), "is for slack-export"),
        (("{}", "{}", "--to", "html", "-o", "x"), "Export it alone"),
        (("x.json", "--to", "parquet", "-o", "x"), "made of a history"),
    ],
)
def test_what_cannot_be_is_refused(
    history: History,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    complaint: str,
) -> None:
    """With the remedy, and before anything is written."""
    monkeypatch.chdir(tmp_path)
    code, out, err = ran(capsys, "export", *(word.format(history.folder) for word in words))
    assert (code, out) == (2, "")
    assert complaint in err
    assert list(tmp_path.iterdir()) == []
