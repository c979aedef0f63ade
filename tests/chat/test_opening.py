from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from slackincidents.chat.base import ChatReply
from slackincidents.chat.opening import OpenChat, Terms, open_chat
from slackincidents.errors import BudgetSpent, NotConfigured, SlackIncidentsError, Unreachable
from slackincidents.settings import Settings
from tests.chat.asking import CANARY, SWIFT, ask_all, opened, question, run
from tests.chat.server import AFTER, BEFORE, Behaviour, Faults, Server, serving


def test_line_faults_cost_time_and_nothing_else(tmp_path: Path) -> None:
    """With a third of all replies failing on the line, every question gets its answer, and each is paid once."""
    faults = Faults(0.3, "line", ("429", "500", "503", "reset", "late-reset", "malformed", "no-json"), retry_after=0.01)
    asked = [question(f"{number}") for number in range(200)]
    with serving(Behaviour(faults=faults)) as server:
        replies, chat = ask_all(server, tmp_path, asked, Terms(concurrency=16, patience=SWIFT, timeout=20))
        failed = [entry for entry in server.ledger if not entry.completed]
        done = [entry.key for entry in server.ledger if entry.completed]
    assert all(reply.finish == "stop" for reply in replies)
    assert len(done) == len(set(done)) == chat.counts.paid == 200
    assert len(failed) == chat.retrying.retries > 40


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER, "no-json", "wrong-shape"])
def test_each_line_fault_is_got_over(tmp_path: Path, fault: str) -> None:
    """Whatever went wrong the first time, the second try gets the reply."""
    with serving(Behaviour(script={0: fault})) as server:
        terms = Terms(patience=SWIFT, timeout=1.0 if fault in ("time-out", "drip") else 20.0)
        (reply,), chat = ask_all(server, tmp_path, [question()], terms)
        assert server.asked == 2
    assert reply.finish == "stop"
    assert chat.retrying.retries == 1


def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    """All replies are on disk; the server is not even there any more."""
    asked = [question(f"{number}") for number in range(20)]
    with serving() as server:
        first, _ = ask_all(server, tmp_path, asked)
    again, chat = ask_all(server, tmp_path, asked)
    assert again == first
    assert (chat.counts.paid, chat.counts.reused) == (0, 20)


def test_no_more_are_under_way_than_agreed(tmp_path: Path) -> None:
    """The server never sees more than the concurrency."""
    with serving(Behaviour(latency=0.02)) as server:
        ask_all(server, tmp_path, [question(f"{number}") for number in range(40)], Terms(concurrency=5))
        assert server.endpoint.most_in_flight == 5


def test_a_spent_budget_stops_and_can_be_resumed(tmp_path: Path) -> None:
    """What was paid stays within the limit and is not paid for again by the run that goes on."""

    async def until_spent(server: Server, limit: int | None) -> tuple[int, int, int]:
        spent = 0
        async with opened(server, tmp_path, Terms(concurrency=4, max_tokens_total=limit)) as chat:
            for number in range(20):
                try:
                    await chat.complete(question(f"{number}", max_tokens=30))
                except BudgetSpent:
                    spent += 1
            assert limit is None or chat.meter.spent <= limit
            return spent, chat.counts.paid, chat.counts.reused

    with serving() as server:
        stopped, paid, _ = asyncio.run(until_spent(server, 400))
        assert 0 < paid < 20
        assert stopped == 20 - paid
        assert asyncio.run(until_spent(server, None)) == (0, 20 - paid, paid)
        assert server.asked == 20


def test_it_works_in_a_running_loop_and_two_at_once(tmp_path: Path) -> None:
    """As in a notebook: two chats in one loop, on one store, each with its own counts."""

    async def two(server: Server) -> list[int]:
        async with opened(server, tmp_path) as one, opened(server, tmp_path) as other:
            await asyncio.gather(*(chat.complete(question(f"{n}")) for n in range(10) for chat in (one, other)))
            return [chat.counts.paid + chat.counts.reused for chat in (one, other)]

    with serving() as server:
        assert run(lambda: two(server)) == [10, 10]
        assert run(lambda: two(server)) == [10, 10]
        assert len({entry.key for entry in server.ledger}) == 10


def test_cancelling_a_run_leaves_nothing_behind(tmp_path: Path) -> None:
    """No task, no half-written file; and every reply that was finished is kept for the next run."""

    async def sixty(chat: OpenChat) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(60):
                group.create_task(chat.complete(question(f"{number}")))

    async def interrupted(server: Server) -> None:
        async with opened(server, tmp_path, Terms(concurrency=8, timeout=20)) as chat:
            work = asyncio.create_task(sixty(chat))
            while sum(entry.completed for entry in server.ledger) < 12:
                await asyncio.sleep(0.002)
            work.cancel()
            with pytest.raises(asyncio.CancelledError):
                await work

    with serving(Behaviour(latency=0.01)) as server:
        run(lambda: interrupted(server))
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert {path.suffix for path in files} == {".json"}
        kept = sum(path.parent != tmp_path for path in files)
        replies, chat = ask_all(server, tmp_path, [question(f"{number}") for number in range(60)])
    assert chat.counts.reused == kept >= 4
    assert len(replies) == 60


def test_the_key_is_in_no_file_and_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Entries, findings, logs, errors and the chat's own repr, with an endpoint that repeats all it was shown."""
    caplog.set_level(logging.DEBUG)
    said: list[str] = []

    async def everything(server: Server) -> None:
        async with opened(server, tmp_path) as chat:
            await chat.complete(question())
            said.append(f"{chat!r} {chat.recorded!r} {vars(chat.recorded)!r} {vars(chat.meter)!r}")
            said.append(repr(server.base_url))

    with serving(Behaviour(answer=lambda _: json.dumps([CANARY]), script={0: "500", 1: "429"})) as server:
        asyncio.run(everything(server))
    with serving(Behaviour(key="other")) as server, pytest.raises(SlackIncidentsError) as caught:
        ask_all(server, tmp_path, [question("denied")])
    written = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert "***" in written
    for text in (written, caplog.text, *said, repr(caught.value), str(caught.value)):
        assert CANARY not in text


def test_without_a_key_nothing_is_opened(tmp_path: Path) -> None:
    """The provider wants one: the error says where it goes, and what needs none."""

    async def opening() -> None:
        async with open_chat(Settings(), replies=tmp_path):
            pass

    with pytest.raises(NotConfigured) as caught:
        asyncio.run(opening())
    assert "OPENAI_API_KEY" in caught.value.message
    assert "--writer offline" in caught.value.hint


def test_an_endpoint_of_ones_own_needs_no_key(tmp_path: Path) -> None:
    """A model on the user's machine is asked without one."""

    async def asked(server: Server) -> ChatReply:
        async with open_chat(Settings(openai_base_url=server.base_url), replies=tmp_path) as chat:
            return await chat.complete(question())

    with serving() as server:
        assert asyncio.run(asked(server)).finish == "stop"


def test_an_endpoint_that_is_down_is_given_up_in_time(tmp_path: Path) -> None:
    """After the agreed attempts, with our error, for all that ask."""
    with serving() as server:
        pass

    async def asked() -> list[ChatReply | BaseException]:
        async with opened(server, tmp_path, Terms(patience=SWIFT, timeout=1)) as chat:
            calls = (chat.complete(question(f"{number}")) for number in range(5))
            return await asyncio.gather(*calls, return_exceptions=True)

    assert {type(reply) for reply in asyncio.run(asked())} == {Unreachable}


def test_the_client_is_loaded_only_when_a_chat_is_opened() -> None:
    """Importing the factory and everything it stands on loads neither the client nor a transport."""
    code = "import sys, slackincidents.chat.opening; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {name.split(".")[0] for name in loaded}.isdisjoint({"openai", "httpx2", "aiohttp"})
