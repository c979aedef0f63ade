"""What goes over the wire, and what is read from it: against a server on this machine that says what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from aiohttp import web
from pydantic import JsonValue, SecretStr

from slackincidents.errors import Declined, Faulty, Unreachable
from slackincidents.schema.delivery import Attachment, Channel, Groups, Identity, Marker, Outgoing
from slackincidents.sinks.slack_client import SlackWorkspace

Answer = TypeVar("Answer")
MARKER = Marker(incident="cache-1", index=3, part=0, run="abc")
PAYLOAD: dict[str, JsonValue] = {"incident": "cache-1", "index": 3, "part": 0, "run": "abc", "synthetic": True}
MINE: dict[str, JsonValue] = {"event_type": "slackincidents", "event_payload": PAYLOAD}
OUT = Outgoing(channel_id="C1", text="hi", marker=MARKER)


class Server:
    """A server that gives the next answer of each method, and keeps what it was asked."""

    def __init__(self, answers: dict[str, list[web.Response | dict[str, JsonValue]]]) -> None:
        """The answers by method, in order."""
        self.answers = answers
        self.asked: list[tuple[str, dict[str, JsonValue]]] = []

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body: dict[str, JsonValue] = dict(request.query)
        if request.content_type == "application/json":
            body |= await request.json()
        else:
            body |= {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append((method, body))
        answer = self.answers[method].pop(0)
        if isinstance(answer, dict):
            return web.json_response({"ok": "error" not in answer, **answer})
        if answer.status == 599:
            assert request.transport is not None
            request.transport.abort()
        return answer

    async def serve(self, work: Callable[[SlackWorkspace], Awaitable[Answer]], timeout: float = 5.0) -> Answer:
        """Run some work against it."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        try:
            base = f"http://127.0.0.1:{port}/api/"
            return await work(SlackWorkspace(SecretStr("xoxb-x"), base_url=base, timeout=timeout))
        finally:
            await runner.cleanup()


def ask(
    work: Callable[[SlackWorkspace], Awaitable[Answer]], timeout: float = 5.0, **answers: object
) -> tuple[Answer, list[tuple[str, dict[str, JsonValue]]]]:
    """What some work gives and what it asked; method names have ``_`` for the dot."""
    listed = {name.replace("_", "."): list(given) for name, given in answers.items()}  # type: ignore[call-overload]
    server = Server(listed)
    return asyncio.run(server.serve(work, timeout)), server.asked


def test_a_message_goes_out_whole() -> None:
    """Text, name, thread, card and marker arrive; nothing links names or unfolds addresses."""
    card = Attachment(
        colour="D7263D", title="T", text="x", fields=(("A", "1"),), links=(("Runbook", "https://x.io"),), footer="f"
    )
    message = OUT.model_copy(
        update={
            "thread_ts": "1.000001",
            "username": "Alice Chen",
            "icon": ":bear:",
            "card": card,
            "context": "simulated",
        }
    )
    posted, asked = ask(
        lambda bot: bot.post(message),
        chat_postMessage=[{"ts": "2.000001", "message": {"username": "Alice Chen", "ts": "2.000001"}}],
    )
    assert (posted.ts, posted.named) == ("2.000001", True)
    sent = asked[0][1]
    assert sent["metadata"] == MINE
    assert (sent["username"], sent["icon_emoji"], sent["thread_ts"]) == ("Alice Chen", ":bear:", "1.000001")
    assert (sent["link_names"], sent["unfurl_links"], sent["unfurl_media"]) == (False, False, False)
    assert sent["blocks"] == [
        {"type": "section", "text": {"type": "mrkdwn", "text": "hi", "verbatim": True}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "simulated"}]},
    ]
    assert sent["attachments"] == [
        {
            "color": "D7263D",
            "fallback": "T",
            "mrkdwn_in": ["text", "fields"],
            "title": "T",
            "text": "x",
            "footer": "f",
            "fields": [{"title": "A", "value": "1", "short": True}],
            "actions": [{"type": "button", "text": "Runbook", "url": "https://x.io"}],
        }
    ]


def test_an_ignored_user_name_is_noticed() -> None:
    """The answer shows the name that was really used."""
    message = OUT.model_copy(update={"username": "A & B"})
    for shown, named in (("slackbot", False), ("A &amp; B", True)):
        posted, _ = ask(
            lambda bot: bot.post(message), chat_postMessage=[{"ts": "2.000001", "message": {"username": shown}}]
        )
        assert posted.named is named


ODD = (
    lambda: web.Response(text="<html>", content_type="text/html"),
    lambda: web.Response(text="{", content_type="application/json"),
    lambda: web.Response(text="[]", content_type="application/json"),
    lambda: web.Response(text="null", content_type="application/json"),
    lambda: web.Response(text="ok", content_type="text/plain"),
    lambda: web.Response(body=b"\xff\xfe", content_type="application/json"),
    lambda: web.json_response({"ok": True}),
    lambda: web.json_response({"ok": True, "ts": 7}),
    lambda: web.json_response({"ok": True, "ts": "soon"}),
    lambda: web.Response(status=500, text="oops"),
)


@pytest.mark.parametrize("answer", ODD)
def test_an_odd_answer_is_faulty_and_asked_for_once(answer: Callable[[], web.Response]) -> None:
    """Whatever nonsense comes back, it is one call and an error that means: look before trying again."""
    server = Server({"chat.postMessage": [answer(), answer()]})
    with pytest.raises(Faulty):
        asyncio.run(server.serve(lambda bot: bot.post(OUT)))
    assert len(server.asked) == 1


def test_a_dropped_line_is_unreachable_and_never_tried_again() -> None:
    """slack_sdk's own retry, which posts twice, is off."""
    server = Server({"chat.postMessage": [web.Response(status=599), web.Response(status=599)]})
    with pytest.raises(Unreachable):
        asyncio.run(server.serve(lambda bot: bot.post(OUT)))
    assert len(server.asked) == 1


def test_who_the_token_is_and_what_it_may() -> None:
    """Team and scopes come from one answer; without the header the scopes are unknown."""
    auth: dict[str, JsonValue] = {"ok": True, "team_id": "T1", "team": "Shop", "user_id": "U1", "user": "bot"}
    told, _ = ask(
        lambda bot: bot.identity(),
        auth_test=[web.json_response(auth, headers={"X-OAuth-Scopes": "chat:write, channels:read"})],
    )
    assert told == Identity(team="T1", team_name="Shop", user="U1", name="bot", scopes=("chat:write", "channels:read"))
    assert ask(lambda bot: bot.identity(), auth_test=[auth])[0].scopes is None


def test_every_page_of_the_channels_is_read() -> None:
    """Cursors are followed; archived, private and foreign ones are told apart."""
    found, asked = ask(
        lambda bot: bot.channels(),
        conversations_list=[
            {"channels": [{"id": "C1", "name": "a", "is_member": True}], "response_metadata": {"next_cursor": "n="}},
            {"channels": [{"id": "C2", "name": "b", "is_archived": True, "is_private": True, "is_ext_shared": True}]},
        ],
    )
    assert found == (
        Channel(id="C1", name="a"),
        Channel(id="C2", name="b", member=False, archived=True, private=True, foreign=True),
    )
    assert asked[1][1]["cursor"] == "n="


def test_without_groups_read_the_public_channels_are_listed() -> None:
    """A token that may not see private channels still sees the others."""
    found, asked = ask(
        lambda bot: bot.channels(),
        conversations_list=[
            {"error": "missing_scope", "needed": "groups:read"},
            {"channels": [{"id": "C1", "name": "a", "is_member": True}]},
        ],
    )
    assert [channel.id for channel in found] == ["C1"]
    assert [body["types"] for _, body in asked] == ["public_channel,private_channel", "public_channel"]


def test_a_plan_without_groups_has_none_and_says_why() -> None:
    """The refusal of a free plan is no error."""
    told, _ = ask(lambda bot: bot.groups(), usergroups_list=[{"error": "plan_upgrade_required"}])
    assert isinstance(told, Groups)
    assert not told.found
    assert "plan_upgrade_required" in told.missing


def test_our_messages_are_known_by_their_metadata() -> None:
    """History tells ours from others', also from others' with odd metadata, oldest first."""
    seen, asked = ask(
        lambda bot: bot.history("C1", "1.000000"),
        conversations_history=[
            {
                "messages": [
                    {"ts": "3.000000", "metadata": {"event_type": "slackincidents", "event_payload": {"index": "x"}}},
                    {"ts": "2.000000", "metadata": MINE},
                    {"ts": "1.000000"},
                ]
            }
        ],
    )
    assert [(one.ts, one.marker) for one in seen] == [("1.000000", None), ("2.000000", MARKER), ("3.000000", None)]
    assert (asked[0][1]["oldest"], asked[0][1]["include_all_metadata"], asked[0][1]["inclusive"]) == (
        "1.000000",
        "1",
        "1",
    )


def test_replies_come_without_their_root() -> None:
    """The root of a thread is none of its replies; a thread that is gone has none."""
    seen, _ = ask(
        lambda bot: bot.replies("C1", "1.000000"),
        conversations_replies=[
            {"messages": [{"ts": "1.000000"}, {"ts": "2.000000", "thread_ts": "1.000000", "metadata": MINE}]}
        ],
    )
    assert [one.marker for one in seen] == [MARKER]
    assert ask(lambda bot: bot.replies("C1", "1.0"), conversations_replies=[{"error": "thread_not_found"}])[0] == ()


def test_what_is_done_already_is_no_error() -> None:
    """A reaction that stands and a message that is gone are what was wanted; anything else is told."""
    ask(lambda bot: bot.react("C1", "1.0", "eyes"), reactions_add=[{"error": "already_reacted"}])
    ask(lambda bot: bot.delete("C1", "1.0"), chat_delete=[{"error": "message_not_found"}])
    with pytest.raises(Declined, match="emoji"):
        ask(lambda bot: bot.react("C1", "1.0", "ack"), reactions_add=[{"error": "invalid_name"}])
