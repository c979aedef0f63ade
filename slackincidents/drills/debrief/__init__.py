"""The debrief of a drill: what was done, what it cost, what was missed, and how others did; see docs/debrief.md."""

from slackincidents.drills.debrief.history import DEBRIEF_FILE, read_history
from slackincidents.drills.debrief.making import debrief
from slackincidents.drills.debrief.notes import Glance, Hint, Notes
from slackincidents.drills.debrief.others import peers
from slackincidents.drills.debrief.page import to_html
from slackincidents.drills.debrief.telling import to_markdown, to_text
from slackincidents.drills.debrief.transcript import transcript
from slackincidents.drills.debrief.values import Debrief, History, Peers

__all__ = [
    "DEBRIEF_FILE",
    "Debrief",
    "Glance",
    "Hint",
    "History",
    "Notes",
    "Peers",
    "debrief",
    "peers",
    "read_history",
    "to_html",
    "to_markdown",
    "to_text",
    "transcript",
]
