"""Posting incidents: every event once, in order, at its time, whatever the line does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from slackincidents.clock import Clock
from slackincidents.errors import NotConfigured, SlackIncidentsError
from slackincidents.schema.delivery import Delivery, PostingOptions, Step
from slackincidents.schema.incident import IncidentRecord
from slackincidents.sinks.base import Observer, Silent, Workspace
from slackincidents.sinks.journal import Journal, locked, read
from slackincidents.sinks.lines import Header
from slackincidents.sinks.pacing import Pacer, nap
from slackincidents.sinks.resolve import Bots, Place, known_before, resolve
from slackincidents.sinks.run import Run
from slackincidents.sinks.steps import steps, strangers
from slackincidents.sinks.telling import extended
from slackincidents.sinks.together import gathered

DRY = PostingOptions()


async def deliver(
    incident: IncidentRecord,
    workspace: Workspace | None = None,
    *,
    clock: Clock,
    run_folder: Path | None = None,
    options: PostingOptions = DRY,
    alerts: Workspace | None = None,
    observer: Observer | None = None,
    pacer: Pacer | None = None,
) -> Delivery:
    """Post an incident, or go on with a run that was stopped. Dry, which makes no call, unless the options say not.

    Args:
        incident: What to post.
        workspace: Where, as the bot that plays the people sees it; not needed when dry.
        clock: The time.
        run_folder: Where the journal is kept; the same folder again goes on. Not needed when dry.
        options: How.
        alerts: The same workspace as a second bot sees it, which posts the alerts.
        observer: Who is told how far it is.
        pacer: The pace to share with other deliveries to the same workspace.

    Raises:
        BadFile: The incident cannot be posted; all reasons are listed.
        Unsafe, Denied, NotConfigured, OtherRun: Refused before the first message, with all reasons.
        ServiceFailed, WriteFailed: Stopped on the way. The message says what stands and how to go on.
    """
    work = prepared(incident, options, run_folder)
    if options.dry_run:
        left = tuple(step.index for step in work)
        notes = tuple(strangers(incident))
        return Delivery(run="", incident=incident.scenario_id, dry_run=True, left=left, notes=notes)
    if workspace is None or run_folder is None:
        missing = "workspace" if workspace is None else "run folder"
        raise NotConfigured(f"no {missing} to post with", "Give one, or stay with dry_run=True.")
    with locked(run_folder):
        journal = Journal(run_folder)
        try:
            bots = Bots(workspace, alerts)
            place = await resolve(work, bots, options, clock)
            header = journal.begin(_header(incident, place, options, clock, run_folder))
            run = Run(work, header, place, bots, journal, clock, options, observer or Silent(), pacer or Pacer(clock))
            return await run.go()
        except SlackIncidentsError as error:
            raise extended(error, journal.past.delivery(), run_folder) from None


async def deliver_all(
    incidents: Sequence[IncidentRecord],
    workspace: Workspace | None = None,
    *,
    clock: Clock,
    run_folder: Path | None = None,
    options: PostingOptions = DRY,
    alerts: Workspace | None = None,
    observer: Observer | None = None,
) -> tuple[Delivery, ...]:
    """Post several incidents, their starts as `starts` has them; without such one after the other.

    Each has a folder of its own in `run_folder`; all keep one pace. Everything is checked before the first message.
    Raises what `deliver` raises; when one fails, the others stop where they are and can go on later.
    """
    work = [prepared(incident, options, run_folder) for incident in incidents]
    if options.dry_run or workspace is None or run_folder is None:
        return tuple([await deliver(one, workspace, clock=clock, options=options) for one in incidents])
    pacer = Pacer(clock)
    folders = [run_folder / f"{place:02}-{_file_name(one.scenario_id)}" for place, one in enumerate(incidents)]

    begins = starts(incidents, options)

    async def one(place: int) -> Delivery:
        if begins and read(folders[place]).header is None:
            await nap(clock, begins[place])
        return await deliver(
            incidents[place],
            workspace,
            clock=clock,
            run_folder=folders[place],
            options=options,
            alerts=alerts,
            observer=observer,
            pacer=pacer,
        )

    with locked(run_folder):
        try:
            await resolve(tuple(step for some in work for step in some), Bots(workspace, alerts), options, clock)
        except SlackIncidentsError as error:
            raise extended(error, Delivery(run="", incident=""), run_folder) from None
        if begins:
            return await gathered([one(place) for place in range(len(incidents))])
        return tuple([await one(place) for place in range(len(incidents))])


def starts(incidents: Sequence[IncidentRecord], options: PostingOptions) -> tuple[float, ...]:
    """When each incident is begun, in seconds from now; nothing where they follow one another."""
    if options.own_starts and incidents:
        moments = [incident.started_at.timestamp() for incident in incidents]
        return tuple((moment - min(moments)) / options.speed for moment in moments)
    return tuple(place * options.interval for place in range(len(incidents))) if options.interval else ()


def prepared(incident: IncidentRecord, options: PostingOptions, run_folder: Path | None = None) -> tuple[Step, ...]:
    """The steps of an incident, checked as far as that needs no call. Raises BadFile or Unsafe."""
    try:
        work = steps(incident, options.alert_bot_name)
        known_before(work, options)
    except SlackIncidentsError as error:
        raise extended(error, Delivery(run="", incident=incident.scenario_id), run_folder) from None
    return work


def _header(incident: IncidentRecord, place: Place, options: PostingOptions, clock: Clock, folder: Path) -> Header:
    digest = hashlib.sha256(incident.model_dump_json(by_alias=True).encode()).hexdigest()
    began = clock.now()
    run = hashlib.sha256(f"{digest} {place.team.team} {began!r} {folder.resolve()}".encode()).hexdigest()[:12]
    return Header(
        run=run,
        began=began,
        incident=incident.scenario_id,
        incident_sha256=digest,
        team=place.team.team,
        test_channel=options.test_channel,
        mark=options.mark,
        ping=options.ping,
        channels=dict(place.ids),
        indices=tuple(range(len(incident.timeline))),
        notes=(*strangers(incident), *place.notes),
    )


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:60] or "incident"
