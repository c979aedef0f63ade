"""Taking a run back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from slackincidents.clock import FakeClock
from slackincidents.errors import BadFile, NotConfigured, ServiceFailed, Unsafe
from slackincidents.schema.delivery import Delivery, Identity
from slackincidents.sinks.memory import Fault, MemoryWorkspace, Store
from slackincidents.sinks.poster import deliver
from slackincidents.sinks.unposting import unpost
from tests.sinks.stage import LIVE, Killed, Shop, alert, incident, message, shop

STORY = [alert(0), message(1, thread_parent=0), message(2, "#shop"), message(3, thread_parent=0)]


def take_back(place: Shop, **more: object) -> Delivery:
    """Unpost a shop's run."""

    async def work() -> Delivery:
        bot = MemoryWorkspace(FakeClock(place.now), place.store, **more)  # type: ignore[arg-type]
        return (await unpost(place.folder, bot, clock=FakeClock(place.now)))[0]

    return asyncio.run(work())


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("nth", range(1, len(STORY) + 1))
def test_everything_a_run_posted_is_deleted_and_nothing_else(tmp_path: Path, nth: int, fault: Fault) -> None:
    """Whatever goes wrong at any deletion, the run's messages go and those of others stay."""
    place = shop(tmp_path, STORY)
    other = Shop(tmp_path / "other", incident([message(0, text="stays")], scenario_id="other-1"), place.store)
    other.post()
    place.now = other.now
    place.post()
    assert take_back(place, faults={("delete", nth): fault}).receipts == ()
    assert place.texts == ["stays"]
    assert take_back(place).receipts == ()


@pytest.mark.parametrize("nth", range(1, len(STORY) + 1))
def test_a_killed_run_is_taken_back_whole(tmp_path: Path, nth: int) -> None:
    """A message that was taken, but never acknowledged, is found and deleted too."""
    place = shop(tmp_path, STORY)
    with pytest.raises(Killed):
        place.post(die_after=nth)
    take_back(place)
    assert place.texts == []


def test_replies_go_before_their_root(tmp_path: Path) -> None:
    """No thread is ever left without its root."""
    place = shop(tmp_path, STORY)
    place.post()
    with pytest.raises(ServiceFailed, match="still standing: 2 messages"):
        take_back(place, faults={("delete", nth): Fault.DROP_BEFORE for nth in range(3, 30)})
    assert [kept.message.thread_ts for kept in place.store.messages] == [None, None]
    assert take_back(place).receipts == ()


def test_another_workspace_is_refused(tmp_path: Path) -> None:
    """A token of another workspace deletes nothing."""
    place = shop(tmp_path, STORY)
    place.post()
    with pytest.raises(Unsafe, match="belongs to workspace T9"):
        take_back(place, identity=Identity(team="T9"))
    assert len(place.texts) == len(STORY)


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    """Nothing there, nothing to take back."""
    place = Shop(tmp_path, incident(STORY))
    with pytest.raises(BadFile, match="holds no run"):
        take_back(place)


def test_the_second_bot_posts_the_alerts_and_takes_them_back(tmp_path: Path) -> None:
    """Alerts come from the alert bot, people from the other; only the alert bot can delete its own."""
    store = Store.of(["cache", "shop"])
    people, alerts = Identity(team="T1", user="U0"), Identity(team="T1", user="U9")

    async def post() -> None:
        clock = FakeClock()
        await deliver(
            incident(STORY),
            MemoryWorkspace(clock, store, identity=people),
            clock=clock,
            run_folder=tmp_path / "run",
            options=LIVE,
            alerts=MemoryWorkspace(clock, store, identity=alerts),
        )

    async def back(second: bool) -> tuple[Delivery, ...]:
        clock = FakeClock()
        bot = MemoryWorkspace(clock, store, identity=people)
        other = MemoryWorkspace(clock, store, identity=alerts) if second else None
        return await unpost(tmp_path / "run", bot, clock=clock, alerts=other)

    asyncio.run(post())
    assert [kept.bot for kept in store.messages if kept.message.marker.index == 0] == ["U9"]
    assert {kept.bot for kept in store.messages if kept.message.marker.index} == {"U0"}
    with pytest.raises(NotConfigured, match="ALERT_BOT_TOKEN"):
        asyncio.run(back(second=False))
    assert asyncio.run(back(second=True))[0].receipts == ()
    assert not store.messages
