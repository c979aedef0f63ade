from __future__ import annotations

import asyncio
import json
import os
import stat
import threading
from pathlib import Path

import pytest

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.recorded import Counts, Recorded
from slackincidents.chat.scripted import ScriptedChat
from slackincidents.chat.shelf import PARTS
from slackincidents.clock import FakeClock, SystemClock
from slackincidents.errors import BadFile, Faulty, NotConfigured, WriteFailed
from slackincidents.schema.draft import Usage
from tests.chat.asking import question, run


def talk(request: ChatRequest) -> ChatReply:
    """An answer that depends on the question, at a price."""
    said = request.messages[-1].content
    return ChatReply(text=f"re: {said}", model="tiny-2", usage=Usage(calls=1, prompt_tokens=10, completion_tokens=2))


def store(root: Path, chat: ScriptedChat | None = None) -> Recorded:
    """A store before a scripted chat."""
    return Recorded(root, chat or ScriptedChat(talk), clock=SystemClock(), recorded_by="these tests")


def entries(root: Path) -> list[Path]:
    """Every entry below a root."""
    return sorted(root.glob("??/*.json"))


def files(root: Path) -> list[Path]:
    """Everything that lies below a root."""
    return sorted(path for path in root.rglob("*") if path.is_file())


def test_what_was_asked_once_is_not_asked_again(tmp_path: Path) -> None:
    """Another process gets the same reply, cost and all, without a call."""
    first, second = ScriptedChat(talk), ScriptedChat(talk)
    paid = asyncio.run(store(tmp_path, first).complete(question()))
    again = store(tmp_path, second)
    assert asyncio.run(again.complete(question())) == paid
    assert len(first.requests) == 1
    assert not second.requests
    assert again.counts == Counts(paid=0, reused=1, reused_usage=paid.usage)


def test_an_entry_can_be_read_by_people(tmp_path: Path) -> None:
    """Question, reply, address and who wrote it; the file's name is the address of the question."""
    asked = question(temperature=0.5, sample="b")
    asyncio.run(store(tmp_path).complete(asked))
    (path,) = entries(tmp_path)
    entry = json.loads(path.read_text())
    assert path.stem == asked.address == entry["address"]
    assert path.parent.name == asked.address[:2]
    assert ChatRequest.model_validate(entry["request"]) == asked
    assert ChatReply.model_validate(entry["reply"]) == talk(asked)
    assert (entry["format"], entry["recorded_by"]) == (1, "these tests")
    assert not stat.S_IMODE(path.stat().st_mode) & 0o022


@pytest.mark.parametrize(
    "change",
    [
        {"model": "other"},
        {"temperature": 0.1},
        {"max_tokens": 7},
        {"seed": 2},
        {"attempt": 1},
        {"sample": "second"},
        {"shape": None},
        {"cache_key": "x"},
        {"text": "what is up with checkout "},
    ],
    ids=str,
)
def test_any_change_is_another_question(tmp_path: Path, change: dict[str, object]) -> None:
    """Prompt, model, parameters, attempt, sample: none is answered with another's reply."""
    chat = ScriptedChat(talk)
    recorded = store(tmp_path, chat)
    asyncio.run(recorded.complete(question()))
    asyncio.run(recorded.complete(question(**change)))  # type: ignore[arg-type]
    assert len(chat.requests) == 2
    assert len(entries(tmp_path)) == 2


def test_a_reply_is_on_disk_before_anybody_sees_it(tmp_path: Path) -> None:
    """When the call returns, the entry is there, whole."""

    async def look() -> None:
        await store(tmp_path).complete(question())
        json.loads(entries(tmp_path)[0].read_text())

    asyncio.run(look())


@pytest.mark.parametrize("finish", ["length", "content_filter", "refusal", "empty"])
def test_replies_of_no_use_are_kept_too(tmp_path: Path, finish: str) -> None:
    """They were paid for; asking again is the writer's decision, with another attempt."""
    chat = ScriptedChat(lambda _: ChatReply.model_validate({"text": "", "finish": finish}))
    recorded = store(tmp_path, chat)
    assert asyncio.run(recorded.complete(question())).finish == finish
    assert asyncio.run(recorded.complete(question())).finish == finish
    assert len(chat.requests) == 1


class Slow:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.go = asyncio.Event()

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Wait, then answer."""
        self.asked += 1
        await self.go.wait()
        return talk(request)


def test_equal_questions_at_once_share_one_call(tmp_path: Path) -> None:
    """Ten ask, one pays."""

    async def together() -> tuple[int, Counts, set[str]]:
        slow = Slow()
        recorded = Recorded(tmp_path, slow, clock=SystemClock())
        tasks = [asyncio.create_task(recorded.complete(question())) for _ in range(10)]
        await asyncio.sleep(0)
        slow.go.set()
        texts = {reply.text for reply in await asyncio.gather(*tasks)}
        return slow.asked, recorded.counts, texts

    asked, counts, texts = run(together)
    assert (asked, counts.paid, counts.reused, len(texts)) == (1, 1, 9, 1)


def test_when_the_one_who_asks_gives_up_the_next_asks(tmp_path: Path) -> None:
    """A cancelled caller takes nobody else down."""

    async def first_gives_up() -> tuple[int, str]:
        slow = Slow()
        recorded = Recorded(tmp_path, slow, clock=SystemClock())
        first = asyncio.create_task(recorded.complete(question()))
        second = asyncio.create_task(recorded.complete(question()))
        while not slow.asked:
            await asyncio.sleep(0)
        first.cancel()
        slow.go.set()
        with pytest.raises(asyncio.CancelledError):
            await first
        text = (await second).text
        return slow.asked, text

    assert run(first_gives_up) == (2, talk(question()).text)


def test_an_error_is_shared_and_not_kept(tmp_path: Path) -> None:
    """All who wait hear of it; the next one asks again."""

    class Broken:
        asked = 0

        async def complete(self, request: ChatRequest) -> ChatReply:
            self.asked += 1
            await asyncio.sleep(0)
            raise Faulty("broken")

    async def together() -> tuple[list[type], int]:
        broken = Broken()
        recorded = Recorded(tmp_path, broken, clock=SystemClock())
        found = await asyncio.gather(*(recorded.complete(question()) for _ in range(3)), return_exceptions=True)
        with pytest.raises(Faulty):
            await recorded.complete(question())
        return [type(error) for error in found], broken.asked

    assert run(together) == ([Faulty] * 3, 2)
    assert files(tmp_path) == []


def test_cancelling_while_a_reply_is_written_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reply is paid for: it is on disk when the caller has gone, whole, with no temporary file beside it."""
    writing, go_on = threading.Event(), threading.Event()
    sync = os.fsync

    def slow_sync(handle: int) -> None:
        writing.set()
        go_on.wait(10)
        sync(handle)

    async def give_up() -> None:
        recorded = store(tmp_path)
        task = asyncio.create_task(recorded.complete(question()))
        while not writing.is_set():
            await asyncio.sleep(0.001)
        task.cancel()
        asyncio.get_running_loop().call_later(0.02, go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert files(tmp_path) == entries(tmp_path)

    monkeypatch.setattr(os, "fsync", slow_sync)
    run(give_up)
    assert asyncio.run(Recorded(tmp_path, None, clock=SystemClock()).complete(question())) == talk(question())


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("checkout", "payments"),
        lambda text: text.replace('"format":1', '"format":2'),
        lambda text: "[]",
        lambda text: "\x00" * 400,
    ],
)
def test_a_damaged_entry_is_set_aside_and_named(tmp_path: Path, damage: object) -> None:
    """It is asked for again, the old file is kept under another name, and the warning says which."""
    asyncio.run(store(tmp_path).complete(question()))
    (path,) = entries(tmp_path)
    assert callable(damage)
    path.write_text(damage(path.read_text()))
    recorded = store(tmp_path)
    assert asyncio.run(recorded.complete(question())) == talk(question())
    assert recorded.counts.paid == 1
    (warning,) = recorded.warnings
    assert str(path) in warning
    assert path.with_suffix(".corrupt").name in warning
    assert files(tmp_path) == sorted([path, path.with_suffix(".corrupt")])


def test_damage_twice_is_kept_twice(tmp_path: Path) -> None:
    """No file that was set aside is overwritten by the next."""
    for text in ("one", "two", "three"):
        asyncio.run(store(tmp_path).complete(question()))
        entries(tmp_path)[0].write_text(text)
    asyncio.run(store(tmp_path).complete(question()))
    assert sorted(path.read_text() for path in tmp_path.rglob("*.corrupt")) == ["one", "three", "two"]


def test_a_disk_that_refuses_stops_the_run(tmp_path: Path) -> None:
    """What cannot be kept is not used: the error names the file and the variable, and nothing half-written is left."""
    root = tmp_path / "replies"
    root.mkdir()
    (root / PARTS).write_text("a file where the folder should be")
    with pytest.raises(WriteFailed, match="SLACKINCIDENTS_CACHE"):
        asyncio.run(store(root).complete(question()))
    assert entries(root) == []


def test_an_entry_that_cannot_be_read_is_not_paid_for_again(tmp_path: Path) -> None:
    """A folder where the entry should be, or one without permission, is for people to look at."""
    address = question().address
    (tmp_path / address[:2] / f"{address}.json").mkdir(parents=True)
    chat = ScriptedChat(talk)
    with pytest.raises(BadFile, match="cannot be read"):
        asyncio.run(store(tmp_path, chat).complete(question()))
    assert not chat.requests


def test_without_a_model_only_what_is_recorded_is_answered(tmp_path: Path) -> None:
    """Recorded replies serve as test data; a question that nobody recorded says so."""
    asyncio.run(store(tmp_path).complete(question()))
    replay = Recorded(tmp_path, None, clock=SystemClock())
    assert asyncio.run(replay.complete(question())) == talk(question())
    with pytest.raises(NotConfigured, match="no recorded reply"):
        asyncio.run(replay.complete(question("another")))


def test_it_says_what_it_holds(tmp_path: Path) -> None:
    """Known before a run: what will be reused."""
    recorded = store(tmp_path)
    assert not recorded.holds(question())
    asyncio.run(recorded.complete(question()))
    assert recorded.holds(question())
    assert not recorded.holds(question("another"))


def test_what_a_killed_process_left_is_swept_out(tmp_path: Path) -> None:
    """Half-written files go after an hour; those of a process that may live stay."""
    parts = tmp_path / PARTS
    parts.mkdir()
    (parts / "old").write_text("half")
    (parts / "new").write_text("half")
    clock = FakeClock()
    os.utime(parts / "old", (clock.now() - 4_000, clock.now() - 4_000))
    os.utime(parts / "new", (clock.now() - 5, clock.now() - 5))
    Recorded(tmp_path, None, clock=clock)
    assert [path.name for path in parts.iterdir()] == ["new"]


def test_many_at_once_are_all_kept(tmp_path: Path) -> None:
    """A hundred replies in one go, each in its own file."""

    async def all_at_once() -> Counts:
        recorded = store(tmp_path)
        await asyncio.gather(*(recorded.complete(question(f"{number}")) for number in range(100)))
        return recorded.counts

    assert run(all_at_once).paid == 100
    assert len(entries(tmp_path)) == 100
    assert files(tmp_path) == entries(tmp_path)
