"""The transcript, the Markdown and the small parts below them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable

import pytest

from slackincidents.errors import UsageError
from slackincidents.render import room, to_html, to_markdown, to_text
from slackincidents.render import text as transcript
from slackincidents.render.avatars import TONES, avatar
from slackincidents.render.cards import headline
from slackincidents.render.graph import cascade_svg, depths
from slackincidents.schema.incident import CascadeLabel, EditRecord, IncidentRecord


def columns(line: str) -> int:
    """How many columns a line takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_text_snapshot(rich: IncidentRecord, names: dict[str, str], snapshot: Callable[[str, str], None]) -> None:
    """The transcript of a small incident is as reviewed."""
    snapshot("rich.txt", to_text(rich, names))


def test_markdown_snapshot(rich: IncidentRecord, names: dict[str, str], snapshot: Callable[[str, str], None]) -> None:
    """The Markdown of a small incident is as reviewed."""
    snapshot("rich.md", to_markdown(rich, names))


def test_text_fits_the_terminal(foreign: IncidentRecord, rich: IncidentRecord, hostile: IncidentRecord) -> None:
    """No line is wider than 100 columns."""
    for incident in (foreign, rich, hostile):
        assert max(map(columns, to_text(incident).splitlines())) <= 100


def test_boxes_are_straight(foreign: IncidentRecord) -> None:
    """All lines of an alert's box end in the same column."""
    box: set[int] = set()
    for line in to_text(foreign).splitlines():
        if line.lstrip().startswith(("┌", "│", "└")):
            box.add(columns(line))
        else:
            assert len(box) <= 1
            box = set()


def test_text_is_in_time_order(foreign: IncidentRecord) -> None:
    """Events out of order in the file are in order in the transcript."""
    times = [line.split()[1] for line in to_text(foreign).splitlines() if line.startswith("T+")]
    assert len(times) == len(foreign.timeline)
    assert times == sorted(times)


def test_text_cannot_steer_the_terminal(hostile: IncidentRecord) -> None:
    """Escape sequences and direction marks are gone."""
    got = to_text(hostile)
    assert not [char for char in got if unicodedata.category(char) in ("Cc", "Cf") and char not in "\n\u200d"]


def test_markdown_keeps_hostile_text_inert(hostile: IncidentRecord) -> None:
    """Outside code, no tag and no link of the incident's survives in Markdown."""
    text = re.sub(r"(?s)(`+)(?!`).*?(?<!`)\1(?!`)", "", to_markdown(hostile))
    assert "script" in text
    assert not re.search(r"(?<!\\)<(?!https?:)", text)
    assert not re.search(r"(?<!\\)\]\((?!<https?:)", text)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "T+0s"), (12, "T+12s"), (125, "T+2m05s"), (3725, "T+1h02m05s"), (-60, "T-1m00s"), (183900, "T+2d03h05m")],
)
def test_elapsed(seconds: float, expected: str) -> None:
    """Time since the start reads well from seconds to days."""
    assert room.elapsed(seconds) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, "0 s"), (45, "45 s"), (170, "2 min 50 s"), (4320, "1 h 12 min"), (86400, "1 d")]
)
def test_span(seconds: float, expected: str) -> None:
    """A length of time has at most two units."""
    assert room.span(seconds) == expected


def test_avatars_depend_on_the_handle_alone() -> None:
    """The same handle has the same colour, whatever the name; initials come from the name."""
    assert avatar("alice", "Alice Chen").tone == avatar("alice", "alice").tone
    assert avatar("alice", "Alice Chen").initials == "AC"
    assert avatar("x", "!?").initials == "?"
    assert all(0 <= avatar(handle, handle).tone < TONES for handle in ("a", "b", "c"))


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 4, "abc…"),
        ("日本語", 4, "日…"),
        ("日本語", 5, "日本…"),
        ("e\u0301abc", 2, "e\u0301…"),
        ("abc", 1, "…"),
        ("", 0, ""),
    ],
)
def test_a_text_is_cut_to_its_column(text: str, width: int, cut: str) -> None:
    """What is too wide ends in an ellipsis and fits; wide characters count double, combining ones nothing."""
    assert transcript._cut(text, width) == cut


def test_cutting_does_not_measure_again_for_each_character(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of any length is gone through twice."""
    looks: list[str] = []

    def wide(char: str) -> int:
        looks.append(char)
        return 1

    monkeypatch.setattr(transcript, "_wide", wide)
    assert transcript._cut("x" * 500, 20) == "x" * 19 + "…"
    assert len(looks) <= 2 * 500


@pytest.mark.parametrize("offset", [math.nan, math.inf, -math.inf, 1e300, 1e12])
@pytest.mark.parametrize("render", [to_text, to_markdown, to_html])
def test_what_has_no_time_is_refused(
    render: Callable[[IncidentRecord], str], rich: IncidentRecord, offset: float
) -> None:
    """An event at no time cannot be placed; the error names it."""
    *others, last = rich.timeline
    late = last.model_copy(update={"offset_seconds": offset})
    with pytest.raises(UsageError, match=r"timeline\[12\]\.offset_seconds"):
        render(rich.model_copy(update={"timeline": (*others, late)}))


def test_an_edit_at_no_time_is_refused(rich: IncidentRecord) -> None:
    """The tooltip of an edit shows its time too."""
    *others, last = rich.timeline
    edited = last.model_copy(update={"edited": EditRecord(offset_seconds=math.nan)})
    with pytest.raises(UsageError, match=r"timeline\[12\]\.edited\.offset_seconds is not a number"):
        to_html(rich.model_copy(update={"timeline": (*others, edited)}))


@pytest.mark.parametrize("value", [math.nan, math.inf, 10**400])
def test_a_duration_that_is_no_number_is_refused(rich: IncidentRecord, value: float) -> None:
    """Metadata is held to the same."""
    with pytest.raises(UsageError, match=r"metadata\.duration_seconds is not a number"):
        to_text(rich.model_copy(update={"metadata": {"duration_seconds": value}}))


def edge(source: str, target: str, at: int = 0) -> CascadeLabel:
    """One edge of a cascade."""
    return CascadeLabel(source=source, target=target, via="calls", effect="slow", offset_seconds=at)


def test_graph_depths_survive_circles() -> None:
    """A circle in the cascade ends, and every service has a place."""
    assert depths([edge("a", "b"), edge("b", "c"), edge("c", "b")]) == {"a": 0, "b": 1, "c": 2}
    assert depths([edge("a", "b"), edge("b", "a")]) == {"a": 0, "b": 1}
    assert depths([edge("a", "b"), edge("x", "y"), edge("y", "x")]) == {"a": 0, "b": 1, "x": 0, "y": 1}


def test_graph_tells_the_time_of_each_edge() -> None:
    """Each edge of the drawing has its time; without edges there is no drawing."""
    drawing = cascade_svg([edge("a", "b", 60), edge("b", "c", 75)], "a")
    assert "T+1m00s" in drawing
    assert "T+1m15s" in drawing
    assert drawing.count('class="node cause"') == 1
    assert cascade_svg([]) == ""


@pytest.mark.parametrize("title", ["🔴 CRITICAL: Disk full", "⚠️ Disk full", "Warning: Disk full", "Disk full"])
def test_headline_does_not_repeat_the_severity(title: str) -> None:
    """The box names the severity; the title under it does not say it again."""
    assert headline(title) == "Disk full"
