"""Whether what is said can be traced, and nobody knows too early: the validator's word, handed in from above.

`grounded`: the share of figures, names and identifiers in what people typed that come from the plan or an earlier
message (rules TXT006, TXT007); .98 or more (check 16). `known`: the share of incidents in which nobody knows what they
could not (KNO rules); 1 (check 17). `data_sound`: the share without a finding about time, threads, mentions, alerts or
figures (TIM, THR, MEN, ALR, MET); 1 (check 19). Grounding and knowledge need the plan behind a file; where it cannot
be made again the incident is not counted. A seeded sample of 100 incidents is checked: making a plan again takes
longer than everything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from slackincidents.realism.base import Evidence, Reading, Score, Traced, Tracer, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.how import ROOT
from slackincidents.realism.sample import Sample
from slackincidents.realism.tallies import Name, Rate
from slackincidents.schema.findings import Finding, Report
from slackincidents.seeds import Seed

MOST = 100
UNTRACED = ("TXT006", "TXT007")
DATA = ("TIM", "THR", "MEN", "ALR", "MET")
KNOWLEDGE = ("KNO",)


@dataclass
class Checked:
    """What is kept of a checked incident."""

    reading: Reading
    traced: Traced | None = None


@dataclass
class Grounding:
    """Checks a sample while it is drawn; without a tracer there is nothing to say."""

    trace: Tracer | None = None
    seed: Seed = ROOT
    sample: Sample[Checked] = field(init=False)

    def __post_init__(self) -> None:
        self.sample = Sample(self.seed.child("grounding"), MOST)

    def add(self, reading: Reading) -> None:
        """Check one incident, if the draw falls on it."""
        if self.trace is None or reading.record is None:
            return
        kept = Checked(reading.bare)
        if self.sample.add(kept):
            kept.traced = self.trace(reading.record)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """The three shares."""
        grounded, known, sound = Rate(), Rate(), Rate()
        for checked in self.sample.items:
            if checked.traced is None:
                continue
            report = checked.traced.report
            claims = 0 if set(UNTRACED) & set(report.skipped) else checked.traced.claims
            loose = _of(report, UNTRACED) if claims else []
            grounded.add(max(claims - len(loose), 0), claims)
            _show(grounded, checked.reading, loose)
            blind = any(code.startswith(KNOWLEDGE) for code in report.skipped)
            for rate, families, counted in ((known, KNOWLEDGE, not blind), (sound, DATA, True)):
                found = _of(report, families)
                rate.add(counted and not found, counted)
                _show(rate, checked.reading, found if counted else [])
        return (
            grounded.score(_name("grounded", "figures and names that are traced"), boot),
            known.score(_name("known", "incidents in which nobody knows too early"), boot),
            sound.score(_name("data_sound", "incidents whose data agree"), boot),
        )


def _of(report: Report, families: tuple[str, ...]) -> list[Finding]:
    return [finding for finding in report.findings if finding.code.startswith(families)]


def _show(rate: Rate, reading: Reading, findings: Iterable[Finding]) -> None:
    for finding in findings:
        if len(rate.examples) < 10:
            note = f"{finding.code}: {finding.message}"
            rate.examples.append(Evidence(incident=reading.name, event=finding.index, note=note))


def _name(name: str, title: str) -> Name:
    return Name(name, title, "grounding")


def measure(
    readings: Iterable[Reading], boot: Bootstrap | None = None, trace: Tracer | None = None
) -> tuple[Score, ...]:
    """What the tracer says."""
    return collect(Grounding(trace), readings, boot or Bootstrap())
