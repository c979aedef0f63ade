"""The report, and the script that prints it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from slackincidents.realism.bands import Check
from slackincidents.realism.report import table, verdict

ROOT = Path(__file__).parents[2]


def folder(path: Path, incidents: int, lines: int) -> Path:
    """Write so many incident files."""
    for number in range(incidents):
        (path / f"{number:02}.json").write_text(json.dumps(incident(number, lines)))
    return path


def incident(number: int, lines: int) -> dict[str, Any]:
    """One line over and over, every five seconds."""
    typed = {"type": "message", "channel": "#cart", "content": "looks like cart is down"}
    return {
        "scenario_id": f"cart-{number:03}",
        "scenario_type": "cart",
        "title": "Cart",
        "start_time": "2025-01-01T00:00:00Z",
        "services": {},
        "timeline": [typed | {"offset_seconds": 5 * place, "user": f"u{place % 2}"} for place in range(lines)],
    }


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the script."""
    script = str(ROOT / "evals" / "measure.py")
    found = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False, env=found)


def test_columns_line_up() -> None:
    """Plain columns are padded; Markdown has bars and a rule under the head."""
    rows = [("long one", "1"), ("b", "22")]
    assert table(("name", "n"), rows, markdown=False).splitlines()[2:] == ["long one  1", "b         22"]
    assert table(("name", "n"), rows, markdown=True).splitlines()[1] == "| -------- | -- |"


@pytest.mark.parametrize(
    ("ok", "on_target", "word"),
    [(None, None, "-"), (False, False, "OUT"), (True, False, "pass"), (True, True, "target")],
)
def test_verdicts(ok: bool | None, on_target: bool | None, word: str) -> None:
    """Four words for what can be."""
    assert verdict(Check("x", 0.5, (0, 1), None, ok, on_target)) == word


def test_the_script_prints_values_beside_bands(tmp_path: Path) -> None:
    """Twenty incidents of one line over and over: fives, hedges and the reused line are told, in both forms."""
    path = str(folder(tmp_path, incidents=20, lines=9))
    plain, markdown = run(path), run(path, "--markdown")
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout.startswith("20 incidents, 180 human lines.\n")
    assert "with care" not in plain.stdout
    row = next(line for line in plain.stdout.splitlines() if "divisible by 5" in line)
    assert "1.000" in row
    assert row.endswith("OUT")
    assert "looks like cart is down" in plain.stdout
    assert "| gaps divisible by 5 s " in markdown.stdout


def test_short_incidents_are_left_out_and_named(tmp_path: Path) -> None:
    """Seven lines are too few; a small pool is said to be small."""
    folder(tmp_path, incidents=1, lines=7)
    (tmp_path / "long.json").write_text(json.dumps(incident(9, 8)))
    out = run(str(tmp_path)).stdout
    assert "1 incidents, 8 human lines." in out
    assert "Left out, too few human lines: 1 (cart-000)." in out
    assert "with care" in out


def test_a_file_that_is_no_incident_stops_it(tmp_path: Path) -> None:
    """Exit code 2 and one line that names the file; the same for an empty folder."""
    (tmp_path / "odd.json").write_text("{}")
    broken = run(str(tmp_path / "odd.json"))
    assert (broken.returncode, broken.stdout) == (2, "")
    assert "odd.json" in broken.stderr
    (tmp_path / "empty").mkdir()
    assert run(str(tmp_path / "empty")).returncode == 2
