"""`slackincidents export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slackincidents.library import data_root
from tests.cli.conftest import Cli


def test_json_comes_back_unchanged(cli: Cli, made: Path) -> None:
    """Reading and writing again loses nothing."""
    assert cli("export", made, "--to", "json").out == made.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["json", "markdown", "html", "text"])
def test_without_labels_nothing_gives_the_cause_away(cli: Cli, made: Path, form: str) -> None:
    """--labels drop takes the key, the seed and the summary out of every format."""
    skeleton = json.loads((data_root() / "scenarios/skeletons/cache-failure.json").read_text(encoding="utf-8"))
    kept = cli("export", made, "--to", form).out
    dropped = cli("export", made, "--to", form, "--labels", "drop").out
    plain = skeleton["root_cause"]["plain"]
    assert plain in kept or form == "text"
    assert plain not in dropped
    assert skeleton["description"] not in dropped
    assert skeleton["root_cause"]["mechanism"] not in dropped


def test_labels_leave_the_file(cli: Cli, made: Path) -> None:
    """Without them it is still an incident, with the same timeline."""
    assert cli("export", made, "-o", "blind.json", "--labels", "drop").code == 0
    blind, whole = (json.loads(made.with_name(name).read_text()) for name in ("blind.json", "made.json"))
    assert {"labels", "provenance", "description"}.isdisjoint(blind)
    assert blind["timeline"] == whole["timeline"]
    assert cli("validate", "blind.json").code == 0


def test_several_files_go_to_a_folder(cli: Cli, made: Path, tmp_path: Path) -> None:
    """One page each, named after its file."""
    cli("generate", "high-cpu", "-o", "other.json")
    assert cli("export", "made.json", "other.json", "--to", "html", "-o", "pages").code == 0
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["made.html", "other.html"]


def test_two_files_of_one_name_do_not_share_a_page(cli: Cli, made: Path, tmp_path: Path) -> None:
    """The second would overwrite the first; it is refused before anything is written."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "made.json").write_bytes(made.read_bytes())
    ran = cli("export", "made.json", "more/made.json", "--to", "md", "-o", "pages")
    assert ran.code == 2
    assert "made.md" in ran.complaint
    assert not (tmp_path / "pages").exists()


def test_one_unreadable_file_writes_none(cli: Cli, made: Path, tmp_path: Path) -> None:
    """Files are read before the first is written."""
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    assert cli("export", "made.json", "bad.json", "--to", "md", "-o", "pages").code == 2
    assert not (tmp_path / "pages").exists()
