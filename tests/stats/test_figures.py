from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackincidents.errors import UsageError
from slackincidents.stats import Collector, Facet, Measure, Stats, Wall, to_html, to_text
from slackincidents.stats.results import EDGES_S, Line
from tests.stats.made import Event, alert, labelled, over, plain, record, say, simple

SCHEMA = Path(__file__).parent / "snapshots" / "stats.schema.json"
NASTY = '<script>alert("x")</script>&\x1b[31m\u202e'


def collected(*wholes: Event, zone: str | None = None) -> Collector:
    """What a collector has after these incidents."""
    collector = Collector(Wall.of(zone))
    for whole in wholes:
        collector.add(record(whole))
    return collector


def figures(*wholes: Event, zone: str | None = None) -> Stats:
    """Its figures."""
    return collected(*wholes, zone=zone).stats()


def test_median_and_spread_of_known_times() -> None:
    """Eleven incidents that take 1 to 11 minutes: median 6, quartiles 3.5 and 8.5, nine in ten within 10."""
    summary = figures(*(simple(ack=60 * n, cause=700, end=800) for n in range(1, 12))).measures[Measure.ACKNOWLEDGE]
    assert summary.seconds.model_dump() == {"median": 360, "q1": 210, "q3": 510, "p90": 600, "longest": 660}
    assert (summary.known, summary.inferred) == (11, 0)
    assert dict(zip(EDGES_S, summary.histogram, strict=True)) == dict.fromkeys(EDGES_S, 0) | {
        60: 1,
        120: 3,
        300: 5,
        600: 2,
    }


@pytest.mark.parametrize(
    ("count", "quartiles", "p90"), [(3, False, False), (4, True, False), (9, True, False), (10, True, True)]
)
def test_few_incidents_have_no_spread(count: int, quartiles: bool, p90: bool) -> None:
    """Quartiles need four times and the ninetieth percentile ten; below that the figure is none, not a guess."""
    seconds = figures(*[simple()] * count).measures[Measure.RESOLVE].seconds
    assert (seconds.median, seconds.q1 is not None, seconds.p90 is not None) == (900, quartiles, p90)


def test_what_is_not_known_is_in_no_median() -> None:
    """Two known times and two that are not: the median is of the two, and the others are counted by reason."""
    silent = labelled(alert(0, eyes=["ben"]), over(900, "ann"), end=600)
    nobody = labelled(alert(0), over(900, "ann"), end=600)
    summary = figures(simple(ack=60), simple(ack=100), silent, nobody).measures[Measure.ACKNOWLEDGE]
    assert (summary.known, summary.seconds.median) == (2, 80)
    assert summary.never == {"nobody acknowledged": 1}
    assert summary.unknown == {"acknowledged by an emoji, which has no time": 1}


def test_groups_by_service_severity_hour_and_weekday() -> None:
    """An incident counts once in each grouping, under what its file says, on the clock that is asked for."""
    whole = simple(start_time="2024-12-11T23:30:00Z")
    assert {facet: groups[0].key for facet, groups in figures(whole).by.items() if facet is not Facet.RESPONDER} == {
        Facet.SERVICE: "shop", Facet.SEVERITY: "SEV-2", Facet.HOUR: "23", Facet.WEEKDAY: "Wednesday",
    }  # fmt: skip
    there = figures(whole, zone="Europe/Berlin")
    assert (there.clock, there.by[Facet.HOUR][0].key, there.by[Facet.WEEKDAY][0].key) == (
        "Europe/Berlin",
        "00",
        "Thursday",
    )


def test_what_a_file_does_not_say_is_a_group_of_its_own_and_last() -> None:
    """An incident without a severity is under none, after those that have one."""
    groups = figures(plain(alert(0), severity=None), simple()).by[Facet.SEVERITY]
    assert [(group.key, group.incidents) for group in groups] == [("SEV-2", 1), (None, 1)]


def test_without_services_the_channel_of_the_alert_is_the_group() -> None:
    """A team's own export names no services; where the alert came up is known."""
    assert figures(plain(alert(0), services={})).by[Facet.SERVICE][0].key == "#shop"


def test_each_time_counts_for_who_did_it() -> None:
    """The acknowledgement is one person's, the diagnosis another's; nobody gets the other's time."""
    ann, ben = figures(simple(ack=60, cause=300, end=600, over_at=900)).by[Facet.RESPONDER]
    assert {measure: one.seconds.median for measure, one in ann.measures.items() if one.known} == {
        "acknowledge": 60,
        "resolve": 900,
    }
    assert {measure: one.seconds.median for measure, one in ben.measures.items() if one.known} == {
        "diagnose": 300,
        "mitigate": 600,
    }


def test_a_night_belongs_to_its_evening() -> None:
    """23:30 and 3:00 of the next day are one night, 6:59 is night and 7:00 is day."""
    starts = ("2024-12-11T23:30:00Z", "2024-12-12T03:00:00Z", "2024-12-13T06:59:00Z", "2024-12-13T07:00:00Z")
    pages = figures(*(simple(start_time=start) for start in starts)).pages
    (ann,) = pages.people
    assert (ann.person, ann.pages, ann.at_night, ann.nights, ann.a_night.longest) == ("ann", 4, 3, 2, 2)
    assert pages.nights_seen == 2


def test_a_night_in_which_nobody_known_was_paged_is_seen() -> None:
    """The nights that a person slept through are counted from what fired, not only from their own pages."""
    pages = figures(plain(alert(0), start="2024-12-11T02:00:00Z"), simple()).pages
    assert (pages.nights_seen, pages.unattributed, pages.people[0].nights) == (1, 1, 0)


SOME = st.lists(
    st.builds(
        lambda ack, end, hour, ending: simple(ack=ack, end=end, start_time=f"2024-12-11T{hour:02}:00:00Z")
        | ({} if ending else {"labels": None} if ack % 2 else {"timeline": [alert(0)], "labels": None}),
        st.integers(1, 5000), st.integers(6000, 90000), st.integers(0, 23), st.booleans(),
    ),
    max_size=12,
)  # fmt: skip


@given(SOME.flatmap(lambda wholes: st.tuples(st.just(wholes), st.permutations(wholes))))
def test_the_order_of_incidents_does_not_matter(orders: tuple[list[Event], list[Event]]) -> None:
    """Any order gives the same bytes."""
    one, other = orders
    assert figures(*one).to_json() == figures(*other).to_json()


@given(SOME, SOME)
def test_two_parts_merged_equal_the_whole(left: list[Event], right: list[Event]) -> None:
    """Counting two folders apart and merging gives what counting them together gives."""
    merged = collected(*right)
    merged.merge(collected(*left))
    assert merged.stats() == figures(*left, *right)


@given(SOME)
def test_every_incident_is_somewhere(wholes: list[Event]) -> None:
    """Known, never and unknown add up to all incidents, in the whole and in every group but the responders'."""
    found = figures(*wholes)
    sets = [(len(wholes), found.measures)]
    sets += [(g.incidents, g.measures) for facet, groups in found.by.items() if facet != "responder" for g in groups]
    for count, measures in sets:
        for summary in measures.values():
            assert summary.known + sum(summary.never.values()) + sum(summary.unknown.values()) == count
            assert sum(summary.histogram) == summary.known


def test_the_shape_of_the_json_is_stable() -> None:
    """What others parse is pinned: a field that goes or changes is a new version (UPDATE_SNAPSHOTS=1 stores it)."""
    shape = {model.__name__: model.model_json_schema(mode="serialization") for model in (Stats, Line)}
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        SCHEMA.write_text(json.dumps(shape, indent=1) + "\n", encoding="utf-8")
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == shape
    assert Stats.model_validate_json(figures(simple(), plain(alert(0))).to_json()) == figures(simple(), plain(alert(0)))


class Tags(HTMLParser):
    """Every tag and attribute of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.text += data


def nasty() -> Event:
    """An incident in which every name is markup."""
    whole = simple(metadata={"severity": NASTY}, people={NASTY: NASTY})
    text = json.dumps(whole).replace('"ann"', json.dumps(NASTY)).replace('"shop"', json.dumps(NASTY))
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def test_names_are_text_on_the_page() -> None:
    """A service, person or severity that is markup is shown as its letters, without control characters."""
    page = Tags()
    page.feed(to_html(figures(nasty())))
    assert "script" not in page.tags
    assert '<script>alert("x")</script>&' in page.text
    assert not {"\x1b", "\u202e"} & set(page.text)


def test_control_characters_do_not_reach_the_terminal() -> None:
    """A name cannot colour or turn the terminal's text."""
    assert not {"\x1b", "\u202e"} & set(to_text(figures(nasty())))


def test_the_page_needs_nothing_from_outside() -> None:
    """No script, no address, no style attribute; the policy allows the page's own style by its hash, and no more."""
    html = to_html(figures(*[simple()] * 12))
    page = Tags()
    page.feed(html)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not {"style", "src", "href", "onload", "onclick"} & {name for name, _ in page.attributes}
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html
    assert "url(" not in style[1]
    assert page.tags.count("svg") == 4 + len(Facet) + 1


def test_the_page_says_what_the_figures_say() -> None:
    """The median, the quartiles and what is missing stand on the page in words."""
    page = Tags()
    page.feed(
        to_html(figures(*(simple(ack=60 * n) for n in range(1, 5)), labelled(alert(0), say(9, "ann"), ending="open")))
    )
    assert "2m30s median; half of them 1m45s to 3m15s; 90% within -" in re.sub(r"\s+", " ", page.text)
    assert "resolve: 1 did not happen: it was not resolved" in page.text


def test_no_word_of_a_mean() -> None:
    """Neither text nor JSON gives a mean."""
    found = figures(*[simple()] * 12)
    assert "mean" not in to_text(found) + found.to_json()


def test_a_zone_that_does_not_exist_gets_the_nearest() -> None:
    """A mistyped time zone is refused with one that is near."""
    with pytest.raises(UsageError, match="Europe/Berlin"):
        Wall.of("Europe/Berln")
