"""TXT002 assistant-talk."""

from __future__ import annotations

import re

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule

TALK = re.compile(
    r"\bas an ai\b|\b(?:ai|large) language model\b|\bas requested, here\b|^\W*(?:certainly|absolutely|of course)!"
    r"|^\W*sure(?:!|, here)|\bhere(?:'s| is) (?:the|your|a) (?:message|text|reply|response|draft|rewrite|rewritten|slack)\b"
    r"|\bi hope this (?:helps|message)\b|\bgreat question\b|\bthank you for (?:bringing this|your patience|reaching out)\b"
    r"|\bfeel free to (?:reach|ask|let)\b|\blet me know if (?:you|there)\b.{0,40}\b(?:need|have|would like|anything else|any questions)\b"
    r"|\bi'?d be happy to\b|\bi(?:'m| am) here to (?:help|assist)\b|\bhow can i (?:help|assist) you\b|\bi cannot (?:assist|comply)\b"
    r"|\bit'?s (?:important|worth) (?:to note|noting) that\b|\bi apologi[sz]e for (?:the|any) (?:confusion|inconvenience)\b|\bas mentioned in the (?:prompt|brief)\b",
    re.IGNORECASE | re.MULTILINE,
)


def _check(context: Context) -> Found:
    for index, _, text in context.prose:
        if match := TALK.search(text):
            yield index, f"says {match[0].strip()!r}"


RULE = Rule(
    code="TXT002",
    name="assistant-talk",
    what="No message sounds like a chat model at its desk.",
    why="One \"Certainly!\" and nobody takes the room for real.",
    hint="Write it again as a colleague would type it.",
    check=_check,
    example="Certainly! Here is the message:",
)
