"""The words people prefer, and what must stay."""

from __future__ import annotations

import random

import pytest

from slackincidents.schema.people import Persona, Voice
from slackincidents.writer.idiolect import FAITHFUL, ONE_WAY, SAME, own_words


def person(name: str = "Ada", casing: float = 0.0) -> Persona:
    """Somebody who writes as carefully as asked."""
    return Persona(name=name, style="plain", voice=Voice(casing=casing))


def ways(text: str, who: Persona, count: int = 300) -> list[str]:
    """What becomes of a text, over and over."""
    return [own_words(text, who, random.Random(seed)) for seed in range(count)]


@pytest.mark.parametrize("group", SAME, ids=lambda group: group[0])
def test_everybody_has_a_favourite(group: tuple[str, ...]) -> None:
    """A person mostly uses one word of a group, whichever stands there, and another person may use another one."""
    liked = {name: ways(f"well {group[0]}", person(name)) for name in ("Ada", "Bo", "Cy", "Dee", "Eli", "Flo")}
    favourites = {name: max(set(texts), key=texts.count) for name, texts in liked.items()}
    assert all(liked[name].count(best) >= FAITHFUL * 0.8 * 300 for name, best in favourites.items())
    assert {text.removeprefix("well ") for text in favourites.values()} <= set(group)
    assert all(
        ways(f"well {word}", person(name)).count(best) >= FAITHFUL * 0.8 * 300
        for name, best in favourites.items()
        for word in group
    )


def test_people_differ() -> None:
    """Of many people each word of a group is somebody's favourite."""
    for group in (*SAME, *ONE_WAY.values()):
        found = {max(set(texts), key=texts.count) for texts in (ways(group[0], person(str(n)), 20) for n in range(60))}
        assert found >= set(group), group


@pytest.mark.parametrize(
    "text",
    [
        "see somebody-else.log and /some/anybody",
        "`nobody` is a user",
        "a second try and the odd one at once",
        "why isn't it up? don't you know?",
        "there's been no need to",
    ],
)
def test_what_means_something_else_stays(text: str) -> None:
    """Names, code, words in another sense, questions and participles are left alone, also by the careful."""
    assert set(ways(text, person(casing=1.0))) == {text}


def test_the_careful_write_in_full_now_and_then() -> None:
    """A third of a careful person's messages have no contractions; hardly any of the others'."""
    text = "i'm sure it's not the db, i don't see it"
    long = "i am sure it is not the db, i do not see it"
    careful, careless = (ways(text, person(casing=casing)).count(long) for casing in (1.0, 0.2))
    assert 60 < careful < 120
    assert careless < 30
