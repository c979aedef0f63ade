"""Six incidents whose prompts were answered by hand: the whole way from the prompt to a clean file."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from slackincidents.chat.recorded import Recorded
from slackincidents.clock import FakeClock
from slackincidents.errors import NotConfigured
from slackincidents.incident import Incident
from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.schema.plan import Plan
from slackincidents.validator import check
from slackincidents.writer import OfflineWriter
from slackincidents.writer.llm import Asking, LanguageWriter
from slackincidents.writer.prompts import Prompts
from tests.source import ROOT

STORE = ROOT / "tests" / "recorded" / "writer"
MODEL = "by-hand"
ANSWERED = (
    ("cache-failure", 403),
    ("payment-failure", 402),
    ("kafka-lag", 404),
    ("high-cpu", 404),
    ("llm-rate-limit", 405),
    ("memory-leak", 406),
)
PLANS = ROOT / "tests" / "recorded" / "plans"
"""The courses whose prompts were answered. They stay when the planner learns better: the prompts are what is tested."""

THEN = ROOT / "tests" / "recorded" / "library"
"""The phrase banks of then: they colour a prompt."""

STALE = (
    "The prompts of {0} {1} are not those that were answered. If that is wanted, answer them again with a model, store "
    "the replies in tests/recorded/writer and the plan in tests/recorded/plans, and say in recorded_by what answered."
)


def answered(scenario: str, seed: int) -> Plan:
    """The plan that was put before whoever answered."""
    return Plan.model_validate_json((PLANS / f"{scenario}-{seed}.json").read_bytes())


def told(scenario: str, seed: int) -> Incident:
    """The incident that the recorded replies make. Fails when the prompts have changed since."""
    workshop = Workshop.open(Library(THEN))
    chat = Recorded(STORE, None, clock=FakeClock())
    understudy = OfflineWriter(workshop.banks)
    writer = LanguageWriter(chat, Asking(model=MODEL), Prompts.of(workshop.library), understudy)
    try:
        return asyncio.run(workshop.finish(answered(scenario, seed), writer))
    except NotConfigured:
        pytest.fail(STALE.format(scenario, seed))


@pytest.mark.parametrize(("scenario", "seed"), ANSWERED)
def test_answers_become_a_clean_incident(scenario: str, seed: int) -> None:
    """Replies matched on the whole request give a clean incident; hardly a line falls back."""
    incident = told(scenario, seed)
    stage = Workshop.open().stage
    plan = answered(scenario, seed)
    assert check(incident, catalogue=stage.catalogue, people=stage.people, plan=plan).clean
    origin = incident.provenance
    assert origin is not None
    assert (origin.writer, origin.model) == ("openai", MODEL)
    assert len(origin.fell_back) <= 2
    assert origin.usage["calls"] >= 2


@pytest.mark.parametrize("path", sorted(STORE.rglob("*.json")), ids=lambda path: path.stem[:8])
def test_each_reply_says_what_wrote_it(path: Path) -> None:
    """A recorded reply is marked as answered by hand, and lies under the address of its request."""
    entry = json.loads(path.read_text(encoding="utf-8"))
    assert "by hand" in entry["recorded_by"]
    assert entry["address"] == path.stem
