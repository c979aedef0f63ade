"""Ground truth as ITBench keeps it: groups of resources, how the fault spread over them, and what mends it.

The format is that of ITBench's ``groundtruth_v1.yaml``. Two things are ours and said so in `metadata`: the system is
made up, and a cause that is no Kubernetes object has a kind that says what it is (`KINDS`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from slackincidents.schema.base import Frozen
from slackincidents.schema.incident import CascadeLabel
from slackincidents.schema.skeleton import CauseCategory
from slackincidents.tasks import yamls
from slackincidents.tasks.truth import MADE_UP, Truth, mentions

KINDS = {
    CauseCategory.FEATURE_FLAG: "FeatureFlag",
    CauseCategory.RESOURCE_LIMIT: "Pod",
    CauseCategory.CODE_DEFECT: "Deployment",
    CauseCategory.CONFIG_CHANGE: "ConfigMap",
    CauseCategory.TRAFFIC: "Job",
    CauseCategory.QUOTA: "Quota",
    CauseCategory.DEPENDENCY: "ExternalService",
    CauseCategory.DATA: "Data",
}
"""What sort of thing the cause is. FeatureFlag, Quota, ExternalService and Data are no kinds of Kubernetes' own."""

VIA = {
    "error": "{target} calls {source}, which fails or is slow",
    "load": "{source} calls {target} far more than usual",
    "async": "{target} takes what {source} puts on a queue",
}
"""How trouble gets from one service to the next."""

OTHERWISE = "{target} depends on {source}"

_FLAG = re.compile(r"[a-z]+(?:[A-Z][a-z0-9]+)+")


class Entity(Frozen):
    """What the fault was put into."""

    group_id: str
    kind: str
    name: str


class Fault(Frozen):
    """One fault: what changed, how it works, and in what."""

    category: Literal["Change", "Create", "Delete"]
    condition: str
    entity: Entity
    fault_mechanism: str


class Group(Frozen):
    """Resources that are one thing to the incident; `filter` are patterns for their names."""

    id: str
    kind: str
    namespace: str
    filter: tuple[str, ...] = Field(min_length=1)
    root_cause: bool | None = None


class AlertNote(Frozen):
    """What an alert says."""

    description: str


class Alert(Frozen):
    """An alert that fired, and on what."""

    id: str
    group_id: str
    metadata: AlertNote


class Propagation(Frozen):
    """One step of the trouble, from group to group."""

    source: str
    target: str
    condition: str
    effect: str


class Solution(Frozen):
    """One way to mend it."""

    id: str
    actions: tuple[str, ...] = Field(min_length=1)


class Recommended(Frozen):
    """An entry of the recommended actions."""

    solution: Solution


class Metadata(Frozen):
    """Whose ground truth it is, and that nothing behind it is real."""

    name: str
    annotations: dict[str, str]


class Spec(Frozen):
    """The ground truth itself."""

    alerts: tuple[Alert, ...] = ()
    aliases: tuple[tuple[str, ...], ...] = ()
    fault: tuple[Fault, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(min_length=1)
    propagations: tuple[Propagation, ...] = ()
    recommended: tuple[Recommended, ...] = Field(default=(), alias="recommendedActions")


class GroundTruth(Frozen):
    """A ``groundtruth_v1.yaml``."""

    api_version: Literal["itbench.io/v1"] = Field(default="itbench.io/v1", alias="apiVersion")
    kind: Literal["GroundTruth"] = "GroundTruth"
    metadata: Metadata
    spec: Spec


def files(truth: Truth, _number: int) -> dict[str, str]:
    """The one file of an incident, by its name: the incident's neutral id."""
    return {f"{truth.id}.yaml": yamls.written(ground_truth(truth))}


def read(text: str, name: str = "the ground truth") -> GroundTruth:
    """A ground truth from YAML. Raises BadFile."""
    return yamls.read(text, GroundTruth, name)


def ground_truth(truth: Truth) -> GroundTruth:
    """What really happened in an incident."""
    cause = truth.labels.root_cause
    root = _root(truth)
    notes = {
        "slackincidents/synthetic": "true",
        "slackincidents/system": MADE_UP,
        "slackincidents/incident": truth.id,
        "slackincidents/namespaces": "as the commands in the chat name them; there is no such cluster",
    }
    category = CauseCategory(cause.category)
    fault = Fault(
        category="Create" if category is CauseCategory.TRAFFIC else "Change",
        condition=truth.filled(truth.skeleton.root_cause.trigger),
        entity=Entity(group_id=root.id, kind=root.kind, name=cause.component),
        fault_mechanism=category,
    )
    spec = Spec(
        alerts=tuple(_alerts(truth)),
        aliases=(tuple(dict.fromkeys((root.id, _service(_place(truth)), _service(cause.service)))),),
        fault=(fault,),
        groups=(root, *_services(truth)),
        propagations=tuple(_propagations(truth, root)),
        recommendedActions=tuple(_mending(truth)),
    )
    return GroundTruth(metadata=Metadata(name=f"incident-{truth.id}", annotations=notes), spec=spec)


def _service(name: str) -> str:
    return f"{name}-service-1"


def _place(truth: Truth) -> str:
    """The service where it broke: the first one that the component names, else the cause's own."""
    cause = truth.labels.root_cause
    named = [name for name in truth.skeleton.services if mentions(cause.component, name)]
    return min(named, key=cause.component.lower().index, default=cause.service)


def _root(truth: Truth) -> Group:
    """The group of the cause: found by its flag where it has one, else by the service where it broke."""
    cause, place = truth.labels.root_cause, _place(truth)
    kind = KINDS[CauseCategory(cause.category)]
    flags = tuple(dict.fromkeys(_FLAG.findall(cause.component)))
    return Group(
        id=f"{place}-{kind.lower()}-1",
        kind=kind,
        namespace=truth.namespace(place),
        filter=flags or (f"{place}-.*",),
        root_cause=True,
    )


def _services(truth: Truth) -> Iterator[Group]:
    """A group for every service that the cause, the cascade or an alert touches, in that order."""
    touched = [truth.labels.root_cause.service, _place(truth)]
    touched += [name for edge in _edges(truth) for name in (edge.source, edge.target)]
    touched += [truth.skeleton.alerts[name].service for name, _ in truth.alerts]
    for name in dict.fromkeys(touched):
        yield Group(id=_service(name), kind="Service", namespace=truth.namespace(name), filter=(rf"{name}\b",))


def _edges(truth: Truth) -> list[CascadeLabel]:
    """The cascade in the order it reached the services; an edge comes after one that leads to its source."""
    left = sorted(truth.labels.cascade, key=lambda edge: edge.offset_seconds)
    reached, ordered = {truth.labels.root_cause.service}, list[CascadeLabel]()
    while left:
        edge = next((edge for edge in left if edge.source in reached), left[0])
        left.remove(edge)
        ordered.append(edge)
        reached |= {edge.source, edge.target}
    return ordered


def _propagations(truth: Truth, root: Group) -> Iterator[Propagation]:
    cause = truth.labels.root_cause
    own = next((at for name, at in truth.alerts if truth.skeleton.alerts[name].service == cause.service), None)
    seen = truth.incident.timeline[own].text.splitlines()[0] if own is not None else truth.skeleton.title
    yield Propagation(source=root.id, target=_service(cause.service), condition=cause.mechanism, effect=seen)
    for edge in _edges(truth):
        yield Propagation(
            source=_service(edge.source),
            target=_service(edge.target),
            condition=VIA.get(edge.via, OTHERWISE).format(source=edge.source, target=edge.target),
            effect=edge.effect,
        )


def _alerts(truth: Truth) -> Iterator[Alert]:
    for name, place in truth.alerts:
        title, _, details = truth.incident.timeline[place].text.partition("\n")
        service = truth.skeleton.alerts[name].service
        words = re.findall(r"[A-Za-z0-9]+", title)
        camel = "".join(word[0].upper() + word[1:] for word in words)
        yield Alert(id=camel or name, group_id=_service(service), metadata=AlertNote(description=details or title))


def _mending(truth: Truth) -> Iterator[Recommended]:
    """Every action of the skeleton that mends it, the ones that were taken first."""
    fixes = [name for name, action in truth.skeleton.actions.items() if action.effect == "fixes"]
    for name in sorted(fixes, key=lambda name: f"action:{name}" not in truth.told):
        action = truth.filled(truth.skeleton.actions[name].details)
        yield Recommended(solution=Solution(id=name.replace("-", "_"), actions=(action,)))
