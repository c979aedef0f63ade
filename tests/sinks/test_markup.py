"""Text as Slack takes it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackincidents.sinks.markup import Ids, split, to_slack

IDS = Ids(groups={"cache-oncall": "S01"}, people={"alice": "U01"}, channels={"cache": "C01"})
LIVE = re.compile(r"<(?:https?://[^<>\s]+|#C\d+|@U\d+|!subteam\^S\d+)>|<https?://[^<>|]+\|[^<>|]*>")
"""All that may stand between angle brackets."""

scraps = st.lists(
    st.sampled_from(
        [
            "<!channel>", "<!here|x>", "<!everyone>", "<!subteam^S99|@ops>", "<@U99>", "<", ">", "&", "&lt;", "&amp;",
            "<!chan", "nel>", "@channel", "@here", "@cache-oncall", "@alice", "#cache", "**bold**", "*b*", "_i_", "~s~",
            "`code <!here>`", "```\n<!channel>\n```", "```", "\n", "> quote", "- item", "https://x.io/a|b?c=<d>", " ",
            "<https://x.io|label>", "<https://x.io|<!here>>", "\u202e", "\x00", "é", "🔥", ":eyes:", "<<!channel>>",
            "<javascript:alert(1)|x>", "|", "<#C99|cache>", "&#60;!channel&#62;",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("**bold** and *bold*", "*bold* and *bold*"),
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("already &lt;escaped&gt;", "already &lt;escaped&gt;"),
        ("<!channel> wake up", "@channel wake up"),
        ("<!subteam^S99|@ops> hi", "@ops hi"),
        ("see https://x.io/?a=1&b=2.", "see <https://x.io/?a=1&amp;b=2>."),
        ("<https://x.io|the graph>", "<https://x.io|the graph>"),
        ("~~gone~~ _maybe_ `a<b`", "~gone~ _maybe_ `a&lt;b`"),
        ("one\n\n> two\n- three", "one\n\n> two\n• three"),
        ("```\nif a < b:\n```", "```\nif a &lt; b:\n```"),
        ("@bob in #nowhere", "@bob in #nowhere"),
        ("@cache-oncall @alice #cache", "<!subteam^S01> <@U01> <#C01>"),
    ],
)
def test_a_file_s_text_as_slack_takes_it(source: str, made: str) -> None:
    """Markdown's bold becomes Slack's, everything is escaped once, only known names become live."""
    assert to_slack(source, IDS) == made


@given(scraps)
def test_nothing_live_leaves_but_links_and_known_names(text: str) -> None:
    """Whatever the text, an angle bracket opens only a link or an id that was resolved; no broadcast, no foreign id."""
    made = to_slack(text, IDS)
    assert "<" not in LIVE.sub("", made)
    assert not re.search(r"<![a-z]+[>|^](?!S01>)", made)
    assert "U99" not in re.findall(r"<@(\w+)", made)


@given(scraps)
def test_without_names_nobody_is_called(text: str) -> None:
    """With nobody to ping, neither a group's nor a person's id leaves."""
    assert not re.search(r"<[@!]", to_slack(text, Ids()))


sentences = st.lists(
    st.one_of(scraps, st.sampled_from(["It broke at ten. ", "Why? ", "x" * 70 + " ", "\n\n", "We look further. "])),
    min_size=20,
    max_size=120,
).map("".join)


@given(sentences, st.integers(200, 900))
def test_a_long_text_is_split_and_nothing_is_lost(text: str, most: int) -> None:
    """Every part fits, no part cuts a link or an escape, and together they say everything."""
    whole = to_slack(text, IDS)
    made = split(whole, most)
    assert all(0 < len(part.encode("utf-16-le")) // 2 <= most for part in made)
    assert all("<" not in LIVE.sub("", part) for part in made)
    assert all(not re.search(r"&(?!(amp|lt|gt);)", part) for part in made)
    words = re.sub(r"[\s`]+", "", whole)
    assert re.sub(r"[\s`]+", "", "".join(made)) == words


def test_a_cut_comes_after_a_sentence() -> None:
    """Where a sentence ends within reach, the part ends there."""
    made = split("The pool is full. " * 40 + "And that was it.", 200)
    assert all(part.endswith(".") for part in made)
    assert len(made) > 3


def test_a_cut_code_block_is_closed_and_opened_again() -> None:
    """Each part of a long code block is a code block."""
    made = split("look:\n```\n" + "line of a log\n" * 100 + "```\nodd", 400)
    assert len(made) > 3
    assert all(part.count("```") % 2 == 0 for part in made)
    assert sum(part.count("line of a log") for part in made) == 100


def test_a_word_too_long_for_a_message_is_cut_but_whole() -> None:
    """Without any place to cut, a part is filled to the brim."""
    made = split("🔥" * 3000, 1000)
    assert "".join(made) == "🔥" * 3000
    assert all(len(part) <= 500 for part in made)
