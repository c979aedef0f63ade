"""Looking for a message of ours in a channel or a thread, by its marker."""

from __future__ import annotations

from functools import partial

from slackincidents.clock import Clock
from slackincidents.errors import Declined, Denied
from slackincidents.schema.delivery import Marker
from slackincidents.sinks.base import Workspace
from slackincidents.sinks.lines import Header, Trying
from slackincidents.sinks.pacing import persist

LOOK_BACK = 86400.0
"""How far back to look, in seconds, where nothing else of the run stands in the channel."""


async def look(workspace: Workspace, clock: Clock, header: Header, trying: Trying, oldest: str) -> tuple[str, ...]:
    """The ts of every copy of a message, oldest first. Raises when nobody can tell, since it may not be a member."""
    marker = Marker(incident=header.incident, index=trying.index, part=trying.part, run=header.run)
    try:
        if trying.thread_ts is not None:
            seen = await persist(partial(workspace.replies, trying.channel_id, trying.thread_ts), clock)
        else:
            seen = await persist(partial(workspace.history, trying.channel_id, oldest), clock)
    except (Declined, Denied) as error:
        error.message = f"nobody knows whether event {trying.index} arrived: {error.message}"
        raise
    return tuple(sorted(one.ts for one in seen if one.marker == marker))
