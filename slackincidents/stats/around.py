"""What stands around the incidents: the noise between them, and the edges along which trouble travelled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.kinds import BETWEEN, What, what_of
from slackincidents.stats.results import Edge, NoiseCount


@dataclass
class Around:
    """Adds up what is no time. Two of them, merged, equal one of the whole."""

    noise: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    between: Counter[str] = field(default_factory=Counter)
    edges: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def takes(self, record: IncidentRecord) -> bool:
        """Count a file that is no incident, and the edges of one that is. True for the former."""
        what = what_of(record)
        if record.noise is not None:
            self.noise[record.noise.kind] += 1
            self.answered += record.noise.answered
        elif what in BETWEEN:
            self.between[what.value] += 1
        if what is not What.INCIDENT:
            return True
        self.edges.update(
            {(edge.source, edge.target, edge.via) for edge in (record.labels.cascade if record.labels else ())}
        )
        return False

    def merge(self, other: Around) -> None:
        """Count what another has counted."""
        self.noise.update(other.noise)
        self.answered += other.answered
        self.between.update(other.between)
        self.edges.update(other.edges)

    def noise_count(self, incidents: int) -> NoiseCount | None:
        """The noise beside so many incidents; None where there is none."""
        alerts = self.noise.total()
        if not alerts:
            return None
        kinds = {kind: self.noise[kind] for kind in sorted(self.noise)}
        return NoiseCount(alerts=alerts, share=alerts / (alerts + incidents), answered=self.answered, kinds=kinds)

    def cascade(self) -> tuple[Edge, ...]:
        """The edges, the ones most travelled first."""
        ranked = sorted(self.edges.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Edge(source=s, target=t, via=via, incidents=count) for (s, t, via), count in ranked)
