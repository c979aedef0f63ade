"""What the documents say is so: their code runs, their commands work, what is generated is current."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from slackincidents.schema.acts import Feature
from slackincidents.schema.exchange import ExchangeBank
from tests.documents import agrees, blocks, commands, documents, with_bank_table
from tests.source import ROOT

LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
FEATURE_ROW = re.compile(r"^\| *\d+ *\| *`([a-z-]+)` *\| *`([A-Z_]+)` *\|", re.M)


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_code_in_documents_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python blocks run and console blocks show what the commands print, top to bottom in one folder."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__document__"}
    for block in blocks(path):
        if "norun" in block.flags:
            continue
        if block.language == "python":
            exec(compile(block.body, block.place, "exec"), names)
        elif block.language == "console":
            for command in commands(block):
                if not command.untouched:
                    check(command.line, command.shown, block.place, tmp_path)
        elif block.language == "json":
            json.loads(block.body)


def check(line: str, shown: tuple[str, ...], place: str, folder: Path) -> None:
    """Run a command as a reader would, and compare what it prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "COLUMNS": "120", "NO_COLOR": "1", "CHECKOUT": str(ROOT)}
    done = subprocess.run(["bash", "-c", line], cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{place}: {line}\n{done.stdout}{done.stderr}"
    if any(shown):
        assert agrees(shown, done.stdout + done.stderr), f"{place}: {line}\nprints\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """A link into the repository names a file that is there."""
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_make_targets_exist(path: Path) -> None:
    """A document asks for no target the Makefile lacks."""
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    asked = set(re.findall(r"^\$ make ([a-z-]+)|`make ([a-z-]+)", path.read_text(encoding="utf-8"), re.M))
    assert {name for pair in asked for name in pair if name} <= known


def test_the_rule_table_is_current() -> None:
    """docs/rules.md is what the validator says about itself; `make docs-write` renews it."""
    command = [sys.executable, "-m", "slackincidents.validator.reference"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == printed


def test_every_feature_is_described() -> None:
    """docs/features.md has one row for each feature, in the order of the enum."""
    rows = FEATURE_ROW.findall((ROOT / "docs" / "features.md").read_text(encoding="utf-8"))
    assert rows == [(feature.value, feature.name) for feature in Feature]


def test_the_table_of_phrase_banks_is_current() -> None:
    """docs/phrases.md lists the banks that ship, as they describe themselves; `make docs-write` renews it."""
    text = (ROOT / "docs" / "phrases.md").read_text(encoding="utf-8")
    assert "| `acknowledge` |" in text
    assert text == with_bank_table(text)


def test_every_exchange_kind_is_described() -> None:
    """docs/phrases.md names each kind of exchange."""
    text = (ROOT / "docs" / "phrases.md").read_text(encoding="utf-8")
    kinds = ExchangeBank.model_json_schema()["$defs"]["ExchangeKind"]["enum"]
    assert [kind for kind in kinds if f"`{kind}`" not in text] == []


@pytest.mark.parametrize(
    ("shown", "output", "same"),
    [
        (("a", "b"), "a\nb\n", True),
        (("a", "b"), "a\nc\n", False),
        (("a", "...", "d"), "a\nb\nc\nd\n", True),
        (("a", "...", "d"), "b\nd\n", False),
        (("took ... s",), "took 0.31 s", True),
        (("a", "..."), "a\nb", True),
    ],
)
def test_dots_stand_for_any_text(shown: tuple[str, ...], output: str, same: bool) -> None:
    """The comparison is exact but for ``...``."""
    assert agrees(shown, output) is same
