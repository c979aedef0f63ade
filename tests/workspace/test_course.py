"""Two weeks of a workspace: people have one body, sleep, remember what was, and get tired."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from slackincidents.incident import Incident
from slackincidents.planner.oncall import at_night
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.workspace import ChangeEntry, IncidentEntry, Mix, Noise, NoiseEntry, Order
from slackincidents.workspace import shards
from slackincidents.workspace.bookings import Bookings
from slackincidents.workspace.calendar import days, is_off
from slackincidents.workspace.course import ANSWER_S, entries
from slackincidents.workspace.memory import spoken
from slackincidents.workspace.shards import batches
from tests.workspace.histories import MONDAY, TWO_WEEKS, told, walked, workshop

PEOPLE = workshop().stage.people
Span = tuple[datetime, datetime, str]


def spans(records: tuple[IncidentRecord, ...]) -> dict[str, list[Span]]:
    """For everybody the time from first to last word in each file, in order."""
    found: dict[str, list[Span]] = defaultdict(list)
    for record in records:
        times: dict[str, list[datetime]] = defaultdict(list)
        for event in record.timeline:
            if event.speaker in PEOPLE:
                times[event.speaker].append(record.time_of(event))
        for handle, moments in times.items():
            found[handle].append((min(moments), max(moments), record.scenario_id))
    return {handle: sorted(own) for handle, own in found.items()}


def test_nobody_is_in_two_places_at_once() -> None:
    """Over all files of two weeks, nobody speaks in one while in the midst of another."""
    doubled = [
        (handle, one, other)
        for handle, own in spans(told()).items()
        for one, other in pairwise(own)
        if other[0] <= one[1]
    ]
    assert doubled == []
    assert sum(len(own) for own in spans(told()).values()) > 200


def test_who_sleeps_speaks_only_when_paged() -> None:
    """At night somebody is in an incident only if a page or a call brought them."""
    for record in told():
        if record.provenance is None:
            continue
        plan = workshop().plan_of(Incident.of(record), record.provenance)
        called = {page.person for page in plan.pages}
        asleep = {
            e.speaker for e in record.timeline if e.speaker in PEOPLE and at_night(PEOPLE[e.speaker], record.started_at)
        }
        assert asleep <= called, (record.scenario_id, asleep - called)


def test_everything_is_clean() -> None:
    """The validator finds nothing in any file, with the plan made again for each incident."""
    for record in told():
        report = workshop().validate(Incident.of(record))
        assert report.clean, (record.scenario_id, report.findings[:2])
        assert record.labels is None or not report.skipped


def test_what_is_cited_has_happened() -> None:
    """Every past incident that somebody is reminded of is one of this history, and was over by then."""
    over: dict[str, datetime] = {}
    cited = 0
    for record in told():
        for fact in [
            f for label in (record.labels.messages if record.labels else ()) for f in (*label.reveals, *label.cites)
        ]:
            if fact.startswith("past:"):
                cited += 1
                assert over[fact.removeprefix("past:")] < record.started_at
        if record.labels:
            last = record.started_at + timedelta(seconds=float(record.timeline[-1].offset_seconds))
            over[str(record.metadata["ref"])] = last
    assert cited > 3


def test_causes_come_back_and_incidents_run_side_by_side() -> None:
    """Some incidents are the return of an earlier one of the same scenario; some begin while another is going on."""
    real = {entry.number: entry for entry in walked() if isinstance(entry, IncidentEntry)}
    back = [entry for entry in real.values() if entry.recurs]
    assert back
    assert all(
        real[entry.recurs].scenario == entry.scenario and entry.recurs < entry.number for entry in back if entry.recurs
    )
    assert any(entry.alongside for entry in real.values())


def test_a_flag_that_is_guilty_was_switched_before_its_incident() -> None:
    """The change stands before the incident that it set off, in the channel of its service."""
    real = {entry.number: entry for entry in walked() if isinstance(entry, IncidentEntry)}
    guilty = [entry for entry in walked() if isinstance(entry, ChangeEntry) and entry.guilty_of]
    assert guilty
    for change in guilty:
        incident = real[change.guilty_of or 0]
        assert change.at < incident.at
        assert change.service == workshop().skeleton(incident.scenario).root_cause.service


def test_the_mix_is_what_was_asked_for() -> None:
    """Noise of every kind; about the share asked for has no answer; fewer alerts on weekends."""
    order = Order(seed="5", start=MONDAY, days=28, mix=Mix(incidents=0, noise=60, deploys=0, talk=0, unanswered=0.3))
    noise = [entry for entry in entries(workshop(), order) if isinstance(entry, NoiseEntry)]
    assert {entry.noise for entry in noise} == set(Noise)
    assert abs(sum(not entry.by for entry in noise) / len(noise) - 0.3) < 0.03
    by_day = Counter(entry.at[:10] for entry in noise)
    quiet = [by_day[day.isoformat()] for day in days(order) if is_off(day, order.mix)]
    busy = [by_day[day.isoformat()] for day in days(order) if not is_off(day, order.mix)]
    assert sum(quiet) / len(quiet) < 0.6 * sum(busy) / len(busy)


@pytest.mark.parametrize("share", [0.2, 0.3, 0.5, 0.8, 1.0])
def test_a_month_has_the_share_of_silence_that_was_asked_for(share: float) -> None:
    """Within three points beside incidents and talk; whoever answers is awake, free, and mostly of the crew."""
    order = Order(seed="1", start=MONDAY, days=30, mix=Mix(unanswered=share))
    noise = [entry for entry in entries(workshop(), order) if isinstance(entry, NoiseEntry)]
    assert abs(sum(not entry.by for entry in noise) / len(noise) - share) < 0.03
    services, bookings = workshop().stage.catalogue.services, Bookings(PEOPLE)
    own = 0
    for entry in noise:
        at = datetime.fromisoformat(entry.at)
        for handle in entry.by:
            assert not at_night(PEOPLE[handle], at)
            assert bookings.free(handle, at, at + timedelta(seconds=ANSWER_S))
            bookings.book(handle, at, at + timedelta(seconds=ANSWER_S))
            own += handle in services[entry.service].engineers
    assert own >= 0.5 * sum(len(entry.by) for entry in noise)


def test_more_noise_than_people_stays_unanswered() -> None:
    """Where everybody is busy nobody answers twice at once: the share is what bodies allow, and the notes have it."""
    order = Order(seed="1", start=MONDAY, days=1, mix=Mix(incidents=0, noise=2000, deploys=0, talk=0, unanswered=0))
    (batch,) = batches(entries(workshop(), order), 5000)
    silent = sum(isinstance(entry, NoiseEntry) and not entry.by for entry in batch.entries)
    assert silent > 0.3 * len(batch.entries)
    assert shards.told(batch, (), ()).note.unanswered == silent


def test_a_holiday_is_a_day_off() -> None:
    """On it there is as little as on a Sunday."""
    mix = Mix(holidays=(date(2025, 3, 4),))
    assert is_off(date(2025, 3, 4), mix)
    assert not is_off(date(2025, 3, 5), mix)


def test_the_pager_tires() -> None:
    """Four pages in a week slow somebody down, more do more, and a week later it is forgotten."""
    plan = workshop().plan("cache-failure", seed=3)
    person = next(page.person for page in plan.pages)
    bookings = Bookings(PEOPLE)
    monday = datetime(2025, 3, 3, 12, tzinfo=UTC)
    factors = []
    for day in range(6):
        bookings.take(plan, monday + timedelta(days=day))
        factors.append(bookings.weariness(monday + timedelta(days=day, hours=6)).get(person, 1.0))
    assert factors[:3] == [1.0, 1.0, 1.0]
    assert 1.0 < factors[3] < factors[4] < factors[5]
    assert bookings.weariness(monday + timedelta(days=14)) == {}


def test_the_same_order_is_the_same_history() -> None:
    """Walked twice, entry for entry; another seed is another one."""
    again = tuple(entries(workshop(), TWO_WEEKS))
    assert again == walked()
    other = TWO_WEEKS.model_copy(update={"seed": "2"})
    assert tuple(entries(workshop(), other))[:20] != walked()[:20]


def test_how_one_speaks_of_a_day() -> None:
    """Earlier today, yesterday, on tuesday, last tuesday, in march."""
    now = datetime(2025, 3, 20, 12, tzinfo=UTC)
    ago = {
        0: "earlier today",
        1: "yesterday",
        2: "on tuesday",
        9: "last tuesday",
        15: "earlier this month",
        30: "in february",
    }
    assert {days_ago: spoken(now - timedelta(days=days_ago), now) for days_ago in ago} == ago


def test_noise_fires_beyond_its_own_threshold() -> None:
    """Each card's value is on the wrong side of the threshold that it names, and words vary."""
    words = Counter[str]()
    for record in told():
        if record.noise is None:
            continue
        monitor = workshop().library.monitors()[record.noise.monitor]
        low, high = sorted(monitor.breach)
        assert (high < monitor.threshold) if monitor.below else (low > monitor.threshold)
        words.update(event.text for event in record.timeline if event.speaker in PEOPLE)
        assert record.noise.answered == any(event.speaker in PEOPLE for event in record.timeline)
    assert words
    assert words.most_common(1)[0][1] <= 0.08 * words.total()
