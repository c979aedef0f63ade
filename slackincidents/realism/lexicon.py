"""Words and patterns by which a line shows doubt, assent, feeling.

Detectors, not truth: about one hit in ten is wrong. Compare corpora with one program only.
"""

from __future__ import annotations

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


STRICT_HEDGES = (
    *("maybe", "perhaps", "probably", "possibly", "presumably", "prob", "might", "could be"),
    *("i think", "i guess", "i suppose", "i believe", "i suspect", "my guess", "guessing"),
    *("not sure", "not certain", "unsure", "wondering if", "no idea", "dunno", "idk"),
    *("afaik", "afaict", "iirc", "imo", "imho", "kinda", "sort of"),
)
LOOSE_HEDGES = (
    *("seem", "seems", "look like", "looks like", "appear", "appears", "sounds like"),
    *("may be", "should be", "likely", "apparently", "roughly", "suspect", "assume", "assuming"),
    *("i wonder", "don't know", "dont know", "as far as i", "kind of", "sorta"),
)

ASSENT = _set(
    """
    ok okay okey k kk yes yeah yea yep yup ya no nope nah sure right true exactly indeed agreed same +1 roger
    ack acked ack'd noted understood lgtm gotcha it i do done alright fine problem np
    cool nice great good perfect awesome excellent sweet cheers thanks thank thx ty welcome
    ah oh aha hm hmm lol haha heh
    """
)
"""At least one of these makes a short line an acknowledgement."""

ASSENT_FILLER = _set(
    """
    aye both brilliant enough fair got hehe hello here hey hi kewl me morning on see sounds ta thankyou thing
    tnx too will you yw
    """
)
"""These may stand beside it."""


ENGLISH = _set("the a to of and in is it that i for on you we this not be have are was with but so at what if can do")
"""The commonest English words: a line of any length has one of them nearly always."""

TROUBLE = (
    *("nope", "nvm", "nevermind", "never mind", "scratch that", "no luck", "red herring", "false alarm", "dead end"),
    *("no change", "no difference", "no effect", "not it", "not that", "wrong", "ruled out", "can't reproduce"),
    *("didn't help", "doesn't help", "didnt help", "didn't work", "doesn't work", "didnt work", "doesnt work"),
    *("isn't working", "not working", "still failing", "still down", "still broken", "still seeing", "still slow"),
    *("still no", "still nothing", "still not", "can't see", "cant see", "couldn't", "unable to", "i was wrong"),
)
"""Something failed or was ruled out."""

LOOKING = (
    *("log", "logs", "dashboard", "dashboards", "graph", "graphs", "grafana", "metric", "metrics", "trace", "traces"),
    *("query", "queries", "stack trace", "stacktrace", "dump", "heap", "profile", "diff", "deploy history", "describe"),
    *("kubectl", "grep", "tail", "curl", "explain", "checking", "looking at", "digging", "let me check", "let me look"),
)
"""Somebody looks something up."""

PAST = (
    *("last time", "last week", "last month", "last year", "last quarter", "yesterday", "the other day", "once before"),
    *("seen this before", "seen that before", "same as", "similar to", "happened before", "had this", "had that"),
    *("like in", "post-mortem", "postmortem", "previous incident", "again this", "back in", "remember when"),
)
"""Somebody refers to what was before this incident."""

ABBREVIATIONS = (
    *("fyi", "btw", "brb", "afk", "tbh", "imo", "imho", "idk", "iirc", "afaik", "afaict", "lgtm", "wfm", "rn", "atm"),
    *("pls", "plz", "thx", "ty", "np", "nvm", "ofc", "prob", "prolly", "gonna", "gotta", "wanna", "dunno", "kinda"),
    *("lemme", "ppl", "msg", "config", "prod", "repro", "env", "repo", "perms", "sec", "secs", "tho", "asap"),
)
SOCIAL = (
    *("thanks", "thank you", "thx", "ty", "cheers", "sorry", "apologies", "good morning", "morning", "hi", "hey"),
    *("hello", "lol", "haha", "heh", "hehe", "ouch", "oops", "yay", "nice", "good catch", "good night", "night all"),
)
OFFER = (
    *("can you", "could you", "can we", "could we", "should we", "shall i", "shall we", "let me", "let's", "lets"),
    *("i'll", "i will", "ill", "i can", "going to", "gonna", "please", "pls", "want me to", "we should", "try"),
)
"""Somebody offers, asks for or announces something to do."""


def any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases as whole words, whatever the case."""
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b", re.IGNORECASE)


HEDGE_STRICT = any_of(STRICT_HEDGES)
HEDGE = any_of(STRICT_HEDGES + LOOSE_HEDGES)
FAILED = any_of(TROUBLE)
LOOKED = any_of(LOOKING)
PAST_TIMES = any_of(PAST)
ABBREVIATED = any_of(ABBREVIATIONS)
SOCIABLE = any_of(SOCIAL)
OFFERED = any_of(OFFER)

URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
FENCE = re.compile(r"```.*?```", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
SHORTCODE = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+\-]{1,40}:(?!\w)")
UNICODE_EMOJI = re.compile("[\U0001f300-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u27bf\u23f3-\u23fa\u2b50]")
EMOTICON = re.compile(
    r"""(?<![\w/:])
    (?: [:;=8] [-o'^]? [()\[DPpO/\\|3*\]]+   # :-) ;P =/ 8D
      | [()] -? [:;=]                        # (: )-;
      | :['`]\(                              # :'(
      | \\o/? | o/                           # \o/ o/
      | \^_?\^ | -_- | x[DP] | <3
      | ¯\\_\(ツ\)_/¯
    )(?![\w/])""",
    re.VERBOSE,
)

MENTION = re.compile(r"<@[UW][A-Z0-9]+>|<!subteam[^>]*>|<!(?:here|channel|everyone)>|(?<![\w.])@[A-Za-z][\w .\-]{1,30}")
ADDRESS = re.compile(r"\s*@?([^\s:,]{2,30})\s*[:,]\s+")
LEADING_MENTION = re.compile(r"\s*(?:<@[UW][A-Z0-9]+>|@[A-Za-z][\w.\-]*)[\s:,]*")
LEADING_WORD = re.compile(r"\s*([^\s:,]{3,30})(?:\s|$)")
PLAIN_WORD = re.compile(r"[a-z]{4,14}")
WORD = re.compile(r"[a-z0-9_']+")
TURN_WORD = re.compile(r"[\w'+]+")

END_MARK = re.compile(r"[.!?…][\"')\]*`]*$")
FULL_STOP = re.compile(r"(?<!\.)\.[\"')\]]*$")
ELLIPSIS = re.compile(r"\.{2,}|…")
NEXT_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")
FIRST_LETTER = re.compile(r"[\"'(\[]*([A-Za-z])")
LOG_LINE = re.compile(
    r"\A\W*(?:\d{4}-\d\d-\d\d[T ]\d\d:|\d\d:\d\d:\d\d\b|(?:ERROR|WARN|WARNING|INFO|FATAL|DEBUG)\b[:\s]"
    r"|NAME\s+READY|Traceback)"
)
"""How a line of a log, a listing of pods or a traceback begins."""

ARROW_OR_BULLET = re.compile(r"→|•|->|=>|^\s*[-*] ", re.MULTILINE)
