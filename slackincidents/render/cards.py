"""What hangs under a message: an alert's card, the metrics after, the action done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from slackincidents.render.mrkdwn import safe_url
from slackincidents.render.room import clean, figure
from slackincidents.schema.incident import ActionEvent, AlertEvent, Event, ResolutionEvent, StatusUpdateEvent

_LIGHT = re.compile(
    "^(?:(?:[🔴🟡🟠🟢🔵🚨⚠✅]|\u2139)\ufe0f?\\s*)?(?:(?:critical|warning|info|resolved):\\s*)?", re.IGNORECASE
)
_INITIALS = frozenset({"api", "cpu", "db", "gc", "http", "io", "oom", "qps", "rps", "slo", "sql", "tls", "ttl", "url"})


@dataclass(frozen=True)
class Card:
    """A card with a coloured bar. `text` is mrkdwn; `links` are buttons."""

    tone: str
    title: str = ""
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def card(event: Event) -> Card | None:
    """The card of an event, if it has one."""
    if isinstance(event, AlertEvent):
        return alert_card(event)
    after = untold(event.metrics_after or {}, event.text)
    if isinstance(event, ResolutionEvent):
        return Card("resolved", text=event.content, fields=after)
    if isinstance(event, StatusUpdateEvent):
        return Card("update", title="Status update", text=event.content, fields=after)
    return Card("resolved", fields=after) if after else None


def alert_card(event: AlertEvent) -> Card:
    """An alert's card; its bar has the colour of the severity, green once resolved."""
    links = (("Runbook", safe_url(event.runbook)), ("Dashboard", safe_url(event.dashboard)))
    return Card(
        tone="resolved" if event.state == "resolved" else event.severity,
        title=clean(event.title),
        text=event.details,
        fields=fields(event.metrics) + untold(event.metrics_after or {}, event.details),
        links=tuple((name, url) for name, url in links if url),
    )


def fields(metrics: Mapping[str, str | float]) -> tuple[tuple[str, str], ...]:
    """Metrics as pairs to read: ``p95_latency`` becomes ``P95 latency``."""
    return tuple((_readable(name), figure(value)) for name, value in metrics.items())


def untold(metrics: Mapping[str, str | float], text: str) -> tuple[tuple[str, str], ...]:
    """The metrics whose value the text does not give already."""
    return fields({name: value for name, value in metrics.items() if figure(value) not in text})


def headline(title: str) -> str:
    """An alert's title without the coloured dot and the severity in front."""
    return _LIGHT.sub("", clean(title).replace("\n", " "))


def body(event: Event) -> str:
    """What the speaker typed, as mrkdwn; empty when it all stands on the card."""
    if isinstance(event, AlertEvent | ResolutionEvent | StatusUpdateEvent):
        return ""
    if not isinstance(event, ActionEvent):
        return event.text
    told = event.content
    if re.search(r"^\s*\$ ", told, re.MULTILINE) and "```" not in told:
        told = f"```\n{told}\n```"
    details = event.action_details if event.action_details not in told else ""
    return "\n".join(part for part in (details, told) if part)


def footnote(event: Event) -> str:
    """The small grey line under an action."""
    return f"Action · {clean(event.action_type).replace('_', ' ')}" if isinstance(event, ActionEvent) else ""


def _readable(name: str) -> str:
    words = [word.upper() if word in _INITIALS else word for word in clean(name).replace("_", " ").split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:]
