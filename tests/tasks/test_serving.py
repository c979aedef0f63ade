"""What an assistant may read, and what the baselines make of it."""

from __future__ import annotations

from slackincidents.seeds import Seed
from slackincidents.tasks import baselines
from slackincidents.tasks.mechanisms import HINTS, SAYS, Mechanism, arguable, like
from slackincidents.tasks.questions import Kind
from slackincidents.tasks.scoring import score
from slackincidents.tasks.serving import messages, transcript
from tests.tasks.made import EVENTS, incident, maker, only, say

SERVICES = {name: (name,) for name in ("recommendation", "redis", "product-catalog", "frontend", "postgresql")}


def test_a_transcript_has_clock_channel_speaker_and_text() -> None:
    """One event a line, in time order, alerts with their state, a resolution with its figures."""
    lines = transcript(messages(incident())).splitlines()
    assert lines[0] == "14:30:00 #recommendation-oncall Monitoring Bot: [firing, critical] High p95 latency"
    assert lines[1] == "14:31:00 #recommendation-oncall alice: on it"
    assert lines[-1] == "14:45:00 #recommendation-oncall alice: back to normal (p95: 52ms)"
    assert len(lines) == len(EVENTS)


def test_nothing_later_than_the_moment_is_served() -> None:
    """At 300 seconds the message of that second is the last; reactions, labels and the title are never there."""
    posted = messages(incident(), 300)
    assert posted[-1].text == "last release is days old"
    assert len(posted) == 5
    assert "Redis out of memory" not in transcript(messages(incident()))


def test_threads_hang_together_by_their_stamp() -> None:
    """A reply names the root's stamp; stamps are unique even within a second."""
    told = [*EVENTS, say(900, "bob", "great", "thanks", thread_parent=0)]
    posted = messages(incident(told))
    assert posted[-1].thread_ts == posted[0].ts
    assert len({one.ts for one in posted}) == len(posted)


def test_the_prior_has_learnt_and_does_not_read() -> None:
    """Taught on one incident it answers its root cause and affected services, whatever is served."""
    made = maker(Kind.ROOT_CAUSE, Kind.AFFECTED)
    record = incident()
    asked = list(made.questions(record))
    prior = baselines.Prior()
    prior.learn(asked)
    for question in asked:
        blind = made.served(question, record).model_copy(update={"transcripts": ((),)})
        assert score(question, prior(blind)) == 1.0


def test_baselines_answer_every_kind() -> None:
    """Each gives something readable for each kind; counting words finds who said what the question says."""
    made = maker()
    records = [incident(name=name) for name in ("made-1", "made-2")]
    predictors = (
        baselines.first_option,
        baselines.longest_option,
        baselines.chance(Seed("x")),
        baselines.first_alert(SERVICES),
        baselines.keywords(SERVICES),
        baselines.last_words(SERVICES),
        baselines.first_mention(SERVICES),
    )
    for record in records:
        for question in made.questions(record):
            served = made.served(question, record)
            assert all(0.0 <= score(question, predict(served)) <= 1.0 for predict in predictors)
    told = [*EVENTS[:4], *EVENTS[5:], say(950, "alice", "redis OOMKilled at its 256Mi limit, raised", "recap")]
    question = only(Kind.FIRST_TO_KNOW, incident(told, cause_first_stated=4))
    served = made.served(question, incident(told, cause_first_stated=4))
    for predict in (baselines.keywords(SERVICES), baselines.first_mention(SERVICES)):
        assert score(question, predict(served)) == 1.0


def test_every_cause_has_two_look_alikes() -> None:
    """So that no mechanism is right only because nothing else fits; what could be called right too is not offered."""
    for one in SAYS:
        assert len(like(one)) >= 2, one
        assert not set(like(one)) & arguable(one)
    assert set(HINTS) == set(Mechanism)
