"""`slackincidents eval` as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from slackincidents.realism.results import Evaluation
from tests.cli.conftest import Cli, environment


@pytest.fixture
def pool(cli: Cli, tmp_path: Path) -> Path:
    """A folder of three incidents."""
    assert cli("generate", "cache-failure", "--variants", 3, "-o", "pool").code == 0
    return tmp_path / "pool"


def export(path: Path, texts: list[str], users: list[dict[str, Any]]) -> Path:
    """A team's own Slack export: one channel, one message every minute, by users 0 and 1 in turn."""
    start = 1_734_000_000
    messages = [
        {"type": "message", "user": f"U0000000{place % 2}", "text": text, "ts": f"{start + 60 * place}.000100"}
        for place, text in enumerate(texts)
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("users.json", json.dumps(users))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "oncall"}]))
        archive.writestr("oncall/2024-12-12.json", json.dumps(messages))
    return path


def test_a_folder_is_held_beside_real_chat(cli: Cli, pool: Path) -> None:
    """A table with intervals, ranges and verdicts on stdout."""
    ran = cli("eval", pool, "--quick")
    assert ran.code == 0, ran.err
    assert "3 incidents" in ran.out
    row = next(line for line in ran.out.splitlines() if "contains a question mark" in line)
    assert " to " in row
    assert "the ranges hold for 20 or more" in ran.out


def test_json_is_the_whole_report(cli: Cli, pool: Path) -> None:
    """It reads back as an evaluation, names versions and seed, and is the same every time."""
    first, again = (cli("eval", pool, "--quick", "--format", "json", "--seed", 7).out for _ in range(2))
    assert first == again
    found = Evaluation.model_validate_json(first)
    assert found.seed == "realism/7"
    assert {"slackincidents", "numpy", "scipy", "scikit-learn"} <= found.versions.keys()
    assert found.against is not None
    assert found.score("tokens_median").count == found.set.lines


def test_grounding_comes_from_the_validator(cli: Cli, pool: Path, tmp_path: Path) -> None:
    """Our incidents are grounded; a figure that nobody could know lowers the share, and is shown."""
    one = sorted(pool.glob("*.json"))[0]
    sound = Evaluation.model_validate_json(cli("eval", one, "--against", "none", "--format", "json").out)
    assert (sound.score("grounded").value, sound.score("known").value) == (1, 1)
    spoilt = json.loads(one.read_text(encoding="utf-8"))
    place = next(n for n, event in enumerate(spoilt["timeline"]) if event["type"] == "message")
    spoilt["timeline"][place]["content"] = "it is at 8675309 now"
    (tmp_path / "spoilt.json").write_text(json.dumps(spoilt), encoding="utf-8")
    ran = cli("eval", "spoilt.json", "--against", "none", "--format", "json")
    found = Evaluation.model_validate_json(ran.out).score("grounded")
    assert found.value is not None
    assert found.value < 1
    assert (found.evidence[0].event, "8675309" in found.evidence[0].note) == (place, True)


def test_against_another_set(cli: Cli, pool: Path) -> None:
    """The same set is at no distance from itself, and everything passes."""
    ran = cli("eval", pool, "--quick", "--against", pool)
    assert ran.code == 0, ran.err
    assert "(100%)" in ran.out
    assert "OUT" not in ran.out


def test_a_page_is_written_on_the_side(cli: Cli, pool: Path, tmp_path: Path) -> None:
    """One HTML file; an existing one stays unless forced."""
    assert cli("eval", pool, "--quick", "--report", "out.html").code == 0
    text = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert text.lower().startswith("<!doctype html>")
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert cli("eval", pool, "--quick", "--report", "out.html").code == 2
    assert cli("eval", pool, "--quick", "--report", "out.html", "--force").code == 0


def test_fail_below(cli: Cli, pool: Path) -> None:
    """Everything passes at 0 %, nothing at 100 %; without a reference there is nothing to fail."""
    assert cli("eval", pool, "--quick", "--fail-below", 0).code == 0
    ran = cli("eval", pool, "--quick", "--fail-below", 100)
    assert ran.code == 1
    assert ran.err.startswith("below: ")
    assert "--against none" in cli("eval", pool, "--fail-below", 50, "--against", "none").complaint


def test_a_teams_own_export(cli: Cli, tmp_path: Path) -> None:
    """Deleted users keep their ids, files have no text: both are counted, and the rest is measured."""
    texts = ["is cart down?", "", *(f"still looking at pod {place}" for place in range(9))]
    path = export(tmp_path / "ours.zip", texts, [{"id": "U00000000", "name": "ann"}])
    ran = cli("eval", path, "--quick")
    assert ran.code == 0, ran.err
    assert "1 messages without text (files, pictures)" in ran.out
    assert "1 speakers known only by an id" in ran.out
    assert "No answer keys" in ran.out
    assert "One incident" in ran.out


def test_files_are_not_typed(cli: Cli, tmp_path: Path) -> None:
    """What an import writes for an uploaded file is no line of anybody; the words beside a file are."""
    path = export(tmp_path / "ours.zip", [f"still looking at pod {place}" for place in range(9)], [])
    day = "oncall/2024-12-12.json"
    with zipfile.ZipFile(path) as archive:
        messages = json.loads(archive.read(day))
        rest = {name: archive.read(name) for name in archive.namelist() if name != day}
    last = float(messages[-1]["ts"])
    for place, text in enumerate(("", "see the graph")):
        upload = {"id": f"F{place}", "name": "graph.png"}
        messages.append({"type": "message", "user": "U00000000", "text": text, "ts": f"{last + 60 + place:.6f}",
                         "files": [upload]})  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in rest.items():
            archive.writestr(name, data)
        archive.writestr(day, json.dumps(messages))
    ran = cli("eval", path, "--quick", "--against", "none")
    assert "1 incident, 10 human lines" in ran.out
    assert "1 messages without text (files, pictures)" in ran.out


def test_a_file_of_another_release_is_not_blamed(cli: Cli, pool: Path, tmp_path: Path) -> None:
    """Where the plan behind a file comes out otherwise now, grounding is not measured, and that is said."""
    one = next(iter(sorted(pool.glob("*.json"))))
    cut = json.loads(one.read_text(encoding="utf-8"))
    del cut["timeline"][-6:], cut["labels"]
    (tmp_path / "cut.json").write_text(json.dumps(cut), encoding="utf-8")
    ran = cli("eval", "cut.json", "--against", "none")
    assert ran.code == 0, ran.err
    assert "Grounding needs the plan behind a file, and none could be made again" in ran.out
    assert "Grounding was left out" in cli("eval", "cut.json", "--against", "none", "--quick").out


def test_a_reference_of_nothing_is_refused(cli: Cli, pool: Path, tmp_path: Path) -> None:
    """An empty folder to hold a set against is an error, not a report without distances."""
    (tmp_path / "empty").mkdir()
    ran = cli("eval", pool, "--quick", "--against", "empty")
    assert ran.code == 2
    assert ran.complaint.startswith("empty: there is no incident to hold it against")


def test_nothing_to_evaluate(cli: Cli, tmp_path: Path) -> None:
    """An empty folder, an incident too short, a file that is none: one clear line each, exit 2."""
    (tmp_path / "empty").mkdir()
    assert "there is no incident to evaluate" in cli("eval", "empty").complaint
    short = export(tmp_path / "short.zip", ["hi", "ho"], [])
    assert "1 with fewer than 8 human lines" in cli("eval", short).complaint
    (tmp_path / "odd.json").write_text("{}")
    ran = cli("eval", "odd.json")
    assert ran.code == 2
    assert "odd.json" in ran.err


def test_a_broken_file_beside_good_ones(cli: Cli, pool: Path) -> None:
    """It is named, the report is on the others, and the exit code says so."""
    (pool / "broken.jsonl").write_text("{\n")
    ran = cli("eval", pool, "--quick")
    assert ran.code == 2
    assert "broken.jsonl" in ran.err
    assert "3 incidents" in ran.out


def test_a_mistyped_reference_gets_the_nearest(cli: Cli, pool: Path) -> None:
    """Names, files and folders are all tried."""
    ran = cli("eval", pool, "--against", "rusty")
    assert ran.code == 2
    assert '"rust"' in ran.complaint


HIDE = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"numpy", "scipy", "sklearn"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hidden())
from slackincidents.cli import main
sys.exit(main(sys.argv[1:]))
"""


def without_packages(*words: str) -> subprocess.CompletedProcess[str]:
    """The command line where numpy, scipy and scikit-learn are not installed."""
    line = [sys.executable, "-c", HIDE, *words]
    return subprocess.run(line, env=environment(), capture_output=True, text=True, check=False)


def test_without_the_extra_it_says_how_to_get_it(pool: Path) -> None:
    """Everything else works: the packages are loaded only by this verb."""
    assert without_packages("--help").returncode == 0
    refused = without_packages("eval", str(pool))
    assert refused.returncode == 2
    assert "pip install 'slackincidents[evals]'" in refused.stderr
