"""A reader of exports that others wrote shows every message and every thread of ours."""

from __future__ import annotations

import os
import re
import subprocess
import venv
from html import unescape
from pathlib import Path

import pytest

from slackincidents.incident import Incident
from slackincidents.sinks import slack_export
from tests.archive.rules import Json, Opened
from tests.source import ROOT

pytestmark = pytest.mark.slow

PINNED = ("slack-export-viewer==3.5.0", "Flask==2.3.3")
HOME = ROOT / ".cache" / "slack-export-viewer"
NOT_OURS = "ignore:Nothing frozen for endpoints"
"""What the viewer's freezer says of every export without direct messages, whatever is in it."""

BLOCK = re.compile(
    r'<div class="message-container(?P<kind>[^"]*)">(?P<body>.*?)(?=<div class="message-container|\Z)', re.S
)


@pytest.fixture(scope="module")
def viewer() -> Path:
    """The program in an environment of its own, which is kept in .cache."""
    program = HOME / "bin" / "slack-export-viewer"
    if not program.exists():
        venv.create(HOME, with_pip=True, clear=True)
        pip = (str(HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        done = subprocess.run([*pip, *PINNED], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
    return program


@pytest.fixture(scope="module")
def shown(viewer: Path, shipped: tuple[Incident, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the export of all thirteen, and the pages that the viewer makes of it."""
    folder = tmp_path_factory.mktemp("viewer")
    slack_export.write(shipped, folder / "x.zip")
    command = [str(viewer), "-z", "x.zip", "--html-only", "--no-browser", "-o", "out"]
    (folder / "tmp").mkdir()
    around = {"PATH": os.environ["PATH"], "TZ": "UTC", "TMPDIR": str(folder / "tmp"), "PYTHONWARNINGS": NOT_OURS}
    done = subprocess.run(command, cwd=folder, env=around, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def blocks(folder: Path, channel: str) -> list[tuple[str, str, str]]:
    """Kind (``message`` or ``reply``), author and words of every message on a channel's page."""
    page = (folder / "out" / "channel" / channel / "index.html").read_text(encoding="utf-8")
    found = []
    for match in BLOCK.finditer(page):
        kind = "reply" if '<div class="reply">' in match["body"] else "message"
        author = re.search(r'<div class="username">([^<]*)', match["body"])
        found.append((kind, unescape(author[1]).strip() if author else "", letters(match["body"])))
    return found


def letters(markup: str) -> str:
    """Letters and digits only, without tags: what no renderer changes.

    The viewer knows neither user groups nor channels with a hyphen: ``<!subteam^S..|@handle>`` and
    ``<#C..|inc-1204>`` stand in its page as they are. Cards and code are escaped twice.
    """
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"(?:<|&lt;)(?:!subteam\^|#C)\w+\|([^>]+?)>", r"\1", markup))
    again = re.sub(r"</?(?:p|br|a|b|em|strong|code|pre)\b[^>]*>", " ", unescape(plain))
    return re.sub(r"[\W_]+", "", unescape(again))


def words(export: Opened, post: Json) -> str:
    """The letters of a message as a reader should see them."""
    names = {key: str(user["real_name"]) for key, user in export.users.items()}
    text = re.sub(r"<@(U\w+)>", lambda match: names[match[1]], str(post["text"]))
    text = re.sub(r"<#C\w+\|([^>]+)>", r"\1", text)
    return re.sub(r"[\W_]+", "", unescape(re.sub(r"<!subteam\^\w+\|([^>]+)>", r"\1", text)))


def test_every_message_and_thread_is_on_its_page(shown: Path) -> None:
    """As many as in the export, in the same threads, by the same people, with the same words."""
    export = Opened(shown / "x.zip")
    seen = 0
    for channel in export.channels:
        posts = export.posts(channel)
        if not posts:
            continue
        page = blocks(shown, channel)
        assert len(page) == len(posts)
        for post, (kind, author, told) in zip(threaded(posts), page, strict=True):
            assert kind == ("reply" if post.get("thread_ts") not in (None, post["ts"]) else "message")
            assert author == export.users[str(post["user"])]["real_name"]
            assert words(export, post) in told
        seen += len(posts)
    assert seen > 700


def threaded(posts: list[Json]) -> list[Json]:
    """Messages in the order of the page: replies below their root."""
    roots = [post for post in posts if post.get("thread_ts") in (None, post["ts"])]
    return [
        shown
        for root in roots
        for shown in (root, *(one for one in posts if one is not root and one.get("thread_ts") == root["ts"]))
    ]


def test_cards_and_reactions_are_shown(shown: Path) -> None:
    """Every field of every alert, and who reacted."""
    export = Opened(shown / "x.zip")
    for channel in export.channels:
        posts = export.posts(channel)
        for post, (_, _, told) in zip(threaded(posts), blocks(shown, channel) if posts else [], strict=True):
            cards, reactions = post.get("attachments", []), post.get("reactions", [])
            assert isinstance(cards, list)
            assert isinstance(reactions, list)
            for card in cards:
                assert isinstance(card, dict)
                fields = card["fields"]
                assert isinstance(fields, list)
                said = [card["title"], card["text"], *(field["value"] for field in fields if isinstance(field, dict))]
                assert [one for one in said if letters(str(one)) not in told] == []
            for reaction in reactions:
                assert isinstance(reaction, dict)
                users = reaction["users"]
                assert isinstance(users, list)
                assert all(letters(str(export.users[str(user)]["real_name"])) in told for user in users)
