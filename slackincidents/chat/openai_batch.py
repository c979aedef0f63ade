"""The adapter to OpenAI's Batch API: files of questions out, files of replies in. It never tries twice by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from typing import Annotated, TypeVar
from urllib.parse import quote

import httpx2
import openai
from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue, SecretStr

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.batch_seam import Outcome, State
from slackincidents.chat.dialect import Dialect, Memory, simpler
from slackincidents.chat.openai_endpoint import OpenAIEndpoint
from slackincidents.chat.openai_faults import FOREIGN, Refused
from slackincidents.chat.openai_replies import body, read_reply
from slackincidents.clock import Clock
from slackincidents.errors import Busy, Declined, Faulty

URL = "/v1/chat/completions"
"""What each line asks for; the endpoint's own address does not matter here."""

WINDOW = "24h"
TRANSFER_SECONDS = 1_800.0
LISTED = 100
"""Batches that are looked through for one whose making was not seen to its end."""

FILES = "/files"
BATCHES = "/batches"
GONE = 404
BAD = 400

Read = TypeVar("Read", bound=BaseModel)


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _File(_Loose):
    id: str


class _Why(_Loose):
    code: str | None = None
    message: str | None = None
    line: int | None = None


class _Whys(_Loose):
    data: tuple[_Why, ...] | None = None


class _Counts(_Loose):
    completed: int = 0
    failed: int = 0


class _Batch(_Loose):
    id: str
    status: str
    input_file_id: str | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    errors: _Whys | None = None
    request_counts: _Counts | None = None


class _List(_Loose):
    data: tuple[_Batch, ...] = ()


class _Response(_Loose):
    status_code: int
    body: JsonValue = None


class _Line(_Loose):
    custom_id: str
    response: _Response | None = None
    error: Annotated[_Why | None, BeforeValidator(lambda value: value or None)] = None


class OpenAIBatches(OpenAIEndpoint):
    """Batches: files of questions out, files of replies in."""

    def __init__(
        self, key: SecretStr, base_url: str, *, clock: Clock, timeout: float = 180.0, memory: Memory | None = None
    ) -> None:
        """`timeout` bounds one attempt at anything but a file, in seconds; files get half an hour."""
        super().__init__(key, base_url, clock=clock, longest=TRANSFER_SECONDS)
        self._base_url = base_url
        self._timeout = timeout
        self._memory = memory
        self._dialects: dict[str, Dialect] = {}

    def size(self, request: ChatRequest) -> int:
        """The bytes of a question in a batch."""
        return len(self._line(request))

    async def upload(self, requests: Sequence[ChatRequest]) -> str:
        """Send the questions as a file; its id."""
        data = b"".join(map(self._line, requests))
        said = await self._attempt(
            self._client.post(
                FILES,
                cast_to=httpx2.Response,
                body={"purpose": "batch"},
                files={"file": ("questions.jsonl", data, "application/jsonl")},
                options={"headers": {"Content-Type": "multipart/form-data"}},
            ),
            TRANSFER_SECONDS,
        )
        return self._read(_File, said).id

    async def create(self, file: str) -> State:
        """Let the endpoint begin with an uploaded file."""
        said = {"input_file_id": file, "endpoint": URL, "completion_window": WINDOW}
        return self._state(await self._attempt(self._client.post(BATCHES, cast_to=httpx2.Response, body=said)))

    async def find(self, file: str) -> State | None:
        """The batch that was made of a file, among the newest."""
        listed = await self._attempt(
            self._client.get(BATCHES, cast_to=httpx2.Response, options={"params": {"limit": LISTED}})
        )
        found = (batch for batch in self._read(_List, listed).data if batch.input_file_id == file)
        return next(map(self._shown, found), None)

    async def state(self, batch: str) -> State:
        """How far a batch is."""
        return self._state(await self._attempt(self._client.get(_path(BATCHES, batch), cast_to=httpx2.Response)))

    async def outcomes(self, state: State, asked: Sequence[ChatRequest]) -> Mapping[str, Outcome]:
        """What became of the questions: replies, and errors by what they mean.

        Where the endpoint took none of them, they are asked more simply from then on.
        """
        lines = [line for file in (state.errors, state.output) if file for line in await self._lines(file)]
        found = {line.custom_id: self._outcome(line) for line in lines}
        again = self._simpler(found, asked)
        return {
            address: (again or one.error) if isinstance(one, Refused) and not one.final else _plain(one)
            for address, one in found.items()
        }

    async def delete(self, file: str) -> None:
        """Remove a file there."""
        try:
            await self._attempt(self._client.delete(_path(FILES, file), cast_to=httpx2.Response))
        except Declined:  # gone already, or not ours to remove: either way nothing is lost
            return

    def _line(self, request: ChatRequest) -> bytes:
        asked = body(request, self._dialect(request.model))
        head = json.dumps({"custom_id": request.address, "method": "POST", "url": URL})[:-1].encode()
        return head + b', "body": ' + asked + b"}\n"

    def _dialect(self, model: str) -> Dialect:
        if model not in self._dialects:
            told = self._memory.recall(self.endpoint, model) if self._memory else None
            self._dialects[model] = told or Dialect()
        return self._dialects[model]

    def _simpler(self, found: Mapping[str, Outcome | Refused], asked: Sequence[ChatRequest]) -> Busy | None:
        """After a batch that was refused whole: another way of asking from now on, and what to say meanwhile."""
        for request in asked:
            refused, known = found.get(request.address), self._dialect(request.model)
            if any(isinstance(one, ChatReply) for one in found.values()):
                if self._memory and known != self._memory.recall(self.endpoint, request.model):
                    self._memory.keep(self.endpoint, request.model, known)
                return None
            if not isinstance(refused, Refused) or refused.final:
                return None
            following = simpler(known, request, refused.rejection)
            if following is None:
                return None
            self._dialects[request.model] = following
            return Busy(refused.error.message, refused.error.hint)
        return None

    async def _lines(self, file: str) -> list[_Line]:
        path = f"{_path(FILES, file)}/content"
        said = await self._attempt(self._client.get(path, cast_to=httpx2.Response), TRANSFER_SECONDS)
        return list(_lines(said.content))

    def _outcome(self, line: _Line) -> Outcome | Refused:
        """A line as a direct answer would have been taken."""
        if line.error is not None or line.response is None:
            what = (line.error.code or line.error.message or "no reply") if line.error else "no reply"
            return Busy(f"{self.endpoint} did not get to a question of the batch ({what})", "Try again later.")
        if line.response.status_code >= BAD:
            return self._no(line.response)
        try:
            return self._trouble.struck_out(read_reply(json.dumps(line.response.body).encode()))
        except ValueError:
            return Faulty(f"{self.endpoint} gave a reply in a batch that makes no sense", "Try again later.")

    def _no(self, response: _Response) -> Outcome | Refused:
        """An error in the place of a reply, as the package would have raised it."""
        said = response.body.get("error", response.body) if isinstance(response.body, dict) else response.body
        asked = httpx2.Request("POST", self._base_url)
        whole = httpx2.Response(response.status_code, request=asked)
        meant = self._trouble.of(openai.APIStatusError(f"status {response.status_code}", response=whole, body=said))
        if isinstance(meant, Refused) and meant.filtered:
            return ChatReply(text="", finish="content_filter")
        return meant

    async def _attempt(self, asking: Awaitable[httpx2.Response], seconds: float | None = None) -> httpx2.Response:
        """Ask once. Errors are raised outside the handler: theirs hold the key's header."""
        try:
            async with asyncio.timeout(seconds or self._timeout):
                return await asking
        except FOREIGN as error:
            trouble = self._trouble.of(error)
        raise trouble.error if isinstance(trouble, Refused) else trouble

    def _read(self, form: type[Read], said: httpx2.Response) -> Read:
        try:
            return form.model_validate_json(said.content)
        except ValueError as error:
            trouble = self._trouble.of(error)
        raise trouble.error if isinstance(trouble, Refused) else trouble

    def _state(self, said: httpx2.Response) -> State:
        return self._shown(self._read(_Batch, said))

    def _shown(self, batch: _Batch) -> State:
        whys = batch.errors.data if batch.errors else None
        counts = batch.request_counts or _Counts()
        return State(
            id=batch.id,
            status=batch.status,
            input=batch.input_file_id,
            output=batch.output_file_id,
            errors=batch.error_file_id,
            done=counts.completed + counts.failed,
            why=self._trouble.quoted("; ".join(map(_why, whys or ()))),
        )


def _plain(one: Outcome | Refused) -> Outcome:
    return one.error if isinstance(one, Refused) else one


def _path(folder: str, name: str) -> str:
    return f"{folder}/{quote(name, safe='')}"


def _why(one: _Why) -> str:
    where = f" (line {one.line})" if one.line is not None else ""
    return f"{one.code or 'error'}: {one.message or 'no reason given'}{where}"


def _lines(data: bytes) -> Iterator[_Line]:
    """The lines that make sense; a question whose line makes none is one without an outcome."""
    for text in data.splitlines():
        try:
            yield _Line.model_validate_json(text)
        except ValueError:
            continue
