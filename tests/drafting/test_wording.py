"""What is wrong with a telling, and what is not."""

from __future__ import annotations

import pytest

from slackincidents.drafting.wording import fault
from slackincidents.library import Library
from slackincidents.schema.skeleton import Skeleton

PEOPLE = frozenset({"liam", "kate"})
LIBRARY = Library()


@pytest.mark.parametrize(
    ("telling", "told"),
    [
        ("", "empty"),
        ("redis is (down|gone", "a parenthesis is not closed"),
        ("redis is down|gone", "a bar outside parentheses"),
        ("redis {is down", "a brace that is no slot"),
        ("redis {Is Down} again", "a brace that is no slot"),
        ("redis is down — again", "not plain ASCII"),
        ("redis\nis down", "a line break"),
        ("**redis** is down", "formatting or a broadcast"),
        ("<!channel> redis is down", "formatting or a broadcast"),
        ("# redis", "formatting or a broadcast"),
        ("ask @liam", "a mention; the engine adds those"),
        ("redis is down.", "ends with a stop or an exclamation mark; the engine adds those"),
        ("redis is down!", "ends with a stop or an exclamation mark; the engine adds those"),
        ("{lead}: looking at it", "begins with who speaks"),
        ("ask Liam (then|)", "names liam"),
    ],
)
def test_what_is_no_line_of_chat_is_told(telling: str, told: str) -> None:
    """Each fault has a plain reason."""
    assert (fault(telling, PEOPLE) or "").startswith(told)


@pytest.mark.parametrize(
    "telling", ["(so (ok |)|)redis is down", "it does (not) say", "{p95.rough} on {pod}?", "liama"]
)
def test_what_is_a_line_of_chat_passes(telling: str) -> None:
    """Choices that nest, plain parentheses, slots and questions."""
    assert fault(telling, PEOPLE) is None


def _tellings(skeleton: Skeleton) -> list[str]:
    said: list[str] = [*skeleton.resolution.plain, *skeleton.resolution.vague]
    for clue in skeleton.clues.values():
        said += [*clue.tellings.terse, *clue.tellings.casual, *clue.tellings.formal]
    for guess in skeleton.hypotheses.values():
        said += [*guess.raised, *guess.doubted, *guess.withdrawn]
    for action in skeleton.actions.values():
        said += [*action.proposed, *action.objected, *action.done, *action.outcome]
    return said


@pytest.mark.parametrize("name", LIBRARY.skeleton_names())
def test_it_asks_no_more_than_hand_written_ones_give(name: str) -> None:
    """Nearly all tellings of our own skeletons would pass; what is asked of a model can be done."""
    said = _tellings(LIBRARY.skeleton(name))
    wrong = [(one, why) for one in said if (why := fault(one))]
    assert len(wrong) <= len(said) / 50, wrong[:5]
