"""KNO005 unsaid-fact."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Kind, Plan
from slackincidents.validator.context import Context
from slackincidents.validator.grounding import Lexicon
from slackincidents.validator.rule import Found, Rule
from slackincidents.validator.words import words

STEM = 4
"""Letters two words must share at the start to count as one: restarts, restarting."""

_EMPTY = """
ah hm hmm huh oh ok okay right sorry sure thanks thx ugh wait well yeah yep nope
a about again all also am an and any are as at back be been but by can did do does for from go goes going got
had has have he here hers his how i if in is isn isnt it its just like me my no not now of ok on or our over see
seems she so some that the their them then there these they this to too up us was we well were what when where
which who why will with yes you your
able already another anything because being both could doing done down each ever every
first give given had hardly into keep know last like look looked looking looks made make maybe mean might more most
much must need next now other own probably quite really right same say says see should since some
something still such supposed sure take than thing think though through twice under until use used
want wanted way were while without would yet
"""
EMPTY = frozenset(_EMPTY.split())
"""Words that say nothing by themselves."""


def _check(context: Context) -> Found:
    lexicon = Lexicon(context.course)
    place = {beat.id: index for index, beat in enumerate(context.course.beats)}
    rest, timeline = _continued(context.course), context.incident.timeline
    for index, event, beat in context.pairs():
        clues = [fact for fact in beat.reveals if fact.startswith("clue:")]
        if not clues or not _spoken(beat):
            continue
        later = (place[more] for more in rest.get(beat.id, ()))
        parts = [event.text, *(timeline[other].text for other in later if other < len(timeline))]
        said = _stems(words(" ".join(parts)))
        for fact in clues:
            told = lexicon.of_fact(fact)
            offered = _stems(told)
            if offered and not said & offered and not (beat.slip and _mistyped(event.text, told)):
                yield index, f"does not say {fact}, which it is to reveal"


def _spoken(beat: Beat) -> bool:
    return not beat.words.literal and beat.act is not Act.PASTE and beat.kind is not Kind.ALERT


def _mistyped(text: str, told: Iterable[str]) -> bool:
    """True when a word of the text is a telling word with a slip in it."""
    meant = sorted(word for word in told if word not in EMPTY)
    return any(get_close_matches(word, meant, n=1, cutoff=0.7) for word in words(text) if word not in EMPTY)


def _continued(plan: Plan) -> dict[str, list[str]]:
    """The beats that go on with each beat."""
    rest: dict[str, list[str]] = {}
    for beat in plan.beats:
        if beat.continues:
            rest.setdefault(beat.continues, []).append(beat.id)
    return rest


def _stems(found: Iterable[str]) -> set[str]:
    return {word[:STEM] for word in found if word not in EMPTY}


RULE = Rule(
    code="KNO005",
    name="unsaid-fact",
    what="A message that reveals a clue has at least one telling word of that clue in it.",
    why="The answer key says that the fact stands there; a reader must be able to find it.",
    hint="Say the fact, in whatever words.",
    check=_check,
    example='The label says that bob reveals the evictions, the text says "ok".',
    needs_plan=True,
    of_words=True,
)
