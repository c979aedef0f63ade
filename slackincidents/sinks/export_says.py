"""What a message of an export says: its text, an alert's headline and card, its reactions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slackincidents.render.cards import alert_card, body, card, headline
from slackincidents.render.emoji import glyph
from slackincidents.render.room import clean
from slackincidents.schema.incident import AlertEvent, Event
from slackincidents.sinks.export_people import Roster
from slackincidents.sinks.export_shapes import AttachmentOut, FieldOut, ReactionOut
from slackincidents.sinks.markup import Ids, escape, line_to_slack, to_slack
from slackincidents.sinks.steps import COLOURS, DOTS, emoji

WORDLESS = "(no text)"
"""What stands where a file's message is empty: readers refuse an empty one."""

_QUOTED = re.compile("^> ", re.MULTILINE)
_MARKUP = re.compile(r"[*_~`<]")
_EMOJI = re.compile(r"[a-z0-9_+'-]+(?:::skin-tone-[2-6])?")


def text(event: Event, ids: Ids) -> str:
    """What somebody typed, and below it the metrics that it does not give."""
    made = card(event)
    said = _stored(body(event) or event.text, ids)
    below = [f"• {name}: {value}" for name, value in _pairs(made.fields if made else (), ids)]
    return "\n".join(part for part in (said, *below) if part.strip()) or WORDLESS


def summary(event: AlertEvent) -> str:
    """An alert in one line, as notifications show it."""
    over = event.state == "resolved"
    dot = glyph("white_check_mark" if over else DOTS[event.severity])
    word = "RESOLVED" if over else event.severity.upper()
    return f"{dot} {word}: {escape(headline(event.title)).strip() or 'alert'}"


def attachment(event: AlertEvent, second: int, ids: Ids) -> AttachmentOut:
    """An alert's card. Every field of it has a value; `second` is when it was posted."""
    made = alert_card(event)
    links = dict(made.links)
    title = escape(" ".join(made.title.split())) or "Alert"
    details = _stored(made.text, ids).strip()
    fields = [*_pairs(made.fields, ids), *((label, escape(url)) for label, url in made.links)]
    return AttachmentOut(
        color=COLOURS[made.tone],
        fallback=f"{title}: {' '.join(details.split())}" if details else title,
        title=title,
        title_link=links.get("Dashboard") or links.get("Runbook"),
        text=details or None,
        fields=tuple(FieldOut(title=name, value=value) for name, value in fields) or None,
        footer="resolved" if event.state == "resolved" else event.severity,
        ts=second,
        mrkdwn_in=("text",) if _MARKUP.search(details) else (),
    )


def reactions(event: Event, cast: Roster) -> tuple[ReactionOut, ...]:
    """The reactions of people, one entry an emoji. What Slack has no name for, and what nobody gave, is left out."""
    given: dict[str, dict[str, None]] = {}
    for reaction in event.reactions:
        name = emoji(clean(reaction.emoji))
        users = [cast.people[user].id for user in reaction.users if user in cast.people]
        if users and _EMOJI.fullmatch(name):
            given.setdefault(name, {}).update(dict.fromkeys(users))
    return tuple(ReactionOut(name=name, users=tuple(users), count=len(users)) for name, users in given.items())


def _stored(text: str, ids: Ids) -> str:
    """A text as Slack keeps it: the mark of a quote is escaped, too."""
    return _QUOTED.sub("&gt; ", to_slack(text, ids))


def _pairs(fields: tuple[tuple[str, str], ...], ids: Ids) -> Iterator[tuple[str, str]]:
    """Names and values that are not empty, on one line each, escaped."""
    for name, value in fields:
        pair = escape(" ".join(name.split())), line_to_slack(value, ids).strip()
        if all(pair):
            yield pair
