"""Real texts: what ships is whole, named and licensed, and what is broken is said to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from slackincidents.errors import BadFile, UnknownName
from slackincidents.library import data_root
from slackincidents.realism import references

TALK = (
    '{"name": "x-1", "source": "x", "licence": "CC BY 4.0", "lines": '
    '[{"at": 0, "speaker": "ann", "text": "Is it up?"}, {"at": 4.5, "speaker": "bob", "text": "no", "answers": 0}]}\n'
)


def test_every_reference_is_a_conversation_with_source_and_licence() -> None:
    """Eight lines or more, two people or more, times that never run back, answers that point back."""
    for name in references.names()[1:]:
        for talk in references.load((name,)):
            times = [line.at for line in talk.lines if line.at is not None]
            assert len(talk.lines) >= 8, talk.name
            assert len({line.speaker for line in talk.lines}) >= 2, talk.name
            assert talk.source
            assert talk.licence == "CC BY 4.0"
            assert times == sorted(times), talk.name
            assert len(times) == len(talk.lines)
            assert all(line.answers is None or line.answers < place for place, line in enumerate(talk.lines))


def test_names_are_one_of_a_kind() -> None:
    """No two conversations share a name, nor do two channels with seconds share a person."""
    talks = [talk for name in references.names()[1:] for talk in references.load((name,))]
    assert len({talk.name for talk in talks}) == len(talks)
    people = [
        {line.speaker for talk in references.load((name,)) for line in talk.lines}
        for name in ("rust", "stripe", "mediawiki")
    ]
    assert sum(map(len, people)) == len(set.union(*people))


def test_no_machine_speaks() -> None:
    """Bots, joins and parts were left out."""
    for talk in references.conversations():
        assert not any(re.search(r"bot$|^wikibugs|^gerrit", line.speaker) for line in talk.lines)
        assert not any(re.search(r"has (joined|quit|left) (#|the channel)", line.text) for line in talk.lines)


def test_all_means_what_kept_its_casing_and_its_seconds() -> None:
    """``real`` has the bands and 72 conversations; the flattened ones come only by name."""
    real = references.open_reference("real")
    assert real.bands is not None
    assert real.readings is not None
    assert len(list(real.readings())) == 72
    ubuntu = references.open_reference("ubuntu")
    assert ubuntu.bands is None
    assert ubuntu.readings is not None
    texts = [line.text for one in ubuntu.readings() for line in one.talk.lines]
    assert texts == [text.lower() for text in texts]
    assert not any(talk.flattened for talk in references.load())


def test_the_readme_counts_what_is_there() -> None:
    """Conversations and lines of each file stand in the README beside them."""
    readme = (data_root() / references.FOLDER / "README.md").read_text(encoding="utf-8")
    for name in references.names()[1:]:
        talks = list(references.load((name,)))
        assert f"| `{name}.jsonl` | {len(talks)} | {sum(len(talk.lines) for talk in talks)} |" in readme


def test_a_line_becomes_a_conversation(tmp_path: Path) -> None:
    """Times, speakers, answers and the names that an address may hold."""
    (tmp_path / "x.jsonl").write_text(TALK, encoding="utf-8")
    (talk,) = references.conversations(folder=tmp_path)
    assert [(line.at, line.speaker, line.text, line.answers) for line in talk.lines] == [
        (0.0, "ann", "Is it up?", None),
        (4.5, "bob", "no", 0),
    ]
    assert talk.names == {"ann", "bob"}
    assert references.names(tmp_path) == ("real", "x")


def test_lines_without_times_count_a_minute_apart(tmp_path: Path) -> None:
    """One unknown time makes all of them unknown."""
    (tmp_path / "x.jsonl").write_text(TALK.replace("4.5", "null"), encoding="utf-8")
    (talk,) = references.conversations(folder=tmp_path)
    assert [line.at for line in talk.lines] == [0.0, 60.0]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    """File, line and field; not a traceback."""
    (tmp_path / "x.jsonl").write_text(TALK + TALK.replace('"speaker": "bob", ', ""), encoding="utf-8")
    with pytest.raises(BadFile, match=r"x\.jsonl:2: lines\.1\.speaker") as found:
        references.conversations(folder=tmp_path)
    assert found.value.hint


def test_a_misspelt_reference_gets_the_nearest() -> None:
    """``rusty`` is offered ``rust``."""
    with pytest.raises(UnknownName, match="rust"):
        references.open_reference("rusty")
    with pytest.raises(UnknownName):
        list(references.load(("nope",)))
