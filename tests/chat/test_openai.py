from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import JsonValue, SecretStr

from slackincidents.chat.base import ChatReply, Shape
from slackincidents.chat.dialect import FILE, Memory
from slackincidents.chat.openai import OpenAIChat
from slackincidents.clock import FakeClock, SystemClock
from slackincidents.errors import Busy, Declined, Denied, Faulty, SlackIncidentsError, Unreachable
from tests.chat.asking import CANARY, LINES, adapter, ask, question
from tests.chat.server import HUGE, Behaviour, Faults, Server, Support, echo, serving


def scripted(*faults: str) -> Behaviour:
    """These faults, one a request."""
    return Behaviour(script=dict(enumerate(faults)))


def forms(server: Server) -> list[str | None]:
    """How each request asked for JSON."""
    return [entry.form for entry in server.ledger]


def sent(server: Server, number: int = -1) -> dict[str, JsonValue]:
    """A body as it arrived."""
    said: dict[str, JsonValue] = json.loads(server.endpoint.bodies[number])
    return said


def test_a_reply_carries_text_model_and_tokens() -> None:
    """What the endpoint says and counts is what the reply holds."""
    with serving() as server:
        (reply,) = ask(server, question())
    assert json.loads(reply.text)["lines"]
    assert (reply.finish, reply.model) == ("stop", "tiny")
    assert reply.usage.calls == 1
    assert reply.usage.prompt_tokens > 0
    assert reply.usage.completion_tokens > 0


def test_everything_that_is_asked_is_sent_and_nothing_else() -> None:
    """Model, messages, schema, temperature, limit, seed and cache key; attempt and sample stay here."""
    with serving() as server:
        asked = question(temperature=0.7, max_tokens=99, seed=5, cache_key="prefix", attempt=3, sample="b")
        ask(server, asked)
        body = sent(server)
    assert body.keys() == {
        "model", "messages", "temperature", "max_tokens", "seed", "prompt_cache_key", "response_format",
    }  # fmt: skip
    assert (body["temperature"], body["max_tokens"], body["seed"], body["prompt_cache_key"]) == (0.7, 99, 5, "prefix")
    form = body["response_format"]
    assert isinstance(form, dict)
    named = form["json_schema"]
    assert isinstance(named, dict)
    assert named["strict"] is True
    assert named["schema"] == json.loads(LINES.json_schema)


def test_a_schema_with_optional_fields_is_not_asked_for_strictly() -> None:
    """Strict schemas must require every property; an endpoint would refuse others."""
    loose = Shape(name="loose", json_schema='{"type": "object", "properties": {"a": {"type": "string"}}}')
    with serving() as server:
        ask(server, question(shape=loose))
        assert '"strict":false' in server.endpoint.bodies[0].decode()


@pytest.mark.parametrize(
    ("fault", "finish"),
    [("length", "length"), ("refusal", "refusal"), ("filter", "content_filter"), ("empty", "empty")],
)
def test_an_unfinished_reply_says_why(fault: str, finish: str) -> None:
    """Cut off, refused, filtered and empty replies come back as such: they were paid for."""
    with serving(scripted(fault)) as server:
        (reply,) = ask(server, question())
    assert reply.finish == finish
    assert bool(reply.text) == (fault in ("length", "refusal"))


def test_a_huge_reply_arrives_whole() -> None:
    """200 kB are read to the end."""
    with serving(scripted("huge")) as server:
        (reply,) = ask(server, question())
    assert len(reply.text) == HUGE


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("429", Busy),
        ("503", Busy),
        ("500", Faulty),
        ("malformed", Faulty),
        ("no-json", Faulty),
        ("wrong-shape", Faulty),
        ("reset", Unreachable),
        ("late-reset", Unreachable),
        ("time-out", Unreachable),
        ("drip", Unreachable),
    ],
)
def test_a_fault_of_the_line_is_one_of_our_errors(fault: str, error: type[SlackIncidentsError]) -> None:
    """Each fault is asked once by the adapter and raised as ours, naming the endpoint and a remedy."""
    with serving(scripted(fault)) as server:
        with pytest.raises(error) as caught:
            ask(server, question(), timeout=0.4 if fault in ("time-out", "drip") else 20.0)
        assert server.asked == 1
        assert server.base_url in caught.value.message
    assert caught.value.hint
    assert caught.value.__cause__ is caught.value.__context__ is None, (
        "the foreign error holds the headers that were sent"
    )


def test_a_busy_endpoint_says_when_to_come_back() -> None:
    """Retry-After reaches the retry layer."""
    behaviour = Behaviour(script={0: "429"}, faults=Faults(retry_after=7))
    with serving(behaviour) as server, pytest.raises(Busy) as caught:
        ask(server, question())
    assert caught.value.retry_after == 7


def test_a_wrong_key_is_denied_without_showing_it() -> None:
    """The endpoint repeats the key it was shown; we do not."""
    with serving(Behaviour(key="another")) as server, pytest.raises(Denied) as caught:
        ask(server, question())
    assert CANARY not in str(caught.value)
    assert "***" in str(caught.value)
    assert "OPENAI_API_KEY" in caught.value.hint


def test_nobody_listening_is_unreachable() -> None:
    """A closed port is not a traceback of the client's."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(Unreachable, match="cannot be reached"):
            asyncio.run(_once(url))


@contextmanager
def raw(reply: bytes) -> Iterator[str]:
    """A server that says these bytes to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as line:

        def answer() -> None:
            call, _ = line.accept()
            with call:
                call.recv(65_536)
                call.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{line.getsockname()[1]}/v1"
        thread.join()


async def _once(url: str) -> ChatReply:
    async with OpenAIChat(SecretStr(CANARY), url, clock=SystemClock(), timeout=2.0) as chat:
        return await chat.complete(question())


@pytest.mark.parametrize(
    "reply",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\xff\xfe[1, 2, 3",
        b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 0\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{"error": {"message": "no"}}'[:-1],
        b'HTTP/1.1 200 OK\r\nContent-Length: 56\r\n\r\n{"choices":[{"message":{"content":"lone \\ud800 half"}}]} ',
    ],
)
def test_garbage_is_one_of_our_errors(reply: bytes) -> None:
    """Whatever listens there, no foreign error gets through."""
    with raw(reply) as url, pytest.raises((Faulty, Unreachable, Declined)):
        asyncio.run(_once(url))


@pytest.mark.parametrize(
    ("body", "text", "finish"),
    [
        ('{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}}]}', "ab", "stop"),
        ('{"choices":null}', "", "empty"),
        ('{"choices":[{"message":{"content":null},"finish_reason":"stop"}],"usage":null}', "", "empty"),
        ('{"choices":[{"message":{"content":"ok"},"finish_reason":"eos"}],"usage":{"prompt_tokens":-3}}', "ok", "stop"),
        ('{"choices":[{"message":{"content":" "}}],"model":7,"usage":"none"}', "", "empty"),
    ],
)
def test_odd_replies_are_read_as_far_as_they_make_sense(body: str, text: str, finish: str) -> None:
    """Content in parts, null choices, missing counts, unknown ends: endpoints differ."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
    with raw((head + body).encode()) as url:
        reply = asyncio.run(_once(url))
    assert (reply.text, reply.finish) == (text, finish)


@pytest.mark.parametrize(
    ("supports", "vague", "tried"),
    [
        ("json_schema", False, ["json_schema"]),
        ("json_object", False, ["json_schema", "json_object"]),
        ("text", False, ["json_schema", "json_object", None]),
        ("text", True, ["json_schema", "json_object", None]),
    ],
)
def test_the_form_is_found_out_once(supports: Support, vague: bool, tried: list[str | None]) -> None:
    """A schema, else any JSON, else text; later questions go straight to what worked."""
    with serving(Behaviour(supports=supports, vague=vague)) as server:
        ask(server, question("one"), question("two"), question("three"))
        assert forms(server) == [*tried, tried[-1], tried[-1]]


def test_questions_at_once_do_not_all_find_out() -> None:
    """One goes first, the others wait for what it learns: two refusals, not sixty."""

    async def all_at_once(server: Server) -> list[ChatReply]:
        async with adapter(server) as chat:
            return await asyncio.gather(*(chat.complete(question(f"{number}")) for number in range(30)))

    with serving(Behaviour(supports="text", latency=0.02)) as server:
        replies = asyncio.run(all_at_once(server))
        assert [form for form in forms(server) if form] == ["json_schema", "json_object"]
        assert server.asked == 32
    assert all(reply.finish == "stop" for reply in replies)


def test_when_the_first_question_fails_the_next_finds_out() -> None:
    """A fault of the line teaches nothing about the endpoint, and stops nobody else."""

    async def all_at_once(server: Server) -> list[ChatReply | BaseException]:
        async with adapter(server) as chat:
            asked = (chat.complete(question(f"{number}")) for number in range(5))
            return await asyncio.gather(*asked, return_exceptions=True)

    with serving(Behaviour(script={0: "500"}, latency=0.02)) as server:
        replies = asyncio.run(all_at_once(server))
    assert [type(reply) for reply in replies] == [Faulty, *[ChatReply] * 4]


def test_a_dead_endpoint_is_found_dead_once() -> None:
    """Those who wait for the first question share its time-out instead of waiting one after the other."""

    async def all_at_once(server: Server) -> list[ChatReply | BaseException]:
        async with adapter(server, timeout=0.3) as chat:
            asked = (chat.complete(question(f"{number}")) for number in range(20))
            return await asyncio.gather(*asked, return_exceptions=True)

    with serving(Behaviour(faults=Faults(1.0, kinds=("time-out",)))) as server:
        replies = asyncio.run(all_at_once(server))
        assert server.asked == 1
    assert {type(reply) for reply in replies} == {Unreachable}


@pytest.mark.parametrize("vague", [False, True])
def test_fields_an_endpoint_rejects_are_left_out(vague: bool) -> None:
    """Seed and cache key are no reason to fail; what else was asked stays."""
    with serving(Behaviour(rejects=("seed", "prompt_cache_key"), vague=vague)) as server:
        asked = question(seed=1, cache_key="x", max_tokens=50)
        ask(server, asked, question("two", seed=1, cache_key="x", max_tokens=50))
        assert sent(server).keys() == {"model", "messages", "max_tokens", "response_format"}
        assert server.ledger[-1].status == server.ledger[-2].status == 200


def test_the_limit_has_another_name_at_some_endpoints() -> None:
    """max_tokens, where it is rejected, becomes max_completion_tokens."""
    with serving(Behaviour(rejects=("max_tokens",))) as server:
        ask(server, question(max_tokens=50))
        assert sent(server)["max_completion_tokens"] == 50


def test_a_question_of_a_new_kind_finds_out_again() -> None:
    """A field that no earlier question carried may be rejected too."""
    with serving(Behaviour(rejects=("seed",))) as server:
        replies = ask(server, question(), question("two", seed=4), question("three", seed=4))
        assert [entry.status for entry in server.ledger] == [200, 400, 200, 200]
    assert len(replies) == 3


def test_a_question_nobody_takes_is_declined_with_the_first_reason() -> None:
    """Simpler ways are tried; the reason given is the endpoint's to the question as it was meant."""
    with serving(Behaviour(supports="text", rejects=("messages",))) as server:
        with pytest.raises(Declined, match=r"400.*json_schema is not supported"):
            ask(server, question())
        assert server.asked == 3


def test_the_next_process_knows_what_this_one_found_out(tmp_path: Path) -> None:
    """The dialect is kept beside the replies, for a week; what has changed meanwhile is found out again."""
    clock = FakeClock()

    async def once(server: Server) -> None:
        memory = Memory(tmp_path, clock)
        async with OpenAIChat(SecretStr(CANARY), server.base_url, clock=clock, timeout=20, memory=memory) as chat:
            await chat.complete(question())

    with serving(Behaviour(supports="text")) as server:
        asyncio.run(once(server))
        asyncio.run(once(server))
        assert forms(server) == ["json_schema", "json_object", None, None]
        clock.advance(8 * 86_400)
        asyncio.run(once(server))
        assert forms(server)[4:] == ["json_schema", "json_object", None]
    assert CANARY not in (tmp_path / FILE).read_text()


def test_a_remembered_dialect_that_no_longer_works_is_found_out_again(tmp_path: Path) -> None:
    """Hearsay is believed until the endpoint objects; then one question finds out for all."""
    memory = Memory(tmp_path, SystemClock())

    async def thrice(server: Server) -> None:
        async with OpenAIChat(
            SecretStr(CANARY), server.base_url, clock=SystemClock(), timeout=20, memory=memory
        ) as chat:
            await asyncio.gather(*(chat.complete(question(f"{number}")) for number in range(3)))

    with serving(Behaviour(supports="text", latency=0.02)) as server:
        (tmp_path / FILE).write_text(
            json.dumps({f"{server.base_url} tiny": {"dialect": {"mode": "json_object"}, "at": SystemClock().now()}})
        )
        asyncio.run(thrice(server))
        assert sorted(map(str, forms(server))) == ["None"] * 3 + ["json_object"] * 4 + ["json_schema"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 1}', "\x00"])
def test_a_torn_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    """A file of findings that makes no sense costs one more finding out, not the run."""
    (tmp_path / FILE).write_text(text)
    assert Memory(tmp_path, SystemClock()).recall("http://x/v1", "tiny") is None


def test_the_key_shows_nowhere(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """Not in logs at the finest level, not in output, not in an error or a repr; not even when it is sent back."""
    caplog.set_level(logging.DEBUG)
    faults = ("429", "500", "reset", "late-reset", "no-json", "refusal")
    said: list[str] = []

    async def all_of_them(server: Server) -> None:
        async with adapter(server, timeout=20.0) as chat:
            for number in range(len(faults) + 1):
                try:
                    said.append(repr(await chat.complete(question(f"{number}"))))
                except SlackIncidentsError as error:
                    said.append(f"{error!r} {error} {error.__cause__!r} {error.__context__!r}")
            said.append(f"{chat!r} {vars(chat)!r}")

    def indiscreet(_: object) -> str:
        return json.dumps({"lines": [f"your key is {CANARY}"]})

    with serving(Behaviour(answer=indiscreet, script=dict(enumerate(faults)))) as server:
        asyncio.run(all_of_them(server))
    assert "your key is ***" in " ".join(said)
    assert CANARY not in " ".join(said)
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())


@pytest.mark.parametrize("key", ["none", "x", "ollama", "EMPTY"])
def test_a_key_that_is_a_word_leaves_the_words_alone(key: str) -> None:
    """Endpoints on one's own machine want any key; a reply that holds the word is not mangled."""

    async def asked(server: Server) -> ChatReply:
        async with OpenAIChat(SecretStr(key), server.base_url, clock=SystemClock(), timeout=20) as chat:
            return await chat.complete(question())

    with serving(Behaviour(answer=lambda _: "ollama says x is EMPTY, there are none")) as server:
        assert asyncio.run(asked(server)).text == "ollama says x is EMPTY, there are none"


def test_cancelling_hangs_up() -> None:
    """A question that is given up leaves no task, and the next one goes through."""

    async def given_up(server: Server) -> ChatReply:
        async with adapter(server) as chat:
            await chat.complete(question("first"))
            task = asyncio.create_task(chat.complete(question("slow")))
            while server.asked < 2:
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            reply = await chat.complete(question("next"))
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return reply

    with serving(Behaviour(script={1: "time-out"})) as server:
        assert asyncio.run(given_up(server)).finish == "stop"


def test_cancelling_the_one_who_finds_out_lets_the_next_go() -> None:
    """Those who waited for it do not wait for ever."""

    async def given_up(server: Server) -> ChatReply:
        async with adapter(server) as chat:
            first = asyncio.create_task(chat.complete(question("slow")))
            while not server.asked:
                await asyncio.sleep(0.005)
            second = asyncio.create_task(chat.complete(question("next")))
            await asyncio.sleep(0)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            return await second

    with serving(Behaviour(script={0: "time-out"})) as server:
        assert asyncio.run(given_up(server)).finish == "stop"


def test_the_same_question_gets_the_same_faulty_reply() -> None:
    """Faults of content hang on the question, those of the line on how often it came: so a run can be repeated."""
    faults = Faults(0.5, "s", ("missing", "talk", "length", "500"))
    keys = [f"key {number}" for number in range(200)]
    assert [faults.pick(key, 0) for key in keys] == [faults.pick(key, 0) for key in keys]
    wrong = [faults.pick(key, 0) for key in keys]
    assert 0.4 < sum(fault is not None for fault in wrong) / len(wrong) < 0.6
    again = [faults.pick(key, 1) for key in keys]
    assert all(now == then for now, then in zip(again, wrong, strict=True) if then not in (None, "500"))


def test_echo_depends_on_the_question() -> None:
    """The server's answer is a function of what it was asked."""
    with serving(Behaviour(answer=echo)) as server:
        one, two, again = ask(server, question("one"), question("two"), question("one"))
    assert one.text == again.text != two.text
