"""All verbs, and the one place where errors are caught."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer import TyperException

from slackincidents import __version__
from slackincidents.cli.doctor import doctor
from slackincidents.cli.drill import drill
from slackincidents.cli.eval import evaluate
from slackincidents.cli.export import export
from slackincidents.cli.generate import generate
from slackincidents.cli.oncall import oncall
from slackincidents.cli.personas import personas
from slackincidents.cli.post import post, unpost
from slackincidents.cli.prompts import prompts
from slackincidents.cli.questions import questions
from slackincidents.cli.regenerate import regenerate
from slackincidents.cli.runbook import runbook
from slackincidents.cli.scenarios import scenarios
from slackincidents.cli.schemas import schema
from slackincidents.cli.services import services
from slackincidents.cli.slack import slack, webhook
from slackincidents.cli.stats import stats
from slackincidents.cli.terminal import (
    TERMINATED,
    ReaderGone,
    Terminated,
    complain,
    emit,
    prepare,
    silence,
    terminable,
)
from slackincidents.cli.validate import validate
from slackincidents.cli.workspace import workspace
from slackincidents.errors import OutsideError, SlackIncidentsError, WriteFailed

USAGE, INTERRUPTED, CLOSED_PIPE = 2, 130, 141

app = typer.Typer(
    name="slackincidents",
    help="Made-up Slack incidents that read like real ones, each with a complete answer key.",
    epilog="Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 something outside failed.",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        emit(f"slackincidents {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def front(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Made-up Slack incidents that read like real ones, each with a complete answer key."""
    if context.invoked_subcommand is None:
        emit(context.get_help() + "\n")
        raise typer.Exit(USAGE)


for verb in (
    generate, regenerate, validate, post, unpost, webhook, export, questions, drill, scenarios, runbook, oncall,
    personas, services, prompts, schema, slack, stats, workspace, doctor,
):  # fmt: skip
    app.command()(verb)
app.command("eval")(evaluate)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. Every error becomes one line on stderr."""
    prepare()
    try:
        with terminable():
            outcome = _run(sys.argv[1:] if arguments is None else arguments)
    except TyperException as error:
        complain(error.format_message())
        return USAGE
    except SlackIncidentsError as error:
        complain(str(error))
        if isinstance(error, WriteFailed):
            silence()
        return error.exit_code
    except OSError as error:
        complain(f"{error.filename or 'the system'}: {error.strerror or error}")
        return OutsideError.exit_code
    except ReaderGone:
        silence()
        return CLOSED_PIPE
    except SystemExit as error:  # Typer's own answer to a reader that left during --help
        if not isinstance(error.__context__, BrokenPipeError):
            raise
        silence()
        return CLOSED_PIPE
    if outcome in (INTERRUPTED, TERMINATED):
        complain("interrupted. What was finished is whole; nothing else was left")
    return outcome if isinstance(outcome, int) else 0


def _run(words: Sequence[str]) -> object:
    """What Typer makes of the words; an interruption as its exit code."""
    try:
        return app(args=list(words), prog_name="slackincidents", standalone_mode=False)
    except Terminated:
        return TERMINATED
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
