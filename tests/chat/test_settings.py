from __future__ import annotations

from pathlib import Path

import pytest

from slackincidents.errors import BadFile, NotConfigured, UsageError
from slackincidents.settings import OPENAI, Settings, bare
from tests.chat.asking import CANARY


def read(folder: Path, written: str = "", **environ: str) -> Settings:
    """Settings from a .env with this text, and these variables."""
    (folder / ".env").write_text(written, encoding="utf-8")
    return Settings.from_environment(folder, environ)


def key(settings: Settings) -> str | None:
    """The key, to be compared."""
    return settings.openai_api_key.get_secret_value() if settings.openai_api_key else None


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    """No key, no model, the provider's own address, the cache in one's home."""
    settings = Settings.from_environment(tmp_path, {})
    assert (settings.openai_api_key, settings.openai_model, settings.openai_base_url) == (None, None, OPENAI)
    assert settings.replies == Path.home() / ".cache" / "slackincidents" / "replies"


def test_a_file_is_read(tmp_path: Path) -> None:
    """Quotes, comments, `export` and a byte order mark are understood; a dollar stays a dollar."""
    settings = read(tmp_path, '\ufeff# mine\nexport OPENAI_API_KEY="sk-$HOME"\nOPENAI_MODEL=tiny  # small\nOTHER=x\n')
    assert key(settings) == "sk-$HOME"
    assert settings.openai_model == "tiny"


def test_the_environment_wins(tmp_path: Path) -> None:
    """What is exported beats what is written; an empty variable counts as not there."""
    settings = read(tmp_path, "OPENAI_API_KEY=written\nOPENAI_MODEL=written\n", OPENAI_API_KEY="said", OPENAI_MODEL=" ")
    assert key(settings) == "said"
    assert settings.openai_model == "written"


def test_the_key_is_stripped(tmp_path: Path) -> None:
    """A line break pasted along would end up in a header."""
    assert key(read(tmp_path, OPENAI_API_KEY=" sk-1\n")) == "sk-1"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    """Neither key nor a password in the address is in a repr, a string or a dump for people."""
    settings = read(tmp_path, OPENAI_API_KEY=CANARY, OPENAI_BASE_URL=f"https://me:{CANARY}@host/v1/?k={CANARY}")
    assert CANARY not in f"{settings!r} {settings} {settings.endpoint}"
    assert settings.endpoint == "https://host/v1"


@pytest.mark.parametrize("address", ["host/v1", "ftp://host", "https://", f"http://{CANARY}:x@[bad", "x"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    """With the variable's name and how to write it, without the value: it may hold a password."""
    with pytest.raises(UsageError, match="OPENAI_BASE_URL") as caught:
        read(tmp_path, OPENAI_BASE_URL=address)
    assert "https://host/v1" in caught.value.hint
    assert CANARY not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Bytes that are not text are the user's to mend."""
    (tmp_path / ".env").write_bytes(b"OPENAI_API_KEY=\xff\xfe")
    with pytest.raises(BadFile, match=r"\.env"):
        Settings.from_environment(tmp_path, {})


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"SLACKINCIDENTS_CACHE": "/data/replies"}, "/data/replies"),
        ({"XDG_CACHE_HOME": "/var/cache/me"}, "/var/cache/me/slackincidents/replies"),
        ({"SLACKINCIDENTS_CACHE": "/data/replies", "XDG_CACHE_HOME": "/var/cache/me"}, "/data/replies"),
    ],
)
def test_where_replies_are_kept(tmp_path: Path, environ: dict[str, str], folder: str) -> None:
    """Our variable first, then the system's."""
    assert Settings.from_environment(tmp_path, environ).replies == Path(folder)


def test_the_model_is_chosen_or_configured(tmp_path: Path) -> None:
    """The choice wins; without either the error says both ways."""
    settings = read(tmp_path, OPENAI_MODEL="tiny")
    assert (settings.model("large"), settings.model()) == ("large", "tiny")
    with pytest.raises(NotConfigured) as caught:
        read(tmp_path).model()
    assert "--model" in caught.value.hint
    assert "OPENAI_MODEL" in caught.value.hint


def test_the_bare_address_keeps_port_and_path() -> None:
    """What tells two endpoints apart stays."""
    assert bare("http://u:p@127.0.0.1:8000/v1/?x=1#y") == "http://127.0.0.1:8000/v1"


def test_slack_settings_are_read(tmp_path: Path) -> None:
    """Tokens, names, limits and mappings from .env; the environment wins, one by one."""
    written = """SLACK_BOT_TOKEN=xoxb-written
ALERT_BOT_TOKEN=xoxb-alerts
SLACK_WORKSPACE_ID=T1
TEST_CHANNEL_OVERRIDE="#test"
SLACK_CHANNELS_ALLOWED="incidents, #alerts C0123"
SLACK_API_URL=https://slack-gov.com/api
CHANNEL_CACHE_ONCALL=C1
CHANNEL_SHOP_ONCALL=C2
USERGROUP_CACHE_ONCALL=S1A
"""
    settings = read(tmp_path, written, SLACK_BOT_TOKEN="xoxb-said", CHANNEL_SHOP_ONCALL="C3", ALERT_BOT_NAME="Pager")
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-said"
    assert settings.slack_workspace_id == "T1"
    assert settings.test_channel == "#test"
    assert settings.alert_bot_name == "Pager"
    assert settings.slack_channels_allowed == ("incidents", "#alerts", "C0123")
    assert settings.slack_api_url == "https://slack-gov.com/api/"
    assert settings.channels == {"CACHE_ONCALL": "C1", "SHOP_ONCALL": "C3"}
    assert settings.groups == {"CACHE_ONCALL": "S1A"}


def test_no_slack_secret_is_shown(tmp_path: Path) -> None:
    """Tokens, the webhook and a password in the address are in no repr and no dump for people."""
    settings = read(
        tmp_path,
        SLACK_BOT_TOKEN=f"xoxb-{CANARY}",
        ALERT_BOT_TOKEN=f"xoxb-{CANARY}",
        SLACK_WEBHOOK_URL=f"https://hooks.slack.com/services/T1/B1/{CANARY}",
        SLACK_API_URL=f"https://me:{CANARY}@host/api/",
    )
    assert CANARY not in f"{settings!r} {settings}"


def test_a_limit_that_names_nothing_is_no_limit_at_all(tmp_path: Path) -> None:
    """An allow-list of commas would let everything pass: it is refused."""
    with pytest.raises(UsageError, match="SLACK_CHANNELS_ALLOWED"):
        read(tmp_path, SLACK_CHANNELS_ALLOWED=" , ")


@pytest.mark.parametrize("address", ["slack.com/api", f"http://{CANARY}:x@[bad", "ftp://slack.com"])
def test_a_slack_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    """By name, without the value."""
    with pytest.raises(UsageError, match="SLACK_API_URL") as caught:
        read(tmp_path, SLACK_API_URL=address)
    assert CANARY not in str(caught.value)
