"""What the user's environment and .env file say. The environment wins; secrets show nowhere."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from slackincidents.errors import NotConfigured, UsageError
from slackincidents.files import read_text

OPENAI = "https://api.openai.com/v1"
"""Where questions go when no other address is named."""

SLACK = "https://slack.com/api/"
"""Where Slack is called when no other address is named."""

ENV_FILE = ".env"
CACHE_FOLDER = "SLACKINCIDENTS_CACHE"

VARIABLES = {
    "OPENAI_API_KEY": "openai_api_key",
    "OPENAI_BASE_URL": "openai_base_url",
    "OPENAI_MODEL": "openai_model",
    CACHE_FOLDER: "replies",
    "SLACK_BOT_TOKEN": "slack_bot_token",
    "SLACK_APP_TOKEN": "slack_app_token",
    "SLACK_WORKSPACE_ID": "slack_workspace_id",
    "ALERT_BOT_TOKEN": "alert_bot_token",
    "ALERT_BOT_NAME": "alert_bot_name",
    "TEST_CHANNEL_OVERRIDE": "test_channel",
    "SLACK_API_URL": "slack_api_url",
    "SLACK_CHANNELS_ALLOWED": "slack_channels_allowed",
    "SLACK_WEBHOOK_URL": "slack_webhook_url",
}
"""Variable -> the field it fills. One that is empty counts as not there."""

CHANNEL, GROUP = "CHANNEL_", "USERGROUP_"
"""How the variables begin that map the names in incidents to channels and user groups of a workspace."""


class Settings(BaseModel):
    """Keys, addresses and folders. Printing one shows no secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    openai_api_key: SecretStr | None = None
    openai_base_url: str = Field(default=OPENAI, repr=False, description="may hold a password; show `endpoint`")
    openai_model: str | None = None
    replies: Path = Field(default_factory=lambda: cache_home({}), description="folder of recorded model replies")
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = Field(default=None, description="an app-level one, for the drill's Socket Mode")
    slack_workspace_id: str = Field(default="", description="the one workspace that may be posted to")
    alert_bot_token: SecretStr | None = Field(default=None, description="a second bot, which posts the alerts")
    alert_bot_name: str = "Monitoring Bot"
    test_channel: str = Field(default="", description="where everything goes instead of the incidents' channels")
    slack_api_url: str = Field(default=SLACK, repr=False, description="may hold a password; ends in a slash")
    slack_channels_allowed: tuple[str, ...] = Field(default=(), description="names or ids; empty for no limit")
    slack_webhook_url: SecretStr | None = None
    channels: dict[str, str] = Field(default_factory=dict, description="CACHE_ONCALL -> channel id or name")
    groups: dict[str, str] = Field(default_factory=dict, description="CACHE_ONCALL -> user group id")

    @classmethod
    def from_environment(cls, folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
        """What `environ` (default: the process's) and `folder`/.env (default: here) say.

        Raises BadFile for a .env that cannot be read, UsageError for a value that is not what it should be.
        """
        all_said = variables(folder, environ)
        found = {field: all_said[name] for name, field in VARIABLES.items() if name in all_said}
        if "OPENAI_BASE_URL" in all_said:
            found["openai_base_url"] = _address(
                "OPENAI_BASE_URL", all_said["OPENAI_BASE_URL"], "https://host/v1 or http://127.0.0.1:8000/v1"
            )
        if CACHE_FOLDER in all_said:
            found["replies"] = str(Path(all_said[CACHE_FOLDER]).expanduser())
        else:
            found["replies"] = str(cache_home(os.environ if environ is None else environ))
        return cls.model_validate({**found, **_slack(all_said)})

    @property
    def endpoint(self) -> str:
        """The address that questions go to, without user, password or query."""
        return bare(self.openai_base_url)

    def model(self, chosen: str | None = None) -> str:
        """The model to ask: the one chosen, else OPENAI_MODEL. Raises NotConfigured."""
        name = chosen or self.openai_model
        if not name:
            raise NotConfigured("no model named", "Say --model NAME, or set OPENAI_MODEL (.env will do).")
        return name


def variables(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Every variable of `environ` (default: the process's) and `folder`/.env that is not empty. Raises BadFile."""
    said = dict(os.environ if environ is None else environ)
    return {**_written((folder or Path()) / ENV_FILE), **_filled(said)}


def cache_home(environ: Mapping[str, str]) -> Path:
    """The folder for recorded replies when nobody names one: below XDG_CACHE_HOME, else ~/.cache."""
    base = environ.get("XDG_CACHE_HOME", "")
    home = Path(base) if base and Path(base).is_absolute() else Path("~/.cache").expanduser()
    return home / "slackincidents" / "replies"


def bare(address: str) -> str:
    """An address that may be shown: scheme, host, port and path."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/")


def _written(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    return _filled(dotenv_values(stream=StringIO(read_text(path)), interpolate=False))


def _filled(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if value and value.strip()}


def _address(name: str, value: str, example: str) -> str:
    """The address, if it is one. The value is not repeated in the error: it may hold a password."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise UsageError(f"{name} is not an address", f"Write it like {example}.")
    return value.rstrip("/")


def _slack(said: Mapping[str, str]) -> dict[str, str | tuple[str, ...] | dict[str, str]]:
    """What becomes of the variables about Slack that hold more than a word."""
    allowed = tuple(one for one in re.split(r"[,\s]+", said.get("SLACK_CHANNELS_ALLOWED", "")) if one)
    if "SLACK_CHANNELS_ALLOWED" in said and not allowed:
        raise UsageError("SLACK_CHANNELS_ALLOWED names no channel", "Write it like incidents, alerts, or take it out.")
    address = _address("SLACK_API_URL", said.get("SLACK_API_URL", SLACK), SLACK)
    return {
        "slack_api_url": f"{address}/",
        "slack_channels_allowed": allowed,
        "channels": _mapping(said, CHANNEL),
        "groups": _mapping(said, GROUP),
    }


def _mapping(said: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in said.items() if name.startswith(prefix)}
