"""One seed, a named child for each pass."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from slackincidents.seeds import Seed


def test_the_first_numbers_of_a_seed_are_known() -> None:
    """The stream of a path is part of the promise: other numbers would change every incident."""
    rng = Seed("7").child("casting").rng()
    assert [rng.randrange(1000) for _ in range(5)] == [409, 853, 49, 99, 517]


@given(st.text(), st.text())
def test_the_same_path_gives_the_same_numbers(path: str, name: str) -> None:
    """A fresh generator always starts where its seed says."""
    one, other = Seed(path).child(name).rng(), Seed(path).child(name).rng()
    assert [one.random() for _ in range(3)] == [other.random() for _ in range(3)]


@given(st.text(), st.text(), st.text())
def test_children_differ_by_name(path: str, one: str, other: str) -> None:
    """Two children share their numbers only when they share their name."""
    same = Seed(path).child(one).rng().random() == Seed(path).child(other).rng().random()
    assert same == (one == other)


def test_a_child_does_not_depend_on_its_siblings() -> None:
    """Drawing from one child leaves the next as it was."""
    root = Seed("7")
    alone = root.child("timing").rng().random()
    busy = root.child("casting").rng()
    for _ in range(100):
        busy.random()
    assert root.child("timing").rng().random() == alone


def test_a_path_reads_from_root_to_leaf() -> None:
    """The path of a grandchild names the way; numbers are names too."""
    assert Seed("7").child("words").child(3).path == "7/words/3"
