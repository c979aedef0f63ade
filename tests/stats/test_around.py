"""Noise and everyday files are counted apart; the edges of the cascade are added up."""

from __future__ import annotations

from slackincidents.schema.incident import IncidentRecord
from slackincidents.stats import Collector, to_html, to_text
from tests.workspace.histories import told


def collected(records: tuple[IncidentRecord, ...]) -> Collector:
    """Everything counted."""
    found = Collector()
    for record in records:
        found.add(record)
    return found


def test_noise_is_no_incident() -> None:
    """The times are over real incidents alone; the noise has its own count, share and kinds."""
    records = told()
    stats = collected(records).stats()
    noise = [record.noise for record in records if record.noise]
    real = [record for record in records if record.labels]
    assert stats.sources.incidents == len(real)
    assert stats.noise is not None
    assert stats.noise.alerts == len(noise) == sum(stats.noise.kinds.values())
    assert stats.noise.share == len(noise) / (len(noise) + len(real))
    assert stats.noise.answered == sum(found.answered for found in noise)
    assert sum(stats.between.values()) == len(records) - len(noise) - len(real)


def test_edges_weigh_what_was_travelled() -> None:
    """Each edge counts the incidents whose key has it; they stand in the table and in the picture."""
    records = told()
    stats = collected(records).stats()
    edge = stats.cascade[0]
    having = [
        r
        for r in records
        if r.labels
        and any((c.source, c.target, c.via) == (edge.source, edge.target, edge.via) for c in r.labels.cascade)
    ]
    assert edge.incidents == len(having) == max(one.incidents for one in stats.cascade)
    assert f"{edge.source} to {edge.target}, {edge.via}: {edge.incidents} incidents" in to_html(stats)
    assert "Where trouble travelled" in to_text(stats)


def test_parts_add_up() -> None:
    """Two halves counted apart and merged are the whole."""
    records = told()
    half = collected(records[: len(records) // 2])
    half.merge(collected(records[len(records) // 2 :]))
    assert half.stats() == collected(records).stats()
