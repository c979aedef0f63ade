"""The transcript of a drill: an ordinary incident file."""

from __future__ import annotations

from slackincidents.assembly import assemble
from slackincidents.drills.session import Session
from slackincidents.incident import Incident
from slackincidents.schema.draft import Draft


def transcript(session: Session, draft: Draft) -> Incident:
    """The drill so far as an incident; `draft` has a text for each beat of its plan. Needs a first event."""
    return assemble(session.plan(), draft)
