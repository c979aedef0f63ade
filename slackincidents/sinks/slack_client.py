"""A Slack workspace through slack_sdk. The only retries are ours: its own would post twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from html import unescape
from typing import TypeVar

from pydantic import BaseModel, JsonValue, SecretStr, ValidationError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from slackincidents.errors import Declined, Denied, Faulty
from slackincidents.schema.delivery import (
    Channel,
    Group,
    Groups,
    Identity,
    Member,
    Outgoing,
    Posted,
    Seen,
)
from slackincidents.sinks.slack_errors import FOREIGN, translated
from slackincidents.sinks.slack_payload import arguments
from slackincidents.sinks.slack_shapes import (
    AuthShape,
    ChannelsShape,
    CreatedShape,
    DeletedShape,
    GroupListShape,
    MessagesShape,
    Page,
    PeopleShape,
    PostedShape,
)

SLACK = "https://slack.com/api/"
PAGE = 200
MOST_PAGES = 1000

Answer = TypeVar("Answer", bound=BaseModel)
Paged = TypeVar("Paged", bound=Page)


class SlackWorkspace:
    """A workspace as the owner of one bot token sees it. The token is in no repr and no error."""

    def __init__(self, token: SecretStr, *, base_url: str = SLACK, timeout: float = 30.0) -> None:
        """`timeout` is in seconds, for one call. Nothing is called yet."""
        self._base_url = base_url
        self._client = AsyncWebClient(
            token=token.get_secret_value(),
            base_url=base_url,
            timeout=timeout,  # type: ignore[arg-type] # said to be whole seconds, but handed on to aiohttp as it is
            retry_handlers=[],
        )

    def __repr__(self) -> str:
        return f"SlackWorkspace({self._base_url!r})"

    async def identity(self) -> Identity:
        """auth.test."""
        answer = await self._call("auth.test", self._client.auth_test)
        auth = understood(AuthShape, answer, "auth.test")
        scopes = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), None)
        listed = tuple(one.strip() for one in scopes.split(",") if one.strip()) if scopes is not None else None
        return Identity(team=auth.team_id, team_name=auth.team, user=auth.user_id, name=auth.user, scopes=listed)

    async def channels(self) -> tuple[Channel, ...]:
        """conversations.list; without groups:read the public ones only."""
        try:
            return await self._channels("public_channel,private_channel")
        except Denied:
            return await self._channels("public_channel")

    async def _channels(self, types: str) -> tuple[Channel, ...]:
        pages = await self._pages(
            ChannelsShape,
            "conversations.list",
            lambda cursor: self._client.conversations_list(
                types=types, exclude_archived=False, limit=1000, cursor=cursor
            ),
        )
        return tuple(one.ours() for page in pages for one in page.channels)

    async def groups(self) -> Groups:
        """usergroups.list; a plan or a token without them has none."""
        method = "usergroups.list"
        try:
            answer = understood(GroupListShape, await self._call(method, self._client.usergroups_list), method)
        except (Declined, Denied) as error:
            return Groups(missing=f"{error.message}. {error.hint}")
        return Groups(
            found=tuple(Group(id=one.id, handle=one.handle) for one in answer.usergroups if not one.date_delete)
        )

    async def people(self) -> tuple[Member, ...]:
        """users.list."""
        pages = await self._pages(
            PeopleShape, "users.list", lambda cursor: self._client.users_list(limit=PAGE, cursor=cursor)
        )
        return tuple(
            Member(id=one.id, name=one.name, display_name=one.profile.display_name, real_name=one.profile.real_name)
            for page in pages
            for one in page.members
            if not (one.deleted or one.is_bot or one.id == "USLACKBOT")
        )

    async def create(self, name: str) -> Channel:
        """conversations.create."""
        method = "conversations.create"
        answer = await self._call(method, lambda: self._client.conversations_create(name=name))
        return understood(CreatedShape, answer, method).channel.ours(member=True)

    async def join(self, channel_id: str) -> None:
        """conversations.join."""
        method = "conversations.join"
        answer = await self._call(method, lambda: self._client.conversations_join(channel=channel_id))
        understood(CreatedShape, answer, method)

    async def post(self, message: Outgoing) -> Posted:
        """chat.postMessage."""
        method, sent = "chat.postMessage", self._arguments(message)
        called = await self._call(method, lambda: self._client.api_call(method, json=sent))
        answer = understood(PostedShape, called, method)
        shown = answer.message.username if answer.message else message.username
        return Posted(ts=answer.ts, named=not message.username or unescape(shown or "") == message.username)

    def _arguments(self, message: Outgoing) -> dict[str, JsonValue]:
        """What chat.postMessage is called with."""
        return arguments(message)

    async def react(self, channel_id: str, ts: str, emoji: str) -> None:
        """reactions.add."""
        await self._unless(
            "already_reacted",
            "reactions.add",
            lambda: self._client.reactions_add(channel=channel_id, timestamp=ts, name=emoji),
        )

    async def delete(self, channel_id: str, ts: str) -> None:
        """chat.delete."""
        method = "chat.delete"
        answer = await self._unless(
            "message_not_found", method, lambda: self._client.chat_delete(channel=channel_id, ts=ts)
        )
        if answer is not None:
            understood(DeletedShape, answer, method)

    async def history(self, channel_id: str, oldest: str = "") -> tuple[Seen, ...]:
        """conversations.history, with metadata."""
        pages = await self._pages(
            MessagesShape,
            "conversations.history",
            lambda cursor: self._client.conversations_history(
                channel=channel_id,
                oldest=oldest or "0",
                inclusive=True,
                include_all_metadata=True,
                limit=PAGE,
                cursor=cursor,
            ),
        )
        return _seen(pages)

    async def replies(self, channel_id: str, thread_ts: str) -> tuple[Seen, ...]:
        """conversations.replies, with metadata."""
        try:
            pages = await self._pages(
                MessagesShape,
                "conversations.replies",
                lambda cursor: self._client.conversations_replies(
                    channel=channel_id, ts=thread_ts, include_all_metadata=True, limit=PAGE, cursor=cursor
                ),
            )
        except Declined as error:
            if "thread_not_found" in error.message:
                return ()
            raise
        return tuple(one for one in _seen(pages) if one.ts != thread_ts)

    async def _pages(
        self, shape: type[Paged], method: str, ask: Callable[[str | None], Awaitable[AsyncSlackResponse]]
    ) -> tuple[Paged, ...]:
        pages: list[Paged] = []
        cursor: str | None = None
        while len(pages) < MOST_PAGES:
            page = understood(shape, await self._call(method, partial(ask, cursor)), method)
            pages.append(page)
            cursor = page.cursor
            if not cursor:
                return tuple(pages)
        raise Faulty(f"{method}: more than {MOST_PAGES} pages", "See https://status.slack.com.")

    async def _call(self, method: str, ask: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
        """One call; every error becomes one of ours, without the one it came from, which may show the token."""
        try:
            return await ask()
        except FOREIGN as error:
            failure = translated(error, method)
        raise failure

    async def _unless(
        self, fine: str, method: str, ask: Callable[[], Awaitable[AsyncSlackResponse]]
    ) -> AsyncSlackResponse | None:
        """A call for which one refusal means that it is done already; none then."""
        try:
            return await self._call(method, ask)
        except Declined as error:
            if not error.message.endswith(f" {fine}"):
                raise
        return None


def understood(shape: type[Answer], answer: AsyncSlackResponse, method: str) -> Answer:
    """An answer in its shape. Raises Faulty for one that makes no sense."""
    try:
        return shape.model_validate(answer.data)
    except ValidationError:
        raise Faulty(f"{method}: an answer that makes no sense", "See https://status.slack.com.") from None


def _seen(pages: tuple[MessagesShape, ...]) -> tuple[Seen, ...]:
    found = (
        Seen(ts=one.ts, thread_ts=one.thread_ts, marker=one.metadata.marker() if one.metadata else None)
        for page in pages
        for one in page.messages
    )
    return tuple(sorted(found, key=lambda one: one.ts))
