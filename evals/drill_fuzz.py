"""Drills in which anything is typed, in any order: ``python -m evals.drill_fuzz [--sequences N] [--workers N]``.

Every line goes through the command language. Nothing may raise, the clock may not run backwards, the same moves must
make the same drill again, and every transcript must come out of the validator clean.
"""

from __future__ import annotations

import argparse
import random
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter

from slackincidents.assembly import assemble
from slackincidents.drills.debrief import debrief
from slackincidents.drills.folder import DrillFolder, Entry
from slackincidents.drills.lines import Mistyped, Quit, Show
from slackincidents.drills.naming import SOURCES
from slackincidents.drills.session import Session
from slackincidents.drills.sheets import sheet
from slackincidents.drills.sight import Sight, sight
from slackincidents.drills.sitting import Sitting
from slackincidents.drills.typed import VERBS, parse
from slackincidents.pipeline import Workshop, drawn_start
from slackincidents.schema.plan import Pace, Request
from slackincidents.seeds import Seed
from slackincidents.writer import OfflineWriter

SEQUENCES = 10_000
LONGEST = 40
LIMIT_S = 7200.0
TEXTS = (
    "is it the db? @bob", "no dont", "ok", "<!here> **look** at 999999ms \x00", "@checkout-oncall anything?",
    "{p95.peak} (a|b)", "As an AI language model", "alice: hi", "<@U123> <#C1|x>", "```code", "\u202egnihton",
    "🔥" * 20,    "x" * 4000, "\ud800", "@channel", "`rm -rf /`", "- ", "1", "#", "@", "\t", "line\nline",
)  # fmt: skip
JUNK = (
    "",
    "   ",
    "restat",
    "ack ack",
    "\x1b[2J",
    "look",
    "do",
    "§§§",
    "n" * 5000,
    "tell 0",
    "tell 99",
    "wait -1",
    "wait 0",
)

NextLine = Callable[[Sight, int], str | None]
"""What is typed next, by what can be named and how many lines were typed; None when that is all."""


@cache
def workshop() -> Workshop:
    """The library, read once a process."""
    return Workshop.open()


class Journal(DrillFolder):
    """Moves, kept in memory as they would be on the disk."""

    def __init__(self) -> None:
        """Nothing has been done yet."""
        super().__init__(Path())
        self.entries: list[Entry] = []

    def note(self, entry: Entry) -> None:
        """Keep one more."""
        self.entries.append(Entry.model_validate_json(entry.model_dump_json(exclude_none=True)))


ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "tell": ("", "", "1", "2", "#frontend-oncall", "1 #checkout-oncall"),
    "wait": ("", "1s", "90s", "5m", "20m", "1h", "25h", "x", "5"),
    "severity": ("SEV-1", "sev4", "2", "SEV-9", ""),
    "react": ("eyes", ":tada:", "", "Not An Emoji", "+1"),
}


def typed(rng: random.Random, known: Sight) -> str:
    """One line that somebody might type, or nobody would."""
    verb = rng.choice((*VERBS, "ack", "look", "look", "look", "tell", "do", "say", "take", "wait", "guess", "junk"))
    if known.ringing and rng.random() < 0.5:
        return "ack"
    names = (*known.services, *known.people, "nobody", "#nope", "@bob")
    match verb:
        case "junk":
            return rng.choice((*JUNK, *TEXTS))
        case "look":
            return f"look {rng.choice(SOURCES)} {rng.choice(('', '', *known.services))}".strip()
        case "do" | "insist":
            return rng.choice((*known.actions, verb, f"do {rng.choice((*known.actions.values(), '3', 'nothing'))}"))
        case "hypothesise" | "guess" | "withdraw":
            return f"{verb} {rng.choice((*known.guesses, '2', '', 'the network'))}".strip()
        case "say" | "update" | "resolve" | "ask":
            return f"{verb} {rng.choice(('', '', *TEXTS, *names, f'{rng.choice(names)} anything?'))}".strip()
        case "handover" | "escalate":
            return f"{verb} {rng.choice(('', *names))}".strip()
        case _:
            return f"{verb} {rng.choice(ARGUMENTS.get(verb, ('',)))}".strip()


@dataclass(frozen=True)
class Played:
    """One sequence: what went wrong, if anything, and what it was made of."""

    number: int
    wrong: str | None
    lines: tuple[str, ...]
    outcome: str | None
    orders: int


def play(number: int, longest: int = LONGEST) -> Played:
    """Play one sequence that a seed draws, to its end, and look at what came of it."""
    rng = Seed("drill-fuzz").child(number).rng()
    scenario = rng.choice(workshop().library.skeleton_names())
    pace: Pace = rng.choice(("real", "real", "brief"))
    count = rng.randrange(1, longest)
    session = opened(scenario, number, pace, solvable=rng.random() < 0.8)
    return played(number, session, lambda known, done: typed(rng, known) if done < count else None)


def opened(scenario: str, seed: int, pace: Pace = "real", *, solvable: bool = True) -> Session:
    """A drill in which nothing has happened yet."""
    shop = workshop()
    request = Request(scenario=scenario, seed=str(seed), start_time=drawn_start(str(seed)).isoformat(), pace=pace)
    return Session(shop.skeleton(scenario), shop.stage, request, solvable=solvable)


def played(number: int, session: Session, next_line: NextLine) -> Played:
    """Type line after line until there is none, and look at what came of it."""
    journal = Journal()
    sitting = Sitting(session, journal, LIMIT_S)
    lines: list[str] = []
    findings: tuple[str, ...] = ()
    try:
        wrong = _type(sitting, next_line, lines) or _again(sitting, journal)
        findings = () if wrong else _findings(session)
    except Exception as error:  # noqa: BLE001 - that nothing raises is what is measured
        wrong = f"{type(error).__name__}: {error} at {traceback.extract_tb(error.__traceback__)[-1]}"
    wrong = wrong or (f"{len(findings)} findings, the first: {findings[0]}" if findings else None)
    return Played(number, wrong, tuple(lines), session.outcome, len(session.moves))


def _type(sitting: Sitting, next_line: NextLine, lines: list[str]) -> str | None:
    session, clock = sitting.session, 0.0
    batches = sitting.turns.begin()
    while True:
        for _news in batches:
            if session.now < clock:
                return f"the clock went back from {clock} to {session.now}"
            clock = session.now
        line = None if sitting.ended else next_line(sight(session), len(lines))
        if line is None:
            break
        lines.append(line)
        meaning = parse(line, sight(session))
        batches = iter(())
        if isinstance(meaning, Show):
            sheet(session, meaning)
        if meaning is None or isinstance(meaning, Show | Mistyped | Quit):
            continue
        why, news = sitting.give(meaning, line)
        batches = sitting.settle(meaning, news) if why is None else iter(())
    for _news in sitting.input_ended():
        if session.now < clock:
            return f"the clock went back from {clock} to {session.now}"
        clock = session.now
    return None


def _again(sitting: Sitting, journal: Journal) -> str | None:
    """The same moves, played once more, make the same drill."""
    session = sitting.session
    copy = Session(session.skeleton, workshop().stage, session.request, solvable=session.solvable)
    twin = Sitting(copy, Journal(), LIMIT_S)
    for _news in twin.again(journal.entries):
        pass
    if not session.world.beats:
        return None if not copy.world.beats else "played again something happened"
    return None if copy.plan() == session.plan() else "played again it took another course"


def _findings(session: Session) -> tuple[str, ...]:
    if not session.world.beats:
        return ()
    debrief(session)
    shop = workshop()
    plan = session.plan()
    report = shop.validate(assemble(plan, OfflineWriter(shop.banks).compose(plan)))
    skipped = ("rules were skipped: the plan cannot be made again",) if report.skipped else ()
    return (*skipped, *map(str, report.findings))


def main(words: Sequence[str] | None = None) -> int:
    """Play them all and print the figure; 1 when anything went wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sequences", type=int, default=SEQUENCES)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--workers", type=int, default=2)
    asked = options.parse_args(words)
    began, wrong, outcomes = perf_counter(), list[Played](), Counter[str]()
    typed_lines = orders = 0
    with ProcessPoolExecutor(asked.workers) as pool:
        for done in pool.map(play, range(asked.first, asked.first + asked.sequences), chunksize=20):
            typed_lines, orders = typed_lines + len(done.lines), orders + done.orders
            outcomes[done.outcome or "left"] += 1
            if done.wrong:
                wrong.append(done)
                sys.stderr.write(f"{done.number}: {done.wrong}\n")
    kinds = ", ".join(f"{name} {count:,}" for name, count in sorted(outcomes.items()))
    sys.stdout.write(
        f"{asked.sequences:,} sequences, {typed_lines:,} lines typed, {orders:,} orders carried out: "
        f"{len(wrong)} went wrong ({kinds}); {perf_counter() - began:.0f} s\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
