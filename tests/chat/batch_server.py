"""A Batch API that really listens: files, batches, and a ledger of what was answered and so paid for."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web
from pydantic import JsonValue

from tests.chat.server import Answer, Behaviour, Endpoint, Question, completion, echo, listening, problem, reset

Spoil = Callable[[int, int], str | None]
"""What goes wrong with the n-th question of the n-th batch, both from 0: a status, "missing", "late" or "garbled"."""


@dataclass(frozen=True)
class Conduct:
    """How batches go. `ends` are the final states, one a batch, the last for all others.

    A batch is validating at the first look, in progress at the following, and ended after `looks`. `creating` says what
    becomes of each request for a batch: "429", "500", "lost" (made, but the line breaks), or nothing.
    """

    answer: Answer = echo
    key: str | None = None
    looks: int = 3
    ends: tuple[str, ...] = ("completed",)
    creating: tuple[str, ...] = ()
    uploading: tuple[str, ...] = ()
    spoil: Spoil = lambda _batch, _line: None
    knows_schemas: bool = True
    why: tuple[str, str] = ("token_limit_exceeded", "Enqueued token limit reached")
    latency: float = 0.0


@dataclass
class Made:
    """A batch as the server has it."""

    id: str
    number: int
    input: str
    looked: int = 0
    status: str = "validating"
    output: str | None = None
    errors: str | None = None
    counts: Counter[str] = field(default_factory=Counter)


class BatchEndpoint(Endpoint):
    """Files and batches beside chat completions."""

    def __init__(self, conduct: Conduct) -> None:
        super().__init__(Behaviour(answer=conduct.answer, key=conduct.key))
        self.conduct = conduct
        self.files: dict[str, bytes] = {}
        self.uploads: list[bytes] = []
        self.batches: dict[str, Made] = {}
        self.creations = 0
        self.looks: list[str] = []
        self.paid: Counter[str] = Counter()
        self.deleted: list[str] = []
        self._names = 0
        self._uploading = list(conduct.uploading)
        self._creating = list(conduct.creating)

    def app(self) -> web.Application:
        """The routes."""
        app = super().app()
        app.middlewares.append(self._guard)
        app.router.add_post("/v1/files", self.upload)
        app.router.add_get("/v1/files/{id}/content", self.content)
        app.router.add_delete("/v1/files/{id}", self.delete)
        app.router.add_post("/v1/batches", self.create)
        app.router.add_get("/v1/batches", self.listed)
        app.router.add_get("/v1/batches/{id}", self.look)
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        sent = request.headers.get("Authorization", "")
        if self.conduct.key is not None and sent != f"Bearer {self.conduct.key}":
            return problem(401, f"Incorrect API key provided: {sent.removeprefix('Bearer ')}", "invalid_api_key")
        if self.conduct.latency:
            await asyncio.sleep(self.conduct.latency)
        return await handler(request)

    async def upload(self, request: web.Request) -> web.Response:
        """Take a file of questions."""
        if (fault := self._uploading.pop(0) if self._uploading else "") != "":
            return problem(int(fault), "try again")
        parts: dict[str, bytes] = {}
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            parts[part.name or ""] = bytes(await part.read())
        if parts.get("purpose") != b"batch":
            return problem(400, "Invalid value for 'purpose'", param="purpose")
        self.uploads.append(parts["file"])
        return web.json_response({"id": self._kept(parts["file"]), "object": "file", "purpose": "batch"})

    def _kept(self, data: bytes) -> str:
        self._names += 1
        name = f"file-{self._names:04d}"
        self.files[name] = data
        return name

    async def content(self, request: web.Request) -> web.Response:
        """Give a file."""
        data = self.files.get(request.match_info["id"])
        return problem(404, "No such File object") if data is None else web.Response(body=data)

    async def delete(self, request: web.Request) -> web.Response:
        """Remove a file."""
        name = request.match_info["id"]
        if self.files.pop(name, None) is None:
            return problem(404, "No such File object")
        self.deleted.append(name)
        return web.json_response({"id": name, "deleted": True})

    async def create(self, request: web.Request) -> web.Response:
        """Begin a batch."""
        self.creations += 1
        fault = self._creating.pop(0) if self._creating else ""
        if fault in ("429", "500"):
            return problem(int(fault), "try again", headers={"Retry-After": "7"} if fault == "429" else None)
        said = await request.json()
        assert said["endpoint"] == "/v1/chat/completions"
        assert said["completion_window"] == "24h"
        if said["input_file_id"] not in self.files:
            return problem(400, "No such File object", param="input_file_id")
        made = Made(f"batch_{len(self.batches):03d}", len(self.batches), said["input_file_id"])
        self.batches[made.id] = made
        if fault == "lost":
            reset(request)
        return web.json_response(self._shown(made))

    async def listed(self, _: web.Request) -> web.Response:
        """The batches, newest first."""
        found = [self._shown(made) for made in reversed(self.batches.values())]
        return web.json_response({"object": "list", "data": found, "has_more": False})

    async def look(self, request: web.Request) -> web.Response:
        """How far a batch is; each look moves it on."""
        made = self.batches.get(request.match_info["id"])
        if made is None:
            return problem(404, "No batch found")
        self.looks.append(made.id)
        made.looked += 1
        if made.status in ("validating", "in_progress"):
            made.status = "in_progress"
            if made.looked >= self.conduct.looks:
                self._end(made)
        return web.json_response(self._shown(made))

    def _end(self, made: Made) -> None:
        ends = self.conduct.ends
        made.status = ends[min(made.number, len(ends) - 1)]
        if made.status == "failed":
            return
        good, bad = list[bytes](), list[bytes]()
        for place, line in enumerate(self.files[made.input].splitlines()):
            self._answer_line(made, place, line, good, bad)
        made.output = self._kept(b"".join(good)) if good else None
        made.errors = self._kept(b"".join(bad)) if bad else None

    def _answer_line(self, made: Made, place: int, line: bytes, good: list[bytes], bad: list[bytes]) -> None:
        said = json.loads(line)
        assert (said["method"], said["url"]) == ("POST", "/v1/chat/completions")
        name = said["custom_id"]
        assert len(name) <= 64
        fault = self.conduct.spoil(made.number, place)
        if not self.conduct.knows_schemas and said["body"].get("response_format", {}).get("type") == "json_schema":
            fault = "400"
        if fault == "late" or (fault is None and made.status in ("expired", "cancelled") and place % 2):
            late: dict[str, JsonValue] = {
                "code": "batch_expired",
                "message": "This request could not be executed before the completion window",
            }
            bad.append(_line(name, None, late))
        elif fault is not None and fault.isdigit():
            words = "Rate limit" if fault == "429" else "response_format is not supported" if fault == "400" else "Oops"
            error: JsonValue = {"error": {"message": words, "type": "x", "param": None, "code": None}}
            bad.append(_line(name, {"status_code": int(fault), "request_id": "r", "body": error}, None))
        elif fault != "missing":
            self.paid[name] += 1
            question = Question.model_validate(said["body"])
            whole = json.loads(completion(question, self.conduct.answer(question), None))
            made.counts["completed"] += 1
            good.append(
                b'{"custom_id": broken\n'
                if fault == "garbled"
                else _line(name, {"status_code": 200, "request_id": "r", "body": whole}, None)
            )

    def _shown(self, made: Made) -> JsonValue:
        failed = made.status == "failed"
        code, words = self.conduct.why
        return {
            "id": made.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "status": made.status,
            "input_file_id": made.input,
            "output_file_id": made.output,
            "error_file_id": made.errors,
            "completion_window": "24h",
            "created_at": 1_700_000_000,
            "errors": {"object": "list", "data": [{"code": code, "message": words, "line": None}]} if failed else None,
            "request_counts": {"total": 0, "completed": made.counts["completed"], "failed": made.counts["failed"]},
        }


def _line(name: str, response: JsonValue, error: JsonValue) -> bytes:
    said = {"id": f"batch_req_{name[:8]}", "custom_id": name, "response": response, "error": error}
    return json.dumps(said).encode() + b"\n"


@dataclass(frozen=True)
class BatchServer:
    """A running Batch API."""

    base_url: str
    endpoint: BatchEndpoint

    @property
    def asked(self) -> int:
        """How many questions came one by one."""
        return len(self.endpoint.bodies)

    @property
    def sizes(self) -> list[int]:
        """How many questions each batch had."""
        files = self.endpoint.uploads
        return [len(data.splitlines()) for data in files]


@contextmanager
def serving_batches(conduct: Conduct | None = None) -> Iterator[BatchServer]:
    """A server in a thread of its own, on a free port, until the block ends."""
    endpoint = BatchEndpoint(conduct or Conduct())
    with listening(endpoint) as base_url:
        yield BatchServer(base_url, endpoint)
