"""The language-model writer: asks, reads the answer, asks again for what is missing. The engine does the rest."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from slackincidents.chat.base import ChatModel, ChatRequest, Message
from slackincidents.schema.draft import Draft, Usage, Variation, WriterNote
from slackincidents.schema.plan import Beat, Plan
from slackincidents.seeds import Seed
from slackincidents.writer.addressing import addressed
from slackincidents.writer.answers import LINES, parse
from slackincidents.writer.base import FIRST, Complaints
from slackincidents.writer.offline import OfflineWriter
from slackincidents.writer.prompts import Prompts, PromptSession
from slackincidents.writer.scenes import Granularity, by_model, corrects_slip
from slackincidents.writer.slips import slip

MISSING = "no text came for it"
LARGEST_SEED = 2**31


@dataclass(frozen=True)
class Asking:
    """How a model is asked. `tries` bounds how often one scene is asked for."""

    model: str
    granularity: Granularity = "scene"
    temperature: float | None = None
    max_tokens: int | None = None
    tries: int = 4


class LanguageWriter:
    """Writes a plan with a chat model. Pastes, commands and bot lines stay with the understudy."""

    def __init__(self, chat: ChatModel, asking: Asking, prompts: Prompts, understudy: OfflineWriter) -> None:
        """Everything that is asked goes through `chat`."""
        self.asking = asking
        self.prompts = prompts
        self._chat = chat
        self._understudy = understudy

    async def write(self, plan: Plan, variation: Variation = FIRST) -> Draft:
        """One text for each beat, as far as the model gave one; what it never gave is missing."""
        session = self.prompts.session(plan, variation)
        script = _Script(plan, variation, self._engine_texts(plan))
        for scene in session.scenes(self.asking.granularity):
            await self._ask(session, script, session.scene(scene, script.texts), scene.ids)
        return script.draft(self._note(variation))

    async def revise(self, plan: Plan, draft: Draft, complaints: Complaints, variation: Variation = FIRST) -> Draft:
        """The draft with the named beats written again; those the model does not give stay as they were."""
        session = self.prompts.session(plan, variation)
        script = _Script(plan, variation, draft.texts, round_=draft.note.rounds + 1)
        wanted = [beat.id for beat in plan.beats if beat.id in complaints and by_model(beat)]
        if not wanted:
            return draft
        messages = session.revision(wanted, script.texts, complaints)
        told = await self._ask(session, script, messages, wanted)
        return script.draft(draft.note, repaired=told)

    def _engine_texts(self, plan: Plan) -> dict[str, str]:
        engine = [beat for beat in plan.beats if not by_model(beat) and not corrects_slip(beat)]
        return self._understudy.texts(plan, engine)

    async def _ask(
        self, session: PromptSession, script: _Script, messages: tuple[Message, ...], wanted: Sequence[str]
    ) -> tuple[str, ...]:
        """Ask until every wanted beat has a text, at most `tries` times; the ids that got one."""
        lacking = list(wanted)
        for attempt in range(self.asking.tries):
            reply = await self._chat.complete(self._request(script, messages, attempt))
            found = parse(reply.text)
            script.take({beat: found[beat] for beat in lacking if beat in found}, reply.usage)
            lacking = [beat for beat in lacking if beat not in found]
            if not lacking:
                break
            if len(lacking) < len(wanted):
                why = dict.fromkeys(lacking, (MISSING,))
                messages = session.revision(lacking, script.texts, why)
        return tuple(beat for beat in wanted if beat not in lacking)

    def _request(self, script: _Script, messages: tuple[Message, ...], attempt: int) -> ChatRequest:
        return ChatRequest(
            model=self.asking.model,
            messages=messages,
            shape=LINES,
            temperature=self.asking.temperature,
            max_tokens=self.asking.max_tokens,
            seed=script.number + attempt,
            cache_key=script.cache_key,
            attempt=attempt,
            sample=script.sample,
        )

    def _note(self, variation: Variation) -> WriterNote:
        return WriterNote(
            writer="openai",
            model=self.asking.model,
            variant=variation.name,
            prompts_sha256=self.prompts.sha256,
        )


class _Script:
    """The texts of one plan as they come in, and what they cost."""

    def __init__(self, plan: Plan, variation: Variation, texts: Mapping[str, str], round_: int = 0) -> None:
        self.texts = dict(texts)
        self.sample = f"{variation.name}/{round_}" if round_ else variation.name
        self.cache_key = f"{plan.skeleton.id}-{plan.request.seed}"[:64]
        self._seed = Seed(plan.request.seed).child(plan.skeleton.id).child("model").child(self.sample)
        self.number = self._seed.rng().randrange(LARGEST_SEED)
        self._beats = {beat.id: beat for beat in plan.beats}
        self._corrections = {b.continues: b for b in plan.beats if corrects_slip(b)}
        self._usage = Usage()
        self._round = round_

    def take(self, found: Mapping[str, str], usage: Usage) -> None:
        """New texts: the engine sees to mentions, links and slips."""
        self._usage += usage
        for beat_id, said in found.items():
            self._set(self._beats[beat_id], said)

    def _set(self, beat: Beat, said: str) -> None:
        text = addressed(said, beat)
        if beat.slip:
            text, meant = slip(text, self._rng(beat))
            if correction := self._corrections.get(beat.id):
                self.texts[correction.id] = f"*{meant or text.split()[-1]}"
        self.texts[beat.id] = text

    def _rng(self, beat: Beat) -> random.Random:
        return self._seed.child(beat.id).rng()

    def draft(self, note: WriterNote, repaired: Iterable[str] = ()) -> Draft:
        """What stands so far, in the plan's order."""
        texts = {beat: self.texts[beat] for beat in self._beats if beat in self.texts}
        changed = set(note.repaired) | set(repaired)
        update = {
            "repaired": tuple(beat for beat in self._beats if beat in changed),
            "usage": note.usage + self._usage,
            "rounds": self._round,
        }
        return Draft(texts=texts, note=note.model_copy(update=update))
