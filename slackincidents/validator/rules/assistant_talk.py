"""TXT002 assistant-talk."""

from __future__ import annotations

import re

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule

PHRASES = (
    r"\bas an ai\b",
    r"\b(?:ai|large) language model\b",
    r"^\W*certainly!",
    r"^\W*(?:sure|certainly|absolutely|of course)[!,.]? here(?:'s| is| are)\b",
    r"\bhere(?:'s| is) (?:the|your|a) (?:rewritten |revised |slack )?(?:message|text|reply|response|draft|rewrite)\b",
    r"\bi hope this (?:helps|message)\b",
    r"\bgreat question\b",
    r"\bthank you for (?:bringing this|reaching out)\b",
    r"\bfeel free to (?:reach|ask|let)\b",
    r"\blet me know if (?:you|there)\b.{0,40}\b(?:need|have any|would like|anything else|any questions)\b",
    r"\bi(?:'d| would) be happy to (?:help|assist)\b",
    r"\bi(?:'m| am) here to (?:help|assist)\b",
    r"\bhow can i (?:help|assist) you\b",
    r"\bi can(?:not|'t) assist with\b",
    r"\bit(?:'s| is) (?:important|worth) (?:to note|noting) that\b",
    r"\bi apologi[sz]e for (?:the|any) (?:confusion|inconvenience)\b",
    r"\bas (?:mentioned|requested|instructed) in the (?:prompt|brief)\b",
)
TALK = re.compile("|".join(PHRASES), re.IGNORECASE | re.MULTILINE)


def _check(context: Context) -> Found:
    for index, _, text in context.prose:
        if match := TALK.search(text):
            yield index, f"says {match[0].strip()!r}"


RULE = Rule(
    code="TXT002",
    name="assistant-talk",
    what="No message sounds like a chat model at its desk.",
    why='One "Certainly!" and nobody takes the room for real.',
    hint="Write it again as a colleague would type it.",
    check=_check,
    example="Certainly! Here is the message:",
    of_words=True,
)
