"""What a drill sends, against what Slack documents: no server needed, and none of ours is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from slackincidents.library import Library
from slackincidents.schema.delivery import Attachment, Marker, Outgoing
from slackincidents.sinks.live import Button, Whisper
from slackincidents.sinks.markup import Ids, split, to_slack
from slackincidents.sinks.slack_socket_payload import dressed, revised, whispered
from tests.slack.wire import JsonObject

LIMITS = {
    "blocks": 50,  # reference/block-kit/blocks: blocks in a message
    "block_id": 255,  # the same page: block_id
    "section.text": 3000,  # blocks/section-block: text
    "section.fields": 10,  # the same page: fields
    "section.field": 2000,  # the same page: text of one field
    "context.elements": 10,  # blocks/context-block: elements
    "actions.elements": 25,  # blocks/actions-block: elements
    "button.text": 75,  # block-elements/button-element: text, plain_text only
    "button.action_id": 255,  # the same page: action_id
    "button.value": 2000,  # the same page: value
    "text": 40_000,  # methods/chat.postMessage: truncated above; 4,000 is what it asks for
    "updated text": 4000,  # methods/chat.update: msg_too_long above
    "metadata": 8000,  # messaging/message-metadata: the payload's size
}
"""What https://docs.slack.dev says, read in November 2026. Pages are named after each figure."""

STYLES = {"primary", "danger"}
POST = {"channel", "text", "blocks", "attachments", "thread_ts", "username", "icon_emoji", "metadata", "link_names",
        "unfurl_links", "unfurl_media"}  # fmt: skip
"""Arguments of chat.postMessage that we use; each is in its documentation."""

UPDATE = {"channel", "ts", "text", "blocks", "metadata", "link_names"}
EPHEMERAL = {"channel", "user", "text", "blocks", "thread_ts", "link_names"}

MARKER = Marker(incident="drill-database-failure-3", index=2**48 - 1, part=0, run="0123456789ab")
BUTTONS = (
    Button(action="drill-ack", label="Acknowledge", value="0123456789ab", style="primary"),
    Button(action="drill-escalate", label="Escalate", value="0123456789ab"),
    Button(action="drill-resolve", label="Resolve", value="0123456789ab"),
)


def faults(sent: JsonObject) -> Iterator[str]:
    """Everything about a message that breaks the table."""
    blocks = _objects(sent.get("blocks"))
    if len(blocks) > LIMITS["blocks"]:
        yield f"{len(blocks)} blocks"
    named = [str(block["block_id"]) for block in blocks if "block_id" in block]
    if len(set(named)) < len(named) or any(len(one) > LIMITS["block_id"] for one in named):
        yield f"block ids {named}"
    for block in blocks:
        yield from _block(block)
    if "ts" in sent and len(str(sent["text"])) > LIMITS["updated text"]:
        yield "the text of an update is too long"
    if not 0 < len(str(sent["text"])) <= LIMITS["text"]:
        yield "the text is empty or too long"
    if len(json.dumps(sent.get("metadata"))) > LIMITS["metadata"]:
        yield "the metadata is too large"
    if any(word in json.dumps(sent) for word in ("<!channel", "<!here", "<!everyone", "<!subteam")):
        yield "somebody would be woken"


def _block(block: JsonObject) -> Iterator[str]:
    match block["type"]:
        case "section":
            yield from _section(block)
        case "context":
            elements = _objects(block["elements"])
            if not 0 < len(elements) <= LIMITS["context.elements"]:
                yield f"{len(elements)} elements of context"
            for one in elements:
                yield from _text(one, LIMITS["section.text"], "mrkdwn")
        case "actions":
            buttons = _objects(block["elements"])
            if not 0 < len(buttons) <= LIMITS["actions.elements"]:
                yield f"{len(buttons)} buttons"
            if len({str(one["action_id"]) for one in buttons}) < len(buttons):
                yield "two buttons have one action_id"
            for one in buttons:
                yield from _button(one)
        case kind:
            yield f"block of type {kind}"


def _section(block: JsonObject) -> Iterator[str]:
    yield from _text(block.get("text"), LIMITS["section.text"], "mrkdwn") if "text" in block else ()
    fields = _objects(block.get("fields"))
    if len(fields) > LIMITS["section.fields"] or not (fields or "text" in block):
        yield f"{len(fields)} fields"
    for one in fields:
        yield from _text(one, LIMITS["section.field"], "mrkdwn")


def _button(button: JsonObject) -> Iterator[str]:
    yield from _text(button["text"], LIMITS["button.text"], "plain_text")
    for name in ("action_id", "value"):
        if not 0 < len(str(button[name])) <= LIMITS[f"button.{name}"]:
            yield f"a button's {name}"
    if button["type"] != "button" or set(button) - {"type", "text", "action_id", "value", "style"}:
        yield f"a button of {sorted(button)}"
    if "style" in button and button["style"] not in STYLES:
        yield f"style {button['style']}"


def _text(value: JsonValue, most: int, kind: str) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") != kind or not 0 < len(str(value.get("text", ""))) <= most:
        yield f"text {str(value)[:80]}"


def _objects(value: JsonValue) -> list[JsonObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
long = st.builds(lambda text, times: text * times, words, st.integers(1, 200))


def out(text: str = "", card: Attachment | None = None, context: str = "#cache · simulated") -> Outgoing:
    """A message of a drill."""
    return Outgoing(
        channel_id="C1", text=text, marker=MARKER, thread_ts="1.2", username="Alice", icon=":bear:", card=card,
        context=context,
    )  # fmt: skip


@given(
    st.builds(
        Attachment,
        colour=st.just("D7263D"),
        title=words,
        title_link=st.sampled_from(["", "https://grafana.example/d/1?a=b|c", "javascript:alert(1)"]),
        text=long,
        fields=st.lists(st.tuples(words, long), max_size=25).map(tuple),
        links=st.lists(st.tuples(words, st.just("https://wiki.example/r")), max_size=5).map(tuple),
        footer=st.just("simulated"),
    )
)
def test_any_card_fits_into_blocks(card: Attachment) -> None:
    """Whatever an alert says, its blocks keep every limit, with the three buttons and the small line under it."""
    safe = card.model_copy(
        update={
            "title": to_slack(card.title, Ids()).replace("\n", " ") or "x",
            "text": (split(to_slack(card.text, Ids())) or ("",))[0],
            "fields": tuple((to_slack(n, Ids()) or "x", to_slack(v, Ids())) for n, v in card.fields),
        }
    )
    sent = dressed(out(card=safe, context=""), BUTTONS)
    assert list(faults(sent)) == []
    assert set(sent) <= POST
    kinds = [str(block["type"]) for block in _objects(sent["blocks"])]
    assert kinds[-2:] == ["actions", "context"]
    assert "javascript:" not in json.dumps(sent)


@given(long)
def test_any_whisper_fits(text: str) -> None:
    """Whatever is found, each part of a whisper keeps every limit and asks for nothing Slack does not document."""
    for part in split(to_slack(text, Ids())):
        whisper = Whisper(channel_id="C1", thread_ts="1.2", user="U1", text=part, context="only you can see this")
        sent = whispered(whisper)
        assert list(faults(sent)) == []
        assert set(sent) <= EPHEMERAL
        assert (sent["user"], sent["thread_ts"]) == ("U1", "1.2")


def test_a_message_says_what_it_is() -> None:
    """The metadata marks it as synthetic, the small line says simulated, the buttons carry the run."""
    sent = dressed(out("Paging Alice. `ack` or `ignore`?"), BUTTONS[:2])
    assert list(faults(sent)) == []
    metadata = sent["metadata"]
    assert isinstance(metadata, dict)
    assert metadata["event_type"] == "slackincidents"
    assert metadata["event_payload"] == {**MARKER.model_dump(), "synthetic": True}
    section, actions, context = _objects(sent["blocks"])
    assert section["text"] == {"type": "mrkdwn", "text": "Paging Alice. `ack` or `ignore`?", "verbatim": True}
    assert [one["value"] for one in _objects(actions["elements"])] == ["0123456789ab"] * 2
    assert "simulated" in json.dumps(context)


def test_a_revision_has_no_buttons_and_no_name() -> None:
    """chat.update takes neither a name nor a thread; the message stays what it was, its buttons go."""
    sent = revised("1.2", out("Paging Alice."))
    assert list(faults(sent)) == []
    assert set(sent) == UPDATE
    assert "actions" not in [block["type"] for block in _objects(sent["blocks"])]


@pytest.mark.parametrize("name", Library().skeleton_names())
def test_every_alert_that_ships_fits(name: str) -> None:
    """The alert card of every scenario keeps the limits, with its title as what a notification shows."""
    skeleton = Library().skeleton(name)
    for rule in skeleton.alerts.values():
        card = Attachment(colour="D7263D", title=to_slack(rule.title, Ids()), footer="simulated")
        sent = dressed(out(card=card, context=""), BUTTONS)
        assert list(faults(sent)) == []
        assert sent["text"] == card.title


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]}, "text"),
        ({"blocks": [{"type": "actions", "elements": []}]}, "0 buttons"),
        ({"blocks": [{"type": "header"}]}, "block of type header"),
        ({"text": ""}, "the text is empty"),
        ({"text": "<!here> look"}, "somebody would be woken"),
    ],
)
def test_the_table_sees_faults(change: JsonObject, told: str) -> None:
    """The check is not blind."""
    assert any(told in fault for fault in faults({**whispered_sample(), **change}))


def whispered_sample() -> JsonObject:
    """A message without fault."""
    return whispered(Whisper(channel_id="C1", thread_ts="1.2", user="U1", text="hi", context="simulated"))
