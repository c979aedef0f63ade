"""Files are read with clear errors and written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackincidents.errors import BadFile, OutputExists, WriteFailed
from slackincidents.files import read_text, write_text


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff")))
def test_what_is_written_is_read(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any text survives the disk."""
    path = tmp_path_factory.mktemp("files") / "a.txt"
    write_text(path, text)
    assert read_text(path) == text


def test_folders_are_made_on_the_way(tmp_path: Path) -> None:
    """A path into folders that do not exist yet is fine."""
    write_text(tmp_path / "a" / "b" / "c.json", "{}")
    assert read_text(tmp_path / "a" / "b" / "c.json") == "{}"


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    """A file has the same bytes on every system."""
    write_text(tmp_path / "a", "one\ntwo\n")
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\n"


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    """Files saved by Windows editors read like others."""
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbf{}")
    assert read_text(tmp_path / "a") == "{}"


def test_writing_leaves_no_neighbour(tmp_path: Path) -> None:
    """After a write the folder holds the file and nothing else, and the old text is gone."""
    write_text(tmp_path / "a", "old")
    write_text(tmp_path / "a", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert read_text(tmp_path / "a") == "new"


def test_an_existing_file_is_kept_when_told(tmp_path: Path) -> None:
    """Without leave to overwrite, the file stays and the error names it."""
    write_text(tmp_path / "a", "old")
    with pytest.raises(OutputExists, match="exists"):
        write_text(tmp_path / "a", "new", overwrite=False)
    assert read_text(tmp_path / "a") == "old"


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up half-way costs neither the old file nor a stray one."""
    write_text(tmp_path / "a", "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteFailed, match="No space left"):
        write_text(tmp_path / "a", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert read_text(tmp_path / "a") == "old"


def test_a_file_in_the_way_of_a_folder(tmp_path: Path) -> None:
    """A path through a file is refused with the path."""
    (tmp_path / "a").write_text("")
    with pytest.raises(WriteFailed, match="cannot be written"):
        write_text(tmp_path / "a" / "b", "text")


def test_a_mistyped_name_gets_the_nearest(tmp_path: Path) -> None:
    """A missing file's error offers its neighbour."""
    (tmp_path / "cache-failure.json").write_text("{}")
    with pytest.raises(BadFile) as caught:
        read_text(tmp_path / "cache-failur.json")
    assert 'Did you mean "cache-failure.json"?' in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xff\xfe{", "is not UTF-8 text"), (b"caf\xe9", "is not UTF-8 text")],
)
def test_other_encodings_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """Bytes that are not UTF-8 are named as such, with the place."""
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(BadFile, match=message):
        read_text(tmp_path / "a")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """Naming a folder says so."""
    with pytest.raises(BadFile, match="is a folder"):
        read_text(tmp_path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """A file over the limit is refused by its size."""
    (tmp_path / "a").write_text("x" * 101)
    with pytest.raises(BadFile, match="MB"):
        read_text(tmp_path / "a", most_bytes=100)
