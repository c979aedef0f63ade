"""Whether an alert belongs to an incident: two questions over one transcript, each knowable from the text."""

from __future__ import annotations

import re
from collections import Counter

from slackincidents.schema.incident import AlertEvent, IncidentRecord
from slackincidents.schema.plan import Elsewhere
from slackincidents.schema.workspace import Noise
from slackincidents.seeds import Seed
from slackincidents.tasks import baselines
from slackincidents.tasks.alert_related import SAYS
from slackincidents.tasks.case import Background
from slackincidents.tasks.making import Maker
from slackincidents.tasks.questions import Kind, Question
from slackincidents.tasks.scoring import score
from slackincidents.tasks.serving import transcript
from tests.tasks.made import BACKGROUND, EVENTS, Json, incident, maker, say
from tests.workspace.histories import TWO_WEEKS, told, workshop

KNOWN = Background(BACKGROUND.facts, {**BACKGROUND.trouble, "clue:cpu": "product-catalog"})
TIED = [*EVENTS[:4], say(240, "bob", "product-catalog is burning cpu", "report", reveals=["clue:cpu"]), *EVENTS[4:]]
SERVICES = {name: (name,) for name in ("recommendation", "product-catalog", "email")}


def case(told: list[Json] | None = None) -> IncidentRecord:
    """The hand-made incident, in which bob ties the second alert to it in words."""
    return incident(told or TIED, cause_first_stated=6)


def noise(at: str = "14:33:00", text: str = "known, see SHOP-12", kind: Noise = Noise.KNOWN_ISSUE) -> IncidentRecord:
    """An alert of the mailer that nobody needed, and what frank says to it a minute later."""
    return IncidentRecord.model_validate({
        "scenario_id": "noise-7", "scenario_type": "noise", "title": "noise", "start_time": f"2025-03-04T{at}Z",
        "services": {"email": {"channel": "#email-oncall"}},
        "noise": {"kind": kind, "monitor": "queue", "answered": True},
        "timeline": [
            {
                "type": "alert", "offset_seconds": 0, "channel": "#email-oncall", "severity": "warning",
                "title": "Queue long", "state": "firing",
            },
            {"type": "message", "offset_seconds": 60, "channel": "#email-oncall", "user": "frank", "content": text},
        ],
    })  # fmt: skip


def asked(beside: IncidentRecord, about: IncidentRecord | None = None) -> list[Question]:
    """The questions that come when an alert fires beside the incident."""
    made = maker(Kind.ALERT_RELATED, background=KNOWN)
    assert list(made.questions(about or case())) == []
    return list(made.questions(beside))


def test_an_alert_of_the_incident_and_one_beside_it_are_asked_about() -> None:
    """Yes for the catalog's, which bob ties to it; no for the mailer's, which frank says is known."""
    found = {("CPU" in one.prompt.partition("Is the alert")[2]): one for one in asked(noise())}
    yes, no = found[True], found[False]
    assert (score(yes, "yes"), score(yes, "no"), score(no, "no"), score(no, "yes")) == (1, 0, 1, 0)
    assert (yes.evidence, yes.other_evidence) == ((3, 4), ())
    assert (no.evidence, no.other_evidence) == ((0,), (0, 1))
    assert yes.incident == no.incident != no.other
    assert '"Queue long" in #email-oncall at 14:33:00' in no.prompt
    assert '"High p95 latency" in #recommendation-oncall at 14:30:00' in no.prompt


def test_both_are_answered_from_the_rooms_as_they_were() -> None:
    """One transcript of both in order of time, with a stamp of its own for every message, and nothing of the key."""
    made = maker(Kind.ALERT_RELATED, background=KNOWN)
    list(made.questions(case()))
    beside = noise()
    rooms = {made.served(question, beside).transcripts for question in made.questions(beside)}
    (((posted),),) = rooms
    assert len({one.ts for one in posted}) == len(posted) == len(TIED) + 2
    lines = transcript(posted).splitlines()
    assert lines == sorted(lines, key=lambda line: line[:8])
    assert "14:34:00 #email-oncall frank: known, see SHOP-12" in lines
    assert "noise" not in transcript(posted)


def test_noise_of_which_nobody_says_what_it_is_gives_none() -> None:
    """A word that could be said to anything makes nothing known, and neither does one after the incident's end."""
    assert asked(noise(text="looking")) == []
    assert asked(noise(text="gone again", kind=Noise.AUTO_RESOLVED)) == []
    assert asked(noise(at="14:44:30")) == []


def test_noise_is_asked_about_only_while_it_is_not_over() -> None:
    """Before the first alert and after the resolution nobody would take it for a part of the incident."""
    assert asked(noise(at="14:29:00")) == []
    after = case([*TIED, say(1500, "bob", "thanks all, i write the email", "thanks")])
    assert asked(noise(at="14:45:30"), after) == []
    assert len(asked(noise(at="14:40:00"))) == 2


def test_what_could_be_a_part_of_it_is_not_asked_about() -> None:
    """A false alarm of a service in the cascade is left out; where planned work is named, it may be of any service."""
    for kind, text, count in (
        (Noise.FALSE_POSITIVE, "false alarm", 0),
        (Noise.MAINTENANCE, "planned, we patch the nodes", 2),
    ):
        beside = noise(text=text, kind=kind)
        inside = beside.model_copy(update={"services": {"frontend": beside.services["email"]}})
        assert len(asked(inside)) == count
        assert len(asked(beside)) == 2


def test_an_alert_that_nobody_ties_to_the_incident_gives_none() -> None:
    """Without bob's word on the catalog only the labels know that its alert belongs to it."""
    assert asked(noise(), incident()) == []


def test_an_incident_beside_it_counts_where_both_went_on_in_one_workspace() -> None:
    """Another cause, known from the text; two files that were made alone never went on at once."""
    other: Json = {
        "service": "email",
        "component": "mailer",
        "category": "x",
        "mechanism": "m",
        "plain": "256Mi limit.",
    }
    alone = incident(
        [{**event, "offset_seconds": 240 + n * 10} for n, event in enumerate(EVENTS)], root_cause=other, cascade=[]
    )
    elsewhere = {"provenance": _origin(Elsewhere()), "timeline": (_in(alone, "#email-oncall"), *alone.timeline[1:])}
    known = Background(KNOWN.facts, {**KNOWN.trouble, "alert:p95": "email"})
    for beside, count in ((alone, 0), (alone.model_copy(update=elsewhere), 2)):
        made = maker(Kind.ALERT_RELATED, background=known)
        list(made.questions(case()))
        found = list(made.questions(beside))
        assert len(found) == count
        assert all(one.other_evidence in {(), (0, 5)} for one in found)


def _in(record: IncidentRecord, channel: str) -> AlertEvent:
    first = record.timeline[0]
    assert isinstance(first, AlertEvent)
    return first.model_copy(update={"channel": channel})


def _origin(elsewhere: Elsewhere) -> Json:
    record = next(record for record in told() if record.provenance is not None)
    assert record.provenance is not None
    return record.provenance.model_copy(update={"elsewhere": elsewhere, "skeleton": "made"})  # type: ignore[return-value]


def test_a_whole_history_is_balanced_and_knowable() -> None:
    """As many yes as no; every cited line is on the sheet; deploys and talk give nothing, and no complaint."""
    library = workshop().library
    known = {name: Background.of(library.skeleton(name)) for name in library.skeleton_names()}
    made = Maker(library.catalogue(), known.__getitem__, (Kind.ALERT_RELATED,))
    right, constant = Counter[str](), 0.0
    for record in told(TWO_WEEKS.model_copy(update={"days": 21})):
        for question in made.questions(record):
            served = made.served(question, record)
            constant += score(question, baselines.first_option(served))
            right["yes" if score(question, "yes") else "no"] += 1
            shown = transcript(served.transcripts[0])
            beside = [record.timeline[place] for place in question.other_evidence]
            assert all(" / ".join(event.text.split("\n")) in shown for event in beside)
            assert score(question, "yes") or len(question.other_evidence) > 1
    assert right["yes"] == right["no"] > 3
    assert constant == right["yes"]
    assert made.without[Kind.ALERT_RELATED] < made.incidents


def test_the_same_set_gives_the_same_questions() -> None:
    """The seed decides which of the two comes first, and nothing else of them."""
    first, again = asked(noise()), asked(noise())
    assert [one.line() for one in first] == [one.line() for one in again]
    orders = set()
    for seed in range(8):
        made = Maker(maker().catalogue, lambda _: KNOWN, (Kind.ALERT_RELATED,), Seed(str(seed)))
        list(made.questions(case()))
        orders.add(tuple(one.id for one in made.questions(noise())))
    assert len(orders) == 2


def test_every_word_that_counts_is_said_by_somebody() -> None:
    """Each pattern finds words in its kind's bank, so that a bank that changes does not silence a kind unseen."""
    assert set(SAYS) == set(Noise) - {Noise.AUTO_RESOLVED}
    for kind, says in SAYS.items():
        heard = [
            re.search(says, event.text)
            for record in told()
            if record.noise is not None and record.noise.kind is kind
            for event in record.timeline
            if not isinstance(event, AlertEvent)
        ]
        assert sum(found is not None for found in heard) >= 0.1 * len(heard) > 0, kind


def test_baselines_read_it() -> None:
    """Same channel as the first alert, and words that people use: each gives yes or no."""
    made = maker(Kind.ALERT_RELATED, background=KNOWN)
    list(made.questions(case()))
    beside = noise()
    for question in made.questions(beside):
        served = made.served(question, beside)
        assert baselines.first_alert(SERVICES)(served) == "no"
        assert baselines.keywords(SERVICES)(served) in {"yes", "no"}


def test_only_what_looks_like_a_part_of_it_is_asked_about() -> None:
    """Late and in a room nobody speaks of, an alert is too plainly another's; named by somebody, it is asked about."""
    long = [*TIED[:8], {**TIED[8], "offset_seconds": 2400}]
    assert asked(noise(at="14:50:00"), case(long)) == []
    heard = [*long[:7], say(650, "dora", "email is slow too, same thing?", "ask"), *long[7:]]
    assert len(asked(noise(at="14:50:00"), case(heard))) == 2
