"""`slackincidents validate`."""

from __future__ import annotations

import json
import math
from pathlib import Path

from slackincidents.library import data_root
from tests.cli.conftest import Cli


def test_what_we_make_is_clean(cli: Cli, made: Path) -> None:
    """A file just made passes every rule, none skipped."""
    ran = cli("validate", made)
    assert (ran.code, ran.out, ran.err) == (0, f"{made}: clean\n", "")


def test_findings_have_a_place_and_exit_code_1(cli: Cli, made: Path) -> None:
    """A swapped pair of events is found where it is."""
    incident = json.loads(made.read_text(encoding="utf-8"))
    incident["timeline"][4]["offset_seconds"] = 1
    made.write_text(json.dumps(incident), encoding="utf-8")
    ran = cli("validate", made)
    assert ran.code == 1
    assert "timeline[4]" in ran.out
    as_json = cli("validate", made, "--format", "json")
    assert as_json.code == 1
    report = json.loads(as_json.out)["files"][0]
    assert not report["clean"]
    assert 4 in {finding["index"] for finding in report["findings"]}


def test_a_strangers_file_is_checked_as_far_as_it_goes(cli: Cli, tmp_path: Path) -> None:
    """The seed's own example has no plan: the rules that need one are named, with the reason."""
    (tmp_path / "seed.json").write_text(json.dumps(SEED_EXAMPLE), encoding="utf-8")
    ran = cli("validate", "seed.json")
    assert ran.code == 0, ran.out
    assert "skipped" in ran.out
    assert "no provenance" in ran.out


def test_a_strangers_engineers_are_no_error(cli: Cli, made: Path) -> None:
    """A file made with other people is checked without its plan."""
    incident = json.loads(made.read_text(encoding="utf-8"))
    incident["provenance"]["engineers"] = {"recommendation": ["somebody-else"]}
    made.write_text(json.dumps(incident), encoding="utf-8")
    ran = cli("validate", made)
    assert ran.code == 0
    assert "are not the ones it was made from" in ran.out


def test_a_skeleton_is_told_from_an_incident(cli: Cli) -> None:
    """One line says that it is a skeleton, and the command it names checks it."""
    path = next((data_root() / "scenarios" / "skeletons").glob("*.json"))
    ran = cli("validate", path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint == f"{path} is a skeleton, not an incident. Check it with: slackincidents scenarios {path}"
    assert cli("scenarios", path).code == 0


def test_a_number_that_is_none_is_a_finding(cli: Cli, made: Path) -> None:
    """NaN in the metadata is found by its own rule, not passed over."""
    incident = json.loads(made.read_text(encoding="utf-8"))
    incident["metadata"]["customers"] = math.nan
    made.write_text(json.dumps(incident), encoding="utf-8")
    ran = cli("validate", made)
    assert (ran.code, ran.err) == (1, "")
    assert "FMT004 not-a-number at incident: metadata.customers is nan" in ran.out


def test_one_bad_file_does_not_hide_the_others(cli: Cli, made: Path, tmp_path: Path) -> None:
    """All files are looked at; the worst decides."""
    ran = cli("validate", "missing.json", made)
    assert ran.code == 2
    assert f"{made}: clean" in ran.out
    assert "missing.json does not exist" in ran.complaint


SEED_EXAMPLE = {
    "scenario_id": "cache-failure-001",
    "scenario_type": "cache-failure",
    "title": "Recommendation Cache Failure",
    "start_time": "2024-12-11T14:30:00Z",
    "services": {
        "recommendation": {
            "channel": "#recommendation-oncall",
            "oncall_group": "@recommendation-oncall",
            "role": "primary",
        }
    },
    "timeline": [
        {
            "offset_seconds": 0,
            "type": "alert",
            "channel": "#recommendation-oncall",
            "severity": "warning",
            "title": "High Latency Detected",
            "details": "P95 latency increased from 50ms to 500ms",
            "metrics": {"p95_latency": "500ms", "p99_latency": "800ms", "error_rate": "0%"},
            "runbook": "https://wiki.company.com/runbooks/recommendation-latency",
        },
        {
            "offset_seconds": 10,
            "type": "message",
            "channel": "#recommendation-oncall",
            "user": "alice",
            "content": "Looking into this, checking the graphs",
            "thread_parent": 0,
        },
    ],
}
