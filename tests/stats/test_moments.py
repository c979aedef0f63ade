from __future__ import annotations

from pathlib import Path

import pytest

from slackincidents import stats
from slackincidents.library import read_incidents
from slackincidents.stats import Gap, Measure, Moment
from tests.source import ROOT
from tests.stats.made import Event, alert, do, labelled, over, plain, record, say, simple

FOREIGN = ROOT / "tests" / "render" / "foreign"


def times(whole: Event) -> dict[Measure, Moment]:
    """What is measured of an incident."""
    return stats.measure(record(whole)).moments


def seconds(whole: Event) -> tuple[int | None, ...]:
    """The four times alone."""
    return tuple(moment.seconds for moment in times(whole).values())


def test_labels_give_the_four_times_and_who() -> None:
    """With labels each time is the labelled one, and belongs to who acknowledged, stated, fixed and closed it."""
    found = times(simple(ack=60, cause=300, end=600, over_at=900))
    assert [(m.seconds, m.person, m.inferred) for m in found.values()] == [
        (60, "ann", False), (300, "ben", False), (600, "ben", False), (900, "ann", False),
    ]  # fmt: skip


def test_the_clock_starts_with_the_first_alert_that_fires() -> None:
    """Talk before it, and an alert that is over, start nothing; all four times count from the alert."""
    events = (
        say(0, "bea", "broken?", "user_report"), alert(50, "resolved"), alert(100),
        say(160, "ann", "mine", "acknowledge"), over(1000, "ann"),
    )  # fmt: skip
    assert seconds(labelled(*events, cause=3, end=400)) == (60, 60, 300, 900)


def test_the_order_of_the_file_does_not_matter() -> None:
    """A timeline out of order gives the times of the ordered one."""
    events = [alert(0), say(60, "ann"), do(80, "ann"), over(90, "ann")]
    assert seconds(plain(*reversed(events))) == seconds(plain(*events)) == (60, None, 80, 90)


def test_a_bot_acknowledges_nothing() -> None:
    """Only a person's answer counts, and a bot's line is none."""
    events = (alert(0), say(5, "Incident Bot", "hello"), say(9, "deploy-bot", "hello"), say(70, "ann"), over(90, "ann"))
    assert seconds(plain(*events))[0] == 70


def test_an_emoji_is_an_acknowledgement_without_a_time() -> None:
    """Who acknowledges with an emoji makes the time unknown, with the first words after it as a bound."""
    events = (alert(0, eyes=["ben"]), say(40, "ben", "odd"), say(200, "ann", "here", "acknowledge"), over(900, "ann"))
    found = times(labelled(*events, end=600))[Measure.ACKNOWLEDGE]
    assert (found.seconds, found.gap, found.at_most) == (None, Gap.REACTION, 40)


def test_an_emoji_under_a_later_alert_changes_nothing() -> None:
    """An emoji under an alert that fired after the acknowledgement cannot have come before it."""
    events = (alert(0), say(60, "ann", "mine", "acknowledge"), alert(90, eyes=["ben"]), over(900, "ann"))
    assert times(labelled(*events, end=600))[Measure.ACKNOWLEDGE].seconds == 60


@pytest.mark.parametrize(
    ("whole", "measure", "gap"),
    [
        (labelled(alert(0), over(9, "ann"), end=5), Measure.ACKNOWLEDGE, Gap.NOBODY),
        (labelled(alert(0), over(9, "ann"), end=5), Measure.DIAGNOSE, Gap.NO_CAUSE),
        (labelled(alert(0), say(3, "ann"), ending="open"), Measure.MITIGATE, Gap.GOES_ON),
        (labelled(alert(0), over(9, "ann"), ending="open"), Measure.RESOLVE, Gap.OPEN),
        (labelled(alert(0), say(3, "ann"), end=2), Measure.RESOLVE, Gap.UNTOLD_END),
        (labelled(alert(0), over(9, "ann"), cause=7, end=5), Measure.DIAGNOSE, Gap.UNTOLD_CAUSE),
        (labelled(say(0, "ann"), alert(60), over(90, "ann"), cause=0), Measure.DIAGNOSE, Gap.EARLIER),
        (plain(say(0, "ann"), over(9, "ann")), Measure.RESOLVE, Gap.NO_ALERT),
        (plain(alert(0), over(9, "Monitoring Bot")), Measure.ACKNOWLEDGE, Gap.UNTOLD_ANSWER),
        (plain(alert(0), over(9, "ann")), Measure.MITIGATE, Gap.UNTOLD_FIX),
        (plain(alert(0), do(5, "ann")), Measure.MITIGATE, Gap.UNTOLD_FIX),
        (plain(alert(0), over(9, "ann", "fine")), Measure.DIAGNOSE, Gap.UNTOLD_CAUSE),
        (plain(alert(0), say(9, "ann")), Measure.RESOLVE, Gap.UNTOLD_END),
    ],
)  # fmt: skip
def test_what_is_not_told_has_a_reason_and_no_seconds(whole: Event, measure: Measure, gap: Gap) -> None:
    """Every way in which a time can be missing has its own reason, and is not a zero."""
    found = times(whole)[measure]
    assert (found.seconds, found.gap) == (None, gap)


def test_without_an_alert_the_first_report_by_a_user_starts_the_clock() -> None:
    """People who notice first start the other three times; there is no alert to acknowledge."""
    events = (say(30, "bea", "broken", "user_report"), say(90, "ann", "on it", "acknowledge"), over(630, "ann"))
    whole = labelled(*events, cause=1, end=330)
    assert seconds(whole) == (None, 60, 300, 600)
    assert times(whole)[Measure.ACKNOWLEDGE].gap is Gap.NO_ALERT


def test_a_failed_action_is_not_the_fix() -> None:
    """The person who fixed it ran the last action that the labels do not call a failure."""
    events = (
        alert(0),
        say(9, "ann", "mine", "acknowledge"),
        do(50, "ann", "fix"),
        do(70, "ben", "hope"),
        over(300, "ann"),
    )
    assert times(labelled(*events, end=200, failed=["hope"]))[Measure.MITIGATE].person == "ann"


def test_the_last_resolution_counts() -> None:
    """After a false recovery the incident is over when it is called over for the last time."""
    assert seconds(plain(alert(0), over(100, "ann"), alert(200), over(500, "ann")))[3] == 500


def test_without_a_word_the_last_alert_tells() -> None:
    """Where nobody calls it over, a resolved alert after the last firing one does, as an inference."""
    found = times(plain(alert(0), say(9, "ann"), alert(300, "resolved")))[Measure.RESOLVE]
    assert (found.seconds, found.person, found.inferred) == (300, None, True)
    assert times(plain(alert(0), alert(300, "resolved"), alert(400)))[Measure.RESOLVE].gap is Gap.UNTOLD_END


@pytest.mark.parametrize("title", ["[RESOLVED] Slow", "✅ Resolved: slow", "Recovered: slow"])
def test_an_alert_without_a_state_is_over_when_its_title_says_so(title: str) -> None:
    """Files of the seed's dialect have no state; the title tells."""
    assert times(plain({**alert(0, None), "title": title}, say(9, "ann")))[Measure.RESOLVE].gap is Gap.NO_ALERT


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Root cause: flag `slowMode` was on", 40),  # the message that first has the name
        ("*Root Cause:* `shop` was slow", None),  # a service's name is everywhere and says nothing
        ("root cause: somebody's flag", None),  # at the latest when it was over, which is no diagnosis
        ("what was the root cause?", None),
    ],
)
def test_a_cause_is_inferred_from_the_name_in_the_root_cause_line(line: str, expected: int | None) -> None:
    """Without labels the first message that names what the later "root cause" line names states the cause."""
    events = (alert(0), say(20, "ann", "`shop` looks slow"), say(40, "ben", "`slowMode` is on"), over(300, "ann", line))
    assert times(plain(*events))[Measure.DIAGNOSE].seconds == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("kafka-lag-001.json", (10, 45, 90, 310)),
        ("payment-failure-001.json", (5, 85, 105, 125)),
        ("cart-quick-010.json", (15, None, None, 100)),
    ],
)
def test_files_of_the_seed_dialect_are_read_by_the_rules(file: str, expected: tuple[int | None, ...]) -> None:
    """Three files of others give the times that a reader finds in them, marked as inferred."""
    (one,) = read_incidents(Path(FOREIGN / file))
    found = stats.measure(one).moments
    assert tuple(moment.seconds for moment in found.values()) == expected
    assert found[Measure.ACKNOWLEDGE].inferred
