"""Names, long texts, reactions, channels side by side."""

from __future__ import annotations

import asyncio
from pathlib import Path

from slackincidents.clock import FakeClock
from slackincidents.schema.delivery import Delivery, Identity, Outgoing, Posted
from slackincidents.sinks.memory import Fault, MemoryWorkspace
from slackincidents.sinks.poster import deliver
from tests.sinks.stage import LIVE, Shop, alert, faults_in, message, shop

LONG = " ".join(["The pool is full again."] * 500)


def deliver_to(place: Shop, bot: MemoryWorkspace, clock: FakeClock) -> Delivery:
    """Post a shop's incident as a certain bot."""
    return asyncio.run(deliver(place.record, bot, clock=clock, run_folder=place.folder, options=LIVE))


def test_people_speak_under_their_own_names(tmp_path: Path) -> None:
    """Each message has its speaker's name and icon; alerts have the monitoring bot's."""
    place = shop(tmp_path, [alert(0), message(1)])
    place.post(LIVE.model_copy(update={"alert_bot_name": "Pager"}))
    sent = [kept.message for kept in place.store.messages]
    assert [one.username for one in sent] == ["Pager", "Alice Chen"]
    assert sent[0].icon == ":rotating_light:"


def test_without_the_scope_names_stand_in_the_text(tmp_path: Path) -> None:
    """A token known not to have chat:write.customize sends no user name; the name is the first line, in bold."""
    place, clock = shop(tmp_path, [message(0), message(1)]), FakeClock()
    scopes = ("chat:write", "channels:read", "channels:history")
    bot = MemoryWorkspace(clock, place.store, identity=Identity(team="T1", scopes=scopes))
    deliver_to(place, bot, clock)
    assert place.texts == ["*Alice Chen*\nlooking"] * 2
    assert {kept.message.username for kept in place.store.messages} == {""}


def test_a_name_that_was_ignored_moves_into_the_text(tmp_path: Path) -> None:
    """When the answer shows another name than asked for, the next messages say it themselves, and a note tells why."""

    class Ignoring(MemoryWorkspace):
        async def post(self, message: Outgoing) -> Posted:
            return (await super().post(message)).model_copy(update={"named": not message.username})

    place, clock = shop(tmp_path, [message(0), message(1)]), FakeClock()
    delivery = deliver_to(place, Ignoring(clock, place.store), clock)
    assert place.texts == ["looking", "*Alice Chen*\nlooking"]
    assert any("chat:write.customize" in note for note in delivery.notes)


def test_a_long_text_is_posted_in_parts_in_its_thread(tmp_path: Path) -> None:
    """Nothing is cut off: the parts follow each other in the same thread, replies hang on the first."""
    place = shop(
        tmp_path,
        [
            message(0),
            message(1, text=LONG, thread_parent=0),
            message(2, "#shop", LONG),
            message(3, "#shop", thread_parent=2),
        ],
    )
    delivery = place.post(faults={("post", 3): Fault.DROP_AFTER, ("post", 5): Fault.DROP_BEFORE})
    assert delivery.complete
    assert faults_in(place.record, place.store.messages) == []
    reply = [kept.message for kept in place.store.messages if kept.message.marker.index == 1]
    assert [one.marker.part for one in reply] == [0, 1, 2, 3]
    assert len({one.thread_ts for one in reply}) == 1
    assert all(len(one.text) <= 4000 and one.text.endswith(".") for one in reply)
    assert " ".join(one.text for one in reply) == LONG


def test_a_long_alert_goes_on_below_its_card(tmp_path: Path) -> None:
    """Details too long for the card follow as messages of the same voice."""
    place = shop(tmp_path, [alert(0, details=LONG)])
    place.post()
    sent = [kept.message for kept in place.store.messages]
    assert sent[0].card is not None
    assert " ".join([sent[0].card.text, *(one.text for one in sent[1:])]) == LONG
    assert {one.username for one in sent} == {"Monitoring Bot"}


def test_metrics_after_stand_on_a_card_under_the_resolution(tmp_path: Path) -> None:
    """The person says it; the figures hang below."""
    place = shop(tmp_path, [message(0, text="fixed", type="resolution", metrics_after={"p95_latency": "50ms"})])
    place.post()
    sent = place.store.messages[0].message
    assert sent.text == "fixed"
    assert sent.card is not None
    assert sent.card.fields == (("P95 latency", "50ms"),)
    assert sent.context == "simulated"


def test_a_refused_reaction_is_a_note(tmp_path: Path) -> None:
    """A reaction that cannot be put there stops nothing."""

    class Poor(MemoryWorkspace):
        async def react(self, channel_id: str, ts: str, emoji: str) -> None:
            await super().react("C9999", ts, emoji)

    place, clock = shop(tmp_path, [message(0, reactions=[{"emoji": "ack"}]), message(1)]), FakeClock()
    delivery = deliver_to(place, Poor(clock, place.store), clock)
    assert delivery.complete
    assert any(":ack:" in note for note in delivery.notes)


def test_channels_are_posted_to_side_by_side_at_one_a_second_each(tmp_path: Path) -> None:
    """Four channels with ten messages each take ten seconds, not forty, and no channel gets two in a second."""
    names = ("#cache", "#shop", "#ads", "#mail")
    place = shop(tmp_path, [message(at, name) for at in range(10) for name in names])
    began = place.now
    place.post()
    assert place.workspace is not None
    assert place.workspace.calls["post"] == 40
    assert max(kept.at for kept in place.store.messages) - began < 12


def test_an_answer_never_comes_before_what_it_answers(tmp_path: Path) -> None:
    """Although one channel is far behind, its question is posted before the other channel's answer."""
    early = [message(at, "#shop") for at in range(8)]
    place = shop(tmp_path, [*early, message(8, "#shop", "is it you? @cache-oncall"), message(9, text="yes, us")])
    place.post()
    assert place.texts.index("is it you? @cache-oncall") < place.texts.index("yes, us")
