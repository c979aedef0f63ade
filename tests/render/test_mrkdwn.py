"""Slack's mrkdwn: what becomes markup, and what must stay text."""

from __future__ import annotations

import pytest
from markupsafe import escape

from slackincidents.render.mrkdwn import Scene, html, parse, plain, safe_url

SCENE = Scene({"alice": "Alice Chen"}, {"#ops": "c1"})


def inner(text: str) -> str:
    """The HTML of a one-line message, without the line around it."""
    return str(html(text, SCENE)).removeprefix('<div class="ln">').removesuffix("</div>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*bold* and **bold**", "<b>bold</b> and <b>bold</b>"),
        ("_so_ ~no~ ~~no~~", "<i>so</i> <s>no</s> <s>no</s>"),
        ("*a _b_*", "<b>a <i>b</i></b>"),
        ("`x < *y*`", "<code>x &lt; *y*</code>"),
        ("@alice @bob", '<span class="at">@Alice Chen</span> <span class="at">@bob</span>'),
        ("<!here> ok", '<span class="at group">@here</span> ok'),
        ("<!subteam^S1|@web-oncall>", '<span class="at group">@web-oncall</span>'),
        ("see #ops", 'see <a class="ch" href="#c1">#ops</a>'),
        ("<#C12|ops>", '<a class="ch" href="#c1">#ops</a>'),
        (":eyes: :nonesuch: :+1:", "👀 :nonesuch: 👍"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
    ],
)
def test_marks(text: str, expected: str) -> None:
    """Every mark of Slack's, and the Markdown that files from elsewhere have."""
    assert inner(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_name and other_name_too", "2 * 3 * 4", "rate ~15 to ~20", "at 10:30:00", "bob@example.com",
        "npm i @scope/pkg", "see #1234 and #nowhere", "a*b*c", "x < 30 sec and > 5", "*", "``", "**", "@", "[a](b)",
    ],
)  # fmt: skip
def test_plain_text_stays(text: str) -> None:
    """What only looks like a mark is text, character for character."""
    assert inner(text) == str(escape(text))


@pytest.mark.parametrize(
    ("text", "url", "after"),
    [
        ("(https://a.example/x).", "https://a.example/x", ")."),
        ("https://a.example/x_(y), z", "https://a.example/x_(y)", ", z"),
        ("https://a.example/a_b_c?q=1&amp;r=2 z", "https://a.example/a_b_c?q=1&r=2", " z"),
    ],
)
def test_bare_address_ends_where_the_sentence_does(text: str, url: str, after: str) -> None:
    """Full stops and closing brackets after an address are not part of it."""
    spans = parse(text)[0].children
    assert [span.url for span in spans if span.kind == "link"] == [url]
    assert plain(spans[-1:], SCENE) == after


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//a.example", "ftp://a.example", "http:", "https://", "https://[x",
     'https://a.example/"x', "https://a.example/ x", "java\nscript:alert(1)", "", None],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str | None) -> None:
    """Nothing but http and https with a host is a link."""
    assert safe_url(url) is None
    assert "href" not in inner(f"<{url}|click>") if url else True


def test_blocks() -> None:
    """Fences, quotes, lists and to-do lists are blocks; marks in a fence mean nothing."""
    blocks = parse("before\n```\n$ a *b*\n  c\n```\nafter\n> one\n> two\n• x\n- [ ] y\n1. z")
    assert [block.kind for block in blocks] == ["line", "fence", "line", "quote", "item", "item", "item"]
    assert blocks[1].text == "$ a *b*\n  c"
    assert [block.url for block in blocks[4:]] == ["•", "☐", "1."]


def test_open_fence_is_text() -> None:
    """A fence that nobody closed hides nothing."""
    assert "kept" in html("```\nkept", SCENE)


@pytest.mark.parametrize("noise", ["*_~" * 4000, "<" * 9000, "_a " * 4000, "`" * 9001, "*a " * 4000, "@a." * 4000])
def test_long_noise_ends(noise: str) -> None:
    """Thousands of marks in a row are read without deep recursion."""
    assert html(noise, SCENE)
