"""`slackincidents slack manifest`, `webhook` and `doctor --slack`."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from slackincidents.library import Library
from tests.cli.conftest import Cli
from tests.cli.slack import POST, shop, small
from tests.slack.faults import Fault
from tests.slack.scene import ALERTS_TOKEN, ALL_SCOPES, POSTER_TOKEN, SHOP, ChannelSeed, GroupSeed
from tests.slack.stand import Stand

CANARY = "hook-canary-93ab"
HOOK = "webhook"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """The usual workspace; its webhook's address holds a secret."""
    hook = SHOP.webhooks[0].model_copy(update={"label": CANARY})
    with shop(monkeypatch, SHOP.model_copy(update={"webhooks": (hook,)})) as one:
        monkeypatch.setenv("SLACK_WEBHOOK_URL", one.webhook_url(CANARY))
        yield one


def held(stand: Stand) -> list[str]:
    """The texts in the webhook's channel; a card where there is no text."""
    return [message.text or str(message.raw["attachments"]) for message in stand.ledger()["alerts"]]


def test_the_manifest_has_what_the_poster_needs(cli: Cli) -> None:
    """JSON to paste: the scopes the stand-in's bot has, a bot user, Socket Mode; private channels when asked for."""
    made = json.loads(cli("slack", "manifest", "--private").out)
    assert set(made["oauth_config"]["scopes"]["bot"]) == set(ALL_SCOPES)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["settings"]["token_rotation_enabled"] is False
    assert made["features"]["bot_user"]["display_name"] == made["display_information"]["name"]
    plain = json.loads(cli("slack", "manifest", "--name", "Practice").out)
    assert not [scope for scope in plain["oauth_config"]["scopes"]["bot"] if scope.startswith("groups:")]
    assert plain["display_information"]["name"] == "Practice"


@pytest.mark.parametrize("alerts", [False, True])
def test_the_manifest_is_enough(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, alerts: bool) -> None:
    """Bots with just these scopes create, join and post: people's alone, and with the second one for alerts."""
    small(tmp_path / "small.json")
    scene = SHOP.model_copy(update={"channels": SHOP.channels[:1]})
    for name, words in (("incident-poster", ()), ("monitoring", ("--alerts",))):
        scopes = json.loads(cli("slack", "manifest", *words).out)["oauth_config"]["scopes"]["bot"]
        bots = tuple(
            bot.model_copy(update={"scopes": tuple(scopes)}) if bot.name == name else bot for bot in scene.bots
        )
        scene = scene.model_copy(update={"bots": bots})
    with shop(monkeypatch, scene, {"ALERT_BOT_TOKEN": ALERTS_TOKEN} if alerts else {}) as stand:
        ran = cli("post", "small.json", "--yes", "--create-channels", "--join", "--ping")
        assert ran.code == 0, ran.err
        assert len(stand.ledger()["incidents"]) == 6
        assert {heard.method for heard in stand.heard if heard.outcome != "ok"} <= {"conversations.list"}
        assert "scope" not in ran.err


@pytest.mark.parametrize(
    "words", [("slack",), ("slack", "manifst"), ("slack", "manifest", "--name", "x" * 36), ("slack", "manifest", "x")]
)
def test_a_mistyped_manifest(cli: Cli, words: tuple[str, ...]) -> None:
    """One line, exit code 2."""
    ran = cli(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint


def test_the_alerts_of_an_incident_go_through_a_webhook(cli: Cli, office: Stand, tmp_path: Path) -> None:
    """All of them in order with their cards, nothing else; the line says what a webhook cannot do."""
    assert cli("generate", "cache-failure", "--seed", 3, "--pace", "brief", "-o", "brief.json").code == 0
    titles = [
        event["title"]
        for event in json.loads((tmp_path / "brief.json").read_text(encoding="utf-8"))["timeline"]
        if event["type"] == "alert"
    ]
    ran = cli("webhook", "brief.json", "--yes")
    assert ran.code == 0, ran.err
    assert all(title in shown for title, shown in zip(titles, held(office), strict=True))
    assert "no threads, personas, reactions" in ran.err
    assert ran.err.splitlines()[-1] == f"posted {len(titles)} messages"
    raw = office.ledger()["alerts"][0].raw["attachments"]
    assert isinstance(raw, list)
    assert "simulated" in str(raw[0])


def test_a_plain_message_is_escaped(cli: Cli, office: Stand) -> None:
    """Neither a broadcast nor a tag gets through; the small line says that it is simulated, unless told not to."""
    assert cli("webhook", "--text", "a < b, <!channel> and @here", "--yes").code == 0
    assert cli("webhook", "--text", "bare", "--yes", "--no-mark").code == 0
    first, second = office.ledger()["alerts"]
    assert "<!" not in str(first.raw)
    assert "&lt;" in first.text
    assert "simulated" in str(first.raw)
    assert "simulated" not in str(second.raw)


@pytest.mark.parametrize("fault", [Fault.ERROR_AFTER, Fault.DROP_AFTER, Fault.MALFORMED_AFTER, Fault.DROP_BEFORE])
def test_nothing_is_sent_twice(cli: Cli, office: Stand, tmp_path: Path, fault: Fault) -> None:
    """When nobody knows whether a message arrived it is not repeated; the line says which, and both ways on."""
    assert cli("generate", "cache-failure", "--seed", 3, "--pace", "brief", "-o", "brief.json").code == 0
    office.faults.order(HOOK, 2, fault)
    ran = cli("webhook", "brief.json", "--yes")
    assert ran.code == 3
    assert "[posted: 1; message 2 may stand or not" in ran.err
    assert "--from 2 goes on, or --from 3 if it stands" in ran.err
    assert len(office.calls(HOOK)) == 2
    assert cli("webhook", "brief.json", "--yes", "--from", 2 if len(held(office)) == 1 else 3).code == 0
    timeline = json.loads((tmp_path / "brief.json").read_text(encoding="utf-8"))["timeline"]
    alerts = sum(event["type"] == "alert" for event in timeline)
    assert len(held(office)) == len(set(map(str, office.ledger()["alerts"]))) == alerts > 2


def test_a_busy_webhook_is_waited_for(cli: Cli, office: Stand) -> None:
    """429 was not taken: it is sent again after the time asked for."""
    office.faults.order(HOOK, 1, Fault.RATE_LIMIT)
    assert cli("webhook", "--text", "once", "--yes").code == 0
    assert held(office) == ["once"]
    times = [heard.at for heard in office.calls(HOOK)]
    assert times[1] - times[0] >= 30


@pytest.mark.parametrize(
    ("words", "env", "part"),
    [
        (("--text", "x", "--yes"), {"SLACK_WEBHOOK_URL": ""}, "SLACK_WEBHOOK_URL"),
        (("--text", "x", "--yes", "--url", f"http://127.0.0.1/{CANARY}"), {}, "no address of an incoming webhook"),
        (("--text", "x", "--yes", "--url", f"{CANARY}"), {}, "no address of an incoming webhook"),
        (("--text", "x", "--yes"), {"SLACK_WORKSPACE_ID": "T0ELSEWHERE"}, "T0ELSEWHERE"),
        (("--text", "x"), {}, "--yes"),
        (("--text", " ", "--yes"), {}, "empty"),
        (("--text", "x", "small.json", "--yes"), {}, "one of them"),
        (("--yes",), {}, "one of them"),
        (("small.json", "--yes", "--from", "7"), {}, "--from 7"),
    ],
    ids=str,
)
def test_what_a_webhook_cannot_is_refused(
    cli: Cli,
    office: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    env: dict[str, str],
    part: str,
) -> None:
    """Exit code 2, the reason, no call, and the address is not repeated."""
    small(tmp_path / "small.json")
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    ran = cli("webhook", *words)
    assert ran.code == 2
    assert part in ran.err.splitlines()[-1]
    assert CANARY not in ran.out + ran.err
    assert office.heard == ()


def test_a_person_is_asked_before_a_webhook(cli: Cli, office: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """A no posts nothing."""
    monkeypatch.setattr("slackincidents.cli.slack.can_ask", lambda: True)
    for answer, count in (("n", 0), ("y", 1)):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
        cli("webhook", "--text", "hello")
        assert len(held(office)) == count


def test_a_webhook_is_rehearsed_without_a_socket(cli: Cli, tmp_path: Path, socket_disabled: None) -> None:
    """--dry-run needs no address."""
    small(tmp_path / "small.json")
    ran = cli("webhook", "small.json", "--dry-run")
    assert (ran.code, ran.out) == (0, "1\t🔴 CRITICAL: High latency\n")


@pytest.mark.parametrize("fault", [None, Fault.ERROR_BEFORE, Fault.DROP_BEFORE, Fault.MALFORMED_BEFORE])
def test_the_address_shows_nowhere(
    cli: Cli, office: Stand, tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: Fault | None
) -> None:
    """Not in output, log or file, be it posted, refused or broken; a webhook that is gone is told as such."""
    caplog.set_level(logging.DEBUG)
    if fault:
        office.faults.order(HOOK, 1, fault)
    ran = cli("webhook", "--text", "x", "--yes")
    assert ran.code == (3 if fault else 0)
    gone = cli("webhook", "--text", "x", "--yes", "--url", office.webhook_url(f"{CANARY}-gone"))
    assert gone.code == 2
    assert "not there" in gone.err
    shown = ran.out + ran.err + gone.out + gone.err + caplog.text
    assert CANARY not in shown + "".join(str(path) for path in tmp_path.rglob("*"))


def services_scene(missing: int = 2) -> tuple[tuple[ChannelSeed, ...], tuple[GroupSeed, ...]]:
    """The channels and groups of the shipped services but for the last few of each."""
    services = list(Library().catalogue().services.values())
    channels = list(dict.fromkeys(service.channel.lstrip("#") for service in services))
    groups = list(dict.fromkeys(service.oncall_group.lstrip("@") for service in services))
    return (
        tuple(ChannelSeed(name=name) for name in channels[:-missing]),
        tuple(GroupSeed(id=f"S{n:06d}", handle=name, name=name) for n, name in enumerate(groups[:-missing])),
    )


def test_the_doctor_writes_the_mapping(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What goes to stdout is a .env: what is found has a line, what is missing a comment; stderr says the rest."""
    channels, groups = services_scene()
    with shop(monkeypatch, SHOP.model_copy(update={"channels": channels, "groups": groups})) as stand:
        ran = cli("doctor", "--slack")
        assert ran.code == 0, ran.err
        lines = ran.out.splitlines()
        assert lines[0] == "SLACK_WORKSPACE_ID=T000000001"
        assert sum(line.startswith("CHANNEL_") for line in lines) == len(channels)
        assert sum(line.startswith("# CHANNEL_") for line in lines) == 2
        assert sum(line.startswith("USERGROUP_") for line in lines) == len(groups)
        assert sum(line.startswith("# USERGROUP_") for line in lines) == 2
        assert sum("missing" in line for line in ran.err.splitlines()) == 4
        assert "ok: scope chat:write: " in ran.err
        assert {heard.method for heard in stand.heard} <= {"auth.test", "conversations.list", "usergroups.list"}
        assert POSTER_TOKEN not in ran.out + ran.err
        (tmp_path / ".env").write_text(ran.out, encoding="utf-8")
        assert cli("generate", "cache-failure", "--seed", 8, "--pace", "brief", "-o", "x.json").code == 0
        posted = cli("post", "x.json", "--yes", "--ping")
        assert posted.code == 0, posted.err
        assert [message for held in stand.ledger().values() for message in held if message.wakes]


@pytest.mark.parametrize(
    ("env", "scope", "code", "part"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "", 2, "no SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-revoked-canary-5d21"}, "", 2, "token_revoked"),
        ({"SLACK_WORKSPACE_ID": "T0ELSEWHERE"}, "", 2, "another workspace"),
        ({"ALERT_BOT_TOKEN": ALERTS_TOKEN}, "", 0, "ALERT_BOT_TOKEN has it"),
        ({}, "chat:write", 2, "lacks it: post. Add the scope at api.slack.com/apps"),
        ({}, "channels:read", 2, "lacks it: find channels"),
        ({}, "usergroups:read", 0, "user groups"),
        ({}, "chat:write.customize", 0, "lacks it: personas"),
    ],
)
def test_the_doctor_says_what_is_missing(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], scope: str, code: int, part: str
) -> None:
    """Token, workspace, scopes: which, what for, where to click; only what stops all posting makes exit code 2."""
    with shop(monkeypatch, SHOP.with_scopes("incident-poster", without=scope), env) as stand:
        ran = cli("doctor", "--slack")
        assert ran.code == code, ran.err
        assert part in ran.err
        assert stand.calls(POST) == ()


def test_the_doctor_reads_the_env_file(cli: Cli, tmp_path: Path) -> None:
    """Without --slack it says where a variable is set, and asks nobody."""
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\n", encoding="utf-8")
    ran = cli("doctor")
    assert "SLACK_BOT_TOKEN\tset in .env" in ran.out
    assert "ALERT_BOT_TOKEN\tnot set" in ran.out
