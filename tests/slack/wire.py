"""What travels: a call as it came in, a channel as one bot sees it, a refusal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

JsonObject = dict[str, JsonValue]


@dataclass(frozen=True)
class Call:
    """One request to a method of the Web API, form or JSON, GET or POST."""

    method: str
    token: str | None
    args: Mapping[str, JsonValue]
    form: bool = False

    def text(self, name: str) -> str:
        """An argument as a string; empty when it is missing."""
        value = self.args.get(name)
        return "" if value is None or isinstance(value, dict | list) else str(value)

    def flag(self, name: str) -> bool:
        """An argument as a yes or no; a form says "1" or "true"."""
        return self.text(name).lower() in ("1", "true")

    def structure(self, name: str, error: str) -> JsonValue:
        """An argument that is a list or an object; a form carries it as a string.

        Raises:
            Refused: it is no JSON.
        """
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            parsed: JsonValue = json.loads(value)
        except ValueError:
            raise Refused(error) from None
        return parsed

    def without(self, *names: str) -> Call:
        """The same call, some arguments left out."""
        kept = {name: value for name, value in self.args.items() if name not in names}
        return Call(self.method, self.token, kept, self.form)


@dataclass(frozen=True)
class Room:
    """A channel, and whether the bot that asks is in it."""

    id: str
    name: str
    private: bool
    archived: bool
    member: bool


@dataclass(frozen=True)
class Reply:
    """An answer before it is written to the line."""

    body: JsonObject | str
    status: int = 200
    headers: Mapping[str, str] | None = None


class Refused(Exception):
    """The service says no: an error code, and what goes with it."""

    def __init__(self, error: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **more: str) -> None:
        """Keep the code and the fields that come with it."""
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = dict(headers or {})
        self.more = more

    @property
    def body(self) -> JsonObject:
        """The answer in JSON."""
        return {"ok": False, "error": self.error, **self.more}
