"""Asking in batches, against a Batch API that really listens. Hours of waiting pass at once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from pydantic import SecretStr

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.batch_journal import FOLDER
from slackincidents.chat.batch_pace import Pace
from slackincidents.chat.dialect import Memory
from slackincidents.chat.opening import Terms
from slackincidents.chat.opening_batch import OpenBatchChat, open_batch_chat
from slackincidents.clock import FakeClock
from slackincidents.errors import BadFile, BudgetSpent, Declined, Denied, Faulty, SlackIncidentsError, Unreachable
from slackincidents.settings import Settings
from tests.chat.asking import CANARY, SWIFT, question, run
from tests.chat.batch_server import BatchServer, Conduct, serving_batches

Asked = list[ChatReply | BaseException]
QUESTIONS = tuple(question(f"what about {place}") for place in range(6))


def asked(
    server: BatchServer,
    folder: Path,
    requests: Sequence[ChatRequest] = QUESTIONS,
    *,
    pace: Pace | None = None,
    limit: int | None = None,
    clock: FakeClock | None = None,
    tell: Callable[[str], object] = lambda _: None,
) -> Asked:
    """Ask them all at once through the whole stack; each gives its reply or what it raised."""

    async def work() -> Asked:
        async with opened(server, folder, pace=pace, limit=limit, clock=clock, tell=tell) as chat:
            left = len(requests)

            async def one(request: ChatRequest) -> ChatReply:
                nonlocal left
                try:
                    return await chat.complete(request)
                finally:
                    left -= 1
                    chat.at_work(left)

            chat.at_work(left)
            return list(await asyncio.gather(*map(one, requests), return_exceptions=True))

    return run(work)


def opened(
    server: BatchServer,
    folder: Path,
    *,
    pace: Pace | None = None,
    limit: int | None = None,
    clock: FakeClock | None = None,
    tell: Callable[[str], object] = lambda _: None,
) -> AbstractAsyncContextManager[OpenBatchChat]:
    """The whole stack against a server, with a clock that jumps."""
    settings = Settings(openai_api_key=SecretStr(CANARY), openai_base_url=server.base_url)
    terms = Terms(max_tokens_total=limit, patience=SWIFT, timeout=20.0)
    return open_batch_chat(settings, terms, replies=folder, clock=clock or FakeClock(), pace=pace, tell=tell)


def replies(found: Asked) -> list[str]:
    """The texts; fails where one raised."""
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return [one.text for one in found if isinstance(one, ChatReply)]


def error(found: Asked) -> SlackIncidentsError:
    """What they all raised, each an error of its own."""
    assert len({id(one) for one in found}) == len(found)
    (kind,) = {type(one) for one in found}
    first = found[0]
    assert isinstance(first, SlackIncidentsError), kind
    return first


def notes(folder: Path) -> list[Path]:
    """The batches that are noted as under way."""
    return sorted((folder / FOLDER).glob("*"))


def test_a_round_is_one_batch(tmp_path: Path) -> None:
    """All that is asked at once goes out in one file, and each question gets the reply to itself."""
    told: list[str] = []
    with serving_batches() as server:
        found = replies(asked(server, tmp_path, tell=told.append))
        assert server.sizes == [6]
        assert server.endpoint.looks == ["batch_000"] * 3
    assert len(set(found)) == 6
    assert told == ["batch_000: 6 questions sent", "batch_000: completed, 6 of 6 answered"]
    assert notes(tmp_path) == []


def test_a_line_holds_the_question_and_its_address(tmp_path: Path) -> None:
    """What goes out is what the ordinary chat sends, under the address that its reply is kept by."""
    with serving_batches() as server:
        asked(server, tmp_path, QUESTIONS[:1])
        (line,) = map(json.loads, server.endpoint.uploads[0].splitlines())
    assert (line["custom_id"], line["method"], line["url"]) == (QUESTIONS[0].address, "POST", "/v1/chat/completions")
    assert line["body"]["messages"] == [{"role": "user", "content": "what about 0"}]
    assert line["body"]["response_format"]["type"] == "json_schema"
    assert len(list(tmp_path.glob(f"*/{QUESTIONS[0].address}.json"))) == 1


def test_nobody_looks_more_often_than_is_polite(tmp_path: Path) -> None:
    """The pause between two looks doubles up to five minutes; a day of looking is some three hundred looks."""
    clock = FakeClock()
    with serving_batches(Conduct(looks=12)) as server:
        replies(asked(server, tmp_path, clock=clock))
        assert len(server.endpoint.looks) == 12
    assert clock.monotonic() == 15 + 30 + 60 + 120 + 240 + 7 * 300


def test_rounds_are_as_large_as_they_can_be(tmp_path: Path) -> None:
    """Tasks that ask one thing after another share each round, also those that wait for the same reply."""

    async def work(server: BatchServer) -> None:
        async with opened(server, tmp_path) as chat:
            left = 5

            async def one(place: int) -> None:
                nonlocal left
                await chat.complete(question("all ask this"))
                for step in range(1 + place % 3):
                    for _ in range(20 * place):  # some take longer over what they got
                        await asyncio.sleep(0)
                    await chat.complete(question(f"step {step} of {place}"))
                left -= 1
                chat.at_work(left)

            chat.at_work(left)
            await asyncio.gather(*map(one, range(5)))

    with serving_batches() as server:
        run(lambda: work(server))
        assert server.sizes == [1, 5, 3, 1]


def test_without_a_word_of_who_is_at_work_a_turn_is_a_round(tmp_path: Path) -> None:
    """What is asked together goes together."""

    async def work(server: BatchServer) -> None:
        async with opened(server, tmp_path) as chat:
            await asyncio.gather(*map(chat.complete, QUESTIONS))
            await chat.complete(question("and that"))

    with serving_batches() as server:
        run(lambda: work(server))
        assert server.sizes == [6, 1]


def test_a_batch_holds_so_many_questions_and_bytes(tmp_path: Path) -> None:
    """What is more goes into the next one; two models never share one."""
    size = len(json.dumps(QUESTIONS[0].model_dump()))
    with serving_batches() as server:
        replies(asked(server, tmp_path / "a", pace=Pace(most_questions=4)))
        assert server.sizes == [4, 2]
        replies(asked(server, tmp_path / "b", pace=Pace(most_bytes=3 * size)))
        assert all(len(data) <= 3 * size for data in server.endpoint.uploads[2:])
        assert len(server.sizes) > 4
        del server.endpoint.uploads[:]
        replies(asked(server, tmp_path / "c", (question("x"), question("x", model="other"))))
        assert server.sizes == [1, 1]


@pytest.mark.parametrize("fault", ["429", "500", "missing", "late", "garbled"])
def test_what_may_pass_is_asked_again(tmp_path: Path, fault: str) -> None:
    """A question that failed goes into the next round; those that were answered do not."""
    conduct = Conduct(spoil=lambda batch, line: fault if batch == 0 and line in (1, 4) else None)
    with serving_batches(conduct) as server:
        assert len(set(replies(asked(server, tmp_path)))) == 6
        assert server.sizes == [6, 2]
        if fault != "garbled":
            assert set(server.endpoint.paid.values()) == {1}
    assert notes(tmp_path) == []


def test_patience_ends(tmp_path: Path) -> None:
    """A question that fails again and again fails for good after four rounds; the others are kept."""
    conduct = Conduct(spoil=lambda batch, line: "500" if batch or line == 2 else None)
    with serving_batches(conduct) as server:
        found = asked(server, tmp_path)
        assert server.sizes == [6, 1, 1, 1]
        (failed,) = [one for one in found if isinstance(one, BaseException)]
        assert isinstance(failed, Faulty)
        assert "said 500" in str(failed)
    assert len(list(tmp_path.glob("*/*.json"))) == 5


@pytest.mark.parametrize(("fault", "kind"), [("401", Denied), ("404", Declined), ("402", Declined)])
def test_a_no_is_not_asked_again(tmp_path: Path, fault: str, kind: type[SlackIncidentsError]) -> None:
    """What would be refused again is refused at once."""
    with serving_batches(Conduct(spoil=lambda _, line: fault if line == 0 else None)) as server:
        found = asked(server, tmp_path)
        assert isinstance(found[0], kind)
        assert server.sizes == [6]


def test_an_endpoint_without_schemas_is_asked_more_simply(tmp_path: Path) -> None:
    """A batch that is refused whole goes out again in a form that the endpoint understands; that is remembered."""
    clock = FakeClock()
    with serving_batches(Conduct(knows_schemas=False)) as server:
        replies(asked(server, tmp_path, clock=clock))
        assert server.sizes == [6, 6]
        more = tuple(question(f"and then {place}") for place in range(3))
        replies(asked(server, tmp_path, more, clock=clock))
        assert server.sizes == [6, 6, 3]
        assert set(server.endpoint.paid.values()) == {1}
        known = Memory(tmp_path, clock).recall(server.base_url, "tiny")
    assert known is not None
    assert known.mode == "json_object"


def test_of_an_expired_batch_what_came_is_kept(tmp_path: Path) -> None:
    """The rest goes into a new batch; nothing is paid twice."""
    with serving_batches(Conduct(ends=("expired", "completed"))) as server:
        assert len(set(replies(asked(server, tmp_path)))) == 6
        assert server.sizes == [6, 3]
        assert set(server.endpoint.paid.values()) == {1}


def test_a_failed_batch_says_why(tmp_path: Path) -> None:
    """With the endpoint's words and a way out; nothing is noted any more, and the next run asks anew."""
    with serving_batches(Conduct(ends=("failed", "completed"))) as server:
        failed = error(asked(server, tmp_path))
        assert isinstance(failed, Declined)
        assert "batch_000 failed: token_limit_exceeded: Enqueued token limit reached" in failed.message
        assert "--at-once" in failed.hint
        assert notes(tmp_path) == []
        replies(asked(server, tmp_path))
        assert server.sizes == [6, 6]


def test_of_a_cancelled_batch_what_came_is_kept(tmp_path: Path) -> None:
    """Those without a reply fail with a clear error; the next run asks only them."""
    with serving_batches(Conduct(ends=("cancelled", "completed"))) as server:
        found = asked(server, tmp_path)
        failed = [one for one in found if isinstance(one, Declined)]
        assert len(failed) == 3
        assert "batch_000 was cancelled" in failed[0].message
        replies(asked(server, tmp_path))
        assert server.sizes == [6, 3]
        assert set(server.endpoint.paid.values()) == {1}


@pytest.mark.parametrize("fault", ["429", "500", "lost"])
def test_making_a_batch_is_tried_again_but_never_made_twice(tmp_path: Path, fault: str) -> None:
    """Also where the endpoint made it and the line broke: it is found by its file."""
    with serving_batches(Conduct(creating=(fault,), uploading=("503",))) as server:
        replies(asked(server, tmp_path))
        assert len(server.endpoint.batches) == 1
        assert server.endpoint.creations == (1 if fault == "lost" else 2)
        assert set(server.endpoint.paid.values()) == {1}


def test_a_second_run_pays_nothing(tmp_path: Path) -> None:
    """What is kept is found, and nobody is asked."""
    with serving_batches() as server:
        first = replies(asked(server, tmp_path))
        assert replies(asked(server, tmp_path)) == first
        assert server.sizes == [6]


def stopped(server: BatchServer, folder: Path, looks: int) -> None:
    """A run that is broken off when the endpoint was looked at so often; nothing of it is tidied up but the line."""

    async def work() -> None:
        async with opened(server, folder) as chat:
            chat.at_work(len(QUESTIONS))
            asking = [asyncio.create_task(chat.complete(one)) for one in QUESTIONS]
            while len(server.endpoint.looks) < looks or not server.endpoint.batches:
                await asyncio.sleep(0.001)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)

    asyncio.run(work())


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_a_run_that_was_stopped_goes_on_with_its_batch(tmp_path: Path, looks: int) -> None:
    """The same batch is waited for; nothing is sent or paid a second time. New questions go out beside it."""
    with serving_batches(Conduct(looks=400, latency=0.002)) as server:
        stopped(server, tmp_path, looks)
        assert len(notes(tmp_path)) == 1
        object.__setattr__(server.endpoint.conduct, "looks", 1)
        more = (*QUESTIONS[:4], question("a new one"), *QUESTIONS[4:])
        found = replies(asked(server, tmp_path, more))
        assert len(set(found)) == 7
        assert server.sizes == [6, 1]
        assert set(server.endpoint.paid.values()) == {1}
    assert notes(tmp_path) == []


def test_a_batch_that_ended_meanwhile_is_only_read(tmp_path: Path) -> None:
    """Its replies also serve those who ask later than the others."""
    with serving_batches(Conduct(looks=400, latency=0.002)) as server:
        stopped(server, tmp_path, 1)
        object.__setattr__(server.endpoint.conduct, "looks", 1)

        async def work() -> None:
            async with opened(server, tmp_path) as chat:
                for one in QUESTIONS:
                    assert (await chat.complete(one)).text

        run(work)
        assert server.sizes == [6]
        assert set(server.endpoint.paid.values()) == {1}
    assert notes(tmp_path) == []


def test_replies_that_were_read_but_not_kept_are_read_again(tmp_path: Path) -> None:
    """Stopped between the end of a batch and the disk: its note stays, and nothing is paid twice."""

    def cut(news: str) -> None:
        if "completed" in news:
            raise RuntimeError("no power")

    with serving_batches() as server:
        with pytest.raises(RuntimeError, match="no power"):
            replies(asked(server, tmp_path, tell=cut))
        assert len(notes(tmp_path)) == 1
        replies(asked(server, tmp_path))
        assert server.sizes == [6]
        assert set(server.endpoint.paid.values()) == {1}
    assert notes(tmp_path) == []


def test_a_file_that_was_sent_but_not_begun_is_begun(tmp_path: Path) -> None:
    """Stopped between the upload and the batch: the same file is used."""
    with serving_batches() as server:
        asked(server, tmp_path / "other")
        file = next(iter(server.endpoint.files))
        address = [one.address for one in QUESTIONS]
        note = {"format": 1, "endpoint": server.base_url, "file": file, "addresses": address}
        (tmp_path / FOLDER).mkdir()
        (tmp_path / FOLDER / "x.json").write_text(json.dumps(note))
        server.endpoint.batches.clear()
        replies(asked(server, tmp_path))
        assert server.sizes == [6]
        assert len(server.endpoint.batches) == 1


def test_a_batch_that_nobody_knows_is_not_asked_anew(tmp_path: Path) -> None:
    """It may have been paid for with another key: the error names the note. So does one that makes no sense."""
    with serving_batches(Conduct(looks=400, latency=0.002)) as server:
        stopped(server, tmp_path, 1)
        server.endpoint.batches.clear()
        failed = error(asked(server, tmp_path))
        assert isinstance(failed, Declined)
        assert str(notes(tmp_path)[0]) in failed.hint
        assert server.sizes == [6]
        notes(tmp_path)[0].write_text("{}")
        with pytest.raises(BadFile, match="may have been paid for"):
            asked(server, tmp_path)


def test_waiting_ends_after_two_days(tmp_path: Path) -> None:
    """With an error that says how to go on; the batch stays noted."""
    with serving_batches(Conduct(looks=10_000)) as server:
        failed = error(asked(server, tmp_path))
        assert isinstance(failed, Unreachable)
        assert "still in_progress" in failed.message
        assert 500 < len(server.endpoint.looks) < 700
    assert len(notes(tmp_path)) == 1


def test_tokens_are_counted_before_they_are_paid_for(tmp_path: Path) -> None:
    """Of many questions as many go out as the limit surely bears; the others stop with a clear error."""
    with serving_batches() as server:
        found = asked(server, tmp_path, limit=7_000)
        spent = [one for one in found if isinstance(one, BudgetSpent)]
        assert sum(server.sizes) == len(found) - len(spent)
        assert server.sizes[0] == 3
        nothing = asked(server, tmp_path / "b", limit=100)
        assert {type(one) for one in nothing} == {BudgetSpent}


def test_files_are_removed_there_when_that_is_wanted(tmp_path: Path) -> None:
    """Questions, replies and errors, once the replies are kept here; otherwise they stay."""
    conduct = Conduct(spoil=lambda batch, line: "500" if batch == 0 and line == 0 else None)
    with serving_batches(conduct) as server:
        replies(asked(server, tmp_path, pace=Pace(delete=True)))
        assert server.endpoint.files == {}
        assert len(server.endpoint.deleted) == 5
        replies(asked(server, tmp_path / "b"))
        assert len(server.endpoint.files) == 2


def test_the_key_turns_up_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not on disk, not in a log, not in an error, also when the endpoint says it back."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    conduct = Conduct(answer=lambda _: f"your key is {CANARY}", key=CANARY, why=("bad", f"key {CANARY}"))
    with serving_batches(conduct) as server:
        texts = replies(asked(server, tmp_path, tell=told.append))
    with serving_batches(Conduct(key=CANARY, ends=("failed",), why=("bad", f"key {CANARY}"))) as server:
        failed = error(asked(server, tmp_path / "b", tell=told.append))
    with serving_batches(Conduct(key="sk-another-key-123456")) as server:
        denied = error(asked(server, tmp_path / "c", tell=told.append))
        assert isinstance(denied, Denied)
    shown = [
        *texts,
        *told,
        caplog.text,
        *(f"{one!r} {one} {one.__cause__!r} {one.__context__!r}" for one in (failed, denied)),
    ]
    assert not [one for one in shown if CANARY in one]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
