"""Plots: where things are drawn, what is said of them, and that nothing of a name is taken for markup."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from slackincidents.render import plots
from slackincidents.render.plots import Bar, Bin, Lane, Mark, Part, Row, Spot
from slackincidents.render.svg import Scale

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("x")</script>\n\u202e\x1b[31m'


def drawn(plot: Markup) -> ElementTree.Element:
    """The plot as a tree; it must be well-formed."""
    return ElementTree.fromstring(str(plot))


def told(plot: Markup) -> str:
    """What the plot says in words."""
    found = drawn(plot).findtext("desc")
    assert found is not None
    return found


def test_a_histogram_is_as_high_as_its_values() -> None:
    """The greatest bar has 120 pixels, one half as great 60; an empty bin has none; edges stand left of their bin."""
    plot = drawn(plots.histogram("t", [Bin("low", 4, ""), Bin("mid", 0, "10"), Bin("high", 8, "20")]))
    rects = [(r.get("x"), r.get("y"), r.get("width"), r.get("height")) for r in plot.iter("rect")]
    assert rects == [("0", "80", "30", "60"), ("70", "20", "30", "120")]
    ticks = [(t.get("x"), t.text) for t in plot.iter("text") if t.get("class") == "tick"]
    assert ticks == [("33", "10"), ("68", "20")]
    assert plot.get("width") == "105"
    assert told(plots.histogram("t", [Bin("low", 4), Bin("mid", 0)])) == "low: 4"


def test_the_reference_is_a_line_in_the_scale_of_the_bars() -> None:
    """A reference twice as high as the bars sets the scale: the bar gets 60 pixels, the line runs along the top."""
    plot = drawn(plots.histogram("t", [Bin("a", 5), Bin("b", 5)], reference=[10, 5]))
    assert [rect.get("height") for rect in plot.iter("rect")] == ["60", "60"]
    line = next(path for path in plot.iter("path") if path.get("class") == "ref")
    assert line.get("d") == "M0 20V20H33V80H68"
    assert not [text for text in plot.iter("text") if text.get("class") == "count"]


def test_horizontal_bars_end_where_their_value_says() -> None:
    """On a scale to 1 a bar of .25 + .25 ends at half of 420 pixels; its interval reaches from .4 to .6."""
    bar = Bar("name", (Part(0.25, "day"), Part(0.25, "night")), "said", 0.4, 0.6)
    plot = drawn(plots.bars("t", [bar], most=1.0, mark=0.5))
    rects = [(r.get("class"), r.get("x"), r.get("width")) for r in plot.iter("rect")]
    assert rects == [("day", "172", "105"), ("night", "277", "105")]
    paths = {path.get("class"): path.get("d") for path in plot.iter("path")}
    assert paths["whisker"] == "M340 12H424M340 8v8M424 8v8"
    assert paths["p90"] == "M382 0V32"
    assert plot.findtext("desc") == "name: said"


def test_the_longest_bar_takes_all_the_room_without_a_scale() -> None:
    """The greatest of the rows is 420 pixels long, and a quiet row's name is only in the words."""
    rows = [Bar("a", (Part(2, "bar"),), "2"), Bar("b", (Part(1, "bar"),), "1", quiet=True)]
    plot = drawn(plots.bars("t", rows))
    assert [rect.get("width") for rect in plot.iter("rect")] == ["420", "210"]
    assert [text.text for text in plot.iter("text") if text.get("class") == "name"] == ["a"]
    assert plot.findtext("desc") == "a: 2; b: 1"


def test_a_strip_shows_a_value_in_its_band() -> None:
    """Band 0 to 10, value 5: with a margin of 12 % on both sides the dot is in the middle of 220 pixels."""
    plot = drawn(plots.strip("t", [Spot(5.0, said="here 5")], passes=(0.0, 10.0), target=(4.0, 6.0)))
    dot = next(plot.iter("circle"))
    assert dot.get("cx") == "110"
    bands = [(r.get("class"), r.get("x"), r.get("width")) for r in plot.iter("rect")]
    # 10 wide and 1.2 on both sides: 220 / 12.4 pixels a unit
    assert bands == [("passes", "21.3", "177.4"), ("target", "92.3", "35.4")]
    assert plot.findtext("desc") == "here 5"


def test_an_open_band_reaches_the_edge() -> None:
    """A band without an upper limit is painted to the right edge; without any figure nothing is drawn."""
    plot = drawn(plots.strip("t", [Spot(1.0)], passes=(0.0, None)))
    band = next(plot.iter("rect"))
    assert float(band.get("x") or 0) + float(band.get("width") or 0) == pytest.approx(220, abs=0.1)
    assert plots.strip("t", []) == ""


def test_a_scale_by_logarithm() -> None:
    """Between 1 and 100, ten lies in the middle; what lies outside is held at the edge."""
    scale = Scale(1, 100, 200, logarithmic=True)
    assert [scale.x(value) for value in (0.1, 1, 10, 100, 1000)] == [0, 0, 100, 200, 200]
    assert Scale(0, 4, 200).x(1) == 50
    assert Scale(3, 3, 200).x(3) == 0


def test_panels_share_one_scale() -> None:
    """The same value stands at the same place of every panel, 218 pixels apart; None says why."""
    spots = (Spot(10.0, 1.0, 100.0, tick=100.0, said="first"), Spot(10.0, faint=True), Spot(None, said="not known"))
    plot = drawn(plots.panels("t", ["a", "b", "c"], [Row("one", spots)], Scale(1, 100, 196, True), [(10, "ten")]))
    assert [(c.get("class"), c.get("cx")) for c in plot.iter("circle")] == [("dot", "270"), ("dot few", "488")]
    half = next(plot.iter("rect"))
    assert (half.get("x"), half.get("width")) == ("172", "196")
    assert [t.text for t in plot.iter("text") if t.get("class") == "none"] == ["not known"]
    assert [t.get("x") for t in plot.iter("text") if t.get("class") == "tick"] == ["270", "488", "706"]


def test_marks_lie_on_their_lane_at_their_time() -> None:
    """Half of the time is half of 760 pixels right of the names; what lasted is a bar as long as it lasted."""
    lanes = [
        Lane("pages", (Mark(300, "ann paged", "bad"),)),
        Lane("looks", (Mark(0, "logs", "soft", until=150),)),
        Lane("updates", ()),
    ]
    plot = drawn(plots.timeline("Course", lanes, ends=600))
    dot = next(plot.iter("circle"))
    assert (dot.get("class"), dot.get("cx"), dot.get("cy")) == ("mark bad", "510", "35")
    bar = next(plot.iter("rect"))
    assert (bar.get("x"), bar.get("width"), bar.get("y")) == ("130", "190", "60")
    assert [t.text for t in plot.iter("text") if t.get("class") == "tick"][:3] == ["0:00", "2:00", "4:00"]
    titles = [title.text for group in plot.iter("g") for title in group.iter("title")]
    assert titles == ["5:00 ann paged", "0:00 logs"]
    assert plot.findtext("desc") == "pages: 5:00 ann paged; looks: 0:00 logs; updates: none"


def test_a_long_timeline_keeps_few_ticks() -> None:
    """From a minute to two weeks, and from before the start, there are two to nine ticks, each inside."""
    for begins, ends in ((0, 60), (-90, 4000), (0, 86400), (0, 14 * 86400), (5, 5)):
        plot = drawn(plots.timeline("t", [Lane("l", ())], ends=ends, begins=begins))
        places = [float(t.get("x") or 0) for t in plot.iter("text") if t.get("class") == "tick"]
        assert len(places) <= 9
        assert all(130 <= place <= 890 for place in places)


def test_moments_read_like_a_clock() -> None:
    """Minutes and seconds, hours where there are some, and a sign before the start."""
    assert [plots.moment(at) for at in (45, 750, 3720, -90)] == ["0:45", "12:30", "1:02:00", "-1:30"]


def every_plot(name: str) -> list[Markup]:
    """One plot of each kind with this name in every place that takes one."""
    return [
        plots.histogram(name, [Bin(name, 1, name)]),
        plots.bars(name, [Bar(name, (Part(1, "bar"),), name)]),
        plots.strip(name, [Spot(1.0, said=name)], passes=(0, 2)),
        plots.panels(name, [name], [Row(name, (Spot(1.0, said=name),))], Scale(0, 2, 196), [(1, name)], told=name),
        plots.timeline(name, [Lane(name, (Mark(1, name),))], ends=2),
    ]


def test_names_are_text() -> None:
    """A script in a name is shown, not run; no plot has a style or an address; each is well-formed."""
    for plot in every_plot(NASTY.replace("\x1b", "")):
        assert "<script" not in plot
        tree = drawn(plot)
        assert not {"href", "style", "onload"} & {name for one in tree.iter() for name in one.attrib}
    assert "<script" not in plots.multiples([(NASTY, Markup("<svg/>"))])


def test_every_plot_has_a_title_and_says_what_it_shows() -> None:
    """Who cannot see it gets title and description; the same input gives the same bytes."""
    for plot in every_plot("name"):
        tree = drawn(plot)
        assert tree.get("role") == "img"
        assert (tree.get("aria-label") or "").startswith("name")
        assert tree.findtext("title") == "name"
        assert tree.findtext("desc")
    assert every_plot("name") == every_plot("name")


def test_nothing_to_show_is_nothing() -> None:
    """Without rows, lanes or plots there is no empty frame; an empty histogram says so."""
    scale = Scale(0, 1, 196)
    assert plots.bars("t", []) == plots.panels("t", [], [], scale, []) == plots.timeline("t", [], ends=1) == ""
    assert plots.multiples([]) == ""
    assert told(plots.histogram("t", [Bin("a", 0)])) == "none"


def test_every_colour_follows_light_and_dark() -> None:
    """Each colour of the style sheet is set again for dark, or stands for both."""
    sheet = plots.style()
    light, dark = re.findall(r":root\{([^}]*)\}", sheet)
    names = {pair.split(":")[0] for pair in light.split(";")}
    assert names == {pair.split(":")[0] for pair in dark.split(";")}
    assert "prefers-color-scheme:dark" in sheet
