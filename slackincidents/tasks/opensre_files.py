"""The files of an opensre scenario folder, as far as they can be filled without a real system."""

from __future__ import annotations

from pydantic import Field

from slackincidents.schema.base import Frozen
from slackincidents.tasks.truth import MADE_UP

VERSION = "1.0"
UNDISCLOSED = "undisclosed"
"""The failure mode of every scenario: opensre shows that field to whoever has to find the cause."""


class Scenario(Frozen):
    """``scenario.yml``: what an answering system may know beforehand."""

    schema_version: str = VERSION
    scenario_id: str
    failure_mode: str = UNDISCLOSED
    severity: str
    available_evidence: tuple[str, ...] = Field(min_length=1)
    scenario_difficulty: int = Field(ge=1, le=4)
    synthetic: bool = True
    note: str = MADE_UP


class AlertLabels(Frozen):
    """What the alert is about."""

    alertname: str
    severity: str
    service: str = ""
    pipeline_name: str = "slackincidents"


class AlertAnnotations(Frozen):
    """What the alert says."""

    summary: str
    context_sources: str


class Alert(Frozen):
    """``alert.json``: the first alert, or the first report where no alert fired."""

    title: str
    state: str = "alerting"
    alert_source: str
    common_labels: AlertLabels = Field(alias="commonLabels")
    common_annotations: AlertAnnotations = Field(alias="commonAnnotations")


class Answer(Frozen):
    """``answer.yml``: what a right answer is, and how one gets there."""

    root_cause_category: str
    required_keywords: tuple[str, ...] = Field(min_length=1)
    required_evidence_sources: tuple[str, ...] = Field(min_length=1)
    forbidden_categories: tuple[str, ...] = ()
    optimal_trajectory: tuple[str, ...] = Field(min_length=1)
    max_investigation_loops: int = Field(ge=1)
    model_response: str


class Record(Frozen):
    """One thing somebody saw or said."""

    timestamp: str
    source: str
    service: str | None = None
    channel: str
    user: str
    message: str


class EvidenceFile(Frozen):
    """``PLACE.json``: what was found in one place, or the chat."""

    synthetic: bool = True
    records: tuple[Record, ...] = Field(min_length=1)
