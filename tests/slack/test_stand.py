"""The two stand-ins are as strict as Slack, and agree."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from tests.slack.conftest import Opener
from tests.slack.scene import ALERTS_TOKEN, READER_TOKEN, REVOKED_TOKEN, SHOP, STRANGER_TOKEN, TEAM, ChannelSeed
from tests.slack.stand import Stand
from tests.slack.talk import channel_id, post, refusal, talk
from tests.source import ROOT

KINDS = "public_channel,private_channel"
MARK: JsonValue = {"event_type": "slackincidents", "event_payload": {"incident": "x", "index": 3, "part": 0}}
TEXT: JsonValue = {"type": "mrkdwn", "text": "x"}


def no(stand: Stand, method: str, token: str | None = None, **arguments: JsonValue) -> str:
    """The error code of a call that must fail."""
    return str(refusal(stand, lambda web: web.api_call(method, json=arguments), token)["error"])


def texts(messages: Sequence[dict[str, str]]) -> list[str]:
    """What messages say."""
    return [message["text"] for message in messages]


def test_a_token_shows_its_team_and_scopes(stand: Stand) -> None:
    """auth.test names the team and the bot; a header lists the scopes."""
    answer = talk(stand, lambda web: web.auth_test())
    assert (answer["team_id"], answer["team"], answer["user_id"]) == (TEAM, SHOP.team_name, stand.bot().user_id)
    assert "chat:write.customize" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "error"), [(STRANGER_TOKEN, "invalid_auth"), (REVOKED_TOKEN, "token_revoked"), (" ", "not_authed")]
)
def test_a_bad_token_is_refused(stand: Stand, token: str, error: str) -> None:
    """An unknown, a revoked and a missing token each get their own error."""
    assert refusal(stand, lambda web: web.auth_test(), token)["error"] == error


def test_a_missing_scope_is_named(stand: Stand) -> None:
    """The answer says which scope is needed and which there are."""
    answer = refusal(stand, lambda web: web.users_list(), READER_TOKEN)
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "users:read", "channels:read")


def test_channels_tell_what_a_poster_must_know(stand: Stand) -> None:
    """Membership, archived, private and shared are shown; foreign private channels are not."""
    answer = talk(stand, lambda web: web.conversations_list(types=KINDS, limit=200))
    channels = {channel["name"]: channel for channel in answer["channels"]}
    assert set(channels) == {seed.name for seed in SHOP.channels} - {"board"}
    assert {name for name, one in channels.items() if one["is_archived"]} == {"old-incidents"}
    assert {name for name, one in channels.items() if one["is_private"]} == {"war-room"}
    assert {name for name, one in channels.items() if one["is_ext_shared"]} == {"with-supplier"}
    members = {seed.name for seed in SHOP.channels if "incident-poster" in seed.bots}
    assert {name for name, one in channels.items() if one["is_member"]} == members


def test_lists_come_in_pages(stand: Stand) -> None:
    """A cursor leads through all channels and all people, none twice."""

    async def walk(web: AsyncWebClient) -> tuple[list[str], list[str]]:
        channels = [c["name"] async for page in await web.conversations_list(limit=2) for c in page["channels"]]
        people = [p["name"] async for page in await web.users_list(limit=2) for p in page["members"]]
        return channels, people

    channels, people = talk(stand, walk)
    assert sorted(channels) == sorted(seed.name for seed in SHOP.channels if not seed.private)
    assert sorted(people) == sorted({"admin", *SHOP.people, *(bot.name for bot in SHOP.bots)})


def test_user_groups_need_a_paid_plan(opened: Opener) -> None:
    """A paid workspace lists its groups, a free one says why not."""
    paid, free = opened(), opened(SHOP.model_copy(update={"paid_plan": False}))
    answer = talk(paid, lambda web: web.usergroups_list())
    assert {group["handle"] for group in answer["usergroups"]} == {"checkout-oncall", "platform-oncall"}
    assert no(free, "usergroups.list") == "plan_upgrade_required"


def test_a_message_is_stored_as_sent(stand: Stand) -> None:
    """Name, icon, metadata, attachments and thread all arrive; the answer shows the name."""
    place = channel_id(stand, "incidents")
    card: JsonValue = [{"color": "cc0000", "title": "High latency", "text": "p99 4 s", "fallback": "High latency"}]

    async def posting(web: AsyncWebClient) -> tuple[str, str, str]:
        root = await web.chat_postMessage(channel=place, text="&lt;root&gt;", username="Alice", icon_emoji=":cat:")
        assert root["message"]["username"] == "Alice"
        arguments = {"channel": place, "text": "reply", "thread_ts": root["ts"], "attachments": card, "metadata": MARK}
        reply = await web.api_call("chat.postMessage", json=arguments)
        assert "username" not in reply["message"]
        return root["message"]["subtype"], root["ts"], reply["ts"]

    kind, root, reply = talk(stand, posting)
    first, second = stand.ledger()["incidents"]
    assert (kind, first.text, first.username, first.icon) == ("bot_message", "&lt;root&gt;", "Alice", ":cat:")
    assert (second.ts, second.thread_ts, second.key) == (reply, root, ("x", 3, 0))
    assert second.raw["attachments"] == card
    assert float(reply) > float(root)


def test_a_name_needs_its_scope(opened: Opener) -> None:
    """Without chat:write.customize the name is dropped in silence: only the answer tells."""
    stand = opened(SHOP.with_scopes("incident-poster", without="chat:write.customize"))
    place = channel_id(stand, "incidents")
    answer = talk(stand, lambda web: web.chat_postMessage(channel=place, text="hi", username="Alice"))
    assert "username" not in answer["message"]
    assert [message.username for message in stand.ledger()["incidents"]] == [""]


def test_a_form_does_as_well_as_json(stand: Stand) -> None:
    """Slack takes forms with JSON in fields; so do the stand-ins."""
    place = channel_id(stand, "incidents")
    data = {"channel": place, "text": "form", "metadata": json.dumps(MARK)}
    talk(stand, lambda web: web.api_call("chat.postMessage", data=data))
    assert [message.key for message in stand.ledger()["incidents"]] == [("x", 3, 0)]


def test_membership_decides_who_writes_and_reads(opened: Opener) -> None:
    """chat:write.public lets a stranger write to an open channel; reading and reacting need membership."""
    stand = opened(SHOP.with_scopes("monitoring", without="chat:write.public"))
    place = channel_id(stand, "open-to-all")
    ts = post(stand, place, "from outside")
    assert no(stand, "chat.postMessage", ALERTS_TOKEN, channel=place, text="x") == "not_in_channel"
    assert no(stand, "conversations.history", channel=place) == "not_in_channel"
    assert no(stand, "reactions.add", channel=place, timestamp=ts, name="eyes") == "not_in_channel"
    talk(stand, lambda web: web.conversations_join(channel=place))
    answer = talk(stand, lambda web: web.conversations_history(channel=place))
    assert texts(answer["messages"]) == ["from outside"]


def test_what_cannot_be_posted_to(stand: Stand) -> None:
    """Archived and unknown channels, names instead of ids, foreign private channels."""
    archived = channel_id(stand, "old-incidents")
    assert no(stand, "chat.postMessage", channel=archived, text="x") == "is_archived"
    for place in ("C0NOWHERE0", "#incidents", "incidents"):
        assert no(stand, "chat.postMessage", channel=place, text="x") == "channel_not_found"
    war_room = channel_id(stand, "war-room")
    assert no(stand, "chat.postMessage", ALERTS_TOKEN, channel=war_room, text="x") == "channel_not_found"
    assert post(stand, war_room, "in here")


def test_a_thread_needs_its_root(stand: Stand) -> None:
    """An unknown ts has no thread, and a reply is no root."""
    place = channel_id(stand, "incidents")
    root = post(stand, place, "root")
    reply = post(stand, place, "reply", thread_ts=root)
    unknown = "1600000000.000001"
    assert no(stand, "chat.postMessage", channel=place, text="x", thread_ts=unknown) == "thread_not_found"
    assert no(stand, "chat.postMessage", channel=place, text="x", thread_ts=reply) == "cannot_reply_to_message"
    assert no(stand, "conversations.replies", channel=place, ts=unknown) == "thread_not_found"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"text": " "}, "no_text"),
        ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "mystery"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "section", "text": {**TEXT, "text": "x" * 3001}}]}, "invalid_blocks"),  # type: ignore[dict-item]
        ({"text": "x", "blocks": [{"type": "section", "fields": [TEXT] * 11}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "section", "fields": [{**TEXT, "text": "x" * 2001}]}]}, "invalid_blocks"),  # type: ignore[dict-item]
        (
            {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
            "invalid_blocks",
        ),
        ({"text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"text": "x", "attachments": [{"blocks": [{"type": "divider"}] * 51}]}, "invalid_blocks"),
        ({"text": "x", "metadata": {"event_type": "no spaces", "event_payload": {}}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": {"event_type": "fine"}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": [1]}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "e", "event_payload": {"x": "y" * 9000}}}, "metadata_too_large"),
    ],
)
def test_a_message_has_limits(fast_stand: Stand, content: dict[str, JsonValue], error: str) -> None:
    """What is too long, too much or of no known form is refused, and nothing is stored."""
    place = channel_id(fast_stand, "incidents")
    answer = refusal(fast_stand, lambda web: web.api_call("chat.postMessage", json={"channel": place, **content}))
    assert answer["error"] == error
    assert fast_stand.ledger()["incidents"] == ()


def test_both_kinds_have_the_limits(stand: Stand) -> None:
    """The third-party server is behind the same limits as ours."""
    place = channel_id(stand, "incidents")
    blocks: JsonValue = [{"type": "divider"}] * 51
    assert no(stand, "chat.postMessage", channel=place, text="x", blocks=blocks) == "invalid_blocks"
    assert stand.ledger()["incidents"] == ()


def test_very_long_text_is_cut(stand: Stand) -> None:
    """Slack cuts at 40,000 characters instead of refusing: a poster must never send that much."""
    place = channel_id(stand, "incidents")
    post(stand, place, "x" * 40_010)
    assert [len(message.text) for message in stand.ledger()["incidents"]] == [40_000]


def test_history_has_windows_and_pages(stand: Stand) -> None:
    """Newest first, replies left out, borders excluded unless inclusive, a cursor through the rest."""
    place = channel_id(stand, "incidents")
    stamps = [post(stand, place, str(number)) for number in range(5)]
    post(stand, place, "reply", thread_ts=stamps[1])

    async def look(web: AsyncWebClient) -> list[list[str]]:
        window = await web.conversations_history(channel=place, oldest=stamps[1], latest=stamps[4])
        wide = await web.conversations_history(channel=place, oldest=stamps[1], latest=stamps[4], inclusive=True)
        pages = [texts(page["messages"]) async for page in await web.conversations_history(channel=place, limit=2)]
        return [texts(window["messages"]), texts(wide["messages"]), *pages]

    window, wide, *pages = talk(stand, look)
    assert window == ["3", "2"]
    assert wide == ["4", "3", "2", "1"]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


def test_a_root_counts_its_replies(stand: Stand) -> None:
    """History shows which messages have a thread; replies come oldest first, with the root, in pages."""
    place = channel_id(stand, "incidents")
    root = post(stand, place, "root")
    stamps = [post(stand, place, f"reply {number}", thread_ts=root) for number in range(3)]

    async def look(web: AsyncWebClient) -> tuple[dict[str, JsonValue], list[list[str]], list[str]]:
        (seen,) = (await web.conversations_history(channel=place))["messages"]
        walk = await web.conversations_replies(channel=place, ts=root, limit=2)
        late = await web.conversations_replies(channel=place, ts=root, oldest=stamps[1])
        return seen, [texts(page["messages"]) async for page in walk], texts(late["messages"])

    seen, pages, late = talk(stand, look)
    assert (seen["reply_count"], seen["thread_ts"], seen["latest_reply"]) == (3, root, stamps[2])
    assert pages == [["root", "reply 0"], ["reply 1", "reply 2"]]
    assert late == ["root", "reply 2"]


def test_metadata_is_shown_on_request(stand: Stand) -> None:
    """The payload comes only with include_all_metadata, in history and in replies."""
    place = channel_id(stand, "incidents")
    root = post(stand, place, "marked", metadata=MARK)

    async def look(web: AsyncWebClient) -> list[dict[str, JsonValue]]:
        asked: list[dict[str, JsonValue]] = [{"channel": place}, {"channel": place, "include_all_metadata": True}]
        return [
            (await web.api_call(method, params={**arguments, **more}))["messages"][0]["metadata"]
            for method, more in (("conversations.history", {}), ("conversations.replies", {"ts": root}))
            for arguments in asked
        ]

    bare, full, bare_reply, full_reply = talk(stand, look)
    assert bare == bare_reply == {"event_type": "slackincidents"}
    assert full == full_reply == MARK


@pytest.mark.parametrize("limit", ["0", "1000", "many"])
def test_a_page_has_a_size(stand: Stand, limit: str) -> None:
    """History refuses a limit out of range, and a cursor it never gave."""
    place = channel_id(stand, "incidents")
    assert no(stand, "conversations.history", channel=place, limit=limit) == "invalid_limit"
    assert no(stand, "conversations.history", channel=place, cursor="bm90aGluZw==") == "invalid_cursor"


def test_one_bot_reacts_once(stand: Stand) -> None:
    """A second time is refused; another bot counts; an unknown message has no reactions."""
    place = channel_id(stand, "incidents")
    ts = post(stand, place, "look")
    for token in (None, ALERTS_TOKEN):
        talk(stand, lambda web: web.reactions_add(channel=place, timestamp=ts, name="eyes"), token)
    assert no(stand, "reactions.add", channel=place, timestamp=ts, name="eyes") == "already_reacted"
    assert no(stand, "reactions.add", channel=place, timestamp="1.000001", name="eyes") == "message_not_found"
    assert no(stand, "reactions.add", channel=place, timestamp=ts, name=":eyes:") == "invalid_name"
    assert stand.ledger()["incidents"][0].reactions == (("eyes", 2),)


def test_a_channel_is_made_once(stand: Stand) -> None:
    """The maker is a member; a taken or ill-formed name is refused."""
    made = talk(stand, lambda web: web.conversations_create(name="new-one"))
    assert made["channel"]["is_member"]
    assert no(stand, "conversations.create", name="new-one") == "name_taken"
    assert no(stand, "conversations.create", name="No Good") == "invalid_name_specials"
    assert no(stand, "conversations.create", name="") == "invalid_name_required"
    assert no(stand, "conversations.create", name="x" * 81) == "invalid_name_maxlength"
    assert no(stand, "conversations.create", READER_TOKEN, name="other") == "missing_scope"


def test_joining_has_rules(stand: Stand) -> None:
    """Twice does no harm; archived and private channels cannot be joined."""
    place = channel_id(stand, "random")
    for _ in range(2):
        assert talk(stand, lambda web: web.conversations_join(channel=place))["channel"]["is_member"]
    assert no(stand, "conversations.join", channel=channel_id(stand, "old-incidents")) == "is_archived"
    war_room = channel_id(stand, "war-room")
    assert no(stand, "conversations.join", channel=war_room) == "method_not_supported_for_channel_type"
    assert talk(stand, lambda web: web.conversations_info(channel=place))["channel"]["is_member"]


def test_only_its_own_messages_can_be_deleted(stand: Stand) -> None:
    """A bot deletes what it posted, once; replies of a deleted root are still there."""
    place = channel_id(stand, "incidents")
    root = post(stand, place, "root")
    post(stand, place, "reply", thread_ts=root)
    assert no(stand, "chat.delete", ALERTS_TOKEN, channel=place, ts=root) == "cant_delete_message"
    talk(stand, lambda web: web.chat_delete(channel=place, ts=root))
    assert no(stand, "chat.delete", channel=place, ts=root) == "message_not_found"
    assert [message.text for message in stand.ledger()["incidents"]] == ["reply"]


def test_what_nobody_uses_is_unknown(stand: Stand) -> None:
    """A method that the poster has no business calling is not there."""
    assert no(stand, "chat.update", channel="C1", ts="1.1", text="x") == "unknown_method"


def test_a_channel_takes_one_message_a_second(opened: Opener) -> None:
    """The second message at once is refused with 429 and a time to wait; another channel is free."""
    stand = opened(interval=30.0)
    incidents, alerts = channel_id(stand, "incidents"), channel_id(stand, "alerts")
    post(stand, incidents, "first")
    answer = refusal(stand, lambda web: web.chat_postMessage(channel=incidents, text="second"))
    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    assert 1 <= int(answer.headers["Retry-After"]) <= 30
    post(stand, alerts, "elsewhere")
    assert [message.text for message in stand.ledger()["incidents"]] == ["first"]


def test_methods_have_their_share_of_a_minute(opened: Opener) -> None:
    """The twenty-first listing of user groups within a minute is refused."""
    stand = opened(interval=1.0)

    async def often(web: AsyncWebClient) -> None:
        for _ in range(20):
            await web.usergroups_list()

    talk(stand, often)
    assert no(stand, "usergroups.list") == "ratelimited"


async def hooked(url: str, text: str, **more: JsonValue) -> WebhookResponse:
    """What an incoming webhook answers."""
    return await AsyncWebhookClient(url, retry_handlers=[]).send_dict({"text": text, **more})


def test_a_webhook_says_ok_and_no_more(stand: Stand) -> None:
    """The message lands in the webhook's channel, under its own name, outside any thread."""

    async def send(web: AsyncWebClient) -> WebhookResponse:
        return await hooked(stand.webhook_url(), "from a hook", channel="incidents", username="Alice", thread_ts="1.1")

    answer = talk(stand, send)
    assert (answer.status_code, answer.body) == (200, "ok")
    (message,) = stand.ledger()["alerts"]
    assert (message.text, message.username, message.root) == ("from a hook", "", True)


def test_a_webhook_refuses(opened: Opener) -> None:
    """An unknown address, an archived channel, no text: each its status and word."""
    hooks = (*SHOP.webhooks, SHOP.webhooks[0].model_copy(update={"label": "old", "channel": "old-incidents"}))
    stand = opened(SHOP.model_copy(update={"webhooks": hooks}))

    async def send(web: AsyncWebClient) -> list[tuple[int, str]]:
        answers = [
            await hooked(stand.webhook_url("nobody"), "x"),
            await hooked(stand.webhook_url("old"), "x"),
            await hooked(stand.webhook_url(), ""),
        ]
        return [(answer.status_code, answer.body) for answer in answers]

    assert talk(stand, send) == [(404, "no_service"), (410, "channel_is_archived"), (400, "no_text")]


def test_more_channels_can_be_ordered(opened: Opener) -> None:
    """A test may have a workspace of its own."""
    stand = opened(SHOP.with_channels(ChannelSeed(name="mine", bots=("incident-poster",))))
    assert post(stand, channel_id(stand, "mine"), "hello")


def test_nothing_keeps_the_token(stand: Stand) -> None:
    """What the stand-in heard can be printed: no token is in it."""
    post(stand, channel_id(stand, "incidents"), "hi")
    assert stand.bot().token not in repr(stand.heard)
    assert {heard.method for heard in stand.heard} == {"conversations.list", "chat.postMessage"}


def test_it_runs_as_a_process_and_remembers(tmp_path: Path) -> None:
    """Killed and started again with the same file, it holds what it held."""
    state = tmp_path / "state.jsonl"
    command = [sys.executable, "-m", "tests.slack.pretend", "--port", "0", "--state", str(state)]
    held = []
    for _ in range(2):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            body = json.dumps({"channel": "C000000003", "text": "kept"}).encode()
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {SHOP.bots[0].token}"}
            request = urllib.request.Request(f"{address}/api/chat.postMessage", body, headers)
            with urllib.request.urlopen(request) as answer:
                assert json.load(answer)["ok"]
            with urllib.request.urlopen(f"{address}/_stand/ledger") as answer:
                held.append([message["text"] for message in json.load(answer)["incidents"]])
            server.kill()
    assert held == [["kept"], ["kept", "kept"]]
