"""`slackincidents doctor`: what is there, what is missing, how to mend it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from slackincidents import __version__
from slackincidents.cli.findings import Line
from slackincidents.cli.slack_doctor import slack_report
from slackincidents.cli.terminal import emit, listing, note
from slackincidents.clock import SystemClock
from slackincidents.errors import SlackIncidentsError
from slackincidents.library import USER_FOLDER, Library, data_root
from slackincidents.settings import ENV_FILE, VARIABLES, Settings, variables

OLDEST_PYTHON = (3, 11)
NEEDED = (
    "pydantic",
    "jinja2",
    "typer",
    "rich",
    "tzdata",
    "openai",
    "slack-sdk",
    "aiohttp",
    "tenacity",
    "python-dotenv",
)
EXTRAS = {"pandas": "to_frame", "ipython": "notebooks"}
SHOWN = (USER_FOLDER, *VARIABLES)


def doctor(
    slack: Annotated[
        bool,
        typer.Option(
            "--slack", help="Ask the workspace: scopes, channels and groups on stderr, lines for .env on stdout."
        ),
    ] = False,
) -> None:
    """Say what is installed, configured and readable. Values of variables are never shown.

    With --slack the workspace is asked too; nothing is posted or changed: slackincidents doctor --slack >> .env
    """
    if slack:
        report = slack_report(
            Settings.from_environment(), Library.from_environment().catalogue().services, SystemClock()
        )
        for line in report.lines:
            note(f"{line.state}: {line.what}: {line.found}")
        emit("".join(f"{line}\n" for line in report.mapping))
        lines = report.lines
    else:
        lines = (*_program(), *_packages(), *_data(), *_folders(), *_variables())
        listing(("", "what", "found"), ((line.state, line.what, line.found) for line in lines))
    if any(line.state == "bad" for line in lines):
        raise typer.Exit(2)


def _program() -> Iterator[Line]:
    old = sys.version_info < OLDEST_PYTHON
    yield Line("ok", "slackincidents", __version__)
    yield Line(
        "bad" if old else "ok", "python", f"{platform.python_version()}{' (3.11 or newer is needed)' if old else ''}"
    )


def _packages() -> Iterator[Line]:
    for name in NEEDED:
        found = _installed(name)
        yield Line("ok" if found else "bad", name, found or f"missing. Install it: pip install {name}")
    for name, use in EXTRAS.items():
        found = _installed(name)
        yield Line(
            "ok" if found else "note",
            name,
            found or f"not installed; {use} needs it: pip install 'slackincidents[notebook]'",
        )


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _data() -> Iterator[Line]:
    try:
        yield Line("ok", "data folder", str(data_root()))
        library = Library.from_environment()
        people, services, exchanges = library.people(), library.catalogue().services, library.exchanges()
        yield Line("ok", "library", f"{len(people)} people, {len(services)} services, {len(exchanges)} exchanges")
    except SlackIncidentsError as error:
        yield Line("bad", "library", str(error))
        return
    names = library.skeleton_names()
    broken = 0
    for name in names:
        try:
            library.skeleton(name)
        except SlackIncidentsError as error:
            broken += 1
            yield Line("bad", f"scenario {name}", str(error))
    yield Line("ok", "scenarios", f"{len(names) - broken} of {len(names)} are sound")


def _folders() -> Iterator[Line]:
    home = os.environ.get(USER_FOLDER)
    if home:
        there = Path(home).is_dir()
        yield Line(
            "ok" if there else "bad",
            "user folder",
            home if there else f"{home} is not a folder. Make it, or unset {USER_FOLDER}",
        )
    else:
        yield Line("note", "user folder", f"none; {USER_FOLDER} can name one")
    writable = os.access(Path.cwd(), os.W_OK)
    yield Line(
        "ok" if writable else "note",
        "this folder",
        "can be written" if writable else "cannot be written; use -o with another one",
    )


def _variables() -> Iterator[Line]:
    try:
        said = variables()
    except SlackIncidentsError as error:
        yield Line("bad", ENV_FILE, str(error))
        return
    for name in SHOWN:
        there = "set" if os.environ.get(name) else f"set in {ENV_FILE}" if name in said else "not set"
        yield Line("ok" if name in said else "note", name, there)
