"""From answers to a skeleton: lists become tables, gaps get defaults that are written down, the rest stand-ins.

Stand-ins fill the stages that were not asked yet, so that what is there can be checked like a whole skeleton
before anything more is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from pydantic import JsonValue

from slackincidents.drafting.answers import (
    ActionItem,
    AlertItem,
    Answer,
    Cause,
    ClueItem,
    EdgeItem,
    Evidence,
    GuessItem,
    Head,
    Item,
    Open,
    Outline,
    Remedies,
    SignalItem,
    Span,
)
from slackincidents.drafting.parts import Parts
from slackincidents.drafting.sayings import Arguing, Around, ClueWords, Talks, Telling
from slackincidents.schema.skeleton import CauseCategory

Raw = dict[str, JsonValue]

STAND_IN = ("not said yet",) * 6
"""In place of tellings that were not asked for yet; as many as any list must hold."""

LAG, SEARCH, TAKES, SETTLES = (30, 120), (60, 300), (30, 240), (30, 180)
RUNBOOKS = "https://wiki.company.com/runbooks"
"""Where the runbook of an alert is that names none; the same place as in the scenarios that ship."""

NO_CAUSE = Cause(service="?", component="?", category=CauseCategory.DEPENDENCY, mechanism="?", trigger="?", plain="?")
NO_HEAD = Head(id="?", title="?", description="?", severity="SEV-3", difficulty="easy", root_cause=NO_CAUSE)


@dataclass
class Defaults:
    """What was left open, and which value it got."""

    taken: list[Open] = field(default_factory=list)

    def number(self, place: str, given: float | str | None, default: float | str) -> float | str:
        """The value that was given, or the default, which is noted."""
        if given is not None:
            return given
        self.taken.append(Open(what=place, assumed=str(default)))
        return default

    def span(self, place: str, given: Span | None, default: tuple[int, int]) -> JsonValue:
        """From and to, in seconds."""
        if given is not None:
            return [given.from_s, given.to_s]
        self.taken.append(Open(what=place, assumed=f"{default[0]} to {default[1]} s"))
        return list(default)


@dataclass(frozen=True)
class Assembled:
    """A skeleton as plain data, to be validated, and the defaults in it."""

    raw: Raw
    defaults: tuple[Open, ...]


def assemble(parts: Parts, name: str | None = None) -> Assembled:
    """All answers as one skeleton. `name` is its id, whatever the outline says."""
    defaults = Defaults()
    outline, evidence = parts.get(Outline), parts.get(Evidence)
    head = outline.head or NO_HEAD
    signals = {one.key: one for one in (*outline.signals, *evidence.signals)}
    raw: Raw = {
        "id": name or head.id,
        "title": head.title,
        "description": head.description,
        "severity": head.severity,
        "difficulty": head.difficulty,
        "services": {one.name: one.role for one in outline.services},
        "root_cause": head.root_cause.model_dump(mode="json"),
        "particulars": {one.name: list(one.values) for one in outline.particulars},
        "signals": {key: _signal(one, defaults) for key, one in signals.items()},
        "alerts": {one.name: _alert(one, defaults) for one in outline.alerts},
        "cascade": [_edge(one, parts, defaults) for one in outline.cascade],
        "clues": _clues(parts, head, defaults),
        "hypotheses": _guesses(parts, head, defaults),
        "actions": _actions(parts, head, defaults),
        **_around(parts, tuple(signals)),
    }
    return Assembled(raw, tuple(defaults.taken))


def _signal(one: SignalItem, defaults: Defaults) -> Raw:
    place = f"signals.{one.name}"
    return {
        **_dump(one, "name"),
        "shape": defaults.number(f"{place}.shape", one.shape, "step"),
        "onset_s": defaults.number(f"{place}.onset_s", one.onset_s, 0),
        "settle_s": defaults.number(f"{place}.settle_s", one.settle_s, 60),
        "scatter": defaults.number(f"{place}.scatter", one.scatter, 0.1),
    }


def _alert(one: AlertItem, defaults: Defaults) -> Raw:
    place = f"alerts.{one.name}"
    bounds: Raw = {"signal": one.threshold_signal, "above": one.above, "below": one.below}
    return {
        **_dump(one, "name", "threshold_signal", "above", "below"),
        "runbook": defaults.number(f"{place}.runbook", one.runbook or None, f"{RUNBOOKS}/{one.service}-{one.name}"),
        "threshold": bounds,
        "after_s": defaults.number(f"{place}.after_s", one.after_s, 60),
        "flaps": defaults.number(f"{place}.flaps", one.flaps, 0.0),
        "chance": defaults.number(f"{place}.chance", one.chance, 1.0),
    }


def _edge(one: EdgeItem, parts: Parts, defaults: Defaults) -> Raw:
    words = {said.key: said for said in parts.get(Around).cascade}.get(one.name)
    return {
        **_dump(one, "name"),
        "lag_s": defaults.span(f"cascade.{one.name}.lag_s", one.lag_s, LAG),
        **_words(words, ("ask", "unaware", "aware")),
    }


def _clues(parts: Parts, head: Head, defaults: Defaults) -> Raw:
    evidence = parts.get(Evidence)
    if not parts.has("evidence"):
        return {"stand-in": {"fact": "?", "where": "logs", "service": head.root_cause.service, "states_cause": True,
                             "tellings": _stand_ins("terse", "casual", "formal")}}  # fmt: skip
    said = {one.key: one for one in parts.get(Telling).clues}
    return {one.name: _clue(one, evidence.hypotheses, said.get(one.name), parts, defaults) for one in evidence.clues}


def _clue(one: ClueItem, guesses: Iterable[GuessItem], said: ClueWords | None, parts: Parts, defaults: Defaults) -> Raw:
    supports: JsonValue = [guess.name for guess in guesses if one.name in guess.supported_by]
    refutes: JsonValue = [guess.name for guess in guesses if one.name in guess.refuted_by]
    words = _words(said, ("terse", "casual", "formal"))
    paste: JsonValue = list(said.paste) if said else []
    talks = partial(_talks, parts, "clue", one.name)
    return {
        **_dump(one, "name"),
        "search_s": defaults.span(f"clues.{one.name}.search_s", one.search_s, SEARCH),
        "supports": supports,
        "refutes": refutes,
        "tellings": words,
        "paste": paste,
        "lead_in": talks("before"),
        "talk": talks("after"),
    }


def _guesses(parts: Parts, head: Head, defaults: Defaults) -> Raw:
    if not parts.has("evidence"):
        return {"stand-in": {"claim": "?", "true": True, "component": head.root_cause.component,
                             **_stand_ins("raised", "doubted", "withdrawn")}}  # fmt: skip
    said = {one.key: one for one in parts.get(Arguing).hypotheses}
    return {one.name: _guess(one, said.get(one.name), parts, defaults) for one in parts.get(Evidence).hypotheses}


def _guess(one: GuessItem, said: Item | None, parts: Parts, defaults: Defaults) -> Raw:
    return {
        **_dump(one, "name", "supported_by"),
        "appeal": defaults.number(f"hypotheses.{one.name}.appeal", one.appeal, 1.0),
        **_words(said, ("raised", "doubted", "withdrawn")),
        "talk": _talks(parts, "hypothesis", one.name, "after"),
    }


def _actions(parts: Parts, head: Head, defaults: Defaults) -> Raw:
    if not parts.has("remedies"):
        return {"stand-in": {"label": "?", "type": "other", "service": head.root_cause.service, "effect": "fixes",
                             "command": "?", "output": "?", "details": "?",
                             **_stand_ins("proposed", "objected", "done", "outcome")}}  # fmt: skip
    said = {one.key: one for one in parts.get(Arguing).actions}
    return {one.name: _action(one, said.get(one.name), parts, defaults) for one in parts.get(Remedies).actions}


def _action(one: ActionItem, said: Item | None, parts: Parts, defaults: Defaults) -> Raw:
    place = f"actions.{one.name}"
    return {
        **_dump(one, "name"),
        "takes_s": defaults.span(f"{place}.takes_s", one.takes_s, TAKES),
        "settles_s": defaults.span(f"{place}.settles_s", one.settles_s, SETTLES),
        "appeal": defaults.number(f"{place}.appeal", one.appeal, 1.0),
        **_words(said, ("proposed", "objected", "done", "outcome")),
        "talk": _talks(parts, "action", one.name, "before"),
        "after": _talks(parts, "action", one.name, "after"),
    }


def _around(parts: Parts, signals: tuple[str, ...]) -> Raw:
    around, remedies = parts.get(Around), parts.get(Remedies)
    tasks, memories = ({one.key: one for one in said} for said in (around.follow_ups, around.past_incidents))
    after = remedies.signals_after if parts.has("remedies") else signals[:1]
    return {
        "resolution": {**_words(around.resolution, ("plain", "vague")), "signals_after": list(after)},
        "follow_ups": [
            {**_dump(one, "name"), **_words(tasks.get(one.name), ("tellings",))} for one in remedies.follow_ups
        ],
        "past_incidents": [
            {**_dump(one, "name"), **_words(memories.get(one.name), ("tellings",))} for one in remedies.past_incidents
        ],
        "updates": _words(around.updates, ("investigating", "identified", "monitoring")),
        "audience": _words(around.audience, ("users", "support", "answer")),
    }


def _talks(parts: Parts, about: str, item: str, when: str) -> JsonValue:
    """The talks that one message sets off, or that come before it."""
    found = [one for one in parts.get(Talks).talks if (one.about, one.item, one.when) == (about, item, when)]
    return [{"turns": [turn.model_dump(mode="json", exclude_none=True) for turn in one.turns]} for one in found]


def _words(said: Answer | None, lists: Iterable[str]) -> Raw:
    """The lists of tellings as said; stand-ins where nothing was, which `wording` complains about."""
    return _stand_ins(*lists) if said is None else said.model_dump(mode="json", include=set(lists))


def _stand_ins(*lists: str) -> Raw:
    return {name: list(STAND_IN) for name in lists}


def _dump(one: Item, *without: str) -> Raw:
    """An item as plain data, without its name and what is open."""
    return one.model_dump(mode="json", exclude=set(without), exclude_none=True)
