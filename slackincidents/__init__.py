"""Made-up Slack incidents that read like real ones, each with a complete answer key.

    import slackincidents

    incident = slackincidents.generate("cache-failure", seed=7)
    incident.save("cache-failure.html")

Importing this loads nothing else; each name is fetched when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slackincidents.api import agenerate, aregenerate, generate, load, load_all, plan, regenerate, validate
    from slackincidents.delivery import adeliver, deliver
    from slackincidents.drafting import draft_scenario
    from slackincidents.errors import (
        BadFile,
        BadSkeleton,
        CheckFailed,
        OutsideError,
        SlackIncidentsError,
        UnknownName,
        UsageError,
    )
    from slackincidents.frames import to_frame
    from slackincidents.incident import Incident
    from slackincidents.library import Library
    from slackincidents.schema.findings import Finding, Report
    from slackincidents.schema.people import Persona, Service
    from slackincidents.schema.plan import Beat, Plan
    from slackincidents.schema.skeleton import Skeleton
    from slackincidents.writer import OfflineWriter
    from slackincidents.writer.opening import OpenAIWriter

    __version__: str

__all__ = [
    "BadFile",
    "BadSkeleton",
    "Beat",
    "CheckFailed",
    "Finding",
    "Incident",
    "Library",
    "OfflineWriter",
    "OpenAIWriter",
    "OutsideError",
    "Persona",
    "Plan",
    "Report",
    "Service",
    "Skeleton",
    "SlackIncidentsError",
    "UnknownName",
    "UsageError",
    "__version__",
    "adeliver",
    "agenerate",
    "aregenerate",
    "deliver",
    "draft_scenario",
    "generate",
    "load",
    "load_all",
    "plan",
    "regenerate",
    "to_frame",
    "validate",
]

_HOMES = {
    "api": ("agenerate", "aregenerate", "generate", "load", "load_all", "plan", "regenerate", "validate"),
    "assembly": ("package_version",),
    "delivery": ("adeliver", "deliver"),
    "drafting": ("draft_scenario",),
    "errors": (
        "BadFile",
        "BadSkeleton",
        "CheckFailed",
        "OutsideError",
        "SlackIncidentsError",
        "UnknownName",
        "UsageError",
    ),
    "frames": ("to_frame",),
    "incident": ("Incident",),
    "library": ("Library",),
    "schema.findings": ("Finding", "Report"),
    "schema.people": ("Persona", "Service"),
    "schema.plan": ("Beat", "Plan"),
    "schema.skeleton": ("Skeleton",),
    "writer": ("OfflineWriter",),
    "writer.opening": ("OpenAIWriter",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

if not TYPE_CHECKING:  # a type checker that saw this would take every misspelt name for known

    def __getattr__(name: str) -> object:
        """Fetch a public name from its module, once (PEP 562)."""
        if name == "__version__":
            value = _fetch("package_version")()
        elif name in __all__:
            value = _fetch(name)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value

    def _fetch(name: str) -> object:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
