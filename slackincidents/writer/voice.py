"""How a person types: casing, stops, hedges, shortenings, smileys. Applied over plain words."""

from __future__ import annotations

import random
import re

from slackincidents.schema.acts import Act
from slackincidents.schema.people import Persona, Voice
from slackincidents.writer.idiolect import own_words

SHORT = {
    "because": "bc",
    "please": "pls",
    "probably": "prob",
    "though": "tho",
    "thanks": "thx",
    "people": "ppl",
    "minutes": "mins",
    "minute": "min",
    "seconds": "secs",
    "configuration": "config",
    "production": "prod",
    "environment": "env",
    "database": "db",
    "with": "w/",
    "without": "w/o",
    "something": "sth",
    "messages": "msgs",
    "message": "msg",
    "going to": "gonna",
    "do not know": "dunno",
    "i do not know": "idk",
    "you": "u",
    "are": "r",
    "request": "req",
    "requests": "reqs",
    "yeah": "ya",
    "okay": "ok",
    "dashboard": "dash",
    "kubernetes": "k8s",
    "tomorrow": "tmrw",
}
RARE = {"you": 0.06, "are": 0.04, "with": 0.2, "tomorrow": 0.3, "dashboard": 0.3, "something": 0.25}
HEDGES_BEFORE = ("i think", "maybe", "afaict", "i guess", "pretty sure", "probably", "might be wrong but", "iirc")
HEDGES_AFTER = ("i think", "i guess", "afaict", "i think")
HEDGED = re.compile(
    r"\b(maybe|perhaps|prob|probably|might|i think|i guess|not sure|afaict|afaik|iirc|could be|seems?|looks? like"
    r"|no idea|dunno)\b",
    re.I,
)
UNHEDGED = re.compile(
    r"\?|^(i|i'm|i've|im|ive|we|we're)\b|\b(i'd|i'll|i will|i would|let's|please|can you|could you|do it|go ahead|go"
    r"|thanks|sorry)\b",
    re.I,
)
"""Questions, wishes and what somebody says of his own doing."""

SUBJECT = re.compile(r"(it|its|it's|that|that's|this|they|there|the|a|an|you|he|she|some|most|all|half|both)\b", re.I)
"""How a line begins that can take a hedge in front: with what is spoken of."""

OPENED = re.compile(
    r"(hm+|so|ok|well|and|but|no|yes|right|another|also|heads|from|all|on|not|just|still|as|oh|fwiw|sorry|hi|hey|one|to|ya|yep|nope)\b",
    re.I,
)
CLAIMS = {Act.OUTCOME, Act.ANSWER, Act.DOUBT}
"""Only what is inferred is hedged, never a reading or one's own act."""

MOVED = {
    Act.THANKS,
    Act.ASIDE,
    Act.JOKE,
    Act.GREET,
    Act.SIGN_OFF,
    Act.CORRECTION,
    Act.TROUBLE,
    Act.WITHDRAW,
    Act.RELEASE,
}
"""What people put a smiley on."""

SMILED, SMILED_AT_WORK = 6.0, 0.9
"""How much likelier a smiley is there, and how much in the rest."""

PREFIXED = {Act.REPORT, Act.OUTCOME}
SHORTEST_HEDGED = 4
"""Words a line must have before anybody hedges it."""

IDENTIFIER = re.compile(r"[`@#/_<]|\d|[a-z][A-Z]|-")


SOMETIMES = 0.3
"""Share of capitals above which somebody writes CPU as often as a capital."""

SHOUTED = 0.05
"""Share of messages in which the careless write CPU."""

SPELLED = re.compile(
    r"(?<![\w`@#/.:-])(api|cdn|ci|cpu|csv|db|dns|eta|gc|http|jvm|oom|pr|qa|ram|sla|sql|ssl|tls|ttl|ui|url|vpn)(s?)"
    r"(?![\w`/@-]|\.\w)"
)
NEXT_SENTENCE = re.compile(r"(?<=[a-z)\"][.?!] )[a-z](?![a-z]*[A-Z\d_./@`-])")

ASKED = re.compile(
    r"(what|whats|what's|where|when|who|how|why|which|is|are|was|did|does|do|can|could|should|has|have|any|anyone)\b.*\?$",
    re.I,
)
UNMARKED = 0.6
"""Share of plain questions that lose their mark, for somebody who drops every apostrophe."""


def voiced(text: str, persona: Persona, act: Act, rng: random.Random, *, hedge: bool = True) -> str:
    """The text as this person would type it. `hedge` is off for stock phrases."""
    voice = persona.voice
    text = own_words(text, persona, rng)
    text = _shortened(text, voice, rng)
    text = _hedged(text, voice, act, rng) if hedge else text
    if voice.pet_phrases and act in PREFIXED and "?" not in text and rng.random() < 0.03:
        text = _prefixed(text, rng.choice(voice.pet_phrases))
    text = _apostrophes(text, voice, rng)
    text = _sentences(text, voice, rng)
    text = _cased(text, voice, rng)
    text = _ended(text, voice, rng)
    if (
        voice.emoji_used
        and rng.random() < voice.emoji * (SMILED if act in MOVED else SMILED_AT_WORK)
        and not text.endswith(("`", "?"))
    ):
        text = f"{text.removesuffix('.')} {rng.choice(voice.emoji_used)}"
    return text


JOINS = (" and ", ", and ", ". ", ". ", " - ", ", ")
"""Between two statements in one message. A comma alone is rare in real rooms."""

ASKS = (". ", ", ", " - ", ". ")
"""Before a question."""

BRACKETED = 0.12
"""Share of second thoughts that go into brackets."""


def joined(first: str, second: str, persona: Persona, rng: random.Random) -> str:
    """Two thoughts in one message: two sentences for the careful, a conjunction or brackets for the rest."""
    careful = rng.random() < 0.25 + 0.75 * persona.voice.casing
    if first.endswith("?"):
        return f"{first} {_capital(second) if careful else second}"
    asks = "?" in second
    if not asks and "(" not in second and rng.random() < BRACKETED:
        return f"{first} ({second})"
    if careful:
        return f"{first}. {_capital(second)}"
    begun = asks or OPENED.match(second) is not None
    return f"{first}{rng.choice(ASKS if begun else JOINS)}{second}"


def _capital(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text if IDENTIFIER.search(first) else text[:1].upper() + text[1:]


def _shortened(text: str, voice: Voice, rng: random.Random) -> str:
    def short(match: re.Match[str]) -> str:
        word = match[0]
        share = voice.abbreviates * RARE.get(word, 0.8)
        return SHORT[word] if rng.random() < share else word

    return _SHORTENABLE.sub(short, text)


_SHORTENABLE = re.compile(
    r"(?<![\w`/-])(" + "|".join(sorted(map(re.escape, SHORT), key=len, reverse=True)) + r")(?![\w`/-])"
)


def _hedged(text: str, voice: Voice, act: Act, rng: random.Random) -> str:
    if act not in CLAIMS or rng.random() >= voice.hedges * 1.3 or text.count(" ") + 1 < SHORTEST_HEDGED:
        return text
    if UNHEDGED.search(text) or HEDGED.search(text):
        return text
    if rng.random() < 0.55:
        return f"{text}{rng.choice((' ', ', '))}{rng.choice(HEDGES_AFTER)}"
    return _prefixed(text, rng.choice(HEDGES_BEFORE)) if SUBJECT.match(text) else text


def _prefixed(text: str, phrase: str) -> str:
    if text.lower().startswith(phrase.lower().rstrip(",")):
        return text
    first = text.split(" ", 1)[0]
    plain = len(first) > 1 and first[1:].islower() and not IDENTIFIER.search(first)
    return f"{phrase} {text[0].lower() + text[1:] if plain else text}"


def _apostrophes(text: str, voice: Voice, rng: random.Random) -> str:
    def bare(match: re.Match[str]) -> str:
        return match[0].replace("'", "") if rng.random() < voice.drops_apostrophes else match[0]

    return re.sub(r"\b(?:[a-z]+n't|i'm|i've|that's|what's|it's|there's|let's|you're|they're|we're)\b", bare, text)


def _sentences(text: str, voice: Voice, rng: random.Random) -> str:
    if voice.casing < 0.5:
        return text
    match = re.search(
        r"(?<=[a-z]), (?:but|so|and then) (?=[a-z])|(?<=[a-z]), (?=(?:not|no|looks|seems|still|could|maybe) )", text
    )
    if match is None or match.start() < 10 or rng.random() >= 0.55:
        return text
    joiner = match[0].strip(" ,")
    rest = f"{joiner} {text[match.end() :]}".strip()
    return f"{text[: match.start()]}. {rest[0].upper()}{rest[1:]}"


def _cased(text: str, voice: Voice, rng: random.Random) -> str:
    first = re.split(r"\s", text, maxsplit=1)[0]
    if voice.careful:
        text = re.sub(r"\bi(?=[ ']|$)", "I", text)
    if rng.random() < (voice.casing * 1.2 if voice.casing > SOMETIMES else SHOUTED):
        text = SPELLED.sub(lambda match: match[1].upper() + match[2], text)
        text = NEXT_SENTENCE.sub(lambda match: match[0].upper(), text)
    if rng.random() < min(0.99, voice.casing * 1.12) and first and not IDENTIFIER.search(first):
        return text[0].upper() + text[1:]
    return text


def _ended(text: str, voice: Voice, rng: random.Random) -> str:
    draw = rng.random()
    if ASKED.match(text) and text.count("?") == 1 and draw < UNMARKED * voice.drops_apostrophes:
        return text.removesuffix("?")
    if text.endswith(("?", ".", "!", ":", "`", ")")) or "```" in text:
        return text
    words = text.count(" ") + 1
    if draw < voice.full_stop * (1.35 if words > 2 else 0.5):
        return f"{text}."
    if draw > 1 - voice.ellipsis:
        return f"{text}..."
    if draw > 1 - voice.ellipsis - voice.exclaims:
        return f"{text}!"
    return text
