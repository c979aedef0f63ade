"""Taking back what a run posted."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path

from slackincidents.clock import Clock
from slackincidents.errors import BadFile, Declined, NotConfigured, SlackIncidentsError, Unsafe
from slackincidents.schema.delivery import Delivery, Receipt
from slackincidents.sinks.base import Workspace
from slackincidents.sinks.journal import Journal, folders, locked
from slackincidents.sinks.lines import Deleted, Header, Noted, Stands
from slackincidents.sinks.looking import LOOK_BACK, look
from slackincidents.sinks.pacing import REACTION_GAP, nap, persist
from slackincidents.sinks.resolve import Bots


async def unpost(
    run_folder: Path, workspace: Workspace, *, clock: Clock, alerts: Workspace | None = None
) -> tuple[Delivery, ...]:
    """Delete every message of the runs in a folder, replies before their roots. Again goes on where it stopped.

    The receipts of what is returned are what still stands, which the notes explain. Raises BadFile when there is no
    run, Unsafe when the token belongs to another workspace, NotConfigured when the alert bot's token is missing.
    """
    found = folders(run_folder)
    if not found:
        raise BadFile(f"{run_folder} holds no run", "A run's folder has a journal.jsonl in it.")
    with ExitStack() as stack:
        for folder in sorted({run_folder, *found}):
            stack.enter_context(locked(folder))
        bots = Bots(workspace, alerts)
        return tuple([await _take_back(Journal(folder), bots, clock) for folder in found])


async def _take_back(journal: Journal, bots: Bots, clock: Clock) -> Delivery:
    header = journal.past.header
    if header is None:
        return journal.past.delivery()
    try:
        await _check(journal, header, bots, clock)
        await _settle(journal, header, bots, clock)
        for receipt in reversed(journal.past.receipts):
            await _delete(journal, receipt, bots, clock)
            await nap(clock, REACTION_GAP)
    except SlackIncidentsError as error:
        left = len(journal.past.receipts)
        error.message = f"{error.message} [still standing: {left} messages of {header.incident}]"
        error.hint = f"{error.hint} To go on: slackincidents unpost {journal.folder}".strip()
        error.args = (error.message,)
        raise
    return journal.past.delivery()


async def _check(journal: Journal, header: Header, bots: Bots, clock: Clock) -> None:
    identity = await persist(bots.people.identity, clock)
    if identity.team != header.team:
        raise Unsafe(
            f"the token belongs to workspace {identity.team}, but the run was posted to {header.team}",
            "Set SLACK_BOT_TOKEN to the token of that workspace.",
        )
    if bots.alerts is None and any(receipt.voice == "alerts" for receipt in journal.past.receipts):
        raise NotConfigured("the run's alerts were posted by a second bot", "Set ALERT_BOT_TOKEN.")


async def _settle(journal: Journal, header: Header, bots: Bots, clock: Clock) -> None:
    """Find out about the messages that were under way when the run stopped, and about second copies of others."""
    oldest = f"{max(0.0, header.began - LOOK_BACK):017.6f}"
    for key in sorted({*journal.past.open, *journal.past.doubtful}):
        trying = journal.past.tried[key]
        for ts in await look(bots.people, clock, header, trying, oldest):
            receipt = Receipt(index=key[0], part=key[1], channel_id=trying.channel_id, ts=ts, voice=trying.voice)
            if key not in journal.past.stands:
                journal.write(Stands(receipt=receipt, parts=1, found=True))
            elif journal.past.stands[key].receipt.ts != ts:
                await _delete(journal, receipt, bots, clock)


async def _delete(journal: Journal, receipt: Receipt, bots: Bots, clock: Clock) -> None:
    try:
        await persist(partial(bots.of(receipt.voice).delete, receipt.channel_id, receipt.ts), clock)
    except Declined as error:
        journal.write(Noted(text=f"event {receipt.index} still stands: {error.message}"))
        return
    journal.write(Deleted(channel_id=receipt.channel_id, ts=receipt.ts))
