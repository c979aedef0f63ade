"""What a debrief says, and how it looks: sentences, Markdown, text, HTML."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from slackincidents.drills import happenings as show
from slackincidents.drills.debrief import (
    Debrief,
    Glance,
    Hint,
    Notes,
    debrief,
    peers,
    to_html,
    to_markdown,
    to_text,
)
from slackincidents.drills.debrief.points import cost, to_try, well
from slackincidents.drills.debrief.values import History
from slackincidents.schema import seat
from tests.drills.debriefs import Drill, good, workshop

SNAPSHOT = Path(__file__).parent / "snapshots" / "debrief.md"
STORED = SNAPSHOT.with_suffix(".json")
NASTY = '<script>alert("x")</script>&\x1b[31m\u202e'


def whole() -> Debrief:
    """A drill with something of everything."""
    drill = Drill().answered(100)
    drill.do(seat.Triage(severity="SEV-1"))
    drill.do(seat.Guess(hypothesis="traffic"))
    drill.look("traffic-same")
    drill.look("cat-500")
    drill.act("scale-catalog")
    drill.do(seat.Resolve(text="should be fine"))
    drill.wait(120)
    drill.do(seat.Withdraw(hypothesis="traffic"))
    drill.diagnose()
    drill.act("kill-queries")
    drill.until(show.Expected, limit=1500)
    drill.resolve()
    notes = Notes(
        hints=(Hint(at=1200, text="what does the database do all day?"),),
        runbook=(400.0,),
        glances=(Glance(at=300, where="logs", service="checkout"),),
        played_at="2026-01-02T03:04:05+00:00",
    )
    others = peers(drill.session, workshop().stage, 8)
    return debrief(drill.session, notes, peers=others, history=History())


def test_markdown_is_the_snapshot() -> None:
    """Every word of one stored drill's debrief. `UPDATE_SNAPSHOTS=1` plays the drill again and renews both files."""
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        STORED.write_text(whole().to_json(), encoding="utf-8")
        SNAPSHOT.write_text(to_markdown(whole()), encoding="utf-8")
    stored = Debrief.model_validate_json(STORED.read_text(encoding="utf-8"))
    assert to_markdown(stored) == SNAPSHOT.read_text(encoding="utf-8")
    assert (well(stored), cost(stored), to_try(stored)) == (stored.well, stored.cost, stored.next)


def test_the_important_comes_first() -> None:
    """How it ended, what went well, what cost time and what to try, before any table."""
    heads = re.findall(r"^##? (.*)", to_markdown(whole()), re.MULTILINE)
    assert heads[1:4] == ["What went well", "What cost time", "To try next time"]


def test_no_praise_where_none_is_due() -> None:
    """Who lets every page go is told of nothing that went well."""
    drill = Drill()
    drill.until(show.Rang)
    for _ in range(3):
        drill.do(seat.Ignore())
    found = debrief(drill.session)
    assert found.well == ()
    assert found.cost == ("All 3 pages were let go, and then there was nobody left.",)
    assert found.next[0].startswith("Answer the page first")


def test_what_costs_most_comes_first() -> None:
    """An action that made it worse for long stands before all else, and says whose word that is."""
    found = whole()
    assert "scale product-catalog up: made it worse" in found.cost[0]
    assert found.cost[0].endswith("(answer key).")
    assert len(found.next) <= 3


def test_a_wrong_action_takes_praise_away() -> None:
    """Nothing in vain is said of who tried nothing in vain, and of nobody else."""
    said = "Nothing you did made it worse or was tried in vain (answer key)."
    assert said in debrief(good().session).well
    assert said not in whole().well


def test_a_fix_without_a_cause_is_half_the_work() -> None:
    """Who restarts it away is told that nobody knows why, and not after a cause was found."""
    drill = Drill().answered()
    drill.act("restart")
    said = "The fault went away, and nobody found out what it was."
    assert said in debrief(drill.session).cost
    assert said not in debrief(good().session).cost


@pytest.mark.parametrize("width", [60, 100])
def test_text_fits_the_terminal(width: int) -> None:
    """No line is wider than asked for."""
    assert max(map(len, to_text(whole(), width).splitlines())) <= width


def test_json_comes_back() -> None:
    """What is written is what is read."""
    found = whole()
    assert Debrief.model_validate_json(found.to_json()) == found


def nasty() -> Debrief:
    """A debrief in which a person's own words want to be markup."""
    drill = Drill(seed="5").answered()
    assert drill.until(show.Expected, limit=4000)
    drill.do(seat.Say(text=NASTY))
    notes = Notes(hints=(Hint(at=1, text=NASTY),), glances=(Glance(at=5, where="logs", service=NASTY),))
    left = History(left_out={NASTY: NASTY})
    return debrief(drill.session, notes, history=left)


class Tags(HTMLParser):
    """Every element of a page, with its attributes."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.seen.append((tag, dict(attrs)))


def test_a_trainees_script_is_text() -> None:
    """Own words, hints, services and folder names are shown, and do nothing."""
    page = to_html(nasty())
    tags = Tags()
    tags.feed(page)
    assert page.count("&lt;script&gt;") >= 3
    assert "<script" not in page
    assert not {"script", "iframe", "img", "link", "a"} & {tag for tag, _ in tags.seen}
    assert not [name for _, attrs in tags.seen for name in attrs if name.startswith("on") or name in {"src", "href"}]
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_markdown_and_text_hold_no_markup_of_a_trainee() -> None:
    """The same words in Markdown are escaped, and on a terminal without control characters."""
    found = nasty()
    assert "<script" not in to_markdown(found).replace("\\<script", "")
    assert "\x1b" not in to_text(found) + to_markdown(found)


def test_the_page_is_one_file_that_asks_for_nothing() -> None:
    """Its policy allows its own style and nothing else; the hash is that of the style."""
    page = to_html(whole())
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'" in page
    assert "http://" not in page
    assert "https://" not in page
    assert ' style="' not in page


def test_the_timeline_says_what_it_shows() -> None:
    """Seven lanes; each mark has its words, and the whole is described for who cannot see it."""
    page = to_html(whole())
    for lane in ("Pager", "Looks", "Hypotheses", "Actions", "Updates", "Milestones", "Worst signal"):
        assert f">{lane}</text>" in page
    assert "you: scale product-catalog up, made it worse</title>" in page
    assert re.search(r'<svg class="plot timeline" role="img" aria-label="The drill: Pager: ', page)


def test_the_same_debrief_gives_the_same_page() -> None:
    """Made twice, the bytes are equal."""
    assert to_html(whole()) == to_html(whole())


def test_a_browser_shows_it(chromium: str, tmp_path: Path) -> None:
    """The page has its sections once a browser has read it."""
    (tmp_path / "page.html").write_text(to_html(whole()), encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", f"file://{tmp_path}/page.html"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "<h2>What cost time</h2>" in shown
    assert 'class="mark bad"' in shown
