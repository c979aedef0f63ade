"""Drafts that fail are mended beat by beat, or refused with everything that was written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from slackincidents.errors import CheckFailed
from slackincidents.incident import Incident
from slackincidents.pipeline import Repair, Workshop
from slackincidents.schema.draft import Draft, Variation, WriterNote
from slackincidents.schema.plan import Plan
from slackincidents.writer import OfflineWriter
from slackincidents.writer.base import FIRST, Complaints

WORKSHOP = Workshop.open()
PLAN = WORKSHOP.plan("cache-failure", seed=12)
GOOD = OfflineWriter(WORKSHOP.banks).compose(PLAN).texts
SPOKEN = [beat.id for beat in PLAN.beats if beat.words.bank == "acknowledge"]
VICTIM = SPOKEN[0]


class Faulty:
    """Writes good texts with some spoilt ones, and gives better ones when told what is wrong."""

    def __init__(self, spoilt: Mapping[str, str], better: Mapping[str, str] | None = None) -> None:
        self._texts = {**GOOD, **spoilt}
        self._better = better or {}
        self.complaints: list[Complaints] = []

    async def write(self, plan: Plan, variation: Variation = FIRST) -> Draft:
        """The spoilt draft; a text of None is one that never came."""
        texts = {beat: text for beat, text in self._texts.items() if text}
        return Draft(texts=texts, note=WriterNote(writer="faulty", model="m"))

    async def revise(self, plan: Plan, draft: Draft, complaints: Complaints, variation: Variation = FIRST) -> Draft:
        """Better words for the beats named, where there are any."""
        self.complaints.append(complaints)
        texts = {**draft.texts, **{beat: self._better[beat] for beat in complaints if beat in self._better}}
        repaired = tuple(beat for beat in complaints if beat in self._better)
        return Draft(texts=texts, note=draft.note.model_copy(update={"repaired": repaired}))


def finish(writer: Faulty, repair: Repair = Repair()) -> Incident:  # noqa: B008 - frozen
    """What comes of it."""
    return asyncio.run(WORKSHOP.finish(PLAN, writer, repair=repair))


def place(beat: str) -> int:
    """Where a beat stands in the timeline."""
    return [b.id for b in PLAN.beats].index(beat)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("**on it**", "bold"),
        ("on it, 4242ms at the moment", "4242"),
        ("Certainly! Here is the message", "assistant"),
        ("", "no text"),
    ],
)
def test_only_the_failing_beat_goes_back(text: str, why: str) -> None:
    """The writer is told which beat fails and why, and nothing else is asked again."""
    writer = Faulty({VICTIM: text}, {VICTIM: "on it"})
    incident = finish(writer)
    assert [list(told) for told in writer.complaints] == [[VICTIM]]
    assert incident.timeline[place(VICTIM)].text == "on it"
    assert incident.provenance is not None
    assert incident.provenance.repaired == (place(VICTIM),)
    assert incident.provenance.fell_back == ()


def test_the_understudy_fills_in_and_is_named() -> None:
    """A beat that stays bad gets the offline writer's words, marked in provenance; all others stay."""
    incident = finish(Faulty({VICTIM: "**on it**", SPOKEN[-1]: "hey hello"}))
    assert incident.timeline[place(VICTIM)].text == GOOD[VICTIM]
    assert incident.provenance is not None
    assert place(VICTIM) in incident.provenance.fell_back
    kept = [i for i, b in enumerate(PLAN.beats) if b.id in GOOD and i not in incident.provenance.fell_back]
    assert len(kept) > len(GOOD) - 5


def test_rounds_are_bounded() -> None:
    """A writer that never gets better is asked as often as allowed, not for ever."""

    class Stubborn(Faulty):
        async def revise(self, plan: Plan, draft: Draft, complaints: Complaints, variation: Variation = FIRST) -> Draft:
            self.complaints.append(complaints)
            texts = {**draft.texts, VICTIM: f"**{'very ' * len(self.complaints)}bold**"}
            return Draft(texts=texts, note=draft.note)

    writer = Stubborn({VICTIM: "**bold**"})
    finish(writer, Repair(rounds=2))
    assert len(writer.complaints) == 2


def test_strict_refuses_with_the_draft() -> None:
    """Without a fall-back the failure carries every text that was written, and every finding."""
    with pytest.raises(CheckFailed) as failed:
        finish(Faulty({VICTIM: "**on it**"}), Repair(fall_back=False))
    assert failed.value.draft == {**GOOD, VICTIM: "**on it**"}
    assert any("TXT001" in finding for finding in failed.value.findings)
    assert failed.value.exit_code == 1


def test_a_draft_of_rubbish_still_ends_clean() -> None:
    """A writer that says nothing of use costs no message: the understudy takes over the whole incident."""
    incident = finish(Faulty(dict.fromkeys(GOOD, "{slot}")))
    assert [event.text for event in incident.timeline if event.type != "alert"]
    assert WORKSHOP.validate(incident).clean
