"""`slackincidents doctor`: what is there, what is missing, how to mend it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import typer

from slackincidents import __version__
from slackincidents.cli.terminal import listing
from slackincidents.errors import SlackIncidentsError
from slackincidents.library import USER_FOLDER, Library, data_root

OLDEST_PYTHON = (3, 11)
NEEDED = ("pydantic", "jinja2", "typer", "rich", "tzdata", "openai", "slack-sdk", "tenacity", "python-dotenv")
EXTRAS = {"pandas": "to_frame", "ipython": "notebooks"}
VARIABLES = (USER_FOLDER, "OPENAI_API_KEY", "OPENAI_BASE_URL", "SLACK_BOT_TOKEN", "SLACK_WORKSPACE_ID")

State = Literal["ok", "note", "bad"]


@dataclass(frozen=True)
class Line:
    """One thing looked at. Only "bad" makes the exit code 2."""

    state: State
    what: str
    found: str


def doctor() -> None:
    """Say what is installed, configured and readable. Values of variables are never shown."""
    lines = [*_program(), *_packages(), *_data(), *_folders(), *_variables()]
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
    for name in VARIABLES:
        there = bool(os.environ.get(name))
        yield Line("ok" if there else "note", name, "set" if there else "not set")
