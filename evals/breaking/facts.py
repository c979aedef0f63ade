"""Ways to break the facts: cascade, metrics, pages, order of events, knowledge, the answer key."""

from __future__ import annotations

import random
import re

from evals.breaking.case import Case, Way
from slackincidents.schema.acts import Act


def _off_graph(case: Case, rng: random.Random) -> Case | None:
    edges = list(case.labels.cascade)
    if not edges:
        return None
    services = case.catalogue.services
    calls = {(name, call.service) for name, s in services.items() for call in s.calls}
    place = rng.randrange(len(edges))
    source = edges[place].source
    far = [s for s in services if s != source and (s, source) not in calls and (source, s) not in calls]
    edges[place] = edges[place].model_copy(update={"target": rng.choice(far)})
    return case.with_labels(cascade=tuple(edges))


def _effect_first(case: Case, rng: random.Random) -> Case | None:
    edges = list(case.labels.cascade)
    if not edges:
        return None
    place = rng.randrange(len(edges))
    edges[place] = edges[place].model_copy(update={"offset_seconds": case.labels.impact_start - rng.randrange(1, 600)})
    return case.with_labels(cascade=tuple(edges))


def _alert_first(case: Case, rng: random.Random) -> Case | None:
    last = max((e.offset_seconds for _, e in case.alerts()), default=None)
    return None if last is None else case.with_labels(impact_start=round(last) + rng.randrange(1, 300))


def _wrong_root(case: Case, rng: random.Random) -> Case | None:
    if not case.labels.cascade:
        return None
    inside = {s for edge in case.labels.cascade for s in (edge.source, edge.target)}
    others = [s for s in case.catalogue.services if s not in inside]
    root = case.labels.root_cause.model_copy(update={"service": rng.choice(others)})
    return case.with_labels(root_cause=root)


def _percent(case: Case, rng: random.Random) -> Case | None:
    if not case.alerts():
        return None
    index, event = rng.choice(case.alerts())
    shares = [m for m, v in event.metrics.items() if str(v).endswith("%") and "cpu" not in m]
    metric = rng.choice(shares or ["error_rate"])
    return case.with_event(index, metrics={**event.metrics, metric: f"{rng.randrange(101, 400)}%"})


def _percentiles(case: Case, rng: random.Random) -> Case | None:
    if not case.alerts():
        return None
    index, event = rng.choice(case.alerts())
    value = rng.randrange(200, 2000)
    return case.with_event(
        index,
        metrics={**event.metrics, "p95_latency": f"{value}ms", "p99_latency": f"{value - rng.randrange(1, 150)}ms"},
    )


def _recovered_signals(case: Case) -> list[tuple[str, str]]:
    signals = case.plan.skeleton.signals
    names = {signals[name].metric: name for name in case.plan.skeleton.resolution.signals_after}
    return [(m, n) for m, n in names.items() if case.plan.figures[f"{n}.peak"] != case.plan.figures[f"{n}.recovered"]]


def _no_runbook(case: Case, rng: random.Random) -> Case | None:
    if not case.alerts():
        return None
    return case.with_event(rng.choice(case.alerts())[0], runbook=rng.choice((None, "", " ")))


def _still_bad(case: Case, rng: random.Random) -> Case | None:
    if not case.resolutions() or not _recovered_signals(case):
        return None
    index, event = case.resolutions()[0]
    metric, name = rng.choice(_recovered_signals(case))
    return case.with_event(
        index, metrics_after={**(event.metrics_after or {}), metric: case.plan.figures[f"{name}.peak"]}
    )


def _no_metrics(case: Case, rng: random.Random) -> Case | None:
    if not case.resolutions():
        return None
    return case.with_event(case.resolutions()[0][0], metrics_after=rng.choice((None, {})))


def _other_figure(case: Case, rng: random.Random) -> Case | None:
    cards = [(i, e) for i, e in case.alerts() if e.metrics]
    if not cards:
        return None
    index, event = rng.choice(cards)
    metric = rng.choice(sorted(event.metrics))
    value = re.sub(r"\d", lambda m: str((int(m[0]) + 1) % 10), str(event.metrics[metric]), count=1)
    return case.with_event(index, metrics={**event.metrics, metric: value})


def _no_breach(case: Case, rng: random.Random) -> Case | None:
    skeleton = case.plan.skeleton
    rules = {i: skeleton.alerts[case.plan.beats[i].alert or ""] for i, _ in case.alerts()}
    fitting = [(i, e) for i, e in case.alerts() if rules[i].threshold.signal in rules[i].signals]
    if not fitting:
        return None
    index, event = rng.choice(fitting)
    name = rules[index].threshold.signal
    calm = {skeleton.signals[name].metric: case.plan.figures[f"{name}.baseline"]}
    return case.with_event(index, metrics={**event.metrics, **calm})


def _late_page(case: Case, rng: random.Random) -> Case | None:
    pages = list(case.plan.pages)
    answered = [i for i, p in enumerate(pages) if p.acknowledged_at is not None]
    if not answered:
        return None
    place = rng.choice(answered)
    pages[place] = pages[place].model_copy(update={"at": (pages[place].acknowledged_at or 0) + rng.randrange(1, 400)})
    return case.with_plan(pages=tuple(pages))


def _early_acknowledgement(case: Case, rng: random.Random) -> Case | None:
    labels = [m for m in case.labelled(Act.ACKNOWLEDGE) if m.answers is not None]
    if not labels:
        return None
    label = rng.choice(labels)
    asked = case.events[label.answers or 0].offset_seconds
    return case.with_event(label.index, offset_seconds=asked - rng.randrange(1, 60))


def _paged_later(case: Case, rng: random.Random) -> Case | None:
    speakers = {case.events[m.index].speaker: m.index for m in case.labelled(Act.ACKNOWLEDGE)}
    speakers = {h: i for h, i in speakers.items() if any(p.person == h for p in case.plan.pages)}
    if not speakers:
        return None
    who = rng.choice(sorted(speakers))
    after = round(case.events[speakers[who]].offset_seconds) + 60
    pages = tuple(
        p.model_copy(update={"at": after, "acknowledged_at": after + 5}) if p.person == who else p
        for p in case.plan.pages
    )
    return case.with_plan(pages=pages)


def _answer_first(case: Case, rng: random.Random) -> Case | None:
    labels = [m for m in case.labels.messages if m.answers is not None and m.index < len(case.events) - 1]
    if not labels:
        return None
    label = rng.choice(labels)
    return case.with_label(label.index, answers=rng.randrange(label.index + 1, len(case.events)))


def _early_end(case: Case, rng: random.Random) -> Case | None:
    end = case.labels.impact_end
    if not case.resolutions() or end is None:
        return None
    return case.with_event(case.resolutions()[0][0], offset_seconds=float(end - rng.randrange(1, 600)))


def _outcome_first(case: Case, rng: random.Random) -> Case | None:
    done = [m.index for m in case.labels.messages if any(f.startswith("action:") for f in m.reveals)]
    index, _ = rng.choice(case.said())
    untried = [
        a for a in case.plan.skeleton.actions if not any(case.plan.beats[i].action == a for i in done if i <= index)
    ]
    return case.with_label(index, cites=(f"outcome:{rng.choice(untried)}",)) if untried else None


def _cites_too_early(case: Case, rng: random.Random) -> Case | None:
    places = [(i, k) for i, e in case.said() for k in _untold(case, i, e.user, e.offset_seconds)]
    if not places:
        return None
    index, clue = rng.choice(places)
    label = case.labels.messages[index]
    return case.with_label(index, cites=(*label.cites, f"clue:{clue}"))


def _untold(case: Case, index: int, person: str, at: float) -> list[str]:
    told = case.told_before(index + 1)
    return [k for k in case.plan.skeleton.clues if f"clue:{k}" not in told and not case.looked(person, k, at)]


def _cites_from_elsewhere(case: Case, rng: random.Random) -> Case | None:
    told = [(m.index, f) for m in case.labels.messages for f in m.reveals if f.startswith("clue:")]
    places = []
    for index, event in case.said():
        for fact in dict.fromkeys(f for i, f in told if i < index):
            if case.looked(event.user, fact.partition(":")[2], event.offset_seconds):
                continue
            rooms = {
                case.events[i].channel
                for i, m in enumerate(case.labels.messages)
                if i < index and fact in (*m.reveals, *m.cites)
            }
            if not any(case.reads(event.user, room, event.offset_seconds) for room in rooms):
                places.append((index, fact))
    if not places:
        return None
    index, fact = rng.choice(places)
    return case.with_label(index, cites=(*case.labels.messages[index].cites, fact))


def _reveals_unseen(case: Case, rng: random.Random) -> Case | None:
    places = [
        (i, k) for i, e in case.said() for k in case.plan.skeleton.clues if not case.looked(e.user, k, e.offset_seconds)
    ]
    index, clue = rng.choice(places)
    return case.with_label(index, reveals=(*case.labels.messages[index].reveals, f"clue:{clue}"))


def _looked_too_early(case: Case, rng: random.Random) -> Case | None:
    looks = list(case.plan.looks)
    needy = [i for i, x in enumerate(looks) if case.plan.skeleton.clues[x.clue].needs]
    if not needy:
        return None
    place = rng.choice(needy)
    looks[place] = looks[place].model_copy(update={"start": -60, "end": -1})
    return case.with_plan(looks=tuple(looks))


def _cause_misplaced(case: Case, rng: random.Random) -> Case | None:
    first = case.labels.cause_first_stated
    wrong = [i for i in (None, *range(len(case.events))) if i != first]
    return case.with_labels(cause_first_stated=rng.choice(wrong))


def _labelled_twice(case: Case, rng: random.Random) -> Case | None:
    labels = list(case.labels.messages)
    place = rng.randrange(1, len(labels))
    labels[place] = labels[place].model_copy(update={"index": place - 1})
    return case.with_labels(messages=tuple(labels))


def _unlabelled(case: Case, rng: random.Random) -> Case | None:
    place = rng.randrange(len(case.events))
    return case.with_labels(messages=case.labels.messages[:place] + case.labels.messages[place + 1 :])


def _label_nowhere(case: Case, rng: random.Random) -> Case | None:
    return case.with_label(rng.randrange(len(case.events)), index=len(case.events) + rng.randrange(9))


def _truth_flipped(case: Case, rng: random.Random) -> Case | None:
    guesses = [m for m in case.labels.messages if m.hypothesis]
    if not guesses:
        return None
    label = rng.choice(guesses)
    return case.with_label(label.index, hypothesis_true=not label.hypothesis_true)


def _answers_another(case: Case, rng: random.Random) -> Case | None:
    labels = [m for m in case.labels.messages if m.answers is not None and m.index > 1]
    if not labels:
        return None
    label = rng.choice(labels)
    return case.with_label(label.index, answers=rng.choice([i for i in range(label.index) if i != label.answers]))


def _impact_moved(case: Case, rng: random.Random) -> Case | None:
    return case.with_labels(impact_start=case.labels.impact_start - rng.randrange(1, 900))


def _fact_dropped(case: Case, rng: random.Random) -> Case | None:
    labels = [m for m in case.labels.messages if m.reveals]
    return case.with_label(rng.choice(labels).index, reveals=()) if labels else None


def _clue_unsaid(case: Case, rng: random.Random) -> Case | None:
    beats = case.plan.beats
    going_on = {beat.continues for beat in beats}
    places = [
        m.index
        for m in case.labels.messages
        if any(f.startswith("clue:") for f in m.reveals)
        and m.act not in {Act.PASTE, Act.ALERT}
        and not beats[m.index].words.literal
        and beats[m.index].id not in going_on
    ]
    return case.with_event(rng.choice(places), content=rng.choice(("hm", "ok so", "huh", "hm ok"))) if places else None


FACT_WAYS = (
    Way("cascade edge off the graph", "CAS001", _off_graph),
    Way("effect before cause", "CAS002", _effect_first),
    Way("alert before the fault", "CAS002", _alert_first),
    Way("cascade from another root", "CAS003", _wrong_root),
    Way("percent over 100", "MET001", _percent),
    Way("p99 below p95", "MET002", _percentiles),
    Way("resolved with bad metrics", "MET003", _still_bad),
    Way("resolved without metrics", "RES002", _no_metrics),
    Way("changed figure in a card", "MET005", _other_figure),
    Way("alert within bounds", "MET004", _no_breach),
    Way("alert without runbook", "ALR001", _no_runbook),
    Way("paged after acknowledging", "PAG001", _late_page),
    Way("acknowledged before the alert", "PAG002", _early_acknowledgement),
    Way("acknowledged before the page", "PAG002", _paged_later),
    Way("answer before question", "PAG003", _answer_first),
    Way("resolved before the fix", "RES001", _early_end),
    Way("outcome of nothing done", "ACT001", _outcome_first),
    Way("fact cited before anybody told", "KNO001", _cites_too_early),
    Way("fact cited from a closed room", "KNO001", _cites_from_elsewhere),
    Way("clue revealed without a look", "KNO002", _reveals_unseen),
    Way("clue found without its needs", "KNO003", _looked_too_early),
    Way("clue not said", "KNO005", _clue_unsaid),
    Way("first statement misplaced", "KNO004", _cause_misplaced),
    Way("two labels for one event", "LBL001", _labelled_twice),
    Way("an event without label", "LBL001", _unlabelled),
    Way("label for no event", "LBL001", _label_nowhere),
    Way("truth of a guess flipped", "LBL001", _truth_flipped),
    Way("answer to another message", "LBL001", _answers_another),
    Way("impact moved", "LBL001", _impact_moved),
    Way("revealed fact dropped", "LBL001", _fact_dropped),
)
