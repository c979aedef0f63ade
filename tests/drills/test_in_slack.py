"""The drill in a chat workspace, held in memory: what everybody sees, what one person sees, and what is ignored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from slackincidents.clock import FakeClock
from slackincidents.drills.in_slack import FOLDER, Terms, hold
from slackincidents.drills.lines import Ordered
from slackincidents.errors import Denied, NotConfigured, OtherRun, SlackIncidentsError, Unsafe
from slackincidents.schema import seat
from slackincidents.schema.delivery import Channel, Identity, Outgoing, PostingOptions
from slackincidents.sinks.journal import standing
from slackincidents.sinks.live import Heard, Live, MemoryLive, Pressed, Typed, Whisper
from slackincidents.sinks.memory import Fault, Store
from slackincidents.sinks.unposting import unpost
from tests.slack.drilling import STARTING, Game, Script, begun, good, taken_up

OPTIONS = PostingOptions(dry_run=False, test_channel="#drill", workspace_id="T1")
TERMS = Terms(OPTIONS)
ME, OTHER = "U1", "U2"


class Hall:
    """A workspace with a person who follows a script, and maybe others; it goes on from run to run."""

    def __init__(self, script: Script, folder: Path) -> None:
        """Nobody has said anything yet."""
        self.script = script
        self.folder = folder
        self.store = Store.of(["drill", "other"])
        self.now = 1_700_000_000.0
        self.bystanders: list[Heard] = []
        self.identity = Identity(team="T1", team_name="Test", user="U0", name="bot")
        self.faults: dict[tuple[str, int], Fault] = {}
        self.live: MemoryLive | None = None
        self.root, self.run = "", ""
        self.stop_on = ""
        self._stopping: asyncio.Task[tuple[str, ...]] | None = None

    def hold(self, game: Game, terms: Terms = TERMS) -> tuple[str, ...]:
        """Hold a drill, or go on with it."""

        async def work() -> tuple[str, ...]:
            clock = FakeClock(self.now)
            live = self.live = MemoryLive(clock, self.store, self.person, identity=self.identity)
            live.faults |= self.faults
            live.hear(*self.bystanders)
            held = hold(game.sitting, game.folder, game.wording, Live(live, live), clock, terms, stored=game.stored)
            self._stopping = asyncio.create_task(held)
            try:
                return await self._stopping
            finally:
                self.now = clock.now() + 1.0
                game.folder.close()

        return asyncio.run(work())

    def person(self, message: Outgoing | Whisper, ts: str) -> Iterable[Heard]:
        """What the trainee does on seeing a message."""
        text = f"{message.text} {message.card.title if isinstance(message, Outgoing) and message.card else ''}"
        if isinstance(message, Outgoing):
            self.run = message.marker.run
            self.root = self.root or ts
        if self.stop_on and self.stop_on in text and self._stopping:
            self.stop_on = ""
            self._stopping.cancel()
        for line in self.script.seen(text):
            yield self.does(line)

    def does(self, line: str, user: str = ME) -> Heard:
        """A line typed into the thread, or a button pressed."""
        if line.startswith("["):
            return Pressed("C0000", self.root, user, line.strip("[]"), self.run)
        return Typed("C0000", self.root, "1.000001", user, line)

    @property
    def messages(self) -> list[Outgoing]:
        """What stands, in the order it came."""
        return [kept.message for kept in self.store.messages]

    @property
    def whispers(self) -> list[Whisper]:
        """What was whispered in the last run."""
        return self.live.whispers if self.live else []


@pytest.fixture
def game(tmp_path: Path) -> Game:
    """A new drill."""
    return begun(tmp_path / "drill")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A workspace with somebody good in it."""
    return Hall(good(), tmp_path / "drill")


def orders(game: Game) -> list[str]:
    """What was ordered, in order."""
    return [move.order.kind for move in game.session.record.moves]


def test_a_drill_runs_in_one_thread(game: Game, hall: Hall) -> None:
    """The alert is the root; everything else answers it, says that it is simulated, and ends with the debrief."""
    assert hall.hold(game) == ()
    first, *others = hall.messages
    assert first.thread_ts is None
    assert first.card is not None
    assert "Database Connection Failed" in first.card.title
    assert {one.thread_ts for one in others} == {hall.root}
    assert all("simulated" in (one.context or (one.card.footer if one.card else "")) for one in hall.messages)
    assert {one.marker.incident for one in hall.messages} == {"drill-database-failure-3"}
    assert "Incident Bot" in {one.username for one in others}
    assert game.session.outcome == "resolved"
    assert "Resolved. The drill is over." in "".join(one.text for one in others)
    assert any(one.text.startswith("*Debrief: Database Connection Failed*") for one in others)
    assert len({one.marker.index for one in hall.messages if one.marker.part == 0}) == len(
        [one for one in hall.messages if one.marker.part == 0]
    )


def test_buttons_stand_under_the_alert_until_the_end(game: Game, hall: Hall) -> None:
    """Three under the alert, two under a page; when it is over they are gone."""
    worn: list[tuple[str, ...]] = []
    hall.script.rows.append(("The drill is over", ()))
    seen = hall.person

    def watching(message: Outgoing | Whisper, ts: str) -> Iterable[Heard]:
        if "The drill is over" in message.text and hall.live:
            worn.extend(tuple(one.label for one in buttons) for buttons in hall.live.worn.values())
        return seen(message, ts)

    hall.person = watching  # type: ignore[method-assign]
    hall.hold(game)
    assert worn == [("Acknowledge", "Escalate", "Resolve"), ("Acknowledge", "Escalate")]
    assert hall.live is not None
    assert hall.live.worn == {}
    assert len(hall.live.revised) == 2


def test_what_is_typed_is_done(game: Game, hall: Hall) -> None:
    """Buttons and commands are orders; plain talk is said, and stands in the thread only as it was typed."""
    hall.hold(game)
    assert orders(game)[:4] == ["acknowledge", "say", "severity", "attempt"]
    assert orders(game)[-1] in ("take", "resolve")
    assert not any("anybody else seeing errors?" in one.text for one in hall.messages)
    said = [one.played.order for one in game.sitting.entries if isinstance(one.played, Ordered)]
    assert seat.Say(text="anybody else seeing errors?") in said


def test_finds_and_duties_are_for_one_person(game: Game, hall: Hall) -> None:
    """What the trainee finds and what is expected of them is whispered in the thread, to nobody else."""
    hall.script.rows[1] = (STARTING, ("look dashboard", "hint", "finds", "runbook", "do restart"))
    hall.hold(game)
    assert {(one.user, one.thread_ts) for one in hall.whispers} == {(ME, hall.root)}
    told = "\n".join(one.text for one in hall.whispers)
    for word in ("Hint: ", "What you have found", "Runbook: Database", "It helped", "all-clear"):
        assert word in told
    assert not any("Hint: " in one.text or "It helped" in one.text for one in hall.messages)


def test_only_the_trainee_plays(game: Game, hall: Hall) -> None:
    """Whoever acknowledges plays. Others, other threads, other drills' buttons and the bot itself are not heard."""
    hall.script.rows[1] = (
        STARTING,
        ("severity SEV-2",),
    )
    plain = hall.does

    def with_others(line: str, user: str = ME) -> Heard:
        if line == "severity SEV-2" and hall.live:
            hall.live.hear(
                plain("do restart", OTHER),
                plain("stop", OTHER),
                plain("[drill-resolve]", OTHER),
                Typed("C0000", "", "1.1", ME, "do restart"),
                Typed("C0001", hall.root, "1.1", ME, "do restart"),
                Pressed("C0000", hall.root, ME, "drill-resolve", "another-run"),
                Pressed("C0000", hall.root, ME, "another-action", hall.run),
                plain("do restart", "U0"),
            )
        return plain(line, user)

    hall.does = with_others  # type: ignore[method-assign]
    hall.script.rows += [("waits for an answer", ("stop",)), ("A status update is due", ("stop",))]
    hall.hold(game)
    assert orders(game) == ["acknowledge", "severity"]


def test_somebody_can_be_named(game: Game, hall: Hall) -> None:
    """With a trainee named, nobody else can even acknowledge."""
    hall.script.rows[0] = ("Are you", ())
    hall.bystanders = []
    asked = hall.person

    def two(message: Outgoing | Whisper, ts: str) -> Iterable[Heard]:
        yield from asked(message, ts)
        if "Are you" in message.text and "did not answer" not in message.text:
            yield hall.does("[drill-ack]", OTHER)

    hall.person = two  # type: ignore[method-assign]
    hall.hold(game, replace(TERMS, trainee=ME))
    assert game.session.outcome == "major outage"


def test_three_unanswered_pages_are_an_outage(game: Game, hall: Hall) -> None:
    """Escalate before anybody sits there lets the next one be paged; after the last it is the lab's major outage."""
    hall.script = Script([("Are you", ("[drill-escalate]",)), ("Are you", ("ignore",)), ("Are you", ("i",))])
    hall.hold(game)
    told = "\n".join(one.text for one in hall.messages)
    assert told.count("Are you") == 3
    assert told.count("did not answer. Escalating.") == 2
    assert "Major outage: nobody answered." in told
    assert "*Debrief" in told


def test_slips_are_told_and_talk_is_said(game: Game, hall: Hall) -> None:
    """A short line that begins like a command gets the nearest ones; a sentence that does so is said."""
    hall.script.rows[1] = (STARTING, ("do restrat", "look at that, the whole thing is red", "wait 5m", "stop"))
    hall.hold(game)
    told = "\n".join(one.text for one in hall.whispers)
    assert 'no action "restrat"' in told
    assert '"restart"' in told
    assert "Time runs by itself here" in told
    assert seat.Say(text="look at that, the whole thing is red") in [m.order for m in game.session.record.moves]


def test_stop_ends_it(game: Game, hall: Hall) -> None:
    """The trainee can end it as it stands, and gets the debrief."""
    hall.script.rows[1] = (STARTING, ("stop",))
    hall.hold(game)
    assert game.sitting.ended
    assert "The incident is still active" in "\n".join(one.text for one in hall.messages)
    assert any("*Debrief" in one.text for one in hall.messages)


@pytest.mark.parametrize("moment", ["Incident acknowledged", "declared", "It helped"])
def test_a_stopped_drill_says_so_and_goes_on(game: Game, hall: Hall, moment: str) -> None:
    """Stopped from outside it says so in the thread; taken up, nothing stands twice, and the same person plays on."""
    hall.stop_on = moment
    with pytest.raises(asyncio.CancelledError):
        hall.hold(game)
    assert "The drill stands still" in hall.messages[-1].text
    before = [one.marker for one in hall.messages]
    if moment != "It helped":
        hall.script.rows.append(("The drill goes on", ("do restart",)))
    hall.bystanders = [hall.does("stop", OTHER)]
    again = taken_up(hall.folder)
    hall.hold(again)
    assert again.session.outcome == "resolved"
    markers = [one.marker for one in hall.messages]
    assert len(set(markers)) == len(markers)
    assert markers[: len(before)] == before
    assert sum("Are you" in one.text for one in hall.messages) == 1
    assert {one.user for one in hall.whispers} == {ME}


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.DROP_BEFORE, Fault.SERVER_ERROR, Fault.RATE_LIMIT])
def test_a_bad_line_loses_and_doubles_nothing(game: Game, hall: Hall, fault: Fault) -> None:
    """A call that fails, or of which nobody knows whether it arrived, ends in one message."""
    hall.faults = {("post", 4): fault, ("whisper", 1): Fault.RATE_LIMIT}
    hall.hold(game)
    markers = [one.marker for one in hall.messages]
    assert len(set(markers)) == len(markers)
    assert game.session.outcome == "resolved"
    assert sum(STARTING in one.text for one in hall.whispers) == 1


def test_time_stands_while_messages_wait(game: Game, hall: Hall) -> None:
    """At a high speed no page runs out while the workspace takes its time: what has not been seen costs nothing."""
    hall.faults = {("post", 2): Fault.RATE_LIMIT, ("post", 3): Fault.RATE_LIMIT, ("whisper", 1): Fault.RATE_LIMIT}
    hall.hold(game, replace(TERMS, speed=600.0))
    assert game.session.outcome == "resolved"
    assert game.session.record.moves[0].order == seat.Acknowledge()
    assert game.session.record.moves[0].at < 400


def test_an_answer_counts_from_when_it_could_be_read(game: Game, hall: Hall) -> None:
    """At 600 times, with a second a message: what is typed at once is done at once on the drill's clock."""
    hall.script.rows[1] = (STARTING, ())
    hall.script.rows.append(("set the topic", ("severity SEV-2", "do restart")))
    hall.hold(game, replace(TERMS, speed=600.0))
    asked = next(beat.at for beat in game.session.world.beats if beat.speaker == "Incident Bot")
    answered = next(move.at for move in game.session.record.moves if move.order.kind == "severity")
    assert 0 <= answered - asked < 60


def test_what_was_shown_has_happened(game: Game, hall: Hall) -> None:
    """The clock is on disk before a message leaves: taken up, a drill never goes back before what was read."""
    hall.stop_on = "set the topic"
    with pytest.raises(asyncio.CancelledError):
        hall.hold(game)
    stored = taken_up(hall.folder).stored
    assert stored is not None
    assert stored[-1].at == game.session.now > game.session.record.moves[-1].at


def test_a_deaf_person_is_no_obstacle(game: Game, hall: Hall) -> None:
    """When a whisper is refused the drill goes on, and says so at its end."""
    hall.script.rows = [("Are you", ("[drill-ack]",)), ("Incident acknowledged", ("stop",))]
    seen = hall.person

    def refusing(message: Outgoing | Whisper, ts: str) -> Iterable[Heard]:
        if hall.live:
            hall.live.refuses_whispers = True
        return seen(message, ts)

    hall.person = refusing  # type: ignore[method-assign]
    assert hall.hold(game) == ("could not whisper: chat.postEphemeral: user_not_in_channel",)


def test_dry_is_dry(game: Game, hall: Hall) -> None:
    """Unless told otherwise nothing is called, and nothing happens."""
    assert hall.hold(game, Terms(PostingOptions(test_channel="drill"))) == ("nothing was posted",)
    assert hall.live is not None
    assert not hall.live.calls
    assert not (hall.folder / FOLDER).exists()


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"workspace_id": "T9"}, Unsafe, "but SLACK_WORKSPACE_ID is T9"),
        ({"allow_list": ("other",)}, Unsafe, "not in SLACK_CHANNELS_ALLOWED"),
        ({"test_channel": "nowhere"}, NotConfigured, "no channel #nowhere"),
        ({"test_channel": "outside"}, NotConfigured, "the bot is not in #outside"),
    ],
)
def test_what_is_refused_is_refused_before_the_first_message(
    game: Game, hall: Hall, change: dict[str, object], kind: type[SlackIncidentsError], words: str
) -> None:
    """The poster's own checks hold, and the bot must be in the channel, since it would hear nothing there."""
    hall.store.channels["C9"] = Channel(id="C9", name="outside", member=False)
    with pytest.raises(kind, match=words):
        hall.hold(game, replace(TERMS, options=OPTIONS.model_copy(update=change)))
    assert hall.messages == []
    assert hall.whispers == []


def test_deaf_ears_are_told_before_the_first_message(game: Game, hall: Hall) -> None:
    """An app token that is not accepted is found out before anything is posted."""

    class Deaf(MemoryLive):
        async def listen(self, heard: object, ready: object) -> None:
            raise Denied("apps.connections.open: the token is not accepted", "Make one.")

    async def work() -> None:
        clock = FakeClock()
        live = Deaf(clock, hall.store)
        with pytest.raises(Denied):
            await hold(game.sitting, game.folder, game.wording, Live(live, live), clock, TERMS)

    asyncio.run(work())
    assert hall.messages == []


def test_a_drill_is_taken_up_where_it_was_begun(game: Game, hall: Hall) -> None:
    """In another channel it is not gone on with."""
    hall.stop_on = "declared"
    with pytest.raises(asyncio.CancelledError):
        hall.hold(game)
    with pytest.raises(OtherRun, match="test channel"):
        hall.hold(taken_up(hall.folder), replace(TERMS, options=OPTIONS.model_copy(update={"test_channel": "other"})))


def test_it_can_be_taken_back(game: Game, hall: Hall) -> None:
    """`unpost` deletes a drill's messages as it does a run's."""
    hall.hold(game)
    assert standing(hall.folder / FOLDER)[0].complete

    async def back() -> None:
        clock = FakeClock(hall.now)
        await unpost(hall.folder / FOLDER, MemoryLive(clock, hall.store, identity=hall.identity), clock=clock)

    asyncio.run(back())
    assert hall.messages == []


def test_nobody_is_called_for_real(game: Game, hall: Hall) -> None:
    """Mentions in what colleagues and the trainee say stay plain text; broadcasts never leave."""
    hall.script.rows[1] = (STARTING, ("say <!here> @channel everybody look", "ask product-catalog", "do restart"))
    hall.hold(game)
    for one in hall.messages:
        assert "<!" not in one.text
        assert "<@" not in one.text


def test_colleagues_put_emoji_under_what_the_drill_posted(game: Game, hall: Hall) -> None:
    """The reactions of the transcript stand under their messages, once; lines the trainee typed get none."""
    hall.hold(game)
    beats = {beat.id: beat for beat in game.session.world.beats}
    given = game.session.world.reactions
    typed = {
        name
        for name in given
        if beats[name].words.said in {m.order.text for m in game.session.record.moves if isinstance(m.order, seat.Say)}
    }
    wanted = sorted(sorted({emoji for emoji, _ in given[name]}) for name in given if given[name] and name not in typed)
    assert wanted
    assert sorted(sorted(kept.reactions) for kept in hall.store.messages if kept.reactions) == wanted
