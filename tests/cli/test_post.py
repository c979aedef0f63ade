"""`slackincidents post` and `unpost` against a workspace that really listens."""

from __future__ import annotations

import io
import logging
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from slackincidents.api import load
from slackincidents.settings import Settings
from slackincidents.sinks.journal import locked
from tests.cli.conftest import PROGRAM, Cli, Ran, environment
from tests.cli.slack import POST, RUNS, scene_for, shop, small
from tests.slack.clocks import Hurried
from tests.slack.faults import Fault
from tests.slack.practice import complaints
from tests.slack.pretend import pretended
from tests.slack.scene import ALERTS_TOKEN, POSTER_TOKEN, SHOP, TEAM
from tests.slack.stand import Stand


@pytest.fixture
def brief(cli: Cli, tmp_path: Path) -> Path:
    """An incident of two minutes."""
    assert cli("generate", "traffic-spike", "--seed", 7, "--pace", "brief", "-o", "brief.json").code == 0
    return tmp_path / "brief.json"


@pytest.fixture
def stand(brief: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """A workspace with the incident's channels, named in the environment."""
    with shop(monkeypatch, scene_for(brief)) as one:
        yield one


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """The usual workspace."""
    with shop(monkeypatch, SHOP) as one:
        yield one


def texts(stand: Stand, channel: str = "incidents") -> list[str]:
    """What a channel holds."""
    return [message.text for message in stand.ledger()[channel]]


def spoil(path: Path, before: str, after: str) -> None:
    """Change a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """A person at a terminal who types this."""
    monkeypatch.setattr("slackincidents.cli.posting.can_ask", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))


def test_an_incident_is_posted(cli: Cli, stand: Stand, tmp_path: Path) -> None:
    """It stands as its file says; stdout names the run, stderr how far it came and how to take it back."""
    ran = cli("post", "brief.json", "--yes")
    assert ran.code == 0, ran.err
    assert complaints(load("brief.json"), stand.ledger()) == []
    run = ran.out.strip()
    assert re.fullmatch(rf"{re.escape(RUNS)}/[0-9a-f]{{12}}", run)
    assert (tmp_path / run / "journal.jsonl").is_file()
    assert f"slackincidents unpost {run}" in ran.err.splitlines()[-1]
    total = len(load("brief.json").timeline)
    assert f"traffic-spike-7: {total} of {total} posted" in ran.err


def test_the_alerts_have_a_bot_of_their_own(cli: Cli, stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ALERT_BOT_TOKEN the second bot posts alerts, under ALERT_BOT_NAME, and nothing else."""
    monkeypatch.setenv("ALERT_BOT_TOKEN", ALERTS_TOKEN)
    monkeypatch.setenv("ALERT_BOT_NAME", "Watchdog")
    assert cli("post", "brief.json", "--yes").code == 0
    timeline = load("brief.json").timeline
    for held in stand.ledger().values():
        for message in held:
            alert = timeline[message.key[1]].type == "alert"
            assert message.user == ("U0ALERTS01" if alert else "U0POSTER01")
            assert (message.username == "Watchdog") is alert


def test_the_same_command_again_posts_nothing(cli: Cli, stand: Stand) -> None:
    """A finished run stays finished; the line says how to post a second time."""
    first = cli("post", "brief.json", "--yes")
    calls = len(stand.calls(POST))
    again = cli("post", "brief.json", "--yes")
    assert (again.code, again.out) == (0, first.out)
    assert len(stand.calls(POST)) == calls
    assert "--run" in again.err
    assert cli("post", "brief.json", "--yes", "--run", "second").code == 0
    assert len(stand.calls(POST)) == 2 * calls


@pytest.mark.parametrize("how", ["--dry-run", "--preview-only"])
def test_a_rehearsal_opens_no_socket(cli: Cli, brief: Path, socket_disabled: None, tmp_path: Path, how: str) -> None:
    """Without token and without any socket: everything is shown, nothing is made, and the exit code is 0."""
    before = set(tmp_path.iterdir())
    ran = cli("post", "brief.json", how)
    assert ran.code == 0, ran.err
    incident = load(brief)
    assert all(event.channel in ran.out for event in incident.timeline)
    assert "nothing was posted" in ran.err.splitlines()[-1]
    assert f"{len(incident.timeline)} messages" in ran.err
    assert set(tmp_path.iterdir()) == before
    if how == "--dry-run":
        assert len(ran.out.splitlines()) == len(incident.timeline)


def test_a_preview_shows_each_channel(cli: Cli, socket_disabled: None, tmp_path: Path) -> None:
    """Replies under their roots, cards, and with a test channel where each line would have stood."""
    small(tmp_path / "small.json")
    ran = cli("post", "small.json", "--preview-only", "--test-channel", "#random")
    assert ran.out.splitlines()[:4] == [
        "#random: 6 messages",
        "  T+0s  Monitoring Bot (#incidents)",
        "    | :red_circle: CRITICAL: High latency",
        "    | p95 is 900ms",
    ]
    assert "  T+20s  alice (#incidents)\n    line 1 of cache-1\n" in ran.out


def test_realtime_and_speed_are_rehearsed(cli: Cli, socket_disabled: None, tmp_path: Path) -> None:
    """A hundred seconds of incident take ten at --speed 10, and the list says when each comes."""
    small(tmp_path / "small.json")
    ran = cli("post", "small.json", "--dry-run", "--realtime", "--speed", 10)
    assert [line.split("\t")[0] for line in ran.out.splitlines()] == [f"T+{n}s" for n in (0, 2, 4, 6, 8, 10)]
    assert "in about 10 s" in ran.err


@pytest.mark.parametrize(
    ("words", "env", "part"),
    [
        (("--yes",), {"SLACK_BOT_TOKEN": ""}, "no SLACK_BOT_TOKEN"),
        (("--yes",), {"SLACK_BOT_TOKEN": "xoxp-person-1"}, "no bot's token"),
        (("--yes",), {"SLACK_BOT_TOKEN": "xoxb-unknown"}, "not accepted"),
        (("--yes",), {"SLACK_WORKSPACE_ID": ""}, "Set SLACK_WORKSPACE_ID"),
        (("--yes",), {"SLACK_WORKSPACE_ID": "T0ELSEWHERE"}, "T0ELSEWHERE"),
        (("--yes",), {"SLACK_CHANNELS_ALLOWED": "general"}, "SLACK_CHANNELS_ALLOWED"),
        (("--yes",), {"SLACK_CHANNELS_ALLOWED": " , "}, "names no channel"),
        (("--yes",), {"SLACK_API_URL": "slack"}, "SLACK_API_URL is not an address"),
        (("--yes",), {"USERGROUP_CACHE": "@cache"}, "USERGROUP_CACHE"),
        (("--yes",), {"TEST_CHANNEL_OVERRIDE": "incident"}, "no channel #incident"),
        (("--yes",), {"CHANNEL_INCIDENTS": "C0NOWHERE"}, "C0NOWHERE"),
        (("--yes", "--test-channel", "old-incidents"), {}, "archived"),
        (("--yes", "--test-channel", "with-supplier"), {}, "another organisation"),
        ((), {}, "--yes"),
        (("--yes", "--speed", "10"), {}, "--realtime"),
        (("--yes", "--realtime", "--speed", "0"), {}, "speed"),
        (("--yes", "--realtime", "--speed", "nan"), {}, "speed"),
        (("--yes", "--interval", "-1"), {}, "--interval"),
        (("--yes", "--interval", "inf"), {}, "--interval"),
        (("--yes", "--realtim"), {}, "--realtime"),
        (("nowhere.json", "--yes"), {}, "nowhere.json does not exist"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(
    cli: Cli,
    office: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    env: dict[str, str],
    part: str,
) -> None:
    """One line with the reason, exit code 2, and not a single message."""
    small(tmp_path / "small.json")
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    ran = cli("post", "small.json", *words)
    assert ran.code == 2
    assert part in ran.complaint
    assert office.calls(POST) == ()


def test_a_refusal_names_the_command(cli: Cli, office: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that was said is in it, so that it can be copied when the cause is mended."""
    small(tmp_path / "my small.json")
    words = ("post", "my small.json", "--realtime", "--speed", "1000", "--no-mark", "--yes")
    monkeypatch.setenv("CHANNEL_INCIDENTS", "#nowhere")
    line = cli(*words).complaint
    assert "[nothing was posted]" in line
    found = re.search(r"Then: (slackincidents .*)$", line)
    assert found
    monkeypatch.setenv("CHANNEL_INCIDENTS", "#random")
    assert cli(*shlex.split(found[1])[1:]).code == 0
    assert len(office.ledger()["random"]) == 6


def test_a_person_is_asked(cli: Cli, office: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many, where, in which workspace; a no posts nothing, a yes everything."""
    small(tmp_path / "small.json")
    answering(monkeypatch, "n")
    ran = cli("post", "small.json")
    assert ran.code == 2
    assert "Post 6 messages of cache-1 to 1 channel (#incidents)" in ran.err
    assert f"in Shop Practice ({TEAM})? [y/N]" in ran.err
    assert "nothing was posted" in ran.err
    assert office.calls(POST) == ()
    answering(monkeypatch, "y")
    assert cli("post", "small.json").code == 0
    assert len(office.calls(POST)) == 6


def test_findings_stop_it_before_the_first_call(cli: Cli, office: Stand, tmp_path: Path) -> None:
    """A file that the validator has something against: the findings, exit 1, no call; posted if told so."""
    small(tmp_path / "small.json")
    spoil(tmp_path / "small.json", "line 1 of", "**line 1** of @nobody-oncall")
    for how in ("--yes", "--dry-run"):
        ran = cli("post", "small.json", how)
        assert ran.code == 1
        assert "--allow-findings" in ran.err
        assert "small.json: " in ran.err.splitlines()[0]
    assert office.heard == ()
    assert cli("post", "small.json", "--yes", "--allow-findings").code == 0
    assert "line 1 of @nobody-oncall" in texts(office)[1].replace("*", "")


def test_a_file_that_cannot_be_posted_is_refused(cli: Cli, office: Stand, tmp_path: Path) -> None:
    """What no option mends, such as a thread parent that comes later, is told whole."""
    small(tmp_path / "small.json")
    spoil(tmp_path / "small.json", '"content": "line 1', '"thread_parent": 5, "content": "line 1')
    ran = cli("post", "small.json", "--yes", "--allow-findings")
    assert ran.code == 2
    assert "thread_parent" in ran.complaint
    assert office.heard == ()


def test_the_test_channel_takes_everything(cli: Cli, stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """TEST_CHANNEL_OVERRIDE or --test-channel, which wins; then, in another run, the real channels."""
    monkeypatch.setenv("TEST_CHANNEL_OVERRIDE", "random")
    total = len(load("brief.json").timeline)
    test = cli("post", "brief.json", "--yes", "--test-channel", "#alerts")
    assert {name: len(held) for name, held in stand.ledger().items() if held} == {"alerts": total}
    assert cli("post", "brief.json", "--yes").code == 0
    assert len(stand.ledger()["random"]) == total
    monkeypatch.delenv("TEST_CHANNEL_OVERRIDE")
    real = cli("post", "brief.json", "--yes")
    assert (real.code, real.out) != (0, test.out)
    assert sum(len(held) for held in stand.ledger().values()) == 3 * total


def test_a_mapping_from_the_env_file(cli: Cli, office: Stand, tmp_path: Path) -> None:
    """CHANNEL_ lines in .env send a channel elsewhere, by id or by name."""
    small(tmp_path / "small.json")
    (tmp_path / ".env").write_text("CHANNEL_INCIDENTS=alerts\n", encoding="utf-8")
    assert cli("post", "small.json", "--yes").code == 0
    assert len(office.ledger()["alerts"]) == 6
    assert office.ledger()["incidents"] == ()


def test_nobody_is_called_without_ping(cli: Cli, office: Stand, tmp_path: Path) -> None:
    """A mention stays plain text, and whoever is asked is told so; with --ping a real group is called."""
    small(tmp_path / "small.json")
    spoil(tmp_path / "small.json", "line 1 of", "@checkout-oncall, line 1 of")
    words = ("post", "small.json", "--yes", "--allow-findings")
    assert cli(*words).code == 0
    assert "@checkout-oncall" in texts(office)[1]
    assert [message for message in office.ledger()["incidents"] if message.wakes] == []
    assert "notify nobody" in cli(*words, "--dry-run").err
    assert cli(*words, "--ping", "--run", "loud").code == 0
    assert [message.text for message in office.ledger()["incidents"] if message.wakes] == [
        "<!subteam^S0CHECKOUT>, line 1 of cache-1"
    ]


def test_a_limit_that_does_not_end(cli: Cli, stand: Stand, tmp_path: Path) -> None:
    """Exit code 3; what stands, what does not, the command that goes on; which does, with nothing twice."""
    stand.faults.order(POST, 6, Fault.RATE_LIMIT, lasting=True)
    ran = cli("post", "brief.json", "--yes")
    assert ran.code == 3
    line = ran.err.splitlines()[-1]
    assert line.startswith("error: ")
    assert re.search(r"\[posted: \d+ events? \(.*not posted: \d+ events \(", line)
    stand.faults.cancel()
    found = re.search(r"To go on: (slackincidents post .*?) \(to take it back: slackincidents unpost (\S+)\)$", line)
    assert found, line
    assert cli(*shlex.split(found[1])[1:]).code == 0
    assert complaints(load("brief.json"), stand.ledger()) == []
    assert (tmp_path / found[2] / "journal.jsonl").exists()


def test_several_incidents_one_after_the_other(cli: Cli, office: Stand, tmp_path: Path) -> None:
    """Two files, and what stops the second one says that the first stands; the same command goes on."""
    for name in ("one", "two"):
        small(tmp_path / f"{name}.json", name)
    office.faults.order(POST, 9, Fault.RATE_LIMIT, lasting=True)
    words = ("post", "one.json", "two.json", "--yes")
    ran = cli(*words)
    line = ran.err.splitlines()[-1]
    assert ran.code == 3
    assert "incident two" in line
    assert "6 messages of one" in line
    assert f"To go on: slackincidents {' '.join(words)} (to take it back: slackincidents unpost {RUNS}/" in line
    office.faults.cancel()
    assert cli(*words).code == 0
    assert [f"line {n} of {name}" for name in ("one", "two") for n in range(1, 6)] == [
        text for text in texts(office) if text
    ]
    run = next((tmp_path / RUNS).iterdir())
    assert cli("unpost", run).code == 0
    assert texts(office) == []


def test_the_interval_parts_the_starts(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--interval 600: the second incident begins ten minutes after the first, in time that runs 300 times as fast."""
    for name in ("one", "two"):
        small(tmp_path / f"{name}.json", name)
    with shop(monkeypatch, SHOP, clock=Hurried.starting(300.0)) as stand:
        ran = cli("post", "one.json", "two.json", "--yes", "--interval", 600)
        assert ran.code == 0, ran.err
        first, second = (
            [float(message.ts) for message in stand.ledger()["incidents"] if message.key[0] == name]
            for name in ("one", "two")
        )
        assert (len(first), len(second)) == (6, 6)
        assert 500 < second[0] - first[0] < 1200


def test_two_at_a_time_are_one_too_many(cli: Cli, office: Stand, tmp_path: Path) -> None:
    """While one process posts from a folder, another is refused."""
    small(tmp_path / "small.json")
    with locked(tmp_path / "mine"):
        ran = cli("post", "small.json", "--yes", "--run", "mine")
    assert ran.code == 2
    assert "another process is posting from mine" in ran.complaint
    assert office.calls(POST) == ()


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_stopped_and_on(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, signum: int, code: int) -> None:
    """Stopped on its way, in real time: what stands and the way on, if it can still say so; the rest follows, once."""
    small(tmp_path / "small.json")
    with shop(monkeypatch, SHOP) as stand:
        words = ("post", "small.json", "--yes")
        process = subprocess.Popen(
            [*PROGRAM, *words],
            cwd=tmp_path,
            env=environment(),
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        end = time.monotonic() + 60
        while len(stand.calls(POST)) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signum)
        _, err = process.communicate(timeout=60)
        assert process.returncode == code, err
        stands = len(texts(stand))
        assert 2 <= stands < 6
        if code > 0:
            assert re.search(r"^cache-1: [2-5] events posted, [1-4] not$", err, re.M)
            assert f"to go on: slackincidents {' '.join(words)}" in err
        assert "Traceback" not in err
        assert cli(*words).code == 0
        assert texts(stand)[1:] == [f"line {n} of cache-1" for n in range(1, 6)]


def test_a_run_can_be_taken_back(cli: Cli, office: Stand, tmp_path: Path) -> None:
    """Its messages are gone and no others; taking it back twice does no harm; posting again is a run of its own."""
    for name in ("one", "two"):
        small(tmp_path / f"{name}.json", name)
        assert cli("post", f"{name}.json", "--yes").code == 0
    run = cli("post", "one.json", "--yes").out.strip()
    ran = cli("unpost", run)
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "deleted 6 messages")
    assert [text for text in texts(office) if text] == [f"line {n} of two" for n in range(1, 6)]
    assert cli("unpost", run).err == "deleted 0 messages\n"
    again = cli("post", "one.json", "--yes")
    assert (again.code, again.out.strip()) == (0, f"{run}-2")
    assert len(texts(office)) == 12


def test_only_a_run_is_taken_back(cli: Cli, office: Stand, tmp_path: Path) -> None:
    """The folder of all runs, the working folder and a name that nothing has are refused; the runs are named."""
    small(tmp_path / "small.json")
    run = cli("post", "small.json", "--yes").out.strip()
    for folder in (RUNS, "."):
        ran = cli("unpost", folder)
        assert ran.code == 2
        assert run in ran.complaint
    assert cli("unpost", "nowhere").code == 2
    assert len(texts(office)) == 6


def test_taking_back_needs_the_right_workspace(
    cli: Cli, office: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token of another workspace, or none, deletes nothing."""
    small(tmp_path / "small.json")
    run = cli("post", "small.json", "--yes").out.strip()
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    assert "no SLACK_BOT_TOKEN" in cli("unpost", run).complaint
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-unknown")
    assert cli("unpost", run).code == 2
    assert len(texts(office)) == 6


def everything(ran: Ran, folder: Path, caplog: pytest.LogCaptureFixture) -> str:
    """All that could show a secret: output, log, every file but .env."""
    files = [path.read_bytes().decode(errors="replace") for path in folder.rglob("*") if path.is_file()]
    return ran.out + ran.err + caplog.text + "".join(files)


@pytest.mark.parametrize("fault", [None, Fault.ERROR_BEFORE, Fault.DROP_AFTER, Fault.MALFORMED_BEFORE])
def test_the_token_shows_nowhere(
    cli: Cli, stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault | None,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Not in output, errors, the journal, the log at its most talkative, nor in what settings look like."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("ALERT_BOT_TOKEN", ALERTS_TOKEN)
    if fault:
        stand.faults.order(POST, 4, fault, lasting=True)
    ran = cli("post", "brief.json", "--yes")
    assert ran.code == (3 if fault else 0)
    settings = Settings.from_environment()
    shown = everything(ran, tmp_path, caplog) + repr(settings) + str(settings) + settings.model_dump_json()
    assert POSTER_TOKEN not in shown
    assert ALERTS_TOKEN not in shown


def test_generate_and_post(cli: Cli, stand: Stand, tmp_path: Path) -> None:
    """In one go, with a file for oneself; the same call again goes on, and there is nothing left to do."""
    words = ("generate", "traffic-spike", "--seed", 7, "--pace", "brief", "--post", "--yes")
    ran = cli(*words)
    assert ran.code == 0, ran.err
    assert complaints(load(tmp_path / "brief.json"), stand.ledger()) == []
    calls = len(stand.calls(POST))
    again = cli(*words)
    assert "stands already" in again.err
    assert len(stand.calls(POST)) == calls
    assert cli("post", "brief.json", "--yes").out == ran.out


def test_generate_and_post_stopped(cli: Cli, stand: Stand) -> None:
    """With -o the command that goes on posts the file, which is there already."""
    stand.faults.order(POST, 3, Fault.RATE_LIMIT, lasting=True)
    words = ("generate", "traffic-spike", "--seed", 7, "--pace", "brief", "--post", "--yes", "-o", "mine.json")
    ran = cli(*words)
    assert ran.code == 3
    assert "To go on: slackincidents post mine.json --yes (" in ran.err
    stand.faults.cancel()
    assert cli("post", "mine.json", "--yes").code == 0
    assert complaints(load("mine.json"), stand.ledger()) == []


def test_generate_and_rehearse(cli: Cli, socket_disabled: None) -> None:
    """--post --dry-run: no socket, no token; the list instead of the incident."""
    ran = cli("generate", "traffic-spike", "--seed", 7, "--pace", "brief", "--post", "--dry-run")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("T+0s\t#")
    assert "nothing was posted" in ran.err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--dry-run",), "--post"),
        (("--yes",), "--post"),
        (("--post", "--yes"), "no SLACK_BOT_TOKEN"),
        (("--post", "--dry-run", "--estimate"), "--estimate"),
    ],
)
def test_generate_refuses_before_any_work(
    cli: Cli, socket_disabled: None, tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    """Options that go with --post only, and a post that cannot be: nothing is generated."""
    ran = cli("generate", "traffic-spike", *words, "-o", "x.json")
    assert ran.code == 2
    assert part in ran.complaint
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_is_asked_and_shown(tmp_path: Path) -> None:
    """On a real terminal: the question, then a picture of where it stands and what comes next."""
    small(tmp_path / "small.json", count=4)
    with pretended(SHOP) as stand:
        ours, theirs = os.openpty()
        env = environment(
            SLACK_BOT_TOKEN=POSTER_TOKEN,
            SLACK_WORKSPACE_ID=TEAM,
            SLACK_API_URL=stand.api_url,
            TERM="xterm",
            COLUMNS="120",
        )
        process = subprocess.Popen(
            [*PROGRAM, "post", "small.json"],
            cwd=tmp_path, env=env, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        os.write(ours, b"y\n")
        seen = b""
        try:
            while chunk := os.read(ours, 65536):
                seen += chunk
        except OSError:  # the other end is closed: that is how a terminal ends
            pass
        os.close(ours)
        assert process.wait(60) == 0, seen
        assert len(texts(stand)) == 4
    shown = seen.decode()
    assert "Post 4 messages of cache-1" in shown
    assert re.search(r"next .*alice in #incidents", shown)
    assert re.search(r"last .*alice in #incidents: line \d of cache-1", shown)
