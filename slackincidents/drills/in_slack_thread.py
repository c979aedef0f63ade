"""The one thread in which a drill runs: every message stands once, whatever the line does, and can be taken back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path

from slackincidents.clock import Clock
from slackincidents.drills.session import Session
from slackincidents.errors import Declined, NotConfigured
from slackincidents.schema.delivery import PostingOptions, Step
from slackincidents.sinks.base import Silent
from slackincidents.sinks.journal import Journal
from slackincidents.sinks.lines import Header
from slackincidents.sinks.live import Button, LiveWorkspace, Whisper
from slackincidents.sinks.markup import Ids, split, to_slack
from slackincidents.sinks.messages import MARK, Letterhead, parts
from slackincidents.sinks.pacing import Pacer, persist
from slackincidents.sinks.resolve import Bots, Place, resolve
from slackincidents.sinks.run import Run
from slackincidents.sinks.steps import bare

ROOT = "root"
ALONE = f"only you can see this · {MARK}"
PAGER, HOST = ("Pager", ":pager:"), ("Drill", ":clapper:")
"""Who speaks for the drill itself: name and icon."""


class Thread:
    """A thread that grows. Messages are told apart by a key, which is the same when a drill is taken up again."""

    def __init__(
        self,
        workspace: LiveWorkspace,
        place: Place,
        journal: Journal,
        header: Header,
        options: PostingOptions,
        clock: Clock,
    ) -> None:
        """Everything is resolved, and the journal has its header."""
        self.run = header.run
        self.bot = place.team.user
        self.channel_id = next(iter(place.ids.values()))
        self._workspace = workspace
        self._place = place
        self._journal = journal
        self._header = header
        self._options = options
        self._clock = clock
        self._pacer = Pacer(clock)
        self._worn: list[Step] = []

    @classmethod
    async def opened(
        cls, workspace: LiveWorkspace, session: Session, options: PostingOptions, clock: Clock, folder: Path
    ) -> Thread:
        """Look at the place, as the poster does, and begin or go on with the journal of a locked folder.

        Raises Unsafe, Denied or NotConfigured with all reasons, before the first message; OtherRun for a drill that
        was begun elsewhere.
        """
        channel = bare(options.test_channel)
        place = await resolve((_nothing(channel, session, options),), Bots(workspace), options, clock)
        listed = await persist(workspace.channels, clock)
        if not any(one.member for one in listed if one.id == place.ids[channel]):
            raise NotConfigured(
                f"the bot is not in #{channel}: it would hear nothing there", f"Type /invite in #{channel}, or join it."
            )
        journal = Journal(folder)
        header = journal.begin(_header(session, place, options, clock, folder))
        return cls(workspace, place, journal, header, options, clock)

    @property
    def ts(self) -> str:
        """The ts of the root; empty before it stands."""
        stands = self._journal.past.stands.get((number(ROOT), 0))
        return stands.receipt.ts if stands else ""

    def stands(self, key: str) -> bool:
        """Whether a message was posted."""
        return (number(key), 0) in self._journal.past.stands

    @property
    def notes(self) -> tuple[str, ...]:
        """What there is to know about the place."""
        return self._journal.past.delivery().notes

    async def post(self, key: str, step: Step, buttons: tuple[Button, ...] = ()) -> None:
        """See to it that a message stands once. The root is posted first; all others are replies to it."""
        parent = None if key == ROOT else number(ROOT)
        placed = step.model_copy(update={"index": number(key), "parent": parent, "after": ()})
        if buttons:
            self._workspace.dress(placed.index, buttons)
            self._worn.append(placed)
        await Run(
            (placed,),
            self._header,
            self._at(placed),
            Bots(self._workspace),
            self._journal,
            self._clock,
            self._options,
            Silent(),
            self._pacer,
        ).go()

    async def announce(
        self, key: str, text: str, buttons: tuple[Button, ...] = (), who: tuple[str, str] = HOST
    ) -> None:
        """Say something in the drill's own name."""
        await self.post(key, said(text, who), buttons)

    async def whisper(self, user: str, text: str) -> str | None:
        """Tell one person. Why it could not be shown, or None."""
        for part in split(to_slack(text, Ids())):
            message = Whisper(channel_id=self.channel_id, thread_ts=self.ts, user=user, text=part, context=ALONE)
            async with self._pacer.slot(self.channel_id):
                try:
                    await persist(partial(self._workspace.whisper, message), self._clock)
                except Declined as error:
                    return error.message
        return None

    async def undress(self) -> None:
        """Take the buttons away: nobody listens any more."""
        for step in self._worn:
            stands = self._journal.past.stands.get((step.index, 0))
            if stands is None:
                continue
            head = Letterhead(self._header.incident, self.run, self._at(step), self._options)
            message = head.message(step, 0, parts(step, self._place.live)[0], None)
            try:
                await persist(partial(self._workspace.revise, stands.receipt.ts, message), self._clock)
            except Declined:  # somebody deleted it
                continue
        self._worn.clear()

    def _at(self, step: Step) -> Place:
        return replace(self._place, ids={step.channel: self.channel_id})


def said(text: str, who: tuple[str, str]) -> Step:
    """A message of the drill itself."""
    return Step(index=0, at=0.0, channel="drill", handle=who[0].lower(), name=who[0], icon=who[1], text=text)


def number(key: str) -> int:
    """The index that a message's marker carries: the same key has the same one."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:12], 16)


def _nothing(channel: str, session: Session, options: PostingOptions) -> Step:
    """A step that asks for the channel, and with `ping` for everybody who could be called."""
    setting = session.world.setting
    groups = (bare(one.oncall_group) for one in setting.catalogue.services.values())
    called = (*groups, *setting.people) if options.ping else ()
    return Step(index=0, at=0.0, channel=channel, handle="drill", name="Drill", mentions=tuple(called))


def _header(session: Session, place: Place, options: PostingOptions, clock: Clock, folder: Path) -> Header:
    digest = hashlib.sha256(session.request.model_dump_json().encode()).hexdigest()
    began = clock.now()
    run = hashlib.sha256(f"{digest} {place.team.team} {began!r} {folder.resolve()}".encode()).hexdigest()[:12]
    return Header(
        run=run,
        began=began,
        incident=f"drill-{session.request.scenario}-{session.request.seed}",
        incident_sha256=digest,
        team=place.team.team,
        test_channel=options.test_channel,
        mark=options.mark,
        ping=options.ping,
        channels=dict(place.ids),
        indices=(),
        notes=place.notes,
    )
