"""What the user's environment and .env file say. The environment wins; secrets show nowhere."""

from __future__ import annotations

import os
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

ENV_FILE = ".env"
CACHE_FOLDER = "SLACKINCIDENTS_CACHE"

VARIABLES = {
    "OPENAI_API_KEY": "openai_api_key",
    "OPENAI_BASE_URL": "openai_base_url",
    "OPENAI_MODEL": "openai_model",
    CACHE_FOLDER: "replies",
}
"""Variable -> the field it fills. One that is empty counts as not there."""


class Settings(BaseModel):
    """Keys, addresses and folders. Printing one shows no secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    openai_api_key: SecretStr | None = None
    openai_base_url: str = Field(default=OPENAI, repr=False, description="may hold a password; show `endpoint`")
    openai_model: str | None = None
    replies: Path = Field(default_factory=lambda: cache_home({}), description="folder of recorded model replies")

    @classmethod
    def from_environment(cls, folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
        """What `environ` (default: the process's) and `folder`/.env (default: here) say.

        Raises BadFile for a .env that cannot be read, UsageError for an address that is none.
        """
        said = dict(os.environ if environ is None else environ)
        written = _written((folder or Path()) / ENV_FILE)
        found = {name: value for name, value in {**written, **_filled(said)}.items() if name in VARIABLES}
        if "OPENAI_BASE_URL" in found:
            found["OPENAI_BASE_URL"] = _address(found["OPENAI_BASE_URL"])
        if CACHE_FOLDER in found:
            found[CACHE_FOLDER] = str(Path(found[CACHE_FOLDER]).expanduser())
        else:
            found[CACHE_FOLDER] = str(cache_home(said))
        return cls.model_validate({VARIABLES[name]: value for name, value in found.items()})

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


def _address(value: str) -> str:
    """The address, if it is one. The value is not repeated in the error: it may hold a password."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise UsageError(
            "OPENAI_BASE_URL is not an address", "Write it like https://host/v1 or http://127.0.0.1:8000/v1."
        )
    return value.rstrip("/")
