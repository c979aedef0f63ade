"""Incidents become questions, one after another; the same incidents, kinds and seed give the same questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from slackincidents.archive.answers import identity
from slackincidents.errors import BadFile
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.kinds import BETWEEN, what_of
from slackincidents.schema.people import Catalogue
from slackincidents.seeds import Seed
from slackincidents.tasks.affected import affected
from slackincidents.tasks.alert_related import Beside
from slackincidents.tasks.case import Background, Case
from slackincidents.tasks.catch_up import catch_up
from slackincidents.tasks.first_to_know import first_to_know
from slackincidents.tasks.questions import Kind, Question
from slackincidents.tasks.related import Pairs
from slackincidents.tasks.root_cause import choices, in_words
from slackincidents.tasks.serving import Served, messages, together
from slackincidents.tasks.timeline import timeline

Recall = Callable[[str], Background]
"""What is known about a scenario, by its id; an empty background where nothing is."""


def nothing_known(_scenario: str) -> Background:
    """For sets whose skeletons nobody has."""
    return Background()


@dataclass
class Maker:
    """Makes questions of labelled incidents. `made` counts them by kind, `without` the incidents that gave none."""

    catalogue: Catalogue
    recall: Recall = nothing_known
    kinds: Sequence[Kind] = tuple(Kind)
    seed: Seed = field(default_factory=lambda: Seed("0"))
    made: Counter[Kind] = field(default_factory=Counter)
    without: Counter[Kind] = field(default_factory=Counter)
    incidents: int = 0
    _pairs: Pairs = field(default_factory=Pairs)
    _beside: Beside = field(default_factory=Beside)

    def questions(self, record: IncidentRecord, name: str = "") -> Iterator[Question]:
        """All questions of one incident. `name` is for complaints. Raises BadFile for one without labels.

        Of a history, noise gives questions about incidents that were going on; deploys and talk give none.
        """
        if record.noise is not None:
            yield from self._of_noise(record)
            return
        if what_of(record) in BETWEEN:
            return
        case = self.case(record, name)
        self.incidents += 1
        seed = self.seed.child(case.id)
        makers = {**_MAKERS, Kind.RELATED: self._pairs.questions, Kind.ALERT_RELATED: self._beside.questions}
        for kind in Kind:
            if kind in self.kinds:
                found = list(makers[kind](case, seed))
                self.made[kind] += len(found)
                self.without[kind] += not found
                yield from found
        self._count_asked()

    def _of_noise(self, record: IncidentRecord) -> Iterator[Question]:
        if Kind.ALERT_RELATED not in self.kinds:
            return
        for question in self._beside.of_noise(record, self.seed.child(identity(record))):
            self.made[Kind.ALERT_RELATED] += 1
            yield question
        self._count_asked()

    def _count_asked(self) -> None:
        """An incident has its questions about alerts only when those have fired: later than it is read."""
        if Kind.ALERT_RELATED in self.kinds:
            self.without[Kind.ALERT_RELATED] = self.incidents - self._beside.asked

    def served(self, question: Question, record: IncidentRecord) -> Served:
        """A question just made of this record, with all that may be read to answer it."""
        if question.kind is Kind.ALERT_RELATED:
            rooms = together(*self._beside.partners[question.id], question.visible_until)
            return Served(asked=question.asked, transcripts=(rooms,))
        seen = [messages(record, question.visible_until)]
        if question.other is not None and self._pairs.partner is not None:
            seen.append(messages(self._pairs.partner))
        return Served(asked=question.asked, transcripts=tuple(seen))

    def case(self, record: IncidentRecord, name: str = "") -> Case:
        """The incident with what helps to read it. Raises BadFile for one without labels or events."""
        if record.labels is None:
            raise BadFile(
                f"{name or record.scenario_id} has no labels, so there are no gold answers",
                "Keep the labels on export, or generate the incident again from its provenance.",
            )
        if not record.timeline:
            raise BadFile(f"{name or record.scenario_id} has no messages", "Name another file.")
        skeleton = record.provenance.skeleton if record.provenance else record.scenario_type
        return Case(record, record.labels, self.catalogue, self.recall(skeleton))


_MAKERS: dict[Kind, Callable[[Case, Seed], Iterator[Question]]] = {
    Kind.ROOT_CAUSE: choices,
    Kind.ROOT_CAUSE_OPEN: in_words,
    Kind.AFFECTED: affected,
    Kind.TIMELINE: timeline,
    Kind.CATCH_UP: catch_up,
    Kind.FIRST_TO_KNOW: first_to_know,
}
