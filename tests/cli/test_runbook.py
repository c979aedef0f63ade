"""`slackincidents runbook`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slackincidents.library import Library
from tests.cli.conftest import Cli


def test_markdown_goes_to_standard_output(cli: Cli) -> None:
    """Without options it is Markdown, and nothing else is said."""
    ran = cli("runbook", "cache-failure")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("# Runbook: Recommendation cache failure\n\n## Severity: SEV-3\n")


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (("--format", "text"), "Runbook: Recommendation cache failure\n====="),
        (("--format", "html"), "<!DOCTYPE html>"),
        (("--format", "md", "-o", "-"), "# Runbook: "),
    ],
)
def test_formats(cli: Cli, words: tuple[str, ...], start: str) -> None:
    """--format chooses the form; `-o -` is standard output."""
    assert cli("runbook", "cache-failure", *words).out.lstrip().startswith(start)


@pytest.mark.parametrize(("name", "start"), [("a.md", "# "), ("a.html", "<!DOCTYPE"), ("a.txt", "Run"), ("a", "# ")])
def test_the_ending_names_the_format(cli: Cli, tmp_path: Path, name: str, start: str) -> None:
    """A file gets the form its name asks for, Markdown without an ending; a second time only with --force."""
    ran = cli("runbook", "high-cpu", "-o", name)
    assert (ran.code, ran.out, ran.err) == (0, "", f"wrote {name}\n")
    assert (tmp_path / name).read_text(encoding="utf-8").lstrip().startswith(start)
    assert "--force" in cli("runbook", "high-cpu", "-o", name).complaint
    assert cli("runbook", "high-cpu", "-o", name, "--force").code == 0


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("cache-failur",), 'Did you mean "cache-failure"'),
        (("cache-failure", "--format", "pdf"), "pdf"),
        (("cache-failure", "-o", "a.pdf"), "no format is called .pdf"),
        (("nowhere.json",), "nowhere.json does not exist"),
    ],
)
def test_a_mistake_is_told_in_one_line(cli: Cli, words: tuple[str, ...], part: str) -> None:
    """Exit code 2, one line, and a way on."""
    ran = cli("runbook", *words)
    assert (ran.code, ran.out) == (2, "")
    assert part in ran.complaint


def test_a_scenario_of_ones_own(cli: Cli, tmp_path: Path) -> None:
    """A skeleton file has a runbook too; one with an alert without a runbook link is refused, with the place."""
    assert cli("scenarios", "new", "slow-quotes").code == 0
    ran = cli("runbook", "slow-quotes.json")
    assert ran.code == 0
    path = tmp_path / "slow-quotes.json"
    skeleton = Library().read_skeleton(path)
    assert all(f"<{rule.runbook}>" in ran.out for rule in skeleton.alerts.values())
    raw = json.loads(path.read_text(encoding="utf-8"))
    key = next(iter(raw["alerts"]))
    del raw["alerts"][key]["runbook"]
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert f"alerts.{key}.runbook: none" in cli("runbook", "slow-quotes.json").complaint
