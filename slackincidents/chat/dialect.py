"""What an endpoint understands: how to ask it for JSON, which optional fields it takes. Found out once, remembered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from slackincidents.chat.base import ChatRequest
from slackincidents.clock import Clock
from slackincidents.errors import SlackIncidentsError
from slackincidents.files import read_text, write_text
from slackincidents.schema.base import Frozen

Mode = Literal["json_schema", "json_object", "text"]
"""How an answer's form is asked for: by its schema, as any JSON, or in the prompt alone."""

Field = Literal["seed", "prompt_cache_key", "temperature", "max_tokens", "max_completion_tokens"]

NEXT: dict[Mode, Mode] = {"json_schema": "json_object", "json_object": "text"}
EXTRAS: tuple[Field, ...] = ("prompt_cache_key", "seed")
"""Fields that go first when an endpoint says no without saying to what."""

ABOUT_FORM = re.compile(
    r"response_format|json_schema|json_object|json mode|structured output|guided|grammar", re.IGNORECASE
)

FILE = "endpoints.json"
DAYS = 7
"""How long a finding is believed: endpoints learn."""

DAY = 86_400


class Dialect(Frozen):
    """One endpoint's and model's way of being asked."""

    mode: Mode = "json_schema"
    dropped: tuple[Field, ...] = ()
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"

    def without(self, names: Iterable[Field]) -> Dialect:
        """The same, with these fields left out. A limit is tried under its other name first."""
        dropped = {*self.dropped, *names}
        limit = "max_completion_tokens" if "max_tokens" in dropped else self.limit
        return Dialect(mode=self.mode, dropped=tuple(sorted(dropped)), limit=limit)


@dataclass(frozen=True)
class Rejection:
    """How an endpoint said no: the field it names, if any, and its words."""

    param: str
    words: str

    def names(self, field: str) -> bool:
        """Whether this field is what it is about."""
        return self.param == field or re.search(rf"\b{field}\b", self.words) is not None


def sent(request: ChatRequest, dialect: Dialect) -> tuple[Field, ...]:
    """The optional fields that a request carries in this dialect."""
    present: dict[Field, bool] = {
        "prompt_cache_key": request.cache_key is not None,
        "seed": request.seed is not None,
        "temperature": request.temperature is not None,
        dialect.limit: request.max_tokens is not None,
    }
    return tuple(name for name, there in present.items() if there and name not in dialect.dropped)


def simpler(dialect: Dialect, request: ChatRequest, rejection: Rejection) -> Dialect | None:
    """What to try after a rejection, or None when nothing simpler is left to say."""
    fields = sent(request, dialect)
    for name in fields:
        if rejection.names(name):
            return dialect.without((name,))
    asks_form = request.shape is not None and dialect.mode in NEXT
    extras = frozenset(fields).intersection(EXTRAS)
    if extras and not (asks_form and _about_form(rejection)):
        return dialect.without(extras)
    return dialect.model_copy(update={"mode": NEXT[dialect.mode]}) if asks_form else None


def _about_form(rejection: Rejection) -> bool:
    return ABOUT_FORM.search(f"{rejection.param} {rejection.words}") is not None


PLAIN = Dialect()
"""What is tried first."""


@dataclass(frozen=True)
class Known:
    """What is known of a model at an endpoint: the dialect, and what has been tried in it.

    From `hearsay` (an earlier process) everything is taken for tried, until the endpoint objects.
    """

    dialect: Dialect = PLAIN
    tried: frozenset[str] = frozenset()
    hearsay: bool = False

    def covers(self, request: ChatRequest) -> bool:
        """Whether a question like this one has been asked before."""
        return self.hearsay or features(request) <= self.tried

    def and_now(self, request: ChatRequest, dialect: Dialect) -> Known:
        """With this question tried too, and answered in that dialect."""
        return Known(dialect, self.tried | features(request))


def features(request: ChatRequest) -> frozenset[str]:
    """What of a request an endpoint may not understand."""
    optional = {
        "form": request.shape is not None,
        "prompt_cache_key": request.cache_key is not None,
        "seed": request.seed is not None,
        "temperature": request.temperature is not None,
        "max_tokens": request.max_tokens is not None,
    }
    return frozenset(name for name, there in optional.items() if there)


class Finding(Frozen):
    """A dialect, and when it was found to work, in seconds since 1970."""

    dialect: Dialect
    at: float


_FINDINGS = TypeAdapter(dict[str, Finding])


class Memory:
    """Findings in a small file, so that the next process need not ask again. One that makes no sense is no finding."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Keep them in `folder`."""
        self._path = folder / FILE
        self._clock = clock

    def recall(self, endpoint: str, model: str) -> Dialect | None:
        """What worked there in the last days."""
        found = self._read().get(f"{endpoint} {model}")
        fresh = found is not None and 0 <= self._clock.now() - found.at < DAYS * DAY
        return found.dialect if found and fresh else None

    def keep(self, endpoint: str, model: str, dialect: Dialect) -> None:
        """Remember what worked. A disk that refuses is no reason to stop: it only has to be found out again."""
        findings = {**self._read(), f"{endpoint} {model}": Finding(dialect=dialect, at=self._clock.now())}
        text = _FINDINGS.dump_json(dict(sorted(findings.items())), indent=1).decode()
        try:
            write_text(self._path, text + "\n")
        except SlackIncidentsError:
            return

    def _read(self) -> dict[str, Finding]:
        try:
            return _FINDINGS.validate_json(read_text(self._path))
        except (SlackIncidentsError, ValidationError):
            return {}
