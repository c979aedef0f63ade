"""Bodies out and bodies in: a request as the endpoint wants it, a reply as far as it makes sense."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue

from slackincidents.chat.base import ChatReply, ChatRequest, Finish, Shape
from slackincidents.chat.dialect import Dialect, sent
from slackincidents.schema.draft import Usage

Body: TypeAlias = dict[str, JsonValue]

FINISHES: dict[str, Finish] = {
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
    "safety": "content_filter",
}
"""What endpoints call the ends we know; any other is an ordinary stop."""


def body(request: ChatRequest, dialect: Dialect) -> bytes:
    """The JSON that is sent."""
    values: dict[str, JsonValue] = {
        "prompt_cache_key": request.cache_key,
        "seed": request.seed,
        "temperature": request.temperature,
        dialect.limit: request.max_tokens,
    }
    said: Body = {
        "model": request.model,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        **{name: values[name] for name in sent(request, dialect)},
    }
    if request.shape is not None and dialect.mode != "text":
        said["response_format"] = _format(request.shape) if dialect.mode == "json_schema" else {"type": "json_object"}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


@lru_cache(maxsize=64)
def _format(shape: Shape) -> Body:
    schema: JsonValue = json.loads(shape.json_schema)
    named: Body = {"name": shape.name, "schema": schema, "strict": closed(schema)}
    return {"type": "json_schema", "json_schema": named}


def closed(schema: JsonValue) -> bool:
    """Whether a schema can be asked for strictly: every object requires all its properties and allows no other."""
    if isinstance(schema, list):
        return all(map(closed, schema))
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object":
        properties, required = schema.get("properties"), schema.get("required")
        if not isinstance(properties, dict) or not isinstance(required, list):
            return False
        if schema.get("additionalProperties") is not False or set(map(str, required)) != set(properties):
            return False
    return all(map(closed, schema.values()))


class _Loose(BaseModel):
    """Endpoints add fields as they like; wrong ones where we do not look are theirs."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _text(value: object) -> object:
    """The text of a content that comes in parts."""
    if not isinstance(value, list):
        return value
    parts = [part.get("text") for part in value if isinstance(part, dict)]
    return "".join(part for part in parts if isinstance(part, str))


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _group(value: object) -> object:
    return value if isinstance(value, dict) else {}


Text = Annotated[str | None, BeforeValidator(_text)]
Count = Annotated[int, BeforeValidator(_count)]


class _Message(_Loose):
    content: Text = None
    refusal: Text = None


class _Choice(_Loose):
    message: _Message
    finish_reason: str | None = None


class _Details(_Loose):
    cached_tokens: Count = 0


class _Usage(_Loose):
    prompt_tokens: Count = 0
    completion_tokens: Count = 0
    prompt_tokens_details: Annotated[_Details, BeforeValidator(_group)] = _Details()


class _Answer(_Loose):
    choices: tuple[_Choice, ...] | None
    model: Annotated[str | None, BeforeValidator(lambda value: value if isinstance(value, str) else None)] = None
    usage: Annotated[_Usage, BeforeValidator(_group)] = _Usage()


def read_reply(data: bytes) -> ChatReply:
    """The reply in a body. Raises ValueError for what is not JSON, or JSON of another shape."""
    answer = _Answer.model_validate_json(data)
    usage = Usage(
        calls=1,
        prompt_tokens=answer.usage.prompt_tokens,
        completion_tokens=answer.usage.completion_tokens,
        cached_tokens=answer.usage.prompt_tokens_details.cached_tokens,
    )
    text, finish = _said(answer.choices[0]) if answer.choices else ("", "empty")
    return ChatReply(text=text, finish=finish, model=answer.model, usage=usage)


def _said(choice: _Choice) -> tuple[str, Finish]:
    """The text of a choice, and how it ended."""
    finish = FINISHES.get(choice.finish_reason or "", "stop")
    if choice.message.refusal:
        return choice.message.refusal, "refusal"
    text = choice.message.content or ""
    if not text.strip() and finish == "stop":
        return "", "empty"
    return text, finish
