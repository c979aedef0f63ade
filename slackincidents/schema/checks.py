"""What a skeleton must satisfy beyond its types, as a list of plain sentences with their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slackincidents.schema.exchange import Talk
from slackincidents.schema.people import Catalogue
from slackincidents.schema.skeleton import Action, AlertRule, Clue, Hypothesis, Signal, Skeleton
from slackincidents.tellings import slots

COMMON_SLOTS = frozenset({"onset", "now", "you", "lead", "service", "mins", "ref"})
"""Slots every telling may use: clock times, people, the exchange's own service."""

SIGNAL_PARTS = frozenset({"baseline", "peak", "recovered", "rough", "low", "high"})

RECOVERED_WITHIN = 0.15
"""How far from its baseline a recovered signal may stay, as a share of the baseline."""

LAST_DIGIT = 0.1
"""What a dashboard still tells apart; a recovered signal may always be this far from its baseline."""

TINY = 1e-9
"""What adding floats may be off by."""


def problems(skeleton: Skeleton, catalogue: Catalogue) -> list[str]:
    """Everything wrong with a skeleton; empty when it can be planned."""
    return [
        *_unknown_services(skeleton, catalogue),
        *_unknown_references(skeleton),
        *_graph(skeleton, catalogue),
        *_reachable(skeleton),
        *_refutable(skeleton),
        *_fixable(skeleton),
        *_lengths(skeleton),
        *_recoveries(skeleton),
        *_thresholds(skeleton),
        *_runbooks(skeleton),
        *_slots(skeleton),
        *_unused(skeleton),
    ]


def _unknown_services(skeleton: Skeleton, catalogue: Catalogue) -> Iterator[str]:
    named = {
        "services": set(skeleton.services),
        "root_cause.service": {skeleton.root_cause.service},
        "signals": {s.service for s in skeleton.signals.values()},
        "alerts": {a.service for a in skeleton.alerts.values()},
        "clues": {c.service for c in skeleton.clues.values()},
        "clues.points_to": {c.points_to for c in skeleton.clues.values() if c.points_to},
        "actions": {a.service for a in skeleton.actions.values()},
        "follow_ups": {f.service for f in skeleton.follow_ups},
        "cascade": {e for step in skeleton.cascade for e in (step.source, step.target)},
    }
    for place, names in named.items():
        for name in sorted(names - set(catalogue.services)):
            yield f"{place}: no service {name!r} in the catalogue"
    for place in ("clues", "cascade", "alerts"):
        for name in sorted((named[place] & set(catalogue.services)) - set(skeleton.services)):
            yield f"{place}: service {name!r} takes part but is not listed under services"
    if "primary" not in skeleton.services.values():
        yield "services: none is primary"


def _unknown_references(skeleton: Skeleton) -> Iterator[str]:
    tables = {
        "signals": set(skeleton.signals),
        "clues": set(skeleton.clues),
        "hypotheses": set(skeleton.hypotheses),
        "alerts": set(skeleton.alerts),
    }
    everything = set().union(*tables.values())
    clue_or_alert = tables["clues"] | tables["alerts"]
    wanted: list[tuple[str, Iterable[str], set[str]]] = []
    for key, alert in skeleton.alerts.items():
        wanted.append((f"alerts.{key}.signals", (*alert.signals, alert.threshold.signal), tables["signals"]))
    for key, clue in skeleton.clues.items():
        wanted.append((f"clues.{key}.needs", clue.needs, clue_or_alert))
        wanted.append((f"clues.{key}.signals", clue.signals, tables["signals"]))
        wanted.append((f"clues.{key}.supports/refutes", (*clue.supports, *clue.refutes), tables["hypotheses"]))
    for key, guess in skeleton.hypotheses.items():
        wanted.append((f"hypotheses.{key}", (*guess.needs, *guess.refuted_by), clue_or_alert))
    for key, action in skeleton.actions.items():
        wanted.append((f"actions.{key}.needs", action.needs, everything))
    for place, names, known in wanted:
        for name in names:
            if name not in known:
                yield f"{place}: nothing is called {name!r}"


def _graph(skeleton: Skeleton, catalogue: Catalogue) -> Iterator[str]:
    edges = {(name, call.service) for name, s in catalogue.services.items() for call in s.calls}
    for index, step in enumerate(skeleton.cascade):
        along = (step.source, step.target)
        against = (step.target, step.source)
        if along not in edges and against not in edges:
            yield f"cascade[{index}]: {step.source} and {step.target} do not call each other"
        elif step.via == "load" and along not in edges:
            yield f"cascade[{index}]: load travels along calls, but {step.source} does not call {step.target}"
        elif step.via == "error" and against not in edges:
            yield f"cascade[{index}]: errors travel against calls, but {step.target} does not call {step.source}"
    yield from _cycles(skeleton)
    reached = {skeleton.root_cause.service}
    for _ in skeleton.cascade:
        reached |= {step.target for step in skeleton.cascade if step.source in reached}
    for index, step in enumerate(skeleton.cascade):
        if step.source not in reached:
            yield f"cascade[{index}]: {step.source} is not reached from the root cause ({skeleton.root_cause.service})"


def _cycles(skeleton: Skeleton) -> Iterator[str]:
    onward: dict[str, list[str]] = {}
    for step in skeleton.cascade:
        onward.setdefault(step.source, []).append(step.target)

    def walk(service: str, path: tuple[str, ...]) -> Iterator[str]:
        if service in path:
            yield " -> ".join((*path[path.index(service) :], service))
            return
        for target in onward.get(service, ()):
            yield from walk(target, (*path, service))

    for loop in sorted(set(walk(skeleton.root_cause.service, ()))):
        yield f"cascade: runs in a circle: {loop}"


def _reachable(skeleton: Skeleton) -> Iterator[str]:
    known = set(skeleton.alerts)
    growing = True
    while growing:
        fresh = {k for k, c in skeleton.clues.items() if k not in known and known >= set(c.needs)}
        growing = bool(fresh)
        known |= fresh
    for key in skeleton.clues:
        if key not in known:
            yield f"clues.{key}.needs: can never be met ({', '.join(skeleton.clues[key].needs)})"
    if not any(clue.states_cause for clue in skeleton.clues.values()):
        yield "clues: none states the cause (states_cause)"


def _refutable(skeleton: Skeleton) -> Iterator[str]:
    if not any(guess.true for guess in skeleton.hypotheses.values()):
        yield "hypotheses: none is true"
    for key, guess in skeleton.hypotheses.items():
        if guess.true and guess.refuted_by:
            yield f"hypotheses.{key}: is true, yet refuted_by names {', '.join(guess.refuted_by)}"
        if not guess.true and not guess.refuted_by:
            yield f"hypotheses.{key}: is false, but no clue refutes it"


def _fixable(skeleton: Skeleton) -> Iterator[str]:
    if not any(action.effect == "fixes" for action in skeleton.actions.values()):
        yield "actions: none fixes it"


def _lengths(skeleton: Skeleton) -> Iterator[str]:
    spans = {f"cascade[{index}].lag_s": step.lag_s for index, step in enumerate(skeleton.cascade)}
    spans |= {f"clues.{key}.search_s": clue.search_s for key, clue in skeleton.clues.items()}
    for key, action in skeleton.actions.items():
        spans |= {f"actions.{key}.takes_s": action.takes_s, f"actions.{key}.settles_s": action.settles_s}
    for place, (shortest, longest) in spans.items():
        if shortest < 0:
            yield f"{place}: starts below zero, at {shortest}"
        if shortest > longest:
            yield f"{place}: from {shortest} to {longest} runs backwards"


def _recoveries(skeleton: Skeleton) -> Iterator[str]:
    for key, signal in skeleton.signals.items():
        if abs(signal.recovered - signal.baseline) > max(signal.baseline * RECOVERED_WITHIN, LAST_DIGIT) + TINY:
            yield (
                f"signals.{key}.recovered: {signal.recovered:g} is more than {RECOVERED_WITHIN:.0%} "
                f"off the baseline ({signal.baseline:g})"
            )


def _thresholds(skeleton: Skeleton) -> Iterator[str]:
    for key, alert in skeleton.alerts.items():
        signal = skeleton.signals.get(alert.threshold.signal)
        if signal is not None:
            yield from _threshold(f"alerts.{key}.threshold", alert, signal)


def _runbooks(skeleton: Skeleton) -> Iterator[str]:
    for key, alert in skeleton.alerts.items():
        if not (alert.runbook or "").strip():
            yield f"alerts.{key}.runbook: none; link the page that says what to do when it fires"


def _threshold(place: str, alert: AlertRule, signal: Signal) -> Iterator[str]:
    above, below = alert.threshold.above, alert.threshold.below
    if above is None and below is None:
        yield f"{place}: neither above nor below"
    if above is not None and not signal.baseline < above < _mildest(signal):
        yield f"{place}.above: {above:g} is not between {_range(signal)}"
    if below is not None and not _mildest(signal) < below < signal.baseline:
        yield f"{place}.below: {below:g} is not between {_range(signal)}"


def _mildest(signal: Signal) -> float:
    """The peak nearest to the baseline that the signal's scatter can give."""
    return signal.peak - (signal.peak - signal.baseline) * signal.scatter


def _range(signal: Signal) -> str:
    return f"the baseline ({signal.baseline:g}) and the mildest peak ({_mildest(signal):g}, after scatter)"


def _slots(skeleton: Skeleton) -> Iterator[str]:
    base = COMMON_SLOTS | set(skeleton.particulars)
    for key, clue in skeleton.clues.items():
        allowed = base | _parts(clue.signals)
        for telling in _clue_texts(clue):
            yield from _bad_slots(f"clues.{key}", telling, allowed, "list the signal under the clue's signals")
    everything = base | _parts(tuple(skeleton.signals))
    for place, telling in _other_texts(skeleton):
        yield from _bad_slots(place, telling, everything, "known: signals, particulars, common slots")
    for exchange in skeleton.exchanges:
        allowed = COMMON_SLOTS | set(skeleton.particulars) | set(exchange.particulars)
        for turn in exchange.turns:
            for telling in turn.tellings:
                yield from _bad_slots(f"exchanges.{exchange.id}", telling, allowed, "known: particulars, common slots")


def _parts(signals: tuple[str, ...]) -> set[str]:
    return {f"{name}.{part}" for name in signals for part in SIGNAL_PARTS}


def _bad_slots(place: str, telling: str, allowed: set[str] | frozenset[str], remedy: str) -> Iterator[str]:
    for slot in sorted(slots(telling) - allowed):
        yield f"{place}: slot {{{slot}}} is not known here ({remedy})"


def _unused(skeleton: Skeleton) -> Iterator[str]:
    used: set[str] = set()
    for clue in skeleton.clues.values():
        used = used.union(*map(slots, _clue_texts(clue)))
    for _, telling in _other_texts(skeleton):
        used |= slots(telling)
    for exchange in skeleton.exchanges:
        said = (slots(telling) for turn in exchange.turns for telling in turn.tellings)
        used |= set().union(*said) - set(exchange.particulars)
    for name in sorted(set(skeleton.particulars) - used):
        yield f"particulars.{name}: no telling uses it"


def _clue_texts(clue: Clue) -> Iterator[str]:
    yield from (*clue.tellings.terse, *clue.tellings.casual, *clue.tellings.formal, *clue.paste)
    yield from _talk_texts((*clue.lead_in, *clue.talk))


def _talk_texts(talks: Iterable[Talk]) -> Iterator[str]:
    for talk in talks:
        for turn in talk.turns:
            yield from turn.tellings


def _other_texts(skeleton: Skeleton) -> Iterator[tuple[str, str]]:
    lists: list[tuple[str, Iterable[str]]] = [
        *((f"alerts.{key}", (alert.title, alert.details)) for key, alert in skeleton.alerts.items()),
        *((f"cascade[{i}]", (*s.ask, *s.unaware, *s.aware)) for i, s in enumerate(skeleton.cascade)),
        *((f"hypotheses.{key}", _guess_texts(guess)) for key, guess in skeleton.hypotheses.items()),
        *((f"actions.{key}", _action_texts(action)) for key, action in skeleton.actions.items()),
        ("resolution", (*skeleton.resolution.plain, *skeleton.resolution.vague)),
        *(("follow_ups", follow_up.tellings) for follow_up in skeleton.follow_ups),
        *(("past_incidents", past.tellings) for past in skeleton.past_incidents),
        ("updates", (*skeleton.updates.investigating, *skeleton.updates.identified, *skeleton.updates.monitoring)),
        ("audience", (*skeleton.audience.users, *skeleton.audience.support, *skeleton.audience.answer)),
    ]
    return ((place, telling) for place, tellings in lists for telling in tellings)


def _guess_texts(guess: Hypothesis) -> Iterator[str]:
    yield from (*guess.raised, *guess.doubted, *guess.withdrawn)
    yield from _talk_texts(guess.talk)


def _action_texts(action: Action) -> Iterator[str]:
    yield from (action.command, action.output, action.details)
    yield from (*action.proposed, *action.objected, *action.done, *action.outcome)
    yield from _talk_texts((*action.talk, *action.after))
