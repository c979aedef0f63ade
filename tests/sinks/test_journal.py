"""The journal: on disk before and after each call, readable after any death."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from slackincidents.errors import BadFile, OtherRun, WriteFailed
from slackincidents.schema.delivery import Outgoing, Posted
from slackincidents.sinks.journal import NAME, Journal, standing
from tests.sinks.stage import Killed, faults_in, message, shop
from tests.sinks.stage import Mortal as Bot

STORY = [message(0), message(1, thread_parent=0), message(2, "#shop"), message(3, thread_parent=0)]


def test_a_call_is_announced_before_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the workspace gets a message, the journal on disk says already that it is being tried."""
    place = shop(tmp_path, STORY)
    post = Bot.post
    told: list[bool] = []

    async def looking(self: Bot, outgoing: Outgoing) -> Posted:
        last = (place.folder / NAME).read_text().splitlines()
        told.append(any(f'"trying","index":{outgoing.marker.index}' in line for line in last))
        return await post(self, outgoing)

    monkeypatch.setattr(Bot, "post", looking)
    place.post()
    assert told == [True] * len(STORY)


@pytest.mark.parametrize("line", range(1, 10))
@pytest.mark.parametrize("torn", [False, True])
def test_a_journal_that_ends_anywhere_goes_on(tmp_path: Path, line: int, torn: bool) -> None:
    """Cut after any line, or in the middle of one, the next run still makes every event stand once."""
    place = shop(tmp_path, STORY)
    place.post()
    path = place.folder / NAME
    lines = path.read_text().splitlines(keepends=True)
    assert len(lines) == 9
    kept = "".join(lines[: line - 1]) + (lines[line - 1][: len(lines[line - 1]) // 2] if torn else lines[line - 1])
    path.write_text(kept)
    stood = kept.count('"act":"stands"')
    trying = kept.count('"act":"trying"')
    place.store.messages = [one for one in place.store.messages if known(one.message.marker.index, kept)]
    assert stood <= len(place.store.messages) <= trying
    assert place.post().complete
    assert faults_in(place.record, place.store.messages) == []
    assert standing(place.folder)[0].complete


def known(index: int, journal: str) -> bool:
    """Whether a whole line of the journal says that an event was tried."""
    return any(f'"trying","index":{index},' in line and line.endswith("}") for line in journal.split("\n"))


def test_a_line_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    """A journal that somebody edited is not guessed at."""
    place = shop(tmp_path, STORY)
    place.post()
    path = place.folder / NAME
    path.write_text(path.read_text().replace('"act":"trying"', '"act":"dreaming"', 1))
    with pytest.raises(BadFile, match=r"journal\.jsonl:2 is not a line"):
        place.post()


def test_standing_tells_a_run_without_a_call(tmp_path: Path) -> None:
    """A folder says by itself what was posted and what is left."""
    place = shop(tmp_path, STORY)
    with pytest.raises(Killed):
        place.post(die_before=3)
    told = standing(place.folder)[0]
    assert told.incident == "cache-1"
    assert len(told.left) == 2
    assert len(told.receipts) == 2
    with pytest.raises(BadFile, match="holds no run"):
        standing(tmp_path / "nothing")


def test_a_full_disk_stops_the_run_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a line cannot be written, posting stops with the reason; later it goes on."""
    place = shop(tmp_path, STORY)
    real = os.fsync
    count = 0

    def full(handle: int) -> None:
        nonlocal count
        count += 1
        if count > 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(WriteFailed, match="No space left"):
            place.post()
    assert place.post().complete
    assert faults_in(place.record, place.store.messages) == []


def test_a_run_that_was_taken_back_is_over(tmp_path: Path) -> None:
    """A folder whose messages were deleted takes no new run."""
    place = shop(tmp_path, STORY)
    place.post()
    journal = place.folder / NAME
    receipt = Journal(place.folder).past.receipts[0]
    with journal.open("a") as file:
        file.write(f'{{"act":"deleted","channel_id":"{receipt.channel_id}","ts":"{receipt.ts}"}}\n')
    with pytest.raises(OtherRun, match="taken back"):
        place.post()
