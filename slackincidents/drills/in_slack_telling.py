"""What happens in a drill, told in its thread: personas and pages for everybody, finds and duties for the trainee."""

from __future__ import annotations

from slackincidents.drills import happenings as show
from slackincidents.drills import in_slack_words as words
from slackincidents.drills import sheets, stage_view
from slackincidents.drills.folder import DrillFolder
from slackincidents.drills.happenings import Happening
from slackincidents.drills.in_slack_thread import PAGER, ROOT, Thread, said
from slackincidents.drills.lines import Gaze, Hinted, Opened, Played
from slackincidents.drills.session import Session
from slackincidents.drills.sight import found
from slackincidents.drills.turns import News
from slackincidents.drills.wording import Wording
from slackincidents.render.runbook import runbook
from slackincidents.schema.delivery import Step
from slackincidents.schema.plan import Beat
from slackincidents.sinks.live import Button
from slackincidents.sinks.steps import steps

ACTIONS = {"drill-ack": "ack", "drill-escalate": "escalate", "drill-resolve": "resolve"}
"""What a button means, as if it had been typed."""

LABELS = {"drill-ack": "Acknowledge", "drill-escalate": "Escalate", "drill-resolve": "Resolve"}

HOW = (
    "You are *{name}*. Type in this thread: a command such as `look logs`, `tell`, `do restart`, `update`, `resolve`, "
    "or plain talk, which your colleagues hear. `help` lists the commands, `stop` ends the drill."
)


class Teller:
    """Who tells. `trainee` is an id, empty while nobody plays; while `past` is set nothing is whispered."""

    def __init__(self, session: Session, wording: Wording, folder: DrillFolder, thread: Thread) -> None:
        """Nothing was told yet. `talk` are lines the trainee has typed: they stand there already."""
        self.trainee = ""
        self.past = False
        self.talk: list[str] = []
        self.notes: dict[str, None] = {}
        self._session = session
        self._wording = wording
        self._folder = folder
        self._thread = thread
        self._rung: str | None = None

    async def tell(self, news: News) -> None:
        """Post what everybody sees, whisper what only the trainee does."""
        beats = [one.beat for one in news if isinstance(one, show.Said)]
        if beats and self._wording.asks:
            self._folder.speak(await self._wording.ask(self._session, beats))
        if self._wording.failed:
            self.notes[f"the model does not answer, phrases fill in: {self._wording.failed}"] = None
        if any(isinstance(one, show.Rang) for one in news) and not self._rung:
            await self._root()
        for one in sorted(news, key=lambda one: isinstance(one, show.Rang)):
            await self._happened(one)

    async def _happened(self, one: Happening) -> None:
        session = self._session
        match one:
            case show.Said(beat=beat):
                await self._said(beat)
            case show.Reacted(beat=beat):
                await self._reacted(beat)
            case show.Rang():
                await self._rings(one)
            case show.Seated(person=person):
                text = f":white_check_mark: Incident acknowledged by {words.name(session, person)}."
                await self._thread.announce("seated", text, who=PAGER)
                await self.whisper(HOW.format(name=words.name(session, person)))
            case show.Found(clue=clue):
                await self.whisper(words.find(stage_view.find(session, clue, found(session).index(clue) + 1)))
            case show.Expected():
                await self.whisper(self._duty(one))
            case show.Objected(action=action):
                what = words.label(session, action)
                await self.whisper(f"Somebody objects to: {what}. `insist` does it anyway, `take` lets it be.")
            case show.Took(action=action, effect=effect):
                await self.whisper(f"Done ({words.label(session, action)}). {stage_view.EFFECTS[effect]}")
            case show.FiredAgain():
                await self.whisper("It was not over: the monitor fired again.")

    @property
    def _alert(self) -> Beat | None:
        """The first alert, which is the root."""
        return next((beat for beat in self._session.world.beats if beat.alert), None)

    async def _root(self) -> None:
        """The alert, under which everything else stands; its buttons are there for the whole drill."""
        alert = self._alert
        step = self._step(alert) if alert else said(f":rotating_light: {self._session.skeleton.title}", PAGER)
        await self._thread.post(ROOT, step, self._buttons("drill-ack", "drill-escalate", "drill-resolve"))

    async def _said(self, beat: Beat) -> None:
        text = beat.words.said
        if beat.speaker == self._session.chair.handle and text in self.talk:
            self.talk.remove(text)
            return
        if not self._thread.ts or beat is self._alert:
            return
        await self._thread.post(beat.id, self._step(beat))

    async def _reacted(self, beat: Beat) -> None:
        """Put the emoji under a message that the drill has posted."""
        key = ROOT if beat is self._alert else beat.id
        if self._thread.stands(key):
            await self._thread.post(key, self._step(beat, reacted=True))

    async def _rings(self, ring: show.Rang) -> None:
        before, self._rung = self._rung, ring.person
        name = words.name(self._session, ring.person)
        missed = f":x: {words.name(self._session, before)} did not answer. Escalating.\n" if before else ""
        text = (
            f"{missed}:pager: Paging {name} for {ring.service}. Are you {name}? Press a button, or type `ack` or "
            "`ignore` in this thread."
        )
        buttons = self._buttons("drill-ack", "drill-escalate")
        await self._thread.announce(f"rang {ring.level} {ring.person}", text, buttons, PAGER)

    def _buttons(self, *actions: str) -> tuple[Button, ...]:
        return tuple(
            Button(
                action=action,
                label=LABELS[action],
                value=self._thread.run,
                style="primary" if action == "drill-ack" else "",
            )
            for action in actions
        )

    def _step(self, beat: Beat, *, reacted: bool = False) -> Step:
        place = self._session.world.beats.index(beat)
        found = next(one for one in steps(self._wording.incident(self._session)) if one.index == place)
        return found if reacted else found.model_copy(update={"reactions": ()})

    def _duty(self, one: show.Expected) -> str:
        session, cue = self._session, self._session.cue
        asker = next((beat.speaker for beat in session.world.beats if beat.id == one.asked), None)
        duty = stage_view.DUTIES.get(cue.line.act, "They wait for you") if cue else "They wait for you"
        who = f"{words.name(session, asker)} waits for an answer" if asker else duty
        return f"{who}. `take` says: {one.suggestion}. Or say it your way."

    async def whisper(self, text: str, user: str = "") -> None:
        """Tell the trainee, or whoever asked; nobody while the past is gone through."""
        whom = user or self.trainee
        if self.past or not whom or not text:
            return
        if (why := await self._thread.whisper(whom, text)) is not None:
            self.notes[f"could not whisper: {why}"] = None

    async def opened(self, command: Played, hint: str) -> None:
        """What a look, the runbook or a hint shows at once, for the trainee's eyes."""
        session = self._session
        match command:
            case Gaze(where="dashboard", service=service):
                await self.whisper(words.fenced(sheets.gauge_lines(session, service)))
            case Gaze(where=where, service=service, clue=None):
                await self.whisper(f"{where} of {service}: nothing that you do not know already.")
            case Gaze(where=where, service=service):
                await self.whisper(f"You look at {where} of {service} ...")
            case Opened():
                await self.whisper(words.document(runbook(session.skeleton, session.world.setting.catalogue)))
            case Hinted():
                await self.whisper(f"Hint: {hint}")

    def ending(self) -> str:
        """How it ended, in one line."""
        match self._session.outcome:
            case show.RESOLVED:
                return ":checkered_flag: Resolved. The drill is over."
            case show.OUTAGE:
                return f":skull: {words.name(self._session, self._rung)} did not answer. Major outage: nobody answered."
            case _:
                return ":warning: The drill is over. The incident is still active."
