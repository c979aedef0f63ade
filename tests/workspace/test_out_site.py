"""A history as a web site without a server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from datetime import UTC
from html import unescape
from pathlib import Path

import pytest

from slackincidents.errors import BadFile, OutputExists, UsageError
from slackincidents.render.room import entries
from slackincidents.schema.incident import IncidentRecord
from slackincidents.workspace import out_search, out_site
from slackincidents.workspace.out_history import History, Is, kind_of
from slackincidents.workspace.out_search import words

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def site(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's folder."""
    return out_site.write(history, tmp_path_factory.mktemp("site") / "site")


def scripts(site: Path, letter: str) -> dict[str, str]:
    """The data scripts of a kind: what they hold as JSON, by name."""
    found = {}
    for path in sorted((site / "data").glob(f"{letter}-*.js"), key=lambda path: (len(path.name), path.name)):
        match = re.fullmatch(r'slackincidents\("([^"]+)",(.*)\);\n', path.read_text(encoding="ascii"), re.S)
        assert match
        assert match[1] == path.stem
        found[path.stem] = match[2]
    return found


def test_every_link_leads_somewhere(site: Path) -> None:
    """Pages link to pages that are there, and to places that are on them."""
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    ids = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in pages.items()}
    checked = 0
    for path, text in pages.items():
        for link in re.findall(r'(?:href|src|action)="([^"]*)"', text):
            if link.startswith("https://"):
                continue
            name, _, anchor = unescape(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.is_file(), (path, link)
            assert not anchor or anchor in ids[target], (path, link)
            checked += 1
    assert checked > 500


def test_every_message_stands_once_on_the_page_of_its_channel_and_day(
    site: Path, records: tuple[IncidentRecord, ...]
) -> None:
    """Replies stand with their root; a root on the day it was posted."""
    found: Counter[str] = Counter()
    for path in site.glob("c/*/2*.html"):
        for anchor in re.findall(r'<article [^>]*id="(x\d+-\d+)"', path.read_text(encoding="utf-8")):
            found[f"{path.parent.name}/{path.stem}/{anchor}"] += 1
    expected = []
    for number, record in enumerate(records, 1):
        at = {one.index: record.time_of(one.event).astimezone(UTC).date() for one in entries(record)}
        for one in entries(record):
            day = at[one.index if one.root is None else one.root]
            expected.append(f"{one.event.channel.removeprefix('#')}/{day}/x{number}-{one.index}")
    assert found == Counter(expected)


def test_messages_of_a_day_are_in_order(site: Path) -> None:
    """Whatever incidents they belong to."""
    for path in site.glob("c/*-oncall/2*.html"):
        tops = re.findall(r'^<article [^>]*>\n.*\n.*\n.*datetime="([^"]+)"', path.read_text(encoding="utf-8"), re.M)
        outside = re.sub(r"<details.*?</details>", "", path.read_text(encoding="utf-8"), flags=re.S)
        times = re.findall(r'<div class="who">.*?datetime="([^"]+)"', outside)
        assert times == sorted(times)
        assert times or not tops


def test_the_calendar_counts(site: Path, records: tuple[IncidentRecord, ...]) -> None:
    """Each day says how many incidents and how much noise began on it."""
    text = (site / "index.html").read_text(encoding="utf-8")
    told = re.findall(r'aria-label="(\d{4}-\d\d-\d\d): (\d+) incidents, (\d+) noise"', text)
    counts = Counter((str(one.started_at.astimezone(UTC).date()), kind_of(one)) for one in records)
    days = sorted({day for day, _ in counts})
    assert told == [(day, str(counts[day, Is.INCIDENT]), str(counts[day, Is.NOISE])) for day in days]
    assert "March 2025" in text
    assert "April 2025" in text


def test_an_incident_has_its_page_with_the_key_behind_a_toggle(site: Path, records: tuple[IncidentRecord, ...]) -> None:
    """Cause, cascade and labels are on it and not shown until asked for."""
    style = (site / "site.css").read_text(encoding="utf-8")
    assert ".chips,.answers{display:none}" in style
    real = [record for record in records if kind_of(record) is Is.INCIDENT]
    assert len(list((site / "i").iterdir())) == len(real)
    for record in real:
        text = (site / "i" / f"{record.metadata['ref']}.html").read_text(encoding="utf-8")
        assert record.labels
        before, _, after = text.partition('<section class="answers"')
        key = after.partition("</section>")[0]
        assert record.labels.root_cause.plain in unescape(key)
        assert record.labels.root_cause.plain not in unescape(before)
        assert 'id="key"' in before
        assert text.count("<article ") == len(record.timeline)


def test_the_index_has_every_word_of_every_message(site: Path, records: tuple[IncidentRecord, ...]) -> None:
    """What a word's script lists are the messages with that word, and each leads to its message."""
    hits = [hit for _, text in scripts(site, "d").items() for hit in json.loads(text)]
    assert len(hits) == sum(len(record.timeline) for record in records)
    for room, page, *_ in hits[:: len(hits) // 50]:
        name, _, anchor = page.partition("#")
        assert f'id="{anchor}"' in (site / "c" / room / name).read_text(encoding="utf-8")
    places: dict[str, set[int]] = {}
    for name, text in scripts(site, "w").items():
        for word, steps in json.loads(text).items():
            assert word[:2] == name.removeprefix("w-")
            places[word] = {sum(steps[: count + 1]) for count in range(len(steps))}
    short = [number for number, hit in enumerate(hits) if not hit[4].endswith("…")]
    for number in short[::20]:
        for word in words(f"{hits[number][4]} {hits[number][3]}"):
            assert number in places[word]
    alerts = sum("alert" in words(hit[4]) for hit in hits)
    assert alerts <= len(places.get("alert", ()))


def test_words_are_cut_without_accents_and_case() -> None:
    """As the page cuts what is asked for."""
    assert words("Bergström: p99_latency is UP 4x (x)") == {"bergstrom", "p99", "latency", "is", "up", "4x"}


def test_search_finds_in_a_browser(chromium: str, site: Path, tmp_path: Path) -> None:
    """From a file, without a server: the messages with both words, each a link, the words marked."""
    hits = [hit for _, text in scripts(site, "d").items() for hit in json.loads(text)]
    assert all(len(hit[4]) <= out_search.SHOWN for hit in hits)
    wanted = [
        hit for hit in hits
        if all(any(word.startswith(one) for word in words(f"{hit[4]} {hit[3]}")) for one in ("monitoring", "resolved"))
    ]  # fmt: skip
    assert len(wanted) > 0
    url = f"file://{site}/index.html?q=Monitoring+RESOLVED"
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/home"]
    done = subprocess.run(
        [*command, "--virtual-time-budget=5000", "--dump-dom", url], capture_output=True, text=True, check=False
    )
    assert f"<h2>{len(wanted)} messages with “Monitoring RESOLVED”</h2>" in done.stdout
    shown = re.findall(r'<li><a href="c/([^"]+#[^"]+)">', done.stdout)
    assert shown == [f"{hit[0]}/{hit[1]}" for hit in wanted[:40]]
    assert re.search(r"<mark>resolved</mark>", done.stdout, re.IGNORECASE)


def test_nothing_is_fetched_from_outside(site: Path) -> None:
    """A policy on every page lets in its own files only; what else a page could load is not there."""
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'; style-src 'self' file:; script-src 'self' file:" in text
        assert not re.search(r'(?:src|action)="(?:https?:)?//', text)
        assert not re.search(r"<link[^>]+https?:|<script(?![^>]*src=)", text)
    assert not re.search(r"https?://|import|url\(", (site / "site.css").read_text(encoding="utf-8"))


def test_what_people_wrote_is_text(history: History, tmp_path: Path) -> None:
    """Markup in a message, a name or a title does nothing, on pages and among hits."""
    folder = tmp_path / "evil"
    shutil.copytree(history.folder, folder)
    shard = folder / "shards" / "00001.jsonl"
    lines = []
    for line in shard.read_text(encoding="utf-8").splitlines():
        record = IncidentRecord.model_validate_json(line)
        people = dict.fromkeys(record.people, EVIL)
        said = tuple(
            event.model_copy(update={"title" if event.type == "alert" else "content": EVIL})
            for event in record.timeline
        )
        bad = record.model_copy(update={"title": EVIL, "people": people, "timeline": said})
        lines.append(bad.model_dump_json(by_alias=True, exclude_none=True) + "\n")
    shard.write_text("".join(lines), encoding="utf-8")
    made = out_site.write(History.open(folder), tmp_path / "site")
    pages = [path.read_text(encoding="utf-8") for path in made.rglob("*.html")]
    assert any("&lt;script&gt;alert(1)" in text for text in pages)
    assert not any("<script>alert" in text or "<img" in text for text in pages)
    assert "innerHTML" not in (made / "site.js").read_text(encoding="utf-8")


def test_the_same_history_gives_the_same_site(site: Path, history: History, tmp_path: Path) -> None:
    """Byte for byte."""
    again = out_site.write(history, tmp_path / "again")
    ours, theirs = ({path.relative_to(top): path.read_bytes() for path in top.rglob("*.*")} for top in (site, again))
    assert ours == theirs


def test_what_is_there_stays(history: History, site: Path, tmp_path: Path) -> None:
    """A site is replaced only when told to, a folder of something else never."""
    with pytest.raises(OutputExists):
        out_site.write(history, site)
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(UsageError, match="something else"):
        out_site.write(history, tmp_path, overwrite=True)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


def test_a_failure_leaves_nothing_behind(torn: History, tmp_path: Path) -> None:
    """When a shard cannot be read there is no half a site."""
    (tmp_path / "out").mkdir()
    with pytest.raises(BadFile, match="Make the history again"):
        out_site.write(torn, tmp_path / "out" / "site")
    assert list((tmp_path / "out").iterdir()) == []
