"""How long it took to acknowledge, diagnose, mitigate and resolve, over any set of incidents; see docs/stats.md."""

from slackincidents.schema.kinds import What
from slackincidents.stats.collector import Collector, Measured, measure
from slackincidents.stats.facets import Facet, Wall
from slackincidents.stats.moments import Gap, Measure, Moment
from slackincidents.stats.page import to_html
from slackincidents.stats.reading import Found, Reader
from slackincidents.stats.results import Stats
from slackincidents.stats.text import to_text

__all__ = [
    "Collector",
    "Facet",
    "Found",
    "Gap",
    "Measure",
    "Measured",
    "Moment",
    "Reader",
    "Stats",
    "Wall",
    "What",
    "measure",
    "to_html",
    "to_text",
]
