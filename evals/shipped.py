"""Make the finished incidents that ship: ``make incidents``. Their provenance says how."""

from __future__ import annotations

from slackincidents.incident import Incident
from slackincidents.library import data_root
from slackincidents.pipeline import Workshop, run

SEED = 12
SCHEMA = "../incident.schema.json"


def shipped(workshop: Workshop, scenario: str) -> Incident:
    """The finished incident of a scenario, as it stands in scenarios/incidents/."""
    incident = run(workshop.finish(workshop.plan(scenario, seed=SEED)))
    return incident.model_copy(update={"schema_": SCHEMA})


def main() -> None:
    """Write one file for every scenario."""
    workshop = Workshop.open()
    for name in workshop.library.skeleton_names():
        shipped(workshop, name).save(data_root() / "scenarios" / "incidents" / f"{name}.json")


if __name__ == "__main__":
    main()
