"""The HTML page: what it shows, what it escapes, and that it asks nobody for anything."""

from __future__ import annotations

import html as entities
import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from slackincidents.render import fragment, to_html, to_markdown, to_text
from slackincidents.schema.incident import IncidentRecord

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--window-size=1400,900",
)  # fmt: skip


class Page(HTMLParser):
    """Tags with their attributes, and all text outside style and script."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._skip = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        self._skip = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        """Leave style and script."""
        self._skip = False

    def handle_data(self, data: str) -> None:
        """Keep text."""
        if not self._skip:
            self.text += data

    def all(self, tag: str, of_class: str = "") -> list[dict[str, str | None]]:
        """The attributes of all such tags."""
        return [
            attrs
            for name, attrs in self.tags
            if name == tag and (not of_class or of_class in (attrs.get("class") or "").split())
        ]


def bare(source: str) -> str:
    """The page without style, script and the script's hash."""
    source = re.sub(r"(?s)<(style|script)>.*?</\1>", r"<\1></\1>", source)
    return re.sub(r"sha256-[\w+/=]+", "sha256-", source)


def test_page_snapshot(rich: IncidentRecord, names: dict[str, str], snapshot: Callable[[str, str], None]) -> None:
    """The markup of a small page is as reviewed."""
    snapshot("rich.html", bare(to_html(rich, names)))


@pytest.mark.parametrize("render", [to_html, to_text, to_markdown, fragment])
def test_same_bytes(render: Callable[[IncidentRecord], str], rich: IncidentRecord) -> None:
    """The same incident gives the same bytes, also after a trip through JSON."""
    again = IncidentRecord.model_validate_json(rich.model_dump_json(by_alias=True, exclude_none=True))
    assert render(rich) == render(again)


def test_every_event_is_there_once(foreign: IncidentRecord) -> None:
    """Each event of a public file has its message, and rooms and threads are in time order."""
    page = Page(to_html(foreign))
    ids = [str(attrs["id"]) for attrs in page.all("article")]
    assert sorted(ids) == sorted(f"m{index}" for index in range(len(foreign.timeline)))
    order = [foreign.timeline[int(id_[1:])] for id_ in ids]
    for channel in {event.channel for event in order}:
        for parent in {event.thread_parent for event in order}:
            times = [e.offset_seconds for e in order if e.channel == channel and e.thread_parent == parent]
            assert times == sorted(times)


def test_nothing_from_outside(rich: IncidentRecord, foreign: IncidentRecord) -> None:
    """The page loads nothing: no source, no import, no address in the style; the policy forbids it too."""
    for incident in (rich, foreign):
        source = to_html(incident)
        page = Page(source)
        assert not [tag for tag, attrs in page.tags if "src" in attrs or tag in ("link", "img", "iframe")]
        assert not re.search(r"url\((?!#)|@import", source)
        assert "default-src 'none'" in source


def test_hostile_text_stays_text(hostile: IncidentRecord) -> None:
    """No text of the incident becomes a tag, an attribute, a link or a template expression."""
    page = Page(to_html(hostile, {"bob": "<script>x</script>"}))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not page.all("img")
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    links = {str(attrs["href"]) for attrs in page.all("a")}
    assert {link for link in links if not link.startswith("#")} == {"https://a.example/", "https://ok.example/?a=1&b=2"}
    assert '<script>document.title="owned"</script>' in page.text
    assert "{{ 7*7 }}" in page.text
    assert "\x1b" not in page.text
    assert "\u202e" not in page.text


def test_hostile_fragment_stays_in_its_frame(hostile: IncidentRecord) -> None:
    """A notebook cell gets one sandboxed frame and nothing else."""
    page = Page(fragment(hostile))
    assert [tag for tag, _ in page.tags] == ["iframe"]
    assert page.tags[0][1]["sandbox"] == "allow-scripts allow-popups"
    assert page.tags[0][1]["srcdoc"] == to_html(hostile)


def test_threads_that_lead_nowhere(hostile: IncidentRecord) -> None:
    """A parent that is missing, in another channel, in a circle or the event itself does no harm."""
    page = Page(to_html(hostile))
    assert len(page.all("article")) == len(hostile.timeline)
    assert len(page.all("details")) == 1
    assert "replied to a thread in #" in page.text


def test_answer_key_only_with_labels(rich: IncidentRecord) -> None:
    """Without labels there is no toggle, no panel and no chip in the page."""
    told, kept = to_html(rich), to_html(rich.model_copy(update={"labels": None}))
    for shown in ('id="key"', "bad-deploy: false", "redis-oom: true", "T+1m15s"):
        assert shown in told
    for secret in ('id="key"', 'class="chip ', 'class="answers"', "bad-deploy", "ran out of memory"):
        assert secret not in kept


def test_made_up_line(rich: IncidentRecord, foreign: IncidentRecord) -> None:
    """A simulated incident says so; a file that does not claim it is left alone."""
    for render in (to_html, to_text, to_markdown):
        assert "simulated incident, written by slackincidents" in render(rich)
        assert "simulated incident" not in render(foreign)


def test_card_colours(rich: IncidentRecord) -> None:
    """The bar is red for critical and green once resolved."""
    page = Page(to_html(rich))
    assert len(page.all("div", "t-critical")) == 1
    assert len(page.all("div", "t-resolved")) == 2
    assert len(page.all("a", "button")) == 2


def test_empty_incident(rich: IncidentRecord) -> None:
    """An incident without events still makes a page."""
    empty = rich.model_copy(update={"timeline": (), "labels": None})
    assert "Recommendations slow" in to_html(empty)
    assert "Recommendations slow" in to_text(empty)
    assert "Recommendations slow" in to_markdown(empty)


def dom(browser: str, url: str, home: Path) -> str:
    """The page's DOM after its script ran."""
    command = [browser, *_FLAGS, f"--user-data-dir={home}", "--dump-dom", url]
    return subprocess.run(command, capture_output=True, check=True, timeout=120, text=True).stdout


def test_browser_opens_room_and_thread(chromium: str, foreign: IncidentRecord, tmp_path: Path) -> None:
    """The script runs under the page's own policy: the busiest room is open, and its long thread in the pane."""
    path = tmp_path / "page.html"
    path.write_text(to_html(foreign), encoding="utf-8")
    got = dom(chromium, path.as_uri(), tmp_path / "home")
    assert '<html lang="en" class="js">' in got
    assert got.count('class="room now"') == 1
    assert re.search(r'<aside class="pane"[^>]*>', got)
    assert "threaded" in re.findall(r"<body[^>]*>", got)[0]


def test_browser_shows_all(chromium: str, rich: IncidentRecord, tmp_path: Path) -> None:
    """The All view has every message in time order, whichever room it is from."""
    path = tmp_path / "page.html"
    path.write_text(to_html(rich), encoding="utf-8")
    got = dom(chromium, path.as_uri() + "#all", tmp_path / "home")
    view = got[got.index('id="all"') : got.index("</main>")]
    times = re.findall(r'<article[^>]*data-t="([^"]+)"', view)
    assert len(times) == len(rich.timeline)
    assert times == sorted(times)


def test_browser_runs_nothing_hostile(chromium: str, hostile: IncidentRecord, tmp_path: Path) -> None:
    """In a real browser too, hostile text is only shown, in every view."""
    path = tmp_path / "page.html"
    path.write_text(to_html(hostile), encoding="utf-8")
    got = dom(chromium, path.as_uri() + "#all", tmp_path / "home")
    assert "<img" not in got
    title = re.findall(r"(?s)<title>(.*?)</title>", got)[0]
    assert entities.unescape(title).startswith('<script>document.title="owned"')
