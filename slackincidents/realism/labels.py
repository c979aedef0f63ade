"""What the answer keys say: lines without a fact, how incidents end, what went wrong, which features show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slackincidents.realism.averages import median, share
from slackincidents.realism.conversation import is_human
from slackincidents.schema.acts import Feature
from slackincidents.schema.incident import IncidentRecord, Labels, MessageLabel
from slackincidents.schema.plan import Ending


@dataclass(frozen=True, slots=True)
class LabelMeasures:
    """Shares of labelled incidents, but for `no_fact`: a share of labelled human lines."""

    no_fact: float | None
    explained: float | None
    unexplained: float | None
    unresolved: float | None
    cause_stated: float | None
    withdrawn_or_failed: float | None
    largest_cause: float | None
    features_median: float | None
    features_covered: float | None
    features_missing: tuple[str, ...] = ()


def measure(incidents: Sequence[IncidentRecord]) -> LabelMeasures:
    """Measure the incidents that have labels."""
    labels = [incident.labels for incident in incidents if incident.labels]
    causes = Counter(label.root_cause.category for label in labels)
    shown = {feature for label in labels for feature in features_of(label)}
    return LabelMeasures(
        no_fact=share(not (line.reveals or line.cites) for incident in incidents for line in human_labels(incident)),
        explained=share(label.ending is Ending.EXPLAINED for label in labels),
        unexplained=share(label.ending is Ending.UNEXPLAINED for label in labels),
        unresolved=share(label.ending is Ending.OPEN for label in labels),
        cause_stated=share(label.cause_first_stated is not None for label in labels),
        withdrawn_or_failed=share(bool(label.hypotheses_withdrawn or label.actions_failed) for label in labels),
        largest_cause=max(causes.values()) / causes.total() if causes else None,
        features_median=median([len(features_of(label)) for label in labels]),
        features_covered=len(shown) / len(Feature) if labels else None,
        features_missing=tuple(sorted(set(Feature) - shown)) if labels else (),
    )


def human_labels(incident: IncidentRecord) -> Iterator[MessageLabel]:
    """The labels of what people typed."""
    for label in incident.labels.messages if incident.labels else ():
        if 0 <= label.index < len(incident.timeline) and is_human(incident.timeline[label.index]):
            yield label


def features_of(labels: Labels) -> frozenset[Feature]:
    """Features of the room, those of its messages included."""
    return frozenset(labels.features).union(*(line.features for line in labels.messages))
