"""The ground truth an incident has for ITBench."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from slackincidents import Incident, generate
from slackincidents.errors import BadFile, UsageError
from slackincidents.library import Library
from slackincidents.schema.incident import Labels
from slackincidents.schema.skeleton import CauseCategory
from slackincidents.tasks import itbench
from slackincidents.tasks.truth import Truth, truth_of
from tests.cli.conftest import Cli, cli, environment
from tests.validator.tiny import SKELETON, tiny

__all__ = ["cli"]


def known(incident: Incident | None = None) -> Truth:
    """The tiny incident with its truth."""
    found = incident or tiny().incident
    assert found.labels is not None
    return Truth(found, found.labels, SKELETON)


def relabelled(**changes: object) -> Truth:
    """The tiny incident with other labels."""
    labels = known().labels
    return Truth(tiny().incident, Labels.model_validate({**labels.model_dump(), **changes}), SKELETON)


def test_every_field_of_the_tiny_incident() -> None:
    """Alerts, groups, aliases, propagations, fault and remedy say what the tiny incident's skeleton and labels say."""
    truth = known()
    found = yaml.safe_load(itbench.files(truth, 1)[f"{truth.id}.yaml"])
    assert found["apiVersion"] == "itbench.io/v1"
    assert found["kind"] == "GroundTruth"
    assert found["metadata"]["name"] == f"incident-{truth.id}"
    assert found["metadata"]["annotations"]["slackincidents/synthetic"] == "true"
    assert "made-up system" in found["metadata"]["annotations"]["slackincidents/system"]
    assert found["spec"] == {
        "alerts": [
            {
                "id": "CartSlow",
                "group_id": "cart-service-1",
                "metadata": {"description": "P95 latency is 912ms (threshold 500ms)"},
            }
        ],
        "aliases": [["redis-featureflag-1", "redis-service-1"]],
        "fault": [
            {
                "category": "Change",
                "condition": "a test",
                "entity": {"group_id": "redis-featureflag-1", "kind": "FeatureFlag", "name": "feature flag"},
                "fault_mechanism": "feature_flag",
            }
        ],
        "groups": [
            {
                "id": "redis-featureflag-1",
                "kind": "FeatureFlag",
                "namespace": "default",
                "filter": ["redis-.*"],
                "root_cause": True,
            },
            {"id": "redis-service-1", "kind": "Service", "namespace": "default", "filter": [r"redis\b"]},
            {"id": "cart-service-1", "kind": "Service", "namespace": "default", "filter": [r"cart\b"]},
        ],
        "propagations": [
            {
                "source": "redis-featureflag-1",
                "target": "redis-service-1",
                "condition": "keys expire at once",
                "effect": "Cart slow",
            },
            {
                "source": "redis-service-1",
                "target": "cart-service-1",
                "condition": "cart calls redis, which fails or is slow",
                "effect": "slow carts",
            },
        ],
        "recommendedActions": [{"solution": {"id": "flag_off", "actions": ["cacheTinyTtl off"]}}],
    }


def test_the_flag_and_the_broken_service_come_from_the_component() -> None:
    """A flag's name is the filter; a component that names another service puts the fault there."""
    cause = known().labels.root_cause.model_dump()
    flagged = relabelled(root_cause={**cause, "component": "flag cacheTinyTtl of redis"})
    assert itbench.ground_truth(flagged).spec.groups[0].filter == ("cacheTinyTtl",)
    pod = {**cause, "service": "cart", "component": "redis cache pod of cart", "category": "resource_limit"}
    spec = itbench.ground_truth(relabelled(root_cause=pod)).spec
    assert (spec.groups[0].id, spec.groups[0].filter) == ("redis-pod-1", ("redis-.*",))
    assert spec.aliases == (("redis-pod-1", "redis-service-1", "cart-service-1"),)


def test_namespaces_are_those_of_the_commands() -> None:
    """The command run for redis names a namespace; cart, for which none was run, gets it too."""
    incident = tiny().incident
    timeline = tuple(
        event.model_copy(update={"content": "kubectl -n shop-cache set env"}) if event.type == "action" else event
        for event in incident.timeline
    )
    groups = itbench.ground_truth(known(incident.model_copy(update={"timeline": timeline}))).spec.groups
    assert {group.namespace for group in groups} == {"shop-cache"}


def test_the_trouble_is_told_from_the_cause_on() -> None:
    """A step whose effect was seen early still comes after the one that leads to it."""
    far = {"source": "cart", "target": "mail", "via": "async", "effect": "no mails", "offset_seconds": -50}
    near = {**known().labels.cascade[0].model_dump(), "offset_seconds": 100}
    spec = itbench.ground_truth(relabelled(cascade=[far, near])).spec
    assert [(step.source, step.target) for step in spec.propagations] == [
        ("redis-featureflag-1", "redis-service-1"),
        ("redis-service-1", "cart-service-1"),
        ("cart-service-1", "mail-service-1"),
    ]
    assert spec.propagations[2].condition == "mail takes what cart puts on a queue"


def test_every_category_has_a_kind() -> None:
    """No cause is without a kind, whatever its category."""
    assert itbench.KINDS.keys() == set(CauseCategory)


@pytest.mark.parametrize("name", Library().skeleton_names())
def test_every_skeleton_exports_and_comes_back(name: str) -> None:
    """The YAML of each skeleton reads back as the same value; every reference in it leads to a group."""
    incident = generate(name, seed=5, pace="brief")
    truth = truth_of(incident, Library())
    ((path, text),) = itbench.files(truth, 1).items()
    found = itbench.read(text)
    assert found == itbench.ground_truth(truth)
    assert name not in path
    groups = {group.id for group in found.spec.groups}
    assert len(groups) == len(found.spec.groups)
    used = {step.source for step in found.spec.propagations} | {step.target for step in found.spec.propagations}
    used |= {alert.group_id for alert in found.spec.alerts} | {fault.entity.group_id for fault in found.spec.fault}
    assert used <= groups
    assert [group.root_cause for group in found.spec.groups].count(True) == 1
    assert found.spec.recommended


def test_a_misspelt_field_is_refused() -> None:
    """Reading tells the place, and says so of what is no YAML at all."""
    text = itbench.files(known(), 1)[f"{known().id}.yaml"]
    with pytest.raises(BadFile, match=r"spec\.groups\.0\.filter"):
        itbench.read(text.replace("filter:", "filters:"))
    with pytest.raises(BadFile, match="not YAML"):
        itbench.read("a: [")


def test_without_an_answer_there_is_a_clear_error() -> None:
    """No labels, no such skeleton, a changed skeleton, a category nobody knows: each is said with a remedy."""
    incident = generate("cache-failure", seed=1, pace="brief")
    origin = incident.provenance
    assert origin is not None
    assert incident.labels is not None
    library = Library()
    cases: dict[str, dict[str, object]] = {
        "has no labels": {"labels": None},
        "is not in the library": {"provenance": origin.model_copy(update={"skeleton": "elsewhere"})},
        "has changed since": {"provenance": origin.model_copy(update={"skeleton_sha256": "0"})},
        "no cause category 'gremlins'": {
            "labels": incident.labels.model_copy(
                update={"root_cause": incident.labels.root_cause.model_copy(update={"category": "gremlins"})}
            )
        },
    }
    for words, change in cases.items():
        with pytest.raises(UsageError, match=words) as caught:
            truth_of(incident.model_copy(update=change), library)
        assert caught.value.hint


def test_a_name_nobody_said_stays_open() -> None:
    """A slot of an action gets the name that the chat uses, and a placeholder where the chat has none."""
    incident = generate("cache-failure", seed=1, pace="brief")
    truth = truth_of(incident, Library())
    assert truth.filled("restart {redispod}").removeprefix("restart ") in truth.text
    assert "{" not in truth.filled("restart {redispod}")
    assert known().filled("restart {redispod}") == "restart <redispod>"


def test_the_command_line_writes_one_or_many(cli: Cli, tmp_path: Path) -> None:
    """One goes to stdout or a file, several to a folder under neutral names; nothing is overwritten unasked."""
    for name in ("cache-failure", "high-cpu"):
        assert cli("generate", name, "--seed", 2, "--pace", "brief", "-o", f"{name}.json").code == 0
    one = cli("export", "cache-failure.json", "--to", "itbench")
    assert itbench.read(one.out).spec.groups[0].root_cause
    assert cli("export", "cache-failure.json", "--to", "itbench", "-o", "one.yaml").err == "wrote one.yaml\n"
    assert "exists" in cli("export", "cache-failure.json", "--to", "itbench", "-o", "one.yaml").complaint
    many = ("export", "cache-failure.json", "high-cpu.json", "--to", "itbench")
    assert "-o DIR" in cli(*many).complaint
    assert cli(*many, "-o", "truth").code == 0
    names = sorted(path.stem for path in (tmp_path / "truth").iterdir())
    assert len(names) == 2
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in names)
    assert "exists" in cli(*many, "-o", "truth").complaint
    assert cli(*many, "-o", "truth", "--force").code == 0


def test_labels_cannot_be_left_out_of_an_answer(cli: Cli) -> None:
    """The files are the labels, so dropping or separating them is refused."""
    assert cli("generate", "cache-failure", "--pace", "brief", "-o", "made.json").code == 0
    assert "are the labels" in cli("export", "made.json", "--to", "itbench", "--labels", "drop").complaint
    assert cli("export", "made.json", "-o", "blind.json", "--labels", "drop").code == 0
    assert "has no labels" in cli("export", "blind.json", "--to", "itbench").complaint


def test_yaml_is_loaded_only_when_asked_for(tmp_path: Path) -> None:
    """Help and other formats do without PyYAML; a benchmark without it says what to install."""
    incident = generate("cache-failure", seed=1, pace="brief").save(tmp_path / "made.json")
    code = (
        "import sys; sys.modules['yaml'] = None\n"
        "from slackincidents.cli import main\n"
        f"codes = [main(['export', '--help']), main(['export', {str(incident)!r}, '--to', 'text']),"
        f" main(['export', {str(incident)!r}, '--to', 'itbench'])]\n"
        "import json; print(); print(json.dumps(codes))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert json.loads(ran.stdout.splitlines()[-1]) == [0, 0, 2]
    assert "pip install 'slackincidents[evals]'" in ran.stderr
