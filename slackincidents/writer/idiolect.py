"""The words somebody prefers among those that mean the same: someone or somebody, can you or could you."""

from __future__ import annotations

import random
import re
from functools import cache

from slackincidents.schema.people import Persona
from slackincidents.seeds import Seed

SAME = (
    ("somebody", "someone"),
    ("anybody", "anyone"),
    ("everybody", "everyone"),
    ("nobody", "no one"),
    ("for now", "for the moment", "for the time being"),
    ("so far", "until now", "up to now"),
    ("by itself", "on its own"),
    ("have a look", "take a look"),
    ("had a look", "took a look"),
    ("as far as i can see", "as far as i see", "from what i can see", "from what i see"),
    ("as far as i can tell", "from what i can tell"),
    ("maybe", "perhaps"),
    ("it looks like", "it seems like"),
    ("i want to", "i'd like to"),
    ("anyway", "in any case"),
    ("can you", "could you"),
    ("i guess", "i suppose"),
    ("kind of", "sort of"),
    ("a lot of", "lots of", "plenty of"),
    ("see if", "check if"),
    ("any idea", "any clue"),
    ("no idea", "no clue"),
    ("biggest", "largest"),
    ("the whole", "the entire"),
    ("pretty sure", "quite sure", "fairly sure"),
)
"""Words that can stand for each other in any line."""

ONE_WAY = {
    "a bit": ("a bit", "a little", "a little bit"),
    "right away": ("right away", "straight away", "at once", "immediately"),
    "at the moment": ("at the moment", "right now"),
    "a moment": ("a moment", "a second", "a sec"),
    "quite a while": ("quite a while", "quite some time"),
    "probably": ("probably", "most likely"),
    "strange": ("strange", "odd", "weird"),
}
"""Words that others can stand for, but not the other way round."""

FAITHFUL = 0.8
"""Share of times that somebody uses the word of their choice; else what stands there stays."""

_GROUP = {word: group for group in SAME for word in group} | ONE_WAY
_BEFORE = r"(?<![\w`@#/.-])"
_AFTER = r"(?![\w`/'-])"
_FOUND = re.compile(_BEFORE + "(" + "|".join(sorted(map(re.escape, _GROUP), key=len, reverse=True)) + ")" + _AFTER)

_SUBJECT = r"(?! (?:you|we|they|i|it|he|she|that|this|the|there|any\w*|some\w*|every\w*)\b)"
_GOES_ON = (
    r"(?= (?:a|an|the|not|still|just|on|off|in|at|all|only|always|never|probably|quite|my|our|your|too|so|fine)\b)"
)
_WISHES = r"(?= (?:like|say|rather|want|leave|wait|be|go|start|try|put|ask|look|take|keep)\b)"
LONG_FORMS = (
    (re.compile(rf"\b(do|does|did|is|are|was|were|has|have|had|would|could|should)n't\b{_SUBJECT}"), r"\1 not"),
    (re.compile(rf"\bcan't\b{_SUBJECT}"), "cannot"),
    (re.compile(rf"\bwon't\b{_SUBJECT}"), "will not"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"\bi've\b"), "i have"),
    (re.compile(r"\b(i|it|you|we|they|that)'ll\b"), r"\1 will"),
    (re.compile(rf"\b(it|that|there)'s\b{_GOES_ON}"), r"\1 is"),
    (re.compile(rf"\b(i|we)'d\b{_WISHES}"), r"\1 would"),
)
CAREFUL, CARELESS = 0.3, 0.05
"""Share of messages written without contractions, by the careful and by the others."""


def own_words(text: str, persona: Persona, rng: random.Random) -> str:
    """The text in the words this person prefers. Names, code and figures stay."""

    def preferred(match: re.Match[str]) -> str:
        return _favourite(persona.name, _GROUP[match[0]]) if rng.random() < FAITHFUL else match[0]

    text = _FOUND.sub(preferred, text)
    if rng.random() < (CAREFUL if persona.voice.careful else CARELESS):
        for short, long in LONG_FORMS:
            text = short.sub(long, text)
    return text


@cache
def _favourite(name: str, group: tuple[str, ...]) -> str:
    return Seed("idiolect").child(name).child(group[0]).rng().choice(group)
