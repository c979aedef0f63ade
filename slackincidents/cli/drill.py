"""`slackincidents drill`: an incident with one seat empty, and a person in it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.api import PACES
from slackincidents.cli.drill_begin import DEFAULT, Wanted, taken_up
from slackincidents.cli.drill_desk import Desk
from slackincidents.cli.drill_end import Ending, finish
from slackincidents.cli.drill_live import play_live
from slackincidents.cli.drill_play import cues, end_of_input, play_at_prompt, play_script
from slackincidents.cli.drill_slack import InSlack, alert_by_webhook, drill_in_slack
from slackincidents.cli.options import PersonasFile, ServicesFile, completing, one_of
from slackincidents.cli.post import Ping, Yes
from slackincidents.cli.terminal import note
from slackincidents.cli.writing import ModelName, WriterName, chosen_writer
from slackincidents.clock import Clock, SystemClock
from slackincidents.drills.folder import Kept
from slackincidents.drills.script import Cue
from slackincidents.errors import UsageError
from slackincidents.library import Library
from slackincidents.pipeline import Workshop

CLOCK: Clock = SystemClock()


def drill(
    scenario: Annotated[str | None, typer.Argument(metavar="[SCENARIO]", help=f"Without one: {DEFAULT}.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another course of the same incident.")] = 0,
    script: Annotated[
        str | None, typer.Option(metavar="FILE", help="Type the commands of a file, one a line; - is stdin.")
    ] = None,
    then_ask: Annotated[bool, typer.Option("--then-ask", help="After the script go on at the prompt.")] = False,
    turn_based: Annotated[
        bool, typer.Option("--turn-based", help="Time stands while you think (the default).")
    ] = False,
    speed: Annotated[
        float | None, typer.Option(min=0.1, max=600, metavar="N", help="Time runs N times as fast as the clock.")
    ] = None,
    limit: Annotated[str, typer.Option(metavar="120m", help="Time in the drill after which it ends.")] = "120m",
    pace: Annotated[
        str,
        typer.Option(
            metavar="real|brief",
            help="Minutes to hours, or two minutes.",
            callback=one_of("pace", PACES),
            autocompletion=completing(PACES),
        ),
    ] = "real",
    start_time: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it begins, UTC unless it says; else the seed draws it.")
    ] = None,
    engineers: Annotated[
        list[str] | None, typer.Option(metavar="SERVICE=NAMES", help="Who is paged: redis=alice,bob. Repeatable.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Where it is kept; else drills/...")
    ] = None,
    resume: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Take up a drill that was left.")] = None,
    no_debrief: Annotated[bool, typer.Option("--no-debrief", help="Leave the debrief out.")] = False,
    peers: Annotated[int, typer.Option(min=0, max=10_000, help="Simulated responders to compare with.")] = 100,
    writer: WriterName = "offline",
    model: ModelName = None,
    slack: Annotated[bool, typer.Option("--slack", help="Hold it in a Slack channel, over Socket Mode.")] = False,
    channel: Annotated[str | None, typer.Option(metavar="NAME", help="The channel of --slack.")] = None,
    trainee: Annotated[str, typer.Option(metavar="ID", help="Only this Slack user may sit in the seat: U012.")] = "",
    ping: Ping = False,
    yes: Yes = False,
    webhook: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Also send the alert there, as the pager rings. Dry without --yes."),
    ] = None,
    personas: PersonasFile = None,
    services: ServicesFile = None,
) -> None:
    """Sit in the hot seat: the pager rings, and you answer it.

    Type help at the prompt. Every move is stored at once; Ctrl-C, and --resume goes on.
    Exit codes: 0 resolved, 1 not resolved, 2 usage, 130 interrupted.
    """
    scripted = not slack and (script is not None or not sys.stdin.isatty())
    if slack and (script or then_ask or turn_based):
        raise UsageError("--slack is for people in a channel", "Leave --script, --then-ask and --turn-based out.")
    if speed is not None and (scripted or turn_based):
        raise UsageError("--speed is for a person at a terminal", "Leave it out: a script takes no time of yours.")
    if then_ask and not sys.stdin.isatty():
        raise UsageError("--then-ask needs a terminal to ask at", "Leave it out, or name a file: --script FILE")
    if resume is not None and (scenario or output or engineers or start_time):
        raise UsageError("--resume goes on as the drill was begun", "Leave out the scenario, -o and the like.")
    workshop = Workshop.open(Library.from_environment(personas, services))
    author = chosen_writer(
        writer, model=model, granularity="turn", temperature=None, concurrency=4, most_tokens=None, replies=None
    )
    typed = cues(script) if scripted else None
    if resume is not None:
        desk, kept = taken_up(resume, workshop, author)
    else:
        wanted = Wanted(scenario or DEFAULT, seed, pace, start_time, tuple(engineers or ()), limit, output)
        desk, kept = wanted.begun(workshop, author, CLOCK), None
    ending = Ending(desk, workshop, debriefed=not no_debrief, peers=peers)
    with closing(desk.sitting.folder):
        try:
            if slack:
                terms = InSlack(channel=channel, trainee=trainee, speed=speed or 1.0, ping=ping, yes=yes)
                if not _hold(ending, kept, terms):
                    raise typer.Exit
            else:
                _sit(desk, typed, kept, speed=speed, then_ask=then_ask, rung=_ring(desk, kept, webhook, yes=yes))
        except KeyboardInterrupt:
            note(f"left; slackincidents drill --resume {desk.sitting.folder.path} goes on")
            raise
        code = finish(ending)
    raise typer.Exit(code)


def _hold(ending: Ending, kept: Kept | None, terms: InSlack) -> bool:
    """Hold the drill in Slack, debrief included; False when it was only rehearsed."""
    sitting, wording = ending.desk.sitting, ending.desk.wording
    made = (lambda: ending.debrief) if ending.debriefed else None
    entries = kept.entries if kept else None
    return drill_in_slack(terms, sitting, sitting.folder, wording, CLOCK, stored=entries, closing=made)


def _ring(desk: Desk, kept: Kept | None, webhook: str | None, *, yes: bool) -> Callable[[], object]:
    """What else happens when the pager rings for the first time."""
    if webhook is None or kept is not None:
        return lambda: None
    return lambda: alert_by_webhook(desk.sitting.session, webhook, CLOCK, yes=yes)


def _sit(
    desk: Desk,
    typed: Iterable[Cue] | None,
    kept: Kept | None,
    *,
    speed: float | None,
    then_ask: bool,
    rung: Callable[[], object],
) -> None:
    """Play the drill as far as it is played now."""
    if kept is None:
        desk.display_all(desk.sitting.turns.begin())
        rung()
    else:
        desk.catch_up(kept.entries)
    if typed is not None:
        goes_on = play_script(desk, typed, kept.entries if kept else ())
        if goes_on and not then_ask:
            end_of_input(desk)
        elif not goes_on:
            desk.sitting.end()
    if typed is None or then_ask:
        if speed is not None:
            asyncio.run(play_live(desk, CLOCK, speed))
        else:
            play_at_prompt(desk)
