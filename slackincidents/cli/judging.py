"""Options of the judge, and the judge that they make: a model that compares blind pairs, when it is asked to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.chat.opening import CONCURRENCY, Terms
from slackincidents.chat.recorded import Counts
from slackincidents.cli.terminal import complain, details, note, until_terminated
from slackincidents.errors import BudgetSpent, SlackIncidentsError, UsageError
from slackincidents.library import Library
from slackincidents.pipeline import run
from slackincidents.realism.base import Reading
from slackincidents.realism.how import silent
from slackincidents.realism.judge import Judging, NotJudged
from slackincidents.realism.judge_asking import Estimate, estimate, questions
from slackincidents.realism.judge_pairing import Pairing
from slackincidents.realism.judge_report import section
from slackincidents.realism.results import Judge
from slackincidents.seeds import Seed
from slackincidents.settings import Settings
from slackincidents.writer.templates import Templates

PAIRS, WINDOW, SAMPLES = 40, 20, 2
TESTS_A_CONTROL = 4
"""Pairs for each pair that is real on both sides."""

UNASKED = "not asked for. --judge has a model compare blind pairs; with --estimate it says what that takes"
TOO_FEW = "Both the set and the reference need conversations of eight lines or more."
CHEAPER = "What was answered is kept: the same command with a higher --max-tokens-total goes on."

AskJudge = Annotated[
    bool, typer.Option("--judge", help="Have a model compare blind pairs. It costs calls; nothing else does.")
]
Pairs = Annotated[
    int | None, typer.Option(min=1, max=2000, metavar="N", help=f"Pairs for the judge: {PAIRS}, and a quarter more.")
]
Samples = Annotated[int | None, typer.Option(min=1, max=20, metavar="N", help=f"Answers a pair and order: {SAMPLES}.")]
JudgeConcurrency = Annotated[int, typer.Option("--concurrency", min=1, max=256, help="Calls at a time.")]
OnlyEstimate = Annotated[
    bool, typer.Option("--estimate", help="Say how many calls and tokens the judge would take, and send nothing.")
]


@dataclass(frozen=True)
class Wish:
    """What was said about the judge; None is not said."""

    judge: bool
    estimate: bool = False
    model: str | None = None
    replies: Path | None = None
    pairs: int | None = None
    samples: int | None = None
    temperature: float | None = None
    concurrency: int = CONCURRENCY
    most_tokens: int | None = None

    def check(self) -> None:
        """Raise UsageError for what makes no sense without the judge."""
        said = {
            "--estimate": self.estimate or None,
            "--model": self.model,
            "--replies": self.replies,
            "--pairs": self.pairs,
            "--samples": self.samples,
            "--temperature": self.temperature,
            "--max-tokens-total": self.most_tokens,
        }
        alone = [name for name, value in said.items() if value is not None]
        if alone and not self.judge:
            raise UsageError(f"{alone[0]} is about the judge, who was not asked for", "Say --judge too.")

    def judging(self, library: Library, heard: Callable[[Counts, tuple[str, ...]], None]) -> Judging:
        """The judge as it was asked for."""
        catalogue = library.catalogue()
        aliases = (alias for service in catalogue.services.values() for alias in service.aliases)
        pairs = PAIRS if self.pairs is None else self.pairs
        return Judging(
            Templates(library, folders=("judge",)),
            Pairing(pairs, max(1, pairs // TESTS_A_CONTROL), WINDOW),
            samples=SAMPLES if self.samples is None else self.samples,
            temperature=self.temperature,
            model=self.model,
            replies=self.replies,
            services=frozenset((*catalogue.services, *aliases)),
            terms=Terms(concurrency=self.concurrency, max_tokens_total=self.most_tokens),
            heard=heard,
        )


def unasked(_ours: Sequence[Reading], _theirs: Sequence[Reading], _seed: Seed) -> Judge:
    """Nobody judged, and how to change that."""
    return Judge(skipped=UNASKED)


@dataclass
class Court:
    """Asks the judge about sets, says how far it is, and keeps what it cost and the worst exit code."""

    wish: Wish
    say: Callable[[str], None] = silent
    services: set[str] = field(default_factory=set)
    counts: Counts = field(default_factory=Counts)
    worst: int = 0

    def judge(self, ours: Sequence[Reading], theirs: Sequence[Reading], seed: Seed) -> Judge:
        """The verdict on one set. A judge who fails leaves a reason, so that the rest of the report is not lost."""
        how = self._how()
        total, done = _foreseen(how, ours, theirs, seed).calls, iter(range(1, 1_000_000))

        def step() -> None:
            self.say(f"asking the judge: {next(done)} of {total} calls")

        try:
            found = run(until_terminated(how.judged(theirs, ours, seed, Settings.from_environment(), step)))
        except SlackIncidentsError as error:
            told = BudgetSpent(error.message, CHEAPER) if isinstance(error, BudgetSpent) else error
            complain(f"judge: {told}")
            self.worst = max(self.worst, error.exit_code)
            return Judge(skipped=str(told))
        if isinstance(found, NotJudged):
            note(f"judge: skipped, {found.why}")
        return section(found)

    def estimate(self, ours: Sequence[Reading], theirs: Sequence[Reading], seed: Seed) -> Estimate:
        """What the verdict on one set would take."""
        return _foreseen(self._how(), ours, theirs, seed)

    def tell(self) -> None:
        """Say what was paid for."""
        if self.counts.paid or self.counts.reused:
            tokens = f"{self.counts.usage.tokens:,} tokens"
            note(f"judge: {self.counts.paid} calls paid ({tokens}), {self.counts.reused} found in store")

    def know(self, services: Iterable[str]) -> None:
        """Note names of services, which are taken out of what the judge sees."""
        self.services.update(services)

    def _how(self) -> Judging:
        how = self.wish.judging(Library.from_environment(), self._heard)
        return how.knowing(self.services)

    def _heard(self, counts: Counts, warnings: tuple[str, ...]) -> None:
        self.counts = Counts(
            paid=self.counts.paid + counts.paid,
            reused=self.counts.reused + counts.reused,
            usage=self.counts.usage + counts.usage,
            reused_usage=self.counts.reused_usage + counts.reused_usage,
        )
        for warning in warnings:
            note(warning)


def _foreseen(how: Judging, ours: Sequence[Reading], theirs: Sequence[Reading], seed: Seed) -> Estimate:
    """Calls and tokens, whoever answers."""
    return estimate(questions(how.paired(theirs, ours, seed), how.asking(how.model or ""), how.prompts, seed))


def show(found: Sequence[Estimate]) -> None:
    """An estimate on standard output. Raises UsageError when there is nothing to ask."""
    calls = sum(one.calls for one in found)
    if not calls:
        raise UsageError("there is nothing to ask the judge", TOO_FEW)
    details(
        (
            ("calls", f"{calls:,}"),
            ("prompt", f"about {sum(one.prompt_tokens for one in found):,} tokens"),
            ("completion", f"about {sum(one.completion_tokens for one in found):,} tokens"),
            ("not counted", "answers of no use, asked for again; replies that are stored already cost nothing"),
        )
    )
