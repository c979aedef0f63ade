"""Runbooks: what is in them for every skeleton, and what must not be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest

from slackincidents.library import Library
from slackincidents.render.blocks import Bullets, Code, Document, Grid, Heading, Paragraph, as_markdown, plain
from slackincidents.render.commands import expected, look, settled, undo
from slackincidents.render.runbook import runbook, to_runbook, to_runbook_html, to_runbook_text
from slackincidents.schema.people import Catalogue
from slackincidents.schema.skeleton import Action, CauseCategory, RootCause, Skeleton
from tests.drafting.recorded import NAMES, drafted

LIBRARY = Library()
SHIPPED = LIBRARY.skeleton_names()
CACHE = LIBRARY.skeleton("cache-failure")
Case = tuple[Skeleton, Catalogue]


@pytest.fixture(params=[*SHIPPED, *NAMES], scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Every skeleton that ships and both drafted ones, each with its catalogue."""
    if request.param in SHIPPED:
        return LIBRARY.skeleton(request.param), LIBRARY.catalogue()
    draft = drafted(request.param, tmp_path_factory.mktemp(request.param))
    return draft.result.skeleton, draft.library.catalogue()


def words(document: Document) -> Iterator[str]:
    """All text of a document, block by block, unmarked."""
    for block in document:
        match block:
            case Heading() | Code():
                yield block.text
            case Paragraph():
                yield plain(block.line)
            case Bullets():
                yield from map(plain, block.lines)
            case Grid():
                yield from (plain(cell) for row in block.rows for cell in row)


def squeezed(text: str) -> str:
    """Text without case, marks and line breaks, so that nothing hides in them."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


@pytest.mark.parametrize("name", ["cache-failure", "llm-inaccuracy"])
def test_snapshot(name: str, snapshot: Callable[[str, str], None]) -> None:
    """The runbook of a scenario with alerts, and of one without, is as reviewed."""
    snapshot(f"runbook-{name}.md", to_runbook(LIBRARY.skeleton(name), LIBRARY.catalogue()))


def test_it_has_the_form_of_the_lab(case: Case) -> None:
    """Title, severity, symptoms, steps; then escalation and follow-up, in this order."""
    headings = [block.text for block in runbook(*case) if isinstance(block, Heading) and block.level < 3]
    assert headings[:4] == [f"Runbook: {case[0].title}", f"Severity: {case[0].severity}", "Symptoms", "Steps"]
    assert headings[4:6] == ["Escalation", "Follow-up"]


def test_every_threshold_is_in_it_with_its_unit(case: Case) -> None:
    """Each alert stands in it with its title, its bound and the unit, its normal value and its runbook link."""
    skeleton, text = case[0], to_runbook(*case)
    rows = [line for line in text.splitlines() if line.startswith("| **")]
    assert len(rows) == len(skeleton.alerts)
    for rule, row in zip(skeleton.alerts.values(), rows, strict=True):
        signal = skeleton.signals[rule.threshold.signal]
        unit = "" if signal.unit == "count" else f" {signal.unit}"
        for side in ("above", "below"):
            bound = getattr(rule.threshold, side)
            assert bound is None or f"{signal.label} {side} {bound:g}{unit}" in row
        assert f"| {signal.baseline:g}{unit} |" in row
        assert rule.runbook is not None
        assert f"[runbook](<{rule.runbook}>)" in row


def test_every_action_is_in_it_with_its_command(case: Case) -> None:
    """Each action has a heading, its command in a code block, a risk and a way back, or the word that there is none."""
    skeleton, _ = case
    document = runbook(*case)
    headings = [block.text for block in document if isinstance(block, Heading)]
    code = [block.text for block in document if isinstance(block, Code)]
    for action in skeleton.actions.values():
        assert f"Action: {settled(action.label)}" in headings
        assert settled(action.command) in code
    lines = list(words(document))
    for part in ("When: ", "Expect: ", "Risk: ", "Undo: "):
        assert sum(line.startswith(part) for line in lines) == len(skeleton.actions)


def test_every_suspect_and_every_place_is_in_it(case: Case) -> None:
    """All hypotheses are listed, and each source of each service that has a clue is a check."""
    skeleton, _ = case
    headings = [block.text for block in runbook(*case) if isinstance(block, Heading)]
    suspects = [one for one in headings if one.startswith("Suspect: ")]
    assert sorted(suspects) == sorted(f"Suspect: {settled(one.component)}" for one in skeleton.hypotheses.values())
    assert [one.casefold() for one in suspects] == sorted(one.casefold() for one in suspects)
    places = {(clue.where, clue.service) for clue in skeleton.clues.values()}
    assert sum(one.startswith("Check ") for one in headings) == len(places)


def test_a_check_comes_after_those_that_lead_to_it(case: Case) -> None:
    """No check waits for one with a higher number."""
    number = 0
    for line in words(runbook(*case)):
        if found := re.match(r"Check (\d+)\.", line):
            number = int(found[1])
        elif found := re.match(r"Once checks? ([\d, and]+) gave you a reason", line):
            assert all(int(before) < number for before in re.findall(r"\d+", found[1]))


def test_it_does_not_tell_the_cause(case: Case) -> None:
    """Neither the root cause nor a clue that states it is in a runbook, however it is put."""
    skeleton, cause = case[0], case[0].root_cause
    facts = [clue.fact for clue in skeleton.clues.values() if clue.states_cause]
    told = [cause.plain, cause.mechanism, cause.trigger, skeleton.description, *facts]
    for text in (to_runbook(*case), to_runbook_text(*case), to_runbook_html(*case)):
        assert [one for one in told if squeezed(one) in squeezed(text)] == []


def test_it_knows_nothing_of_the_truth(case: Case) -> None:
    """With another cause, the opposite truths, other effects and roles, the runbook is the same, byte for byte."""
    skeleton, catalogue = case
    nothing = RootCause(service="?", component="?", category=CauseCategory.DATA, mechanism="?", trigger="?", plain="?")
    other = skeleton.model_copy(
        update={
            "root_cause": nothing,
            "description": "?",
            "hypotheses": {
                k: h.model_copy(update={"true": not h.true}) for k, h in reversed(skeleton.hypotheses.items())
            },
            "actions": {k: a.model_copy(update={"effect": "worse"}) for k, a in reversed(skeleton.actions.items())},
            "services": dict.fromkeys(reversed(skeleton.services), "affected"),
            "cascade": (),
            "follow_ups": (),
        }
    )
    assert to_runbook(other, catalogue) == to_runbook(skeleton, catalogue)


def test_without_statements_no_finding_is_in_it(case: Case) -> None:
    """The form for a drill names only checks under a suspect, not what they will show."""
    skeleton, catalogue = case
    text = squeezed("\n".join(words(runbook(skeleton, catalogue, statements=False))))
    assert [clue.fact for clue in skeleton.clues.values() if squeezed(clue.fact) in text] == []
    assert text.count("suspect ") >= len(skeleton.hypotheses)


def test_commands_stand_in_code_blocks(case: Case) -> None:
    """kubectl, psql, flagctl and the like are never in the middle of a sentence; no slot is left open."""
    typed = re.compile(r"\b(kubectl|psql|flagctl|helm|redis-cli|curl) -?\w")
    for block in runbook(*case):
        if isinstance(block, Code):
            assert not re.search(r"\{[a-z-]+(\.[a-z]+)?\}", block.text), block.text
            assert block.text.strip()
        else:
            assert [line for line in words((block,)) if typed.search(line) and not line.startswith("Action: ")] == []


def test_escalation_names_groups_and_channels(case: Case) -> None:
    """Every service that takes part has its group, its channel and a time in the table."""
    skeleton, catalogue = case
    text = to_runbook(*case).split("## Escalation")[1].split("## Follow-up")[0]
    assert re.search(r"No acknowledgement after \d+ min", text)
    for name in skeleton.services:
        service = catalogue.services[name]
        assert f"| `{service.oncall_group}` | `{service.channel}` | {name} | " in text


def test_verification_says_back_to_what(case: Case) -> None:
    """Each signal has a row with a value that its recovery meets and its peak misses, where it has one."""
    skeleton, _ = case
    rows = next(b.rows for b in runbook(*case) if isinstance(b, Grid) and b.head[0] == "Figure")
    for signal, row in zip(skeleton.signals.values(), rows, strict=True):
        good = plain(row[3])
        bound = float(good.split()[0])
        met: Callable[[float], bool] = (bound.__le__) if good.endswith("more") else (bound.__ge__)
        assert met(signal.recovered)
        assert met(signal.baseline)
        assert signal.peak in (signal.baseline, signal.recovered) or not met(signal.peak) or signal.peak == bound


def test_the_text_fits_the_terminal(case: Case) -> None:
    """No line but a command is wider than asked for."""
    lines = to_runbook_text(*case, width=72).splitlines()
    assert [line for line in lines if len(line) > 72 and not line.startswith("    ") and "https://" not in line] == []


class _Tags(HTMLParser):
    """Collects the tags, their attributes and the text of a page."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.seen.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Tags close in the order they were opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def page(skeleton: Skeleton, catalogue: Catalogue) -> _Tags:
    """A parsed page, all tags closed."""
    tags = _Tags()
    tags.feed(to_runbook_html(skeleton, catalogue))
    assert tags.open == []
    return tags


def test_the_page_is_whole_and_links_out_only_to_the_web(case: Case) -> None:
    """Every tag is closed, there is no script, every link is http or https, every command is there."""
    tags = page(*case)
    assert not tags.seen & {"script", "img", "iframe", "link"}
    assert all(str(url).startswith(("https://", "http://")) for url in tags.links)
    assert all(settled(action.command) in tags.text for action in case[0].actions.values())


EVIL = "<script>alert(1)</script> ```\n# x | [a](javascript:alert(1)) \x1b[31m"


def hostile() -> Skeleton:
    """A skeleton whose texts would like to be more than text."""
    rule = next(iter(CACHE.alerts.values()))
    action = next(iter(CACHE.actions.values()))
    return CACHE.model_copy(
        update={
            "title": EVIL,
            "alerts": {"a": rule.model_copy(update={"title": EVIL, "runbook": "javascript:alert(1)"})},
            "actions": {"b": action.model_copy(update={"label": EVIL, "command": EVIL, "output": EVIL})},
        }
    )


def test_a_strangers_skeleton_stays_text() -> None:
    """Markup, fences, control characters and odd addresses in a skeleton do nothing in any form."""
    skeleton, catalogue = hostile(), LIBRARY.catalogue()
    tags = page(skeleton, catalogue)
    assert "script" not in tags.seen
    assert "<script>alert(1)</script>" in tags.text
    text = to_runbook(skeleton, catalogue)
    assert "\x1b" not in text + to_runbook_text(skeleton, catalogue) + tags.text
    assert "](<javascript:" not in text
    assert "````bash" in text
    outside = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", text)
    assert "<script>" not in outside
    assert [line for line in outside.splitlines() if line.startswith("# ")] == [text.splitlines()[0]]


@pytest.mark.parametrize(
    ("changes", "back"),
    [
        ({"type": "flag_toggle", "command": "flagctl set x off --env prod"}, "flagctl set x on --env prod"),
        ({"type": "scale", "command": "kubectl scale deploy/ad --replicas=(6|8)"}, "--replicas=<count-before>"),
        (
            {"type": "rollback", "command": "helm rollback catalog 41 -n {kns}"},
            "helm rollback catalog <revision-before>",
        ),
        ({"type": "config", "command": "kubectl -n x set env deploy/ad A=1"}, "kubectl -n x rollout undo deploy/ad"),
        ({"type": "restart", "command": "kubectl delete pod {pod}"}, None),
        ({"type": "purge", "command": "redis-cli flushall"}, None),
    ],
)
def test_a_way_back_follows_from_the_command(changes: dict[str, object], back: str | None) -> None:
    """The opposite flag, the old count, the old revision; for the rest a sentence."""
    action: Action = next(iter(CACHE.actions.values())).model_copy(update=changes)
    sentence, command = undo(action)
    assert sentence
    assert (command is None) if back is None else (command or "").startswith(back) or (command or "").endswith(back)


def test_what_people_typed_is_taken_over_unless_it_gave_the_cause_away() -> None:
    """Commands behind a prompt become steps; those of the clue that states the cause do not."""
    paste = (
        "$ kubectl top pod {recopod}\nNAME  CPU\n$ for p in a; do ... done",
        "shop=> select 1 from (a|b);\n(1 row)",
    )
    clue = CACHE.clues["redis-oom"].model_copy(update={"paste": paste, "states_cause": False})
    usual = look("users", "redis", (), CACHE, LIBRARY.catalogue())
    typed = look("users", "redis", (clue,), CACHE, LIBRARY.catalogue())
    assert typed == [*usual, "kubectl top pod <recopod>", "select 1 from a;"]
    telling = clue.model_copy(update={"states_cause": True})
    assert look("users", "redis", (telling,), CACHE, LIBRARY.catalogue()) == usual


def test_choices_are_settled_and_counts_left_open() -> None:
    """The first choice, a name for every slot, and N where each run prints another count."""
    assert settled("kubectl (|-n shop )get pod {pod} at {p95.peak}") == "kubectl get pod <pod> at <p95>"
    assert expected("DELETE (31|28)\n{pod} (gone|deleted)") == "DELETE N\n<pod> gone"


def test_a_pipe_in_a_cell_does_not_split_it() -> None:
    """A table keeps its columns whatever its cells hold."""
    text = as_markdown((Grid(("a", "b"), ((Paragraph(()).line, ()),)),))
    assert text.count("\n") == 3
    rule = next(iter(CACHE.alerts.values())).model_copy(update={"title": "a | b"})
    row = next(
        line
        for line in to_runbook(CACHE.model_copy(update={"alerts": {"a": rule}}), LIBRARY.catalogue()).splitlines()
        if line.startswith("| **")
    )
    assert len(re.findall(r"(?<!\\)\|", row)) == 7
