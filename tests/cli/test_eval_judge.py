"""`slackincidents eval --judge` with a model behind a server that really listens, and without one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from slackincidents.realism.results import Evaluation, Judge
from tests.chat.server import Behaviour, Question, Server, serving
from tests.cli.conftest import PROGRAM, Cli, environment
from tests.realism.judged import first, playing
from tests.source import ROOT

KEY = "sk-canary-court-71aa"
STORE = ROOT / "tests" / "recorded" / "judge"
WORDS = ("eval", "made", "--against", "real", "--quick", "--judge", "--pairs", 4, "--samples", 1, "--format", "json")
CALLS = 6
"""Two incidents give four pairs at most and one control: three calls an order."""


@pytest.fixture
def sets(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Made-up incidents in `made`, others that stand for real ones in `real`; no model is configured."""
    for name in ("OPENAI_API_KEY", "OPENAI_MODEL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SLACKINCIDENTS_CACHE", str(tmp_path / "replies"))
    assert cli("generate", "cache-failure", "--variants", 4, "--writer", "offline", "-o", "made").code == 0
    assert cli("generate", "kafka-lag", "--variants", 4, "--writer", "offline", "-o", "real").code == 0


@pytest.fixture
def server(sets: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A judge who always says A."""
    with serving(Behaviour(playing(first), key=KEY)) as running:
        configured(running, monkeypatch)
        yield running


def configured(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment in which this server is asked."""
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_MODEL", "a-judge")


def verdict(out: str) -> Judge:
    """The judge's section of a report in JSON."""
    found = Evaluation.model_validate_json(out).judge
    assert found is not None
    return found


def test_nobody_is_asked_unless_it_is_said(cli: Cli, server: Server) -> None:
    """A key alone sends nothing; the report says how to ask."""
    ran = cli("eval", "made", "--against", "real", "--quick")
    assert ran.code == 0, ran.err
    assert server.asked == 0
    assert "Judge: skipped: not asked for. --judge has a model compare blind pairs" in ran.out


def test_the_judge_is_asked_and_shown(cli: Cli, server: Server, tmp_path: Path) -> None:
    """Terminal, JSON and page show the share taken for real, the model and the tells; stderr what it cost."""
    ran = cli(*WORDS, "--report", "out.html")
    assert ran.code == 0, ran.err
    found = verdict(ran.out)
    shares = {score.name: score.value for score in found.scores}
    assert (found.skipped, found.model, found.pairs) == (None, "a-judge", 4)
    assert (shares["taken_for_real"], shares["judge_flips"], shares["judge_first"]) == (0.5, 1, 1)
    assert found.reasons[0].name == "formula"
    assert re.search(rf"^judge: {CALLS} calls paid \([\d,]+ tokens\), 0 found in store$", ran.err, re.M)
    told = cli(*WORDS[:-2]).out
    assert "Judge: a-judge, 4 blind pairs." in told
    assert "made-up excerpts taken for real" in told
    shown = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "a-judge compared 4 pairs blind" in shown
    assert KEY not in shown + told + ran.out + ran.err


def test_nothing_is_paid_twice_and_no_key_is_needed_again(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same call finds every reply; without key and network, the folder alone gives the same bytes."""
    paid = cli(*WORDS, "--replies", "kept")
    again = cli(*WORDS, "--replies", "kept")
    assert server.asked == CALLS
    assert f"judge: 0 calls paid (0 tokens), {CALLS} found in store" in again.err
    for name in ("OPENAI_API_KEY", "OPENAI_MODEL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name)
    alone = cli(*WORDS, "--replies", "kept", "--model", "a-judge")
    assert paid.out == again.out == alone.out


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_half_way_it_goes_on(
    sets: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cli: Cli, number: signal.Signals, code: int
) -> None:
    """Ctrl-C (or SIGTERM) at the third question: what had come is kept, and the same call asks only for the rest."""
    running: list[subprocess.Popen[str]] = []
    asked: list[str] = []

    def answer(question: Question) -> str:
        asked.append(question.key)
        if len(asked) == 3:
            os.kill(running[0].pid, number)
        return playing(first)(question)

    with serving(Behaviour(answer, key=KEY)) as server:
        configured(server, monkeypatch)
        line = [*PROGRAM, *map(str, WORDS), "--concurrency", "1"]
        running.append(
            subprocess.Popen(
                line, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        out, err = running[0].communicate(timeout=120)
        assert (running[0].returncode, out) == (code, ""), err
        kept = {path.stem for path in (tmp_path / "replies").glob("??/*.json")}
        assert 2 <= len(kept) < CALLS
        stopped = len(asked)
        ran = cli(*WORDS)
        assert ran.code == 0, ran.err
        assert len(asked) - stopped == CALLS - len(kept)
        assert not set(asked[:2]) & set(asked[stopped:])
    assert verdict(ran.out).pairs == 4


def test_an_estimate_sends_nothing(cli: Cli, server: Server) -> None:
    """It names the calls that will be made, and asks nobody."""
    ran = cli(*WORDS, "--estimate")
    assert ran.code == 0, ran.err
    assert re.search(rf"^calls +{CALLS}$", ran.out, re.M)
    assert re.search(r"^prompt +about [\d,]{5,} tokens$", ran.out, re.M)
    assert server.asked == 0


def test_a_judge_who_fails_does_not_take_the_report_along(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused key, a spent budget: one line, the exit code, and everything else is reported."""
    spent = cli(*WORDS, "--max-tokens-total", 6000, "--concurrency", 1)
    assert spent.code == 3
    assert "the same command with a higher --max-tokens-total goes on" in spent.err
    assert "the same command" in (verdict(spent.out).skipped or "")
    assert 0 < server.asked < CALLS
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-9c1d")
    refused = cli(*WORDS)
    assert refused.code == 2
    assert Evaluation.model_validate_json(refused.out).set.incidents == 4
    assert "sk-wrong-9c1d" not in refused.out + refused.err


def test_without_a_key_it_says_how_to_get_one(cli: Cli, sets: None) -> None:
    """Offline the report names what to set, and the exit code is that of the rest."""
    ran = cli("eval", "made", "--against", "real", "--quick", "--judge", "--model", "m")
    assert ran.code == 0
    assert "Judge: skipped: no OPENAI_API_KEY" in ran.out
    assert "OPENAI_BASE_URL" in ran.out
    assert "judge: skipped, no OPENAI_API_KEY" in ran.err


def test_another_sets_replies_do_not_fit(cli: Cli, sets: None) -> None:
    """A folder of replies to other questions (those judged by hand) is no verdict on this set, and stays as it is."""
    before = sorted(path.name for path in STORE.rglob("*"))
    ran = cli(*WORDS, "--replies", STORE, "--model", "by-hand")
    assert ran.code == 0
    assert (verdict(ran.out).skipped or "").startswith("no recorded reply")
    assert sorted(path.name for path in STORE.rglob("*")) == before


@pytest.mark.parametrize("words", [("--pairs", 3), ("--estimate",), ("--model", "m"), ("--replies", "r")])
def test_its_options_need_it(cli: Cli, sets: None, words: tuple[object, ...]) -> None:
    """What is about the judge is refused without --judge, before anything is read."""
    ran = cli("eval", "nowhere", *words)
    assert ran.code == 2
    assert "Say --judge too" in ran.complaint


def test_two_sets_beside_each_other(cli: Cli, sets: None, tmp_path: Path) -> None:
    """`--beside`: a column a set in text, both in the JSON, both on the page."""
    ran = cli("eval", "made", "--beside", "real", "--quick", "--report", "two.html")
    assert ran.code == 0, ran.err
    head = next(line for line in ran.out.splitlines() if line.startswith("measure"))
    assert head.split() == ["measure", "made", "real"]
    found = json.loads(cli("eval", "made", "--beside", "real", "--quick", "--format", "json").out)
    assert [one["set"]["name"] for one in found] == ["made", "real"]
    shown = (tmp_path / "two.html").read_text(encoding="utf-8")
    assert "made and real" in shown


def test_the_page_links_into_the_incidents(cli: Cli, sets: None, tmp_path: Path) -> None:
    """Where an incident has its own page beside it, its lines link there, from wherever the report lies."""
    assert cli("generate", "cache-failure", "--variants", 4, "--writer", "offline", "-o", "made", "--format", "html",
               "--force").code == 0  # fmt: skip
    (tmp_path / "reports").mkdir()
    assert cli("eval", "made", "--against", "real", "--report", "reports/out.html").code == 0
    shown = (tmp_path / "reports" / "out.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"#]+)#m(\d+)"', shown)
    assert links
    for where, number in links:
        target = (tmp_path / "reports" / where).resolve()
        assert f'id="m{number}"' in target.read_text(encoding="utf-8")
