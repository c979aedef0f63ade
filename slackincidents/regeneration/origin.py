"""The plan behind an incident of ours, or which part of what it was made from is another now."""

from __future__ import annotations

from slackincidents.assembly import package_version, people_hash
from slackincidents.errors import SlackIncidentsError, UsageError
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.schema.incident import Provenance
from slackincidents.schema.plan import Plan
from slackincidents.validator import check

MOVED = "PLN001"
"""The rule that holds a timeline against its plan."""

AS_A_STRANGER = "Or take its provenance out (export --labels drop) and have a model reword it as a stranger's file."


def plan_behind(workshop: Workshop, incident: Incident, origin: Provenance) -> Plan:
    """The plan an incident was made from. Raises UsageError that names the part which differs."""
    plan = workshop.replan(incident)
    if plan is None:
        raise _error(incident, *_missing(workshop, incident, origin))
    report = check(incident, catalogue=workshop.stage.catalogue, people=workshop.stage.people, plan=plan)
    moved = next((finding for finding in report.findings if finding.code == MOVED), None)
    if moved is not None:
        place = "" if moved.index is None else f"timeline[{moved.index}] "
        made = f"It was made by {origin.generator}; this is slackincidents {package_version()}."
        raise _error(incident, f"{place}{moved.message}", f"Undo the edit, or use its own services. {made}")
    return plan


def _missing(workshop: Workshop, incident: Incident, origin: Provenance) -> tuple[str, str]:
    if origin.skeleton not in workshop.library.skeleton_names():
        hint = "Put it into scenarios/skeletons/ of the folder that SLACKINCIDENTS_HOME names."
        return f"its skeleton {origin.skeleton!r} is not in the library", hint
    try:
        plan = workshop.plan_of(incident, origin)
    except (SlackIncidentsError, OverflowError) as error:
        return f"its plan cannot be made: {getattr(error, 'message', error)}", "Use the library it was made with."
    if plan.skeleton_sha256 != origin.skeleton_sha256:
        return f"its skeleton {origin.skeleton!r} has changed since", "Use the one it was made from."
    if people_hash(plan) != origin.people_sha256:
        return "its people have changed since", "Use the personas it was made with (--personas)."
    return "its plan cannot be made again", "Use the library it was made with."


def _error(incident: Incident, what: str, hint: str) -> UsageError:
    return UsageError(f"{incident.scenario_id} cannot be told again: {what}", f"{hint} {AS_A_STRANGER}")
