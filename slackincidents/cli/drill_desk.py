"""The drill at the prompt: a typed line is done, and what comes of it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slackincidents.cli.drill_screen import Screen, name_of
from slackincidents.drills import happenings as show
from slackincidents.drills import sheets, stage_view
from slackincidents.drills.folder import Entry
from slackincidents.drills.happenings import Happening
from slackincidents.drills.lines import Gaze, Hinted, Meaning, Mistyped, Opened, Played, Quit, Show
from slackincidents.drills.sight import found, sight
from slackincidents.drills.sitting import BEFORE, Sitting
from slackincidents.drills.stage_view import DUTIES, EFFECTS
from slackincidents.drills.turns import News
from slackincidents.drills.typed import parse
from slackincidents.drills.wording import Wording
from slackincidents.pipeline import run
from slackincidents.render.runbook import to_runbook_text
from slackincidents.schema.plan import Kind


@dataclass
class Desk:
    """Everything one drill needs at the prompt."""

    sitting: Sitting
    wording: Wording
    screen: Screen
    width: int = 100
    rung: str | None = None
    failed: str | None = None

    def meaning(self, typed: str) -> Meaning:
        """What a line means now."""
        return parse(typed, sight(self.sitting.session))

    def do(self, typed: str, line: int | None = None) -> bool:
        """Do what was typed, and let pass what it takes. False when the drill is to end."""
        meaning = self.meaning(typed)
        if isinstance(meaning, Quit):
            return False
        if self.read(meaning) or meaning is None:
            return True
        command = self.playable(meaning)
        news = self.give(command, typed, line)
        if news is not None:
            self.display_all(self.sitting.settle(command, news))
            self.seen(command)
        return not self.sitting.ended

    def read(self, meaning: Meaning) -> bool:
        """Show what costs nothing; False for what is to be played."""
        if isinstance(meaning, Mistyped):
            self.screen.complain(str(meaning))
        elif isinstance(meaning, Show):
            self.screen.sheet(sheets.sheet(self.sitting.session, meaning))
        else:
            return False
        return True

    @staticmethod
    def playable(meaning: Meaning) -> Played:
        """What is left of the meanings once the others are dealt with."""
        if meaning is None or isinstance(meaning, Quit | Show | Mistyped):
            raise TypeError(f"{meaning!r} is nothing to be played")
        return meaning

    def give(self, command: Played, typed: str, line: int | None = None, *, live: bool = False) -> News | None:
        """Do it and show what comes of it at once; None when it cannot be done, which is said."""
        why, news = self.sitting.give(command, typed, line, live=live)
        if why is not None:
            self.screen.complain(f"{why[:1].upper()}{why[1:]}.")
            return None
        self.opened(command)
        self.display(news)
        return news

    def opened(self, command: Played) -> None:
        """What a look, the runbook or a hint shows at once."""
        session = self.sitting.session
        match command:
            case Gaze(where="dashboard", service=service):
                self.screen.dashboard(session, service)
            case Gaze(where=where, service=service, clue=clue):
                if clue is not None:
                    self.screen.told(f"You look at {where} of {service} ...", "dim")
            case Opened():
                self.screen.text(to_runbook_text(session.skeleton, session.world.setting.catalogue, self.width))
            case Hinted():
                entry = self.sitting.entries[-1].played
                self.screen.told(f"Hint: {entry.text}" if isinstance(entry, Hinted) else "")

    def seen(self, command: Played) -> None:
        """What is said after a look in which nothing was found."""
        if isinstance(command, Gaze) and command.clue is None:
            self.screen.told(f"{command.where} of {command.service}: nothing that you do not know already.", "dim")
        elif isinstance(command, Gaze) and command.clue in self.sitting.turns.searching:
            self.screen.told("You are still looking; wait goes on.", "dim")

    # what happens

    def display_all(self, news: Iterator[News]) -> None:
        """Show everything as it comes."""
        for some in news:
            self.display(some)

    def display(self, news: News) -> None:
        """Show what happened at one moment."""
        if self.wording.asks:
            beats = [one.beat for one in news if isinstance(one, show.Said)]
            self.sitting.folder.speak(run(self.wording.ask(self.sitting.session, beats)))
        self.paint(news)

    def catch_up(self, stored: Sequence[Entry]) -> None:
        """Play what is stored, and show again what happened in it."""
        happened = tuple(one for news in self.sitting.replayed(stored) for one in news)
        typed = [(entry.at, entry.typed) for entry in stored if entry.typed not in ("", BEFORE)]
        for one in happened:
            while typed and typed[0][0] < one.at:
                self.screen.echo(typed.pop(0)[1])
            if not isinstance(one, show.Expected):
                self.paint((one,))
        for _, line in typed:
            self.screen.echo(line)
        self.display_all(self.sitting.completed())
        self.screen.rule()

    def paint(self, news: News) -> None:
        """Put on the screen what has its words."""
        session = self.sitting.session
        news = tuple(sorted(news, key=lambda one: isinstance(one, show.Rang)))
        said = [one.beat for one in news if isinstance(one, show.Said)]
        lines = stage_view.spoken(session, self.wording.incident(session), said) if said else iter(())
        for one in news:
            if isinstance(one, show.Said):
                self.screen.spoken(next(lines))
                if one.beat.kind is Kind.RESOLUTION:
                    self.screen.told(f"Incident resolved by {name_of(session, one.beat.speaker)}.", "bold green")
            else:
                self._happened(one)
        if self.wording.failed and self.wording.failed != self.failed:
            self.failed = self.wording.failed
            self.screen.complain(f"The model does not answer, phrases fill in: {self.failed}")

    def _happened(self, one: Happening) -> None:
        session, screen = self.sitting.session, self.screen
        match one:
            case show.Rang():
                self._rings(one)
            case show.Seated(person=person):
                screen.told(f"Incident acknowledged by {name_of(session, person)}.", "bold green")
            case show.Reacted():
                self._reacts(one)
            case show.Found(clue=clue):
                screen.find(stage_view.find(session, clue, found(session).index(clue) + 1))
            case show.Expected():
                self._expects(one)
            case show.Objected(action=action):
                screen.told(f"Somebody objects to: {self._label(action)}. insist does it anyway, take lets it be.")
            case show.Took(action=action, effect=effect):
                restarted = "Service restarted" if session.skeleton.actions[action].type == "restart" else "Done"
                screen.told(f"{restarted} ({self._label(action)}). {EFFECTS[effect]}")
            case show.FiredAgain():
                screen.told("It was not over: the monitor fired again.", "bold red")
            case show.Over(outcome=outcome):
                self._ends(outcome)

    def _reacts(self, one: show.Reacted) -> None:
        session = self.sitting.session
        if one.by != session.chair.handle:
            self.screen.told(stage_view.reacted(session, self.wording.incident(session), one), "dim")

    def _ends(self, outcome: str) -> None:
        if outcome == show.OUTAGE:
            self.screen.told(f"{name_of(self.sitting.session, self.rung)} did not answer.", "bold red")
            self.screen.told("Major outage: nobody answered.", "bold red")
        elif outcome == show.LEFT_OPEN:
            self.screen.told("Everybody has left it. The incident is still active.", "bold red")

    def _rings(self, ring: show.Rang) -> None:
        session = self.sitting.session
        if self.rung is not None:
            self.screen.told(f"{name_of(session, self.rung)} did not answer. Escalating.", "bold red")
        self.rung = ring.person
        name = name_of(session, ring.person)
        self.screen.told(f"Paging {name} for {ring.service}. Are you {name}? ack or ignore")

    def _expects(self, one: show.Expected) -> None:
        session = self.sitting.session
        asker = next((beat.speaker for beat in session.world.beats if beat.id == one.asked), None)
        cue = session.cue
        duty = DUTIES.get(cue.line.act, "They wait for you") if cue else "They wait for you"
        self.screen.expected(f"{asker} waits for an answer" if asker else duty, one.suggestion)

    def _label(self, action: str) -> str:
        session = self.sitting.session
        return stage_view.settled(session, session.skeleton.actions[action].label)

    @property
    def prompt(self) -> str:
        """The clock, the pager, the severity, and who one is."""
        session = self.sitting.session
        stage = session.pager.stage if session.pager else "quiet"
        who = session.chair.handle or (f"{session.ringing}?" if session.ringing else "nobody")
        return f"{session.moment(round(session.now)):%H:%M:%S} {stage} {session.world.severity} {who}> "
