"""A line without its topic: function words stay, every other word becomes its ending."""

from __future__ import annotations

import re

START, STOP = "^", "$"

FUNCTION_WORDS = frozenset(
    """
    a an the this that these those some any all both each every either neither no none not one ones other others
    another same such what which who whom whose when where why how whatever whether if then than as so because
    since though although unless until till while and or but nor yet either plus i me my mine myself we us our
    ours you your yours he him his she her it its itself they them their theirs everyone everything everybody
    someone something somebody anyone anything anybody nobody nothing i'm i'll i've i'd we're we've we'll you're
    you've you'll it's it'll that's that'll there's they're he's she's what's where's who's how's let's im ive
    ill id youre thats theres dont doesnt didnt cant wont isnt wasnt be am is are was were been being isn't
    aren't wasn't weren't have has had having haven't hasn't hadn't do does did done doing don't doesn't didn't
    can could will would shall should may might must can't cannot couldn't won't wouldn't shouldn't of in on at
    by for from to into onto with without within over under about above below after before between during
    through against among around near off out up down per via like except again already also always anyway
    anymore almost away back else enough even ever far first last less least lot lots many maybe more most much
    never next now often once only own perhaps possibly probably pretty quite rather really soon sometimes still
    there here too twice very well yesterday today tomorrow tonight yet just actually apparently basically
    definitely exactly hopefully obviously seriously usually kinda sorta yes yeah yep yup nope nah ok okay k
    sure right true oh ah aha hm hmm huh uh um er heh haha lol wow ouch oops hi hello hey bye thanks thank thx
    ty cheers please pls sorry np btw fwiw afaik afaict iirc imo imho fyi idk dunno nvm wait nice good great bad
    fine cool weird odd strange wrong get gets got getting go goes going gone went come comes came make makes
    made take takes took taken put give gives gave see sees saw seen seeing look looks looked looking seem seems
    seemed think thought guess know knows knew say says said tell told ask asked want wants wanted need needs
    needed try tries tried trying use uses used using find finds found keep keeps kept let lets mean means meant
    work works worked working happen happens happened feel show shows supposed gonna gotta wanna
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
"""Words that say how something is said, not what it is about."""

_TOKEN = re.compile(r"[a-z0-9_][\w'./:+-]*[\w]|[a-z0-9_]|\.{2,}|[?!]+|[.,;:()\"\u2026-]")
_PLAIN = re.compile(r"[a-z']+")
_ENDINGS = ("ing", "ed", "ly", "s")


def masked(text: str) -> list[str]:
    """The tokens of a lower-case text: function words and marks as they are, digits ``0``, other words ``~ending``."""
    return [_mask(token) for token in _TOKEN.findall(text)]


def _mask(token: str) -> str:
    if token in FUNCTION_WORDS:
        return token
    if not (token[0].isalnum() or token[0] == "_"):
        return token[:1] if token[0] in "?!" else token
    if any(letter.isdigit() for letter in token):
        return "0"
    if not _PLAIN.fullmatch(token):
        return "~"
    return "~" + next((end for end in _ENDINGS if token.endswith(end) and len(token) > len(end) + 2), "")
