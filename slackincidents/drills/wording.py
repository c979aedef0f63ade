"""The words of a drill while it runs: phrases offline, or a model's, kept once they were seen."""

from __future__ import annotations

from collections.abc import Iterable

from slackincidents.assembly import assemble
from slackincidents.drills.session import Session
from slackincidents.errors import ServiceFailed
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.schema.draft import Draft, WriterNote
from slackincidents.schema.plan import Beat, Plan
from slackincidents.writer import OfflineWriter
from slackincidents.writer.opening import OpenAIWriter
from slackincidents.writer.scenes import by_model

WANTED = ("say it in your own words",)


class Wording:
    """Who writes what the colleagues say. A line that was shown never changes."""

    def __init__(self, workshop: Workshop, author: OpenAIWriter | None = None, kept: dict[str, str] | None = None):
        """Phrases, or with an `author` a model; `kept` are a model's lines of an earlier sitting."""
        self._workshop = workshop
        self._phrases = OfflineWriter(workshop.banks)
        self._author = author
        self._kept = dict(kept or {})
        self.failed: str | None = None

    @property
    def asks(self) -> bool:
        """True when new lines are asked of a model."""
        return self._author is not None

    def draft(self, plan: Plan) -> Draft:
        """The text of every beat so far."""
        draft = self._phrases.compose(plan)
        if not self._kept:
            return draft
        note = WriterNote(writer="openai", model=self._author.asking().model if self._author else None)
        fell_back = tuple(beat for beat in draft.texts if beat not in self._kept)
        return Draft(texts={**draft.texts, **self._kept}, note=note.model_copy(update={"fell_back": fell_back}))

    def incident(self, session: Session) -> Incident:
        """The transcript so far: the events in the order of the session's beats. Needs a first event."""
        plan = session.plan()
        return assemble(plan, self.draft(plan))

    async def ask(self, session: Session, beats: Iterable[Beat]) -> dict[str, str]:
        """Have a model say some beats; what it says wrong, or cannot say, stays with the phrases. Beat id -> text."""
        wanted = {beat.id: WANTED for beat in beats if by_model(beat) and beat.id not in self._kept}
        if self._author is None or not wanted:
            return {}
        plan = session.plan()
        draft = self.draft(plan)
        try:
            async with self._author.opened(self._workshop.library) as writer:
                told = await writer.revise(plan, draft, wanted)
        except ServiceFailed as error:
            self.failed = str(error)
            return {}
        new = {beat: told.texts[beat] for beat in wanted if told.texts[beat] != draft.texts[beat]}
        trial = draft.model_copy(update={"texts": {**draft.texts, **new}})
        wrong = self._workshop.judge(plan, trial).complaints
        fine = {beat: text for beat, text in new.items() if beat not in wrong}
        self._kept.update(fine)
        return fine
