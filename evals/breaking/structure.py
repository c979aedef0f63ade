"""Ways to break the structure: times, threads, mentions, speakers, services, format."""

from __future__ import annotations

import random

from evals.breaking.case import Case, Way
from slackincidents.schema.incident import EditRecord, MentionEvent


def _swap_times(case: Case, rng: random.Random) -> Case | None:
    places = [
        i for i in range(1, len(case.events)) if case.events[i - 1].offset_seconds < case.events[i].offset_seconds
    ]
    if not places:
        return None
    i = rng.choice(places)
    earlier, later = case.events[i - 1].offset_seconds, case.events[i].offset_seconds
    return case.with_event(i - 1, offset_seconds=later).with_event(i, offset_seconds=earlier)


def _negative(case: Case, rng: random.Random) -> Case | None:
    return case.with_event(0, offset_seconds=-30.0)


def _not_finite(case: Case, rng: random.Random) -> Case | None:
    return case.with_event(len(case.events) - 1, offset_seconds=float("nan"))


def _edited_early(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.said())
    return case.with_event(index, edited=EditRecord(offset_seconds=event.offset_seconds - 5))


def _dangling(case: Case, rng: random.Random) -> Case | None:
    return case.with_event(rng.choice(case.said())[0], thread_parent=len(case.events) + rng.randrange(50))


def _from_future(case: Case, rng: random.Random) -> Case | None:
    index = rng.randrange(len(case.events) - 1)
    return case.with_event(index, thread_parent=rng.randrange(index + 1, len(case.events)))


def _across(case: Case, rng: random.Random) -> Case | None:
    pairs = [(i, j) for i, e in case.said() for j in range(i) if case.events[j].channel != e.channel]
    if not pairs:
        return None
    index, parent = rng.choice(pairs)
    return case.with_event(index, thread_parent=parent)


def _nested(case: Case, rng: random.Random) -> Case | None:
    replies = [i for i, e in enumerate(case.events) if e.thread_parent is not None]
    pairs = [(i, j) for i, e in case.said() for j in replies if j < i and case.events[j].channel == e.channel]
    if not pairs:
        return None
    index, parent = rng.choice(pairs)
    return case.with_event(index, thread_parent=parent)


def _mentions(case: Case) -> list[tuple[int, MentionEvent]]:
    return [(i, e) for i, e in enumerate(case.events) if isinstance(e, MentionEvent) and e.mentions]


def _unknown_group(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.chat())
    return case.with_event(index, content=f"{event.content} @search-oncall", mentions=("@search-oncall",))


def _stray_name(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.chat())
    return case.with_event(index, content=f"{event.content} cc @redisteam")


def _unlisted(case: Case, rng: random.Random) -> Case | None:
    if not _mentions(case):
        return None
    index, _ = rng.choice(_mentions(case))
    return case.with_event(index, mentions=())


def _unsaid(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.chat())
    groups = [s.oncall_group for s in case.catalogue.services.values() if s.oncall_group not in event.content]
    return case.with_event(index, mentions=(*event.mentions, rng.choice(groups)))


def _broadcast(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.chat())
    call = rng.choice(("@here", "@channel", "@everyone", "<!channel>", "<!here>", "<!everyone>", "<!here|here>"))
    return case.with_event(index, content=rng.choice((f"{call} {event.content}", f"{event.content} {call}")))


def _stranger(case: Case, rng: random.Random) -> Case | None:
    return case.with_event(rng.choice(case.said())[0], user=rng.choice(("mallory", "alise", "ops")))


def _uninvited(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.said())
    absent = [h for h in sorted(case.people) if not case.reads(h, event.channel, event.offset_seconds)]
    return case.with_event(index, user=rng.choice(absent)) if absent else None


def _unknown_service(case: Case, rng: random.Random) -> Case | None:
    services = dict(case.incident.services)
    name = rng.choice(sorted(services))
    services[f"{name}-v2"] = services.pop(name)
    return case.with_incident(services=services)


def _unknown_channel(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.said())
    return case.with_event(index, channel=f"{event.channel.replace('#inc-', '#incident-')}2")


def _wrong_group(case: Case, rng: random.Random) -> Case | None:
    services = dict(case.incident.services)
    name = rng.choice(sorted(services))
    field, value = rng.choice((("oncall_group", "@sre-oncall"), ("channel", "#general")))
    services[name] = services[name].model_copy(update={field: value})
    return case.with_incident(services=services)


def _other_speaker(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.said())
    there = sorted({p.person for p in case.plan.presence} - {event.user})
    return case.with_event(index, user=rng.choice(there)) if there else None


def _moved(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.said())
    others = sorted({s.channel for s in case.incident.services.values()} - {event.channel})
    return case.with_event(index, channel=rng.choice(others), thread_parent=None) if others else None


def _dropped(case: Case, rng: random.Random) -> Case | None:
    index = rng.randrange(len(case.events))
    return case.with_incident(timeline=case.events[:index] + case.events[index + 1 :])


def _out_of_thread(case: Case, rng: random.Random) -> Case | None:
    replies = [i for i, e in enumerate(case.events) if e.thread_parent is not None]
    return case.with_event(rng.choice(replies), thread_parent=None) if replies else None


def _delayed(case: Case, rng: random.Random) -> Case | None:
    last = len(case.events) - 1
    return case.with_event(last, offset_seconds=case.events[last].offset_seconds + 90)


def _misspelt(case: Case, rng: random.Random) -> Case | None:
    return case.with_event(rng.choice(case.said())[0], thread_parrent=0)


def _zoneless(case: Case, rng: random.Random) -> Case | None:
    return case.with_incident(start_time=case.incident.start_time[:19])


def _severity(case: Case, rng: random.Random) -> Case | None:
    return case.with_incident(
        metadata={**case.incident.metadata, "severity": rng.choice(("P1", "SEV1", "critical", "SEV-5"))}
    )


def _no_number(case: Case, rng: random.Random) -> Case | None:
    return case.with_event(0, metrics={**getattr(case.events[0], "metrics", {}), "cpu_usage": float("nan")})


STRUCTURE_WAYS = (
    Way("swap two times", "TIM001", _swap_times),
    Way("negative offset", "TIM002", _negative),
    Way("offset not a number", "TIM002", _not_finite),
    Way("edited before posted", "TIM002", _edited_early),
    Way("thread on nothing", "THR001", _dangling),
    Way("thread on a later event", "THR002", _from_future),
    Way("thread across channels", "THR003", _across),
    Way("thread in a thread", "THR004", _nested),
    Way("mention an unknown group", "MEN001", _unknown_group),
    Way("name a stranger with @", "MEN002", _stray_name),
    Way("mention not listed", "MEN003", _unlisted),
    Way("mention not in the text", "MEN003", _unsaid),
    Way("call the whole channel", "MEN004", _broadcast),
    Way("unknown speaker", "SPK001", _stranger),
    Way("speaker not in the channel", "SPK002", _uninvited),
    Way("unknown service", "SVC001", _unknown_service),
    Way("unknown channel", "SVC002", _unknown_channel),
    Way("wrong group or channel", "SVC003", _wrong_group),
    Way("another speaker", "PLN001", _other_speaker),
    Way("another channel", "PLN001", _moved),
    Way("an event dropped", "PLN001", _dropped),
    Way("reply out of its thread", "PLN001", _out_of_thread),
    Way("last event delayed", "PLN001", _delayed),
    Way("misspelt field", "FMT001", _misspelt),
    Way("start without zone", "FMT002", _zoneless),
    Way("severity in another scheme", "FMT003", _severity),
    Way("metric not a number", "FMT004", _no_number),
)
