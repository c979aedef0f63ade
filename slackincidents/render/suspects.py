"""The checks and the suspects of a runbook: where to look, in which order, and what each look decides.

Nothing here reads whether a hypothesis is true, what an action does or what the cause was: a runbook is written
before the incident.
"""

from __future__ import annotations

from dataclasses import dataclass

from slackincidents.render.commands import settled
from slackincidents.schema.skeleton import Clue, Hypothesis, Skeleton, Source


@dataclass(frozen=True)
class Check:
    """One place to look: a source of one service. `after` are the numbers of the checks that lead there."""

    number: int
    where: Source
    service: str
    clues: tuple[Clue, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class Statement:
    """Something to be found true or false, and the check that tells."""

    text: str
    check: int


@dataclass(frozen=True)
class Suspect:
    """A possible cause and the statements that speak for or against it."""

    key: str
    component: str
    claim: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Search:
    """All checks and suspects of a skeleton, and the check that each clue belongs to."""

    checks: tuple[Check, ...]
    suspects: tuple[Suspect, ...]
    number: dict[str, int]

    def numbers(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """The checks behind some clues, in order; names of other things are left out."""
        return tuple(sorted({self.number[name] for name in names if name in self.number}))


def search(skeleton: Skeleton) -> Search:
    """Group the clues by where they are found; what needs nothing comes first."""
    depths = _depths(skeleton)
    groups: dict[tuple[Source, str], list[str]] = {}
    for key in sorted(skeleton.clues, key=lambda key: depths[key]):
        clue = skeleton.clues[key]
        groups.setdefault((clue.where, clue.service), []).append(key)
    number = {key: place for place, keys in enumerate(groups.values(), 1) for key in keys}
    checks = tuple(
        Check(place, where, service, tuple(skeleton.clues[key] for key in keys), _after(skeleton, keys[0], number))
        for place, ((where, service), keys) in enumerate(groups.items(), 1)
    )
    named = ((key, guess) for key, guess in skeleton.hypotheses.items())
    suspects = sorted((_suspect(skeleton, key, guess, number) for key, guess in named), key=_by_name)
    return Search(checks, tuple(suspects), number)


def _depths(skeleton: Skeleton) -> dict[str, int]:
    """How many clues must be found one after the other before each."""
    depths: dict[str, int] = {}
    while len(depths) < len(skeleton.clues):
        before = len(depths)
        for key, clue in skeleton.clues.items():
            needs = [need for need in clue.needs if need in skeleton.clues]
            if key not in depths and all(need in depths for need in needs):
                depths[key] = 1 + max((depths[need] for need in needs), default=-1)
        if len(depths) == before:  # clues in a circle, which a checked skeleton does not have
            depths |= {key: before for key in skeleton.clues if key not in depths}
    return depths


def _after(skeleton: Skeleton, first: str, number: dict[str, int]) -> tuple[int, ...]:
    own = number[first]
    return tuple(sorted({number[need] for need in skeleton.clues[first].needs if need in number} - {own}))


def _suspect(skeleton: Skeleton, key: str, guess: Hypothesis, number: dict[str, int]) -> Suspect:
    """A suspect with every clue that has to do with it, whichever way it points; never the one that tells the cause."""
    about = {*guess.needs, *guess.refuted_by}
    statements = tuple(
        Statement(settled(clue.fact).rstrip("."), number[name])
        for name, clue in skeleton.clues.items()
        if (name in about or key in (*clue.supports, *clue.refutes)) and not clue.states_cause
    )
    return Suspect(key, guess.component, settled(guess.claim).rstrip("."), statements)


def _by_name(suspect: Suspect) -> tuple[str, str]:
    return (suspect.component.casefold(), suspect.claim.casefold())
