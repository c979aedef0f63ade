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


def test_neighbours_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that may be entered but not listed, a missing file is still a missing file."""

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(BadFile, match=r"a\.json does not exist\. Check the path"):
        read_text(tmp_path / "a.json")


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


def test_a_file_that_grows_is_read_up_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was small when it was looked at, and is not when it is read, is refused."""
    path = tmp_path / "a"
    path.write_text("x")
    small = path.stat()
    path.write_text("x" * 1000)
    monkeypatch.setattr(Path, "stat", lambda _: small)
    with pytest.raises(BadFile, match="MB"):
        read_text(path, most_bytes=100)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "fifo", "link"])
def test_what_is_no_regular_file_is_refused_unread(tmp_path: Path, device: str) -> None:
    """A device has no end and a pipe may never begin: neither is opened, also behind a link."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("/dev/zero")
    with pytest.raises(BadFile, match="is a device or a pipe"):
        read_text(tmp_path / device)


def test_foreign_line_ends_are_read_as_ours(tmp_path: Path) -> None:
    """Lines end in a line feed, whatever the editor."""
    (tmp_path / "a").write_bytes(b"one\r\ntwo\rthree\n")
    assert read_text(tmp_path / "a") == "one\ntwo\nthree\n"


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_followed(tmp_path: Path, there: bool) -> None:
    """The file behind a link is written, be it there already or not; the link stays."""
    (tmp_path / "folder").mkdir()
    if there:
        (tmp_path / "folder" / "real").write_text("old")
    (tmp_path / "link").symlink_to("folder/real")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "real").read_text() == "new"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "link", "real"]


def test_a_file_behind_a_link_is_kept_when_told(tmp_path: Path) -> None:
    """Without leave to overwrite, a link does not help."""
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(OutputExists, match="link exists"):
        write_text(tmp_path / "link", "new", overwrite=False)
    assert (tmp_path / "real").read_text() == "old"


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    """A link in a circle leads nowhere; it stays."""
    (tmp_path / "link").symlink_to("link")
    with pytest.raises(WriteFailed, match="links to itself"):
        write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("overwrite", [True, False])
def test_a_device_is_written_to_not_replaced(tmp_path: Path, overwrite: bool) -> None:
    """A link to /dev/null swallows the text and stays what it is; nothing of it can be lost."""
    (tmp_path / "null").symlink_to("/dev/null")
    write_text(tmp_path / "null", "text", overwrite=overwrite)
    assert (tmp_path / "null").is_symlink()
    assert (tmp_path / "null").is_char_device()
    assert [path.name for path in tmp_path.iterdir()] == ["null"]


def test_a_pipe_gets_the_text(tmp_path: Path) -> None:
    """Who reads a named pipe gets what is written to it."""
    os.mkfifo(tmp_path / "fifo")
    reader = os.open(tmp_path / "fifo", os.O_RDONLY | os.O_NONBLOCK)
    write_text(tmp_path / "fifo", "text")
    assert os.read(reader, 10) == b"text"
    os.close(reader)
