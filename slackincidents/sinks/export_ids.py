"""Slack's ids for an export: the same name has the same id in every export, on every machine."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LENGTH = 10
_CHANNEL = re.compile("[a-z0-9_-]{2,64}")
_HANDLE = re.compile("[a-z0-9][a-z0-9._-]{0,20}")


def _digest(name: str) -> bytes:
    return hashlib.sha256(f"slackincidents/{name}".encode()).digest()


def slack_id(letter: str, kind: str, name: str) -> str:
    """An id as Slack makes them: a letter for the kind, then ten capitals and digits."""
    number = int.from_bytes(_digest(f"{kind}/{name}"))
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return letter + "".join(digits)


TEAM = slack_id("T", "team", "slackincidents")
APP = "app"


def client_id(name: str) -> str:
    """What a person's client gives a message: in the form of a UUID."""
    digits = _digest(f"message/{name}").hex()
    return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"a{digits[17:20]}", digits[20:32]))


def scatter(name: str, below: int) -> int:
    """A number from 0 up to `below` that looks drawn and depends on the name alone."""
    return int.from_bytes(_digest(f"scatter/{name}")[:6]) % below


def channel_names(channels: Iterable[str]) -> dict[str, str]:
    """A name that Slack allows for each channel, without ``#``; one that fits already is kept."""
    return {channel: _fitting(channel.removeprefix("#"), _CHANNEL, 55) for channel in channels}


def handle_names(handles: Iterable[str]) -> dict[str, str]:
    """A user name that Slack allows for each handle; one that fits already is kept."""
    return {handle: _fitting(handle, _HANDLE, 14) for handle in handles}


def _fitting(name: str, form: re.Pattern[str], most: int) -> str:
    """The name, or what is left of it, with six digits of its own so that no two become one."""
    if form.fullmatch(name):
        return name
    left = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:most].strip("-") or "x"
    return f"{left}-{_digest(name).hex()[:6]}"
