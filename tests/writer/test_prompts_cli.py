"""`slackincidents prompts`: the templates, and exactly what would be sent."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import typer
from typer.testing import CliRunner, Result

from slackincidents.cli.prompts import SAYS_WHOSE, prompts
from slackincidents.errors import UnknownName, UsageError
from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.writer.offline import OfflineWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.scenes import GRANULARITIES, Granularity

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """The verb alone, as a program."""
    app = typer.Typer()
    app.command()(prompts)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_without_words_the_templates_are_listed(run: Run) -> None:
    """Piped: one template a line, its name first."""
    ran = run()
    assert ran.exit_code == 0
    assert [line.split("\t")[0] for line in ran.stdout.splitlines()] == list(Library().templates())


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_show_prints_what_would_be_sent(run: Run, granularity: Granularity) -> None:
    """As JSON it is message for message what the writer sends; as text the same words stand there."""
    workshop = Workshop.open(Library())
    plan = workshop.plan("cache-failure", seed=12)
    session = Prompts.of(workshop.library).session(plan)
    texts = OfflineWriter(workshop.banks).compose(plan).texts
    calls = [session.scene(scene, texts) for scene in session.scenes(granularity)]
    words = ("show", "cache-failure", "--seed", 12, "--granularity", granularity)
    shown = run(*words, "--format", "json")
    assert json.loads(shown.stdout) == [[message.model_dump() for message in messages] for messages in calls]
    text = run(*words).stdout
    assert all(message.content in text for messages in calls for message in messages)


def test_it_says_whose_the_earlier_lines_are(run: Run) -> None:
    """On stderr, so that stdout stays what would be sent."""
    ran = run("show", "cache-failure")
    assert SAYS_WHOSE in ran.stderr
    assert SAYS_WHOSE not in ran.stdout


def test_one_call_can_be_chosen(run: Run) -> None:
    """By its number, or by a beat it asks for."""
    everything = json.loads(run("show", "kafka-lag", "--format", "json").stdout)
    second = json.loads(run("show", "kafka-lag", "--call", 2, "--format", "json").stdout)
    assert second == everything[1:2]
    beat = second[0][1]["content"].split("\nWrite ")[1].split()[0]
    assert json.loads(run("show", "kafka-lag", "--beat", beat, "--format", "json").stdout) == second


@pytest.mark.parametrize(
    ("words", "error", "part"),
    [
        (("show",), UsageError, "prompts show SCENARIO"),
        (("shew", "kafka-lag"), UnknownName, '"show"'),
        (("show", "kafka-lagg"), UnknownName, '"kafka-lag"'),
        (("show", "kafka-lag", "--call", "99"), UsageError, "no call 99"),
        (("show", "kafka-lag", "--beat", "b001"), UnknownName, "no beat that a model writes"),
        (("show", "kafka-lag", "--granularity", "scenes"), UnknownName, '"scene"'),
    ],
)
def test_what_is_not_there_is_told(run: Run, words: tuple[str, ...], error: type[Exception], part: str) -> None:
    """A wrong word, name, number or beat: what it is and what there is."""
    ran = run(*words)
    assert isinstance(ran.exception, error)
    assert part in str(ran.exception)
