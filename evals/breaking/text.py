"""Ways to break the text: machinery showing, figures and names from nowhere or too early."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from evals.breaking.case import Break, Case, Way
from slackincidents.schema.incident import Spoken
from slackincidents.tellings import choose, expand, fill, slots
from slackincidents.validator.grounding import fact_texts

FIGURE = re.compile(r"(?<![\w.,:/@#-])\d+(?:\.\d+)?(?=(?:%|ms|s|MB)?(?:[ ,?!]|\.?$))")
IDENTIFIER = re.compile(r"[\w-]*[a-z][A-Z][\w-]*|\w+_\w+|(?:\w+[-.])*\w*\d\w*(?:[-.]\w+)*")
TALK = (
    "Certainly! {}",
    "Sure, here is the message: {}",
    "As an AI language model I can't see it, but {}",
    "{} I hope this helps!",
    "Great question! {}",
    "{} Let me know if you need anything else.",
)


def _rewrite(change: Callable[[str, random.Random], str]) -> Break:
    def apply(case: Case, rng: random.Random) -> Case | None:
        index, event = rng.choice(case.chat())
        return case.with_event(index, content=change(event.content, rng))

    return apply


def _bold(text: str, rng: random.Random) -> str:
    word = rng.choice(text.split())
    return text.replace(word, f"**{word}**", 1)


def _markdown(text: str, rng: random.Random) -> str:
    return rng.choice((f"## Update\n{text}", f"{text} see [the board](https://grafana.company.com/d/x)", f"# {text}"))


def _slot(text: str, rng: random.Random) -> str:
    return f"{text} {rng.choice(('{p95.peak}', '{onset}', '{you}', '{{ speaker }}', '{telling}', '{% if night %}'))}"


def _choice(text: str, rng: random.Random) -> str:
    return f"(so |ok ){text}" if rng.random() < 0.5 else f"{text} (now|again|)"


def _prefixed(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.chat())
    name = case.people[event.user].name
    forms = (
        f"{event.user}: ",
        f"{name}: ",
        f"{event.user.title()}: ",
        f"*{name}*: ",
        f"[14:07] {event.user}: ",
        f"@{event.user}: ",
    )
    return case.with_event(index, content=rng.choice(forms) + event.content)


def _changed_number(case: Case, rng: random.Random) -> Case | None:
    places = [(i, e, m) for i, e in case.chat() for m in FIGURE.finditer(e.content)]
    if not places:
        return None
    index, event, match = rng.choice(places)
    known = {n for e in case.events for n in re.findall(r"\d+(?:\.\d+)?", f"{e.text} {getattr(e, 'metrics', '')}")}
    known |= {n for v in case.plan.figures.values() for n in re.findall(r"\d+(?:\.\d+)?", v)}
    handed = _handed(case, index)
    for _ in range(50):
        other = re.sub(r"\d", lambda _: str(rng.randrange(1, 10)), match[0])
        if other not in known | handed:
            return case.with_event(index, content=event.content[: match.start()] + other + event.content[match.end() :])
    return None


def _invented_number(text: str, rng: random.Random) -> str:
    unit = rng.choice(("ms", "", "%", " of them", "s"))
    return f"{text}, {rng.choice(('at', 'around', '~'))} {rng.randrange(1003, 9800)}{unit}"


def _invented_name(text: str, rng: random.Random) -> str:
    name = rng.choice(
        (
            "search-api-7d9f",
            "`cartSlowMode`",
            "featureGateX",
            "db_replica_lag",
            "worker-17",
            "`fooctl drain`",
            "10.2.41.7",
        )
    )
    return f"{text}, see {name}"


def _cause_named_early(case: Case, rng: random.Random) -> Case | None:
    index, event = case.chat()[0]
    known = _known(case, index, event)
    causes = [key for key, clue in case.plan.skeleton.clues.items() if clue.states_cause]
    names = {
        name
        for key in causes
        for text in _tellings(case, key, rng)
        for name in _names(text)
        if name.lower() not in known
    }
    return case.with_event(index, content=f"{event.content}, is it {rng.choice(sorted(names))}?") if names else None


def _ignorant(case: Case, rng: random.Random) -> Case | None:
    places = case.chat()
    rng.shuffle(places)
    for index, event in places:
        beat = case.plan.beats[index]
        if beat.reveals or beat.cites or beat.hypothesis or beat.action or beat.exchange or beat.continues:
            continue
        known, told = _known(case, index, event), case.told_before(index + 1)
        texts = [
            text
            for key in case.plan.skeleton.clues
            if f"clue:{key}" not in told and not case.looked(event.user, key, event.offset_seconds)
            for text in _tellings(case, key, rng)
            if any(_new(name.lower(), known) for name in _names(text))
        ]
        if texts:
            return case.with_event(index, content=rng.choice(texts))
    return None


def _new(name: str, known: set[str]) -> bool:
    """True for a name nobody could know; ``500s`` is not new where a 500 was seen."""
    return name not in known and name.strip("abcdefghijklmnopqrstuvwxyz") not in known


def _names(text: str) -> list[str]:
    return [m[0] for m in IDENTIFIER.finditer(text)]


def _known(case: Case, index: int, event: Spoken) -> set[str]:
    """Everything that could be known: all texts so far, all facts told or found so far, all services."""
    told = [fact.partition(":")[2] for fact in case.told_before(index + 1) if fact.startswith("clue:")]
    looked = [x.clue for x in case.plan.looks if x.person == event.user and x.end <= event.offset_seconds]
    texts = [
        f"{e.text} {getattr(e, 'metrics', '')} {getattr(e, 'action_details', '')}" for e in case.events[: index + 1]
    ]
    texts += [text for key in (*told, *looked) for text in _tellings(case, key, random.Random(0), settled=False)]
    texts += [f"{name} {service.technology}" for name, service in case.catalogue.services.items()]
    done = {f"action:{beat.action}" for beat in case.plan.beats[: index + 1] if beat.action}
    facts = [fact for fact in (*case.told_before(index + 1), *sorted(done)) if not fact.startswith("clue:")]
    texts += [_filled(case, text) for fact in facts for text in fact_texts(case.plan.skeleton, fact)]
    return _words(" ".join(texts)) | _handed(case, index) | {"k8s"}


def _handed(case: Case, index: int) -> set[str]:
    """What the plan itself gives the speaker to say there."""
    beat = case.plan.beats[index]
    beats = [beat, *(b for b in case.plan.beats if b.id == beat.continues)]
    filled = [_filled(case, text) for b in beats for text in (*b.words.tellings, *b.words.more)]
    texts = [text for telling in filled for text in expand(telling, limit=2000)]
    return _words(" ".join((*texts, *(p.value for p in beat.particulars))))


def _tellings(case: Case, key: str, rng: random.Random, *, settled: bool = True) -> list[str]:
    clue = case.plan.skeleton.clues[key]
    texts = (*clue.tellings.casual, *clue.tellings.formal, *clue.tellings.terse, *(() if settled else clue.paste))
    return [_filled(case, choose(text, rng) if settled else text) for text in texts]


def _filled(case: Case, telling: str) -> str:
    return fill(telling, {**dict.fromkeys(slots(telling), ""), **case.plan.figures})


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w.-]*\w", text.lower())) | set(re.findall(r"\w+", text.lower()))


def _absent(case: Case, rng: random.Random) -> Case | None:
    index, event = rng.choice(case.chat())
    there = {p.person for p in case.plan.presence}
    said = _words(" ".join(e.text for e in case.events))
    names = [h for h in sorted(case.people) if h not in there and h not in said]
    return case.with_event(index, content=f"{event.content}, ask {rng.choice(names)}") if names else None


TEXT_WAYS = (
    Way("bold with two stars", "TXT001", _rewrite(_bold)),
    Way("heading or Markdown link", "TXT001", _rewrite(_markdown)),
    Way("assistant talk", "TXT002", _rewrite(lambda text, rng: rng.choice(TALK).format(text))),
    Way("no text", "TXT003", _rewrite(lambda text, rng: rng.choice(("", "  ", "``````")))),
    Way("open slot", "TXT004", _rewrite(_slot)),
    Way("open choice", "TXT004", _rewrite(_choice)),
    Way("speaker's name before the text", "TXT005", _prefixed),
    Way("changed number", "TXT006", _changed_number),
    Way("invented number", "TXT006", _rewrite(_invented_number)),
    Way("invented name", "TXT007", _rewrite(_invented_name)),
    Way("cause named at once", "TXT006 TXT007", _cause_named_early),
    Way("clue told by who cannot know", "TXT006 TXT007", _ignorant),
    Way("somebody absent named", "TXT007", _absent),
    Way(
        "raw Slack control",
        "TXT008",
        _rewrite(lambda text, rng: f"{text} {rng.choice(('<@U02ABCDEF>', '<#C0123ABCD|ops>', '<!subteam^S0123>'))}"),
    ),
)
