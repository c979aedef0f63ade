from __future__ import annotations

from slackincidents import stats
from tests.stats.made import Event, alert, bot, call, labelled, over, plain, record, say


def paged(whole: Event) -> dict[str, float]:
    """Who was paged, and when in seconds from the start."""
    return {one.person: one.offset_seconds for one in stats.measure(record(whole)).calls.calls}


def lost(whole: Event) -> int:
    """How many pages nobody is known to have got."""
    return stats.measure(record(whole)).calls.unattributed


def test_who_acknowledges_was_paged_when_the_alert_fired() -> None:
    """The page of an acknowledgement is the alert it answers, not the answer."""
    events = (alert(0), alert(50), say(90, "ann", "mine", "acknowledge", answers=1), over(200, "ann"))
    assert paged(labelled(*events, end=100)) == {"ann": 50}


def test_a_bot_that_pages_somebody_counts_once() -> None:
    """A bot's line and the acknowledgement that follows are one page, at the earlier time."""
    events = (alert(0), bot(300, "No acknowledgement. Paging ben for shop."), say(330, "ben", "here", "acknowledge"))
    assert paged(labelled(*events)) == {"ben": 300}


def test_a_bot_pages_only_people_of_the_file() -> None:
    """A word after "paging" that names nobody is no person."""
    assert paged(plain(alert(0), bot(9, "paging nobody"), say(20, "ann"))) == {"ann": 0}


def test_an_emoji_under_an_alert_is_a_page() -> None:
    """Who acknowledges without a word was paged too."""
    assert paged(labelled(alert(5, eyes=["ben"]), over(90, "ben"))) == {"ben": 5}


def test_a_name_calls_somebody_who_has_not_spoken_yet() -> None:
    """A mention brings a person in once; one who is there already is only spoken to."""
    events = (
        alert(0),
        say(20, "ann"),
        call(60, "ann", "@ben"),
        say(90, "ben"),
        call(95, "ben", "@ann"),
        call(99, "ann", "@ben"),
    )
    assert paged(plain(*events)) == {"ann": 0, "ben": 60}


def test_a_group_pages_its_member_who_comes() -> None:
    """The page of an on-call group went to the member who then speaks first."""
    events = (alert(0), say(9, "zoe"), call(60, "zoe", "@shop-oncall"), say(90, "ben"), say(95, "ann"))
    assert paged(plain(*events)) == {"ben": 60, "zoe": 0}


def test_a_group_that_nobody_answers_for_is_counted_as_unknown() -> None:
    """A page that some member must have got is not lost, and is nobody's."""
    whole = plain(alert(0), say(9, "zoe"), call(60, "zoe", "@shop-oncall"))
    assert (paged(whole), lost(whole)) == ({"zoe": 0}, 1)


def test_an_alert_that_nobody_answers_is_counted_as_unknown() -> None:
    """An incident without a person in it has paged somebody we do not know."""
    whole = plain(alert(0), over(60, "Monitoring Bot"))
    assert (paged(whole), lost(whole)) == ({}, 1)


def test_no_page_without_an_alert_or_a_call() -> None:
    """People who only talk were not paged."""
    assert (paged(plain(say(0, "ann"), say(9, "ben"))), lost(plain(say(0, "ann")))) == ({}, 0)


def test_somebody_who_is_there_is_not_paged_by_a_mention() -> None:
    """Neither by name nor by group: who has spoken before is spoken to, not called."""
    events = (alert(0, eyes=["zoe"]), say(20, "ann"), call(60, "zoe", "@ann"), call(70, "zoe", "@shop-oncall"))
    whole = labelled(*events, end=100)
    assert (paged(whole), lost(whole)) == ({"zoe": 0}, 0)
