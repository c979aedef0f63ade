"""What `--change FACTOR=VALUE` takes."""

from __future__ import annotations

import pytest

from slackincidents.api import generate
from slackincidents.cli.options import factors
from slackincidents.errors import UsageError
from slackincidents.schema.change import Change
from tests.cli.conftest import Cli


def test_factors_are_read_as_one_change() -> None:
    """Each word sets one factor; said twice alike is said once; none at all is no change."""
    assert factors(["commander=none", " shift = night ", "commander=none"]) == Change(commander="none", shift="night")
    assert factors([]) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["commander"], "--change 'commander' is not FACTOR=VALUE. Write it like commander=none."),
        (["=none"], "--change '=none' is not FACTOR=VALUE"),
        (["shift=night", "shift=day"], "--change sets shift twice: night, day"),
        (["comander=none"], 'no factor to change "comander". Did you mean "commander"?'),
        (["shift=nigt"], 'no value of shift "nigt". Did you mean "night"?'),
    ],
)
def test_what_is_no_change_is_refused(words: list[str], said: str) -> None:
    """The message names the word and what would do."""
    with pytest.raises(UsageError) as caught:
        factors(words)
    assert str(caught.value).startswith(said)


def test_generate_makes_the_changed_course(cli: Cli) -> None:
    """The command line gives what `generate(change=...)` gives, and a name that is not there is refused with code 2."""
    words = ("generate", "cache-failure", "--seed", 7, "--writer", "offline", "--format", "json")
    ran = cli(*words, "--change", "ending=open", "--change", "executive=noisy")
    change = {"ending": "open", "executive": "noisy"}
    assert ran.out.strip() == generate("cache-failure", seed=7, change=change).to_json().strip()
    refused = cli(*words, "--change", "comander=none")
    assert (refused.code, refused.out) == (2, "")
    assert refused.complaint.startswith('no factor to change "comander". Did you mean "commander"?')
