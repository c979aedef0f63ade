"""What is no export, or a dangerous one, is refused with one clear line."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from slackincidents import archive
from slackincidents.errors import BadFile
from tests.archive.conftest import Members, Pack

POST = b'[{"type": "message", "ts": "1735700000.000100", "text": "hi"}]'
OURS = b'{"version": 1, "incidents": [{"incident": "a", "events": %d, "record": {}}]}'
GOOD: Members = {"channels.json": b"[]", "ops/2025-01-01.json": POST}


def refusal(path: Path, limits: archive.Limits | None = None) -> str:
    """The one line with which reading is refused."""
    with pytest.raises(BadFile) as caught:
        archive.read(path, limits=limits)
    line = str(caught.value)
    assert str(path) in line
    assert caught.value.hint
    assert "\n" not in line
    return line


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "head only": lambda data: b"PK\x03\x04",
    "cut": lambda data: data[: len(data) // 2],
    "text": lambda data: b"this is no archive",
    "flipped": lambda data: data[:45] + bytes(byte ^ 0xFF for byte in data[45:52]) + data[52:],
    "compressed in an unknown way": lambda data: data.replace(b"\0\0\x08\0", b"\0\0\x63\0"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_broken_zip(pack: Pack, name: str) -> None:
    """However it is broken, it cannot be unpacked."""
    path = pack({**GOOD, "channels.json": b"[]" + b" " * 500})
    path.write_bytes(DAMAGE[name](path.read_bytes()))
    assert "cannot be unpacked" in refusal(path)


@pytest.mark.parametrize(
    "name", ["../../evil.json", "/etc/evil.json", "ops/../../../x.json", "C:/x.json", "..\\evil.json", "ops/.."]
)
def test_a_path_that_leads_out(pack: Pack, tmp_path: Path, name: str) -> None:
    """No entry may point outside; nothing is unpacked in any case."""
    assert "leads out" in refusal(pack({**GOOD, name: b"[]"}))
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]


def test_a_bomb(pack: Pack) -> None:
    """What unpacks to too much is refused by its size, before it is unpacked."""
    limits = archive.Limits(entries=100, one=1000, all=3000)
    path = pack({**GOOD, "ops/2025-01-02.json": b"[" + b" " * 1_000_000 + b"]"})
    assert path.stat().st_size < 10_000
    assert "ops/2025-01-02.json is too large" in refusal(path, limits)
    many: Members = {f"ops/2025-01-{day:02}.json": b"[" + b" " * 900 + b"]" for day in range(1, 9)}
    assert "unpacks to more than" in refusal(pack({**GOOD, **many}), limits)
    heap: Members = {f"ops/{number}.txt": b"" for number in range(120)}
    assert "has 122 files" in refusal(pack({**GOOD, **heap}), limits)


def test_a_head_that_lies_about_its_size(pack: Pack) -> None:
    """An entry that says it is small and is not is found out while it is unpacked."""
    path = pack({**GOOD, "ops/2025-01-02.json": b"[" + b" " * 4_000_000 + b"]"})
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", 4_000_002), struct.pack("<I", 20)))
    assert "cannot be unpacked" in refusal(path)


def test_an_encrypted_entry(pack: Pack) -> None:
    """There is no password to give."""
    path = pack(GOOD)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(bytes(data))
    assert "is encrypted" in refusal(path)


def test_an_entry_twice(pack: Pack) -> None:
    """Two of one name: nobody knows which is meant."""
    path = pack(GOOD)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as packed:
        packed.writestr("channels.json", "[]")
    assert "is in it twice" in refusal(path)


@pytest.mark.parametrize(
    ("member", "content", "wanted"),
    [
        ("channels.json", b"{", "channels.json: Invalid JSON"),
        ("channels.json", b'{"a": 1}', "channels.json"),
        ("channels.json", b"\xff\xfe[", "channels.json is not UTF-8"),
        ("channels.json", b"[" * 100_000, "channels.json"),
        ("users.json", b'[{"name": "x"}]', "users.json: 0.id: Field required"),
        ("ops/2025-01-01.json", b'[{"text": "x"}]', "ops/2025-01-01.json: 0.ts: Field required"),
        ("ops/2025-01-01.json", b'[{"ts": "yesterday"}]', "0.ts"),
        ("ops/2025-01-01.json", b'["x"]', "ops/2025-01-01.json: 0"),
        ("ops/2025-01-01.json", b'[{"ts": "1735700000.0001", "text": "\\ud800"}]', "ops/2025-01-01.json"),
        ("ops/2025-01-01.json", b"[]", "holds no messages"),
        ("slackincidents.json", b'{"version": 1}', "slackincidents.json: incidents: Field required"),
        ("slackincidents.json", b'{"version": 9, "incidents": []}', "is of version 9"),
        ("slackincidents.json", OURS % 2, "a lacks 2 of its 2 messages"),
        ("slackincidents.json", OURS % 0, "a: scenario_id: Field required"),
        ("answer_key.json", b'{"version": 1, "incidents": [{}]}', "answer_key.json"),
    ],
)  # fmt: skip
def test_json_that_is_not_an_exports(pack: Pack, member: str, content: bytes, wanted: str) -> None:
    """The file, the place in it and what is wrong there are named."""
    assert wanted in refusal(pack({**GOOD, member: content}))


def test_a_zip_of_something_else(pack: Pack, tmp_path: Path) -> None:
    """Photos are no export, and neither is just any folder."""
    assert "no Slack export" in refusal(pack({"holiday/beach.jpg": b"", "notes.json": b"{}"}))
    assert "is a folder" in refusal(tmp_path)


def test_a_zip_that_is_not_there(tmp_path: Path) -> None:
    """Said like of any other file."""
    assert "does not exist" in refusal(tmp_path / "gone.zip")


def test_a_link_out_of_a_folder(tmp_path: Path) -> None:
    """An unpacked export cannot make us read what lies elsewhere."""
    (tmp_path / "secret.json").write_bytes(POST)
    home = tmp_path / "unpacked"
    (home / "ops").mkdir(parents=True)
    (home / "channels.json").write_text("[]")
    (home / "ops" / "2025-01-01.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(BadFile, match="leads out of the export"):
        archive.read(home)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX pipes")
def test_a_pipe_in_a_folder(tmp_path: Path) -> None:
    """A pipe would wait for ever."""
    (tmp_path / "ops").mkdir()
    os.mkfifo(tmp_path / "ops" / "2025-01-01.json")
    with pytest.raises(BadFile, match="device or a pipe"):
        archive.read(tmp_path)


def test_an_incident_file_is_no_archive(tmp_path: Path) -> None:
    """JSON files are read as ever; only folders and ZIPs are archives."""
    path = tmp_path / "incident.json"
    path.write_text("{}")
    assert not archive.holds_archive(path)
    assert not archive.holds_archive(tmp_path / "gone.zip")
    assert archive.holds_archive(tmp_path)
