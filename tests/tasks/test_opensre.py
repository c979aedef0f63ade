"""The scenario folder an incident has for opensre."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from slackincidents import generate
from slackincidents.errors import OutputExists, UsageError, WriteFailed
from slackincidents.library import Library
from slackincidents.schema.incident import Labels
from slackincidents.schema.skeleton import CauseCategory, Hypothesis
from slackincidents.tasks import folders, opensre
from slackincidents.tasks.folders import write_folder
from slackincidents.tasks.guesses import SUSPICIONS, category_of
from slackincidents.tasks.opensre_files import Answer
from slackincidents.tasks.truth import Truth, truth_of
from tests.cli.conftest import Cli, cli
from tests.validator.tiny import SKELETON, tiny

__all__ = ["cli"]

FACTS = ("clue:flag", "clue:evict")


def known(**changes: object) -> Truth:
    """The tiny incident with its truth, its labels changed."""
    incident = tiny().incident
    assert incident.labels is not None
    return Truth(incident, Labels.model_validate({**incident.labels.model_dump(), **changes}), SKELETON)


def without(*facts: str) -> Truth:
    """The tiny incident in which nobody tells these facts."""
    labels = known().labels.model_dump()
    for label in labels["messages"]:
        label["reveals"] = [fact for fact in label.get("reveals", ()) if fact not in facts]
    return known(messages=labels["messages"], cause_first_stated=None if "clue:flag" in facts else 7)


def loaded(files: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """The files as a reader of YAML and JSON has them, by name without the folder."""
    return {
        Path(path).name: json.loads(text) if path.endswith(".json") else yaml.safe_load(text)
        for path, text in files.items()
    }


def test_every_field_of_the_tiny_incident() -> None:
    """Scenario, alert and answer say what the tiny incident's skeleton and labels say."""
    truth = known()
    files = opensre.files(truth, 7)
    assert {Path(path).parent.name for path in files} == {f"007-{truth.id[:8]}"}
    found = loaded(files)
    note = found["scenario.yml"].pop("note")
    assert "made-up system" in str(note)
    assert found["scenario.yml"] == {
        "schema_version": "1.0",
        "scenario_id": f"007-{truth.id[:8]}",
        "failure_mode": "undisclosed",
        "severity": "critical",
        "available_evidence": ["slack_messages", "dashboard", "flags"],
        "scenario_difficulty": 2,
        "synthetic": True,
    }
    assert found["alert.json"] == {
        "title": "Cart slow",
        "state": "alerting",
        "alert_source": "monitoring",
        "commonLabels": {
            "alertname": "Cart slow",
            "severity": "critical",
            "service": "cart",
            "pipeline_name": "slackincidents",
        },
        "commonAnnotations": {
            "summary": "P95 latency is 912ms (threshold 500ms)",
            "context_sources": "slack_messages, dashboard, flags",
        },
    }
    assert found["answer.yml"] == {
        "root_cause_category": "feature_flag_misconfiguration",
        "required_keywords": ["cacheTinyTtl", "flag"],
        "required_evidence_sources": ["dashboard", "flags"],
        "forbidden_categories": ["bad_deploy"],
        "optimal_trajectory": ["query_grafana_metrics", "look_at_flags"],
        "max_investigation_loops": 2,
        "model_response": (
            "ROOT_CAUSE: the flag cacheTinyTtl was on\n"
            "ROOT_CAUSE_CATEGORY: feature_flag_misconfiguration\n"
            "\n"
            "VALIDATED_CLAIMS:\n"
            "- keys expire at once [evidence: dashboard]\n"
            "- the flag cacheTinyTtl is on [evidence: flags]\n"
            "- Not: a deploy.\n"
            "\n"
            "NON_VALIDATED_CLAIMS:\n"
            "- none\n"
            "\n"
            "CAUSAL_CHAIN:\n"
            "- keys expire at once\n"
            "- redis -> cart: slow carts\n"
        ),
    }


def test_evidence_is_what_was_found_and_the_chat_stops_before_the_cause() -> None:
    """Each place holds the words of who looked there; the chat has the seven messages before the cause is told."""
    found = loaded(opensre.files(known(), 1))
    flags = found["flags.json"]
    assert flags["records"] == [
        {
            "timestamp": "2024-12-11T14:41:40+00:00",
            "source": "flags",
            "service": "redis",
            "channel": "#redis-oncall",
            "user": "cy",
            "message": "the flag `cacheTinyTtl` is on",
        }
    ]
    chat = found["slack_messages.json"]["records"]
    assert isinstance(chat, list)
    assert [one["message"] for one in chat][1:] == [event.text for event in tiny().incident.timeline[1:7]]
    assert "cacheTinyTtl" not in json.dumps(chat)


def test_what_nobody_ruled_out_is_not_forbidden() -> None:
    """The deploy is refuted by the evictions; untold, nothing forbids it, and the way there is one look shorter."""
    answer = opensre.folder(without("clue:evict"), 1).answer
    assert answer.forbidden_categories == ()
    assert answer.optimal_trajectory == ("look_at_flags",)
    assert answer.max_investigation_loops == 1


def test_the_true_category_is_never_forbidden() -> None:
    """A false guess of the cause's own kind forbids nothing."""
    guesses = dict(SKELETON.hypotheses)
    guesses["deploy"] = guesses["deploy"].model_copy(update={"claim": "another flag"})
    skeleton = SKELETON.model_copy(update={"hypotheses": guesses})
    truth = Truth(known().incident, known().labels, skeleton)
    assert category_of(guesses["deploy"]) == "feature_flag_misconfiguration"
    assert opensre.folder(truth, 1).answer.forbidden_categories == ()


def test_where_nobody_finds_the_cause_there_is_no_scenario() -> None:
    """The gold evidence would not be in it, so it is refused."""
    with pytest.raises(UsageError, match="nobody finds the cause"):
        opensre.files(without("clue:flag"), 1)


def test_without_an_alert_the_first_report_stands_for_it() -> None:
    """The first message is the summary, and its channel's owner the service."""
    found = opensre.folder(without("alert:slow"), 1).alert
    assert (found.title, found.alert_source, found.common_labels.service) == ("Reported by a person", "slack", "cart")
    assert found.common_annotations.summary == tiny().incident.timeline[0].text


def guess(claim: str, component: str) -> Hypothesis:
    """A false hypothesis with these words."""
    model = SKELETON.hypotheses["deploy"]
    return model.model_copy(update={"claim": claim, "component": component})


@pytest.mark.parametrize(
    ("claim", "component", "category"),
    [
        ("A certificate expired.", "mTLS certificate", "tls_certificate_expired"),
        ("cannot resolve or reach redis", "dns / network", "dns_resolution_failure"),
        ("more visitors than usual", "traffic", "application_tier_load_spike"),
        ("a recent deploy changed the calls", "a deploy of llm", "bad_deploy"),
        ("the alert is too sensitive, nothing is wrong", "the monitor itself", "healthy"),
        ("gremlins", "somewhere", None),
    ],
)
def test_guesses_are_put_into_categories(claim: str, component: str, category: str | None) -> None:
    """The words of a hypothesis decide its category, and none is invented."""
    assert category_of(guess(claim, component)) == category


def test_most_false_hypotheses_that_ship_have_a_category() -> None:
    """At least nine in ten of the shipped wrong guesses are put into one."""
    shipped = [g for n in Library().skeleton_names() for g in Library().skeleton(n).hypotheses.values() if not g.true]
    assert sum(category_of(one) is not None for one in shipped) / len(shipped) >= 0.9
    assert opensre.CATEGORIES.keys() == set(CauseCategory)
    assert len({pattern for pattern, _ in SUSPICIONS}) == len(SUSPICIONS)


@pytest.mark.parametrize("name", Library().skeleton_names())
def test_every_skeleton_makes_a_sound_scenario(name: str) -> None:
    """Required words and places are in the evidence, the true category is allowed, and no name tells the answer."""
    incidents = (generate(name, seed=seed, pace="brief") for seed in range(5, 40))
    stated = next(one for one in incidents if one.labels and one.labels.cause_first_stated is not None)
    truth = truth_of(stated, Library())
    files = opensre.files(truth, 1)
    found = loaded(files)
    answer = Answer.model_validate(found["answer.yml"])
    told = "\n".join(text for path, text in files.items() if Path(path).name not in {"answer.yml", "scenario.yml"})
    assert all(word.lower() in told.lower() for word in answer.required_keywords)
    assert all(f"{place}.json" in found for place in answer.required_evidence_sources)
    assert found["scenario.yml"]["available_evidence"] == [
        place.removesuffix(".json") for place in found if place.endswith(".json") and place != "alert.json"
    ]
    assert answer.root_cause_category not in answer.forbidden_categories
    assert len(answer.optimal_trajectory) <= answer.max_investigation_loops
    open_to_all = "\n".join(files) + "\n".join(text for path, text in files.items() if path.endswith("scenario.yml"))
    for word in (name, answer.root_cause_category, truth.labels.root_cause.component):
        assert word not in open_to_all
    assert next(iter(files))[:3].isdigit()


def test_the_answer_stays_out_of_what_can_be_looked_at() -> None:
    """No file but the answer holds the answer key's sentence."""
    truth = truth_of(generate("payment-failure", seed=5, pace="brief"), Library())
    for path, text in opensre.files(truth, 1).items():
        assert (truth.labels.root_cause.plain in text) == path.endswith("answer.yml")


def test_the_command_line_writes_whole_folders(cli: Cli, tmp_path: Path) -> None:
    """Each incident gets a numbered folder; nothing is overwritten unasked, and nothing half-written stays."""
    for name in ("cache-failure", "high-cpu"):
        assert cli("generate", name, "--seed", 2, "--pace", "brief", "-o", f"{name}.json").code == 0
    both = ("export", "cache-failure.json", "high-cpu.json", "--to", "opensre")
    assert "-o DIR" in cli(*both).complaint
    assert cli(*both, "-o", "suite").code == 0
    made = sorted((tmp_path / "suite").iterdir())
    assert [path.name[:4] for path in made] == ["001-", "002-"]
    assert all({"scenario.yml", "alert.json", "answer.yml"} < {file.name for file in path.iterdir()} for path in made)
    (made[1] / "mine.txt").write_text("mine", encoding="utf-8")
    assert "exists" in cli(*both, "-o", "suite").complaint
    assert (made[1] / "mine.txt").exists()
    shutil.rmtree(made[0])
    assert "exists" in cli(*both, "-o", "suite").complaint
    assert not made[0].exists()
    assert cli(*both, "-o", "suite", "--force").code == 0
    assert not (made[1] / "mine.txt").exists()
    assert sorted((tmp_path / "suite").iterdir()) == made


def test_of_several_the_unsolvable_are_left_out_and_named(cli: Cli, tmp_path: Path) -> None:
    """One in which nobody finds the cause is said and skipped; alone it is an error."""
    assert cli("generate", "cache-failure", "--pace", "brief", "-o", "good.json").code == 0
    ending = ("--change", "ending=unexplained")
    assert cli("generate", "high-cpu", "--seed", 2, *ending, "-o", "never.json").code == 0
    ran = cli("export", "never.json", "good.json", "--to", "opensre", "-o", "suite")
    assert ran.code == 0
    assert "left out: high-cpu-2" in ran.err
    assert [path.name[:4] for path in (tmp_path / "suite").iterdir()] == ["001-"]
    assert "nobody finds the cause" in cli("export", "never.json", "--to", "opensre", "-o", "other").complaint
    assert not (tmp_path / "other").exists()


def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk refuses the last step, what was there before is there again, and nothing else."""
    target = tmp_path / "one"
    write_folder(target, {"a.txt": "old"})
    with pytest.raises(OutputExists):
        write_folder(target, {"a.txt": "new"})

    def refuse(text_path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "write_text", refuse)
    with pytest.raises(WriteFailed, match="No space left"):
        write_folder(target, {"a.txt": "new"}, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert (target / "a.txt").read_text(encoding="utf-8") == "old"


def test_the_last_step_failing_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old folder has been moved away by then; it comes back."""
    target = tmp_path / "one"
    write_folder(target, {"a.txt": "old"})
    move = Path.replace

    def refuse(source: Path, to: Path) -> Path:
        if source.name == "new":
            raise OSError(13, "Permission denied")
        return move(source, to)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(WriteFailed, match="Permission denied"):
        write_folder(target, {"a.txt": "new"}, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert (target / "a.txt").read_text(encoding="utf-8") == "old"
