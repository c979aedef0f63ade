"""An endpoint that really listens: chat completions on 127.0.0.1, deterministic answers, seeded faults, a ledger.

In a test: ``with serving(Behaviour(...)) as server: ... server.base_url``. As a process of its own:
``python -m tests.chat.server --faults 0.2 --seed 1 --latency 0.2``; it prints its address and serves until killed.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import importlib
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, JsonValue

from slackincidents.chat.tokens import estimate_tokens
from tests.chat.spoiling import SPOILERS, Spoiler

Support = Literal["json_schema", "json_object", "text"]

BEFORE = ("429", "500", "503", "reset", "time-out")
"""Faults of the line: the question may be asked again and gets through."""

AFTER = ("late-reset", "drip", "malformed")
"""Faults of the line that come with, or in the middle of, a reply."""

REPLIES = ("length", "refusal", "filter", "empty", "huge", "no-json", "wrong-shape")
"""Faults of a reply as a whole."""

LINE = (*BEFORE, *AFTER, "no-json", "wrong-shape")
HUGE = 200_000
DRIP_BYTES = 5
HANG_SECONDS = 3_600.0


class Said(BaseModel):
    """One message of a question."""

    role: str
    content: str


class Question(BaseModel):
    """A request's body, as far as an answer depends on it."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: list[Said]
    seed: int | None = None
    prompt_cache_key: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    response_format: dict[str, JsonValue] | None = None

    @property
    def key(self) -> str:
        """SHA-256 over model, seed and messages: what two processes agree on, whatever the dialect."""
        said = [self.model, self.seed, *((message.role, message.content) for message in self.messages)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


Answer = Callable[[Question], str]


def echo(question: Question) -> str:
    """The plainest answer: a line that depends on the question."""
    return json.dumps({"lines": [{"beat": "b001", "text": f"looking at {question.key[:8]}"}]})


@dataclass(frozen=True)
class Faults:
    """Which share of replies goes wrong, and how: `kinds` are all equally likely.

    What goes wrong on the line depends on how often the question has come: the next try may get through. What is wrong
    with a reply depends on the question alone: the same question gets the same reply.
    """

    share: float = 0.0
    seed: str = "0"
    kinds: tuple[str, ...] = ()
    retry_after: float = 0.05

    def pick(self, key: str, time: int) -> str | None:
        """The fault of this question, the `time`-th time it comes."""
        if not self.kinds:
            return None
        for name in (key, f"{key}/{time}"):
            rng = random.Random(f"{self.seed}/{name}")
            kinds = [kind for kind in self.kinds if (kind in LINE) == (name != key)]
            if kinds and rng.random() < self.share * len(kinds) / len(self.kinds):
                return rng.choice(kinds)
        return None


ALL_FAULTS = (*BEFORE, *AFTER, *REPLIES, *SPOILERS)


@dataclass(frozen=True)
class Behaviour:
    """How the endpoint answers. `rejects` names optional fields it does not know."""

    answer: Answer = echo
    faults: Faults = Faults()
    supports: Support = "json_schema"
    rejects: tuple[str, ...] = ()
    vague: bool = False
    latency: float = 0.0
    key: str | None = None
    spoilers: Mapping[str, Spoiler] = field(default_factory=lambda: SPOILERS)
    script: Mapping[int, str] = field(default_factory=dict)
    """Fault of the n-th request, counted from 0: for tests of one behaviour."""

    def text(self, question: Question, fault: str | None) -> str:
        """The answer, good or with a fault of content."""
        said = self.answer(question)
        if fault is not None and fault in self.spoilers:
            return self.spoilers[fault](said, question, random.Random(question.key))
        return "x " * (HUGE // 2) if fault == "huge" else said


@dataclass(frozen=True)
class Entry:
    """One request: what was asked, what went wrong, whether a whole reply was sent."""

    number: int
    key: str
    fault: str | None
    status: int
    completed: bool
    form: str | None
    fields: tuple[str, ...]


class Endpoint:
    """The handler, with its ledger."""

    def __init__(self, behaviour: Behaviour, ledger_file: Path | None = None) -> None:
        """`ledger_file` gets one JSON line a request, for other processes to read."""
        self.behaviour = behaviour
        self.ledger: list[Entry] = []
        self.bodies: list[bytes] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._times: Counter[str] = Counter()
        self._count = 0
        self._file = ledger_file
        self._stopping = asyncio.Event()

    def app(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/v1/chat/completions", self.handle)
        app.router.add_get("/v1/in-flight", self.busy)
        return app

    async def busy(self, _: web.Request) -> web.Response:
        """How many requests are under way."""
        return web.Response(text=f"{self.in_flight}")

    def stop(self) -> None:
        """Let go of those who were left hanging."""
        self._stopping.set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        data = await request.read()
        number, self._count = self._count, self._count + 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._answer(request, data, number)
        except ConnectionError:  # whoever asked has hung up
            return web.Response(status=500)
        finally:
            self.in_flight -= 1

    async def _answer(self, request: web.Request, data: bytes, number: int) -> web.StreamResponse:
        self.bodies.append(data)
        question = Question.model_validate_json(data)
        call = Call(request, question, number, tuple(json.loads(data)))
        if (no := self._objection(call)) is not None:
            self._note(call, None, no.status, completed=False)
            return no
        time = self._times[question.key]
        self._times[question.key] += 1
        behaviour = self.behaviour
        fault = behaviour.script.get(number) or behaviour.faults.pick(question.key, time)
        if behaviour.latency:
            await asyncio.sleep(behaviour.latency)
        if fault in BEFORE:
            return await self._fail(call, fault)
        reply = completion(question, behaviour.text(question, fault), fault)
        return await self._send(call, fault, reply)

    def _objection(self, call: Call) -> web.Response | None:
        """What the endpoint does not understand, or whom it does not know."""
        behaviour = self.behaviour
        sent = call.request.headers.get("Authorization", "")
        if behaviour.key is not None and sent != f"Bearer {behaviour.key}":
            return problem(401, f"Incorrect API key provided: {sent.removeprefix('Bearer ')}", "invalid_api_key")
        order: tuple[Support, ...] = ("text", "json_object", "json_schema")
        if call.form is not None and order.index(call.form) > order.index(behaviour.supports):
            words = "Bad Request" if behaviour.vague else f"response_format.type {call.form} is not supported"
            return problem(400, words, param=None if behaviour.vague else "response_format")
        for name in behaviour.rejects:
            if name in call.fields:
                words = "Bad Request" if behaviour.vague else f"Unrecognized request argument supplied: {name}"
                return problem(400, words)
        return None

    async def _fail(self, call: Call, fault: str) -> web.StreamResponse:
        self._note(call, fault, {"429": 429, "500": 500, "503": 503}.get(fault, 0), completed=False)
        if fault == "429":
            headers = {"Retry-After": f"{self.behaviour.faults.retry_after:g}"}
            return problem(429, "Rate limit reached", "rate_limit_exceeded", headers=headers)
        if fault in ("500", "503"):
            return problem(int(fault), "The server had an error while processing your request")
        if fault == "time-out":
            await self._hang()
        reset(call.request)
        return web.Response(status=500)

    async def _send(self, call: Call, fault: str | None, reply: bytes) -> web.StreamResponse:
        if fault == "malformed":
            reply = reply[: len(reply) * 2 // 3]
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(reply))})
        await response.prepare(call.request)
        if fault == "late-reset":
            await response.write(reply[: len(reply) // 2])
            self._note(call, fault, 200, completed=False)
            reset(call.request)
            return response
        if fault == "drip":
            self._note(call, fault, 200, completed=False)
            await self._drip(response, reply)
            return response
        self._note(call, fault, 200, completed=fault not in LINE)
        await response.write(reply)
        await response.write_eof()
        return response

    async def _drip(self, response: web.StreamResponse, reply: bytes) -> None:
        """A few bytes, then one now and then, never all of them."""
        most = reply[:-1]
        for start in range(0, len(most), DRIP_BYTES):
            await response.write(most[start : start + DRIP_BYTES])
            await self._hang(0.05)
            if self._stopping.is_set():
                return
        await self._hang()

    async def _hang(self, seconds: float = HANG_SECONDS) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    def _note(self, call: Call, fault: str | None, status: int, *, completed: bool) -> None:
        entry = Entry(call.number, call.question.key, fault, status, completed, call.form, call.fields)
        self.ledger.append(entry)
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as sink:
                sink.write(json.dumps([entry.key, fault, status, completed]) + "\n")


@dataclass(frozen=True)
class Call:
    """A request under way."""

    request: web.Request
    question: Question
    number: int
    fields: tuple[str, ...]

    @property
    def form(self) -> Support | None:
        """How it asks for JSON."""
        wanted = self.question.response_format
        if wanted is None:
            return None
        return "json_schema" if wanted.get("type") == "json_schema" else "json_object"


def completion(question: Question, text: str, fault: str | None) -> bytes:
    """The body of a reply, as a provider words it."""
    if fault == "no-json":
        return b"<html><body>upstream connect error</body></html>"
    if fault == "wrong-shape":
        return b'{"object": "chat.completion", "choices": {"0": "hello"}}'
    prompt = sum(estimate_tokens(message.content) for message in question.messages)
    message: dict[str, JsonValue] = {"role": "assistant", "content": text}
    finish = "stop"
    if fault == "length":
        message["content"], finish = text[: len(text) // 2], "length"
    elif fault == "filter":
        message["content"], finish = "", "content_filter"
    elif fault == "refusal":
        message["content"], message["refusal"] = None, "I'm sorry, I can't help with that."
    choices: list[JsonValue] = [] if fault == "empty" else [{"index": 0, "message": message, "finish_reason": finish}]
    reply: JsonValue = {
        "id": f"chatcmpl-{question.key[:12]}",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": question.model,
        "choices": choices,
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": estimate_tokens(str(message["content"] or "")),
            "prompt_tokens_details": {"cached_tokens": 0},
        },
    }
    return json.dumps(reply).encode()


def problem(
    status: int,
    words: str,
    code: str | None = None,
    *,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """An error in the provider's form."""
    body = {"error": {"message": words, "type": "invalid_request_error", "param": param, "code": code}}
    return web.json_response(body, status=status, headers=headers)


def reset(request: web.Request) -> None:
    """Drop the line without a goodbye."""
    if request.transport is not None:
        request.transport.abort()


@dataclass(frozen=True)
class Server:
    """A running endpoint."""

    base_url: str
    endpoint: Endpoint

    @property
    def ledger(self) -> list[Entry]:
        """Every request so far."""
        return list(self.endpoint.ledger)

    @property
    def asked(self) -> int:
        """How many requests came."""
        return len(self.endpoint.bodies)


@contextmanager
def serving(behaviour: Behaviour | None = None) -> Iterator[Server]:
    """A server in a thread of its own, on a free port, until the block ends."""
    endpoint = Endpoint(behaviour or Behaviour())
    with listening(endpoint) as base_url:
        yield Server(base_url, endpoint)


@contextmanager
def listening(endpoint: Endpoint) -> Iterator[str]:
    """Let an endpoint listen until the block ends; its address is given."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="test server")
    thread.start()
    try:
        runner, port = asyncio.run_coroutine_threadsafe(start(endpoint, 0), loop).result(timeout=30)
        try:
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            asyncio.run_coroutine_threadsafe(_stop(endpoint, runner), loop).result(timeout=30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=30)
        loop.close()


async def start(endpoint: Endpoint, port: int) -> tuple[web.AppRunner, int]:
    """Listen; the port that was given."""
    runner = web.AppRunner(endpoint.app(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    return runner, int(runner.addresses[0][1])


async def _stop(endpoint: Endpoint, runner: web.AppRunner) -> None:
    endpoint.stop()
    await runner.cleanup()


def main() -> None:
    """Serve until killed. The first line of output is the address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answer", default="tests.chat.server:echo", help="module:function that answers")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--faults", type=float, default=0.0, help="share of replies that go wrong")
    parser.add_argument("--kinds", default=",".join(ALL_FAULTS))
    parser.add_argument("--seed", default="0")
    parser.add_argument("--spoilers", default="tests.chat.spoiling:SPOILERS", help="module:mapping of faults")
    parser.add_argument("--supports", default="json_schema")
    parser.add_argument("--ledger", type=Path)
    said = parser.parse_args()
    answer: Answer = named(said.answer)
    spoilers: dict[str, Spoiler] = named(said.spoilers)
    faults = Faults(said.faults, said.seed, tuple(said.kinds.split(",")))
    behaviour = Behaviour(answer, faults, said.supports, latency=said.latency, spoilers=spoilers)
    asyncio.run(_serve(Endpoint(behaviour, said.ledger), said.port))


def named(place: str) -> Any:
    """What stands at ``module:name``."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


async def _serve(endpoint: Endpoint, port: int) -> None:
    _, given = await start(endpoint, port)
    print(f"http://127.0.0.1:{given}/v1", flush=True)  # noqa: T201 - whoever started this reads it
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
