"""The work itself: variants one after the other, each kept away from the words of those before it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from slackincidents.chat.base import ChatModel
from slackincidents.errors import NotConfigured, UsageError
from slackincidents.incident import Incident
from slackincidents.pipeline import Repair, Workshop, drawn_start, moment
from slackincidents.regeneration import foreign, ours
from slackincidents.regeneration.order import Order
from slackincidents.regeneration.origin import plan_behind
from slackincidents.regeneration.part import part
from slackincidents.schema.draft import Variation
from slackincidents.schema.plan import Plan
from slackincidents.schema.skeleton import Skeleton
from slackincidents.writer import OfflineWriter, Writer
from slackincidents.writer.opening import OpenAIWriter
from slackincidents.writer.reword import Reworder

Author = Writer | Reworder | OpenAIWriter
"""Who writes: a writer for incidents of ours, a reworder for those of strangers, and what can be either."""


@dataclass(frozen=True)
class Work:
    """One source and what to make of it. `stem` begins the names of variants, `repair` bounds what is done for each."""

    workshop: Workshop
    source: Incident | Skeleton
    order: Order
    stem: str = ""
    repair: Repair = field(default_factory=Repair)

    def __post_init__(self) -> None:
        """Raises UsageError when the source cannot give what is ordered."""
        if isinstance(self.source, Skeleton) and self.order.only is not None:
            raise UsageError(
                f"{self.order.only} of {self.source.id} cannot be told alone: a scenario has no messages yet",
                "Name an incident file.",
            )
        if self.is_foreign and self.order.vary != "words":
            raise UsageError(
                f"{self._name} does not say what it was made from, so it cannot take another course", "Vary the words."
            )

    @property
    def is_foreign(self) -> bool:
        """Whether the source is a file with no plan behind it."""
        return isinstance(self.source, Incident) and self.source.provenance is None

    def stems(self) -> tuple[str, ...]:
        """The names of the variants, known before any is made."""
        if self.order.vary == "words":
            return tuple(f"{self._name}-{wording}" for wording in self._wordings())
        skeleton = self.source.id if isinstance(self.source, Skeleton) else self.source.scenario_type
        pairs = zip(self.order.seeds(self._taken), self._wordings(), strict=True)
        return tuple(f"{skeleton}-{seed}{f'-{word}' if self.order.vary == 'both' else ''}" for seed, word in pairs)

    async def run(self, author: Author | None = None) -> AsyncGenerator[Incident, None]:
        """Make the variants in order; each is given out before the next is begun. Raises UsageError, CheckFailed."""
        if isinstance(author, OpenAIWriter):
            making = self._opened(author)
        elif isinstance(self.source, Incident) and self.source.provenance is None:
            making = self._reworded(self.source, author)
        elif self.order.vary == "words":
            making = self._words(self._writer(author))
        else:
            making = self._courses(self._writer(author))
        async for incident in making:
            yield incident

    def over(self, model: OpenAIWriter, chat: ChatModel) -> Writer | Reworder:
        """Who writes this source over an open chat model."""
        library = self.workshop.library
        if not self.is_foreign:
            return model.over(chat, library)
        return replace(Reworder.of(chat, model.asking().model, library), temperature=model.temperature)

    @property
    def _name(self) -> str:
        if isinstance(self.source, Skeleton):
            return self.stem or f"{self.source.id}-{self.order.seed}"
        return self.stem or self.source.scenario_id

    @property
    def _taken(self) -> str | None:
        origin = self.source.provenance if isinstance(self.source, Incident) else None
        return origin.seed if origin else None

    def _wordings(self) -> tuple[str, ...]:
        return self.order.wordings(1 if isinstance(self.source, Skeleton) else self.order.seed + 1)

    async def _opened(self, model: OpenAIWriter) -> AsyncGenerator[Incident, None]:
        async with model.chat() as chat, aclosing(self.run(self.over(model, chat))) as making:
            async for incident in making:
                yield incident

    def _writer(self, author: Writer | Reworder | None) -> Writer:
        if isinstance(author, Reworder):
            raise UsageError(f"{self._name} is ours, and a reworder only rewords files of strangers", "Give a writer.")
        return author or OfflineWriter(self.workshop.banks)

    async def _words(self, author: Writer) -> AsyncGenerator[Incident, None]:
        plan = self._plan()
        standing = self.source if isinstance(self.source, Incident) else None
        places = part(standing, self.order.only) if standing and self.order.only is not None else None
        used = ours.lines(plan, standing) if standing else ()
        for name in self._wordings():
            variation = Variation(name=name, used_up=used)
            if standing and places is not None:
                told = await ours.part_again(self.workshop, plan, standing, places, author, variation)
            else:
                fresh = await self.workshop.finish(plan, author, variation=variation, repair=self.repair)
                told = ours.retold(standing, fresh) if standing else fresh
            used = (*used, *ours.lines(plan, told))
            yield told

    async def _courses(self, author: Writer) -> AsyncGenerator[Incident, None]:
        standing = self.source if isinstance(self.source, Incident) else None
        used = ours.lines(self._plan(), standing) if standing else ()
        for seed, name in zip(self.order.seeds(self._taken), self._wordings(), strict=True):
            plan = self._plan(seed)
            variation = Variation(name=name, used_up=used) if self.order.vary == "both" else Variation()
            told = await self.workshop.finish(plan, author, variation=variation, repair=self.repair)
            used = (*used, *ours.lines(plan, told))
            yield told

    async def _reworded(self, standing: Incident, author: Writer | Reworder | None) -> AsyncGenerator[Incident, None]:
        if not isinstance(author, Reworder):
            raise NotConfigured(
                f"{self._name} does not say what it was made from, so only a language model can reword it",
                "Set OPENAI_API_KEY and OPENAI_MODEL, and give OpenAIWriter() (--writer openai).",
            )
        places = part(standing, self.order.only) if self.order.only is not None else None
        used: tuple[str, ...] = ()
        for name in self._wordings():
            told = await foreign.reworded(self.workshop, standing, places, author, Variation(name=name, used_up=used))
            used = (*used, *foreign.lines(told))
            yield told

    def _plan(self, seed: str | None = None) -> Plan:
        """The plan of the source, or its course for another seed."""
        if isinstance(self.source, Skeleton):
            return self.workshop.plan(self.source, seed=str(self.order.seed) if seed is None else seed)
        origin = self.source.provenance
        if origin is None:
            raise UsageError(f"{self._name} does not say what it was made from", "Have a model reword it.")
        plan = plan_behind(self.workshop, self.source, origin)
        if seed is None:
            return plan
        drawn = moment(self.source.start_time) == drawn_start(origin.seed)
        return self.workshop.plan(
            plan.skeleton,
            seed=seed,
            start_time=None if drawn else self.source.start_time,
            engineers=origin.engineers,
            pace=origin.pace,
            change=origin.change,
        )
