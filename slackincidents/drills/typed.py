"""The language of the prompt: a line and what can be named now, to an order, a sheet to read, or a mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from slackincidents.drills import naming
from slackincidents.drills.lines import Gaze, Hinted, Meaning, Mistyped, Opened, Ordered, Quit, Show, Wait
from slackincidents.drills.sight import Sight
from slackincidents.errors import nearest
from slackincidents.schema import seat
from slackincidents.schema.acts import Act
from slackincidents.schema.skeleton import Severity

EMOJI = re.compile(r"[a-z0-9_+'-]{1,40}")
SEVERITY = re.compile(r"sev[-_ ]?([1-4])", re.IGNORECASE)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
MOST = 4000
"""Characters of a line; what is longer is refused."""

Reader = Callable[[str, Sight], Meaning]


@dataclass(frozen=True, slots=True)
class Verb:
    """One command: how it is written, what it does, other words for it."""

    read: Reader
    usage: str
    what: str
    others: tuple[str, ...] = ()


def parse(line: str, known: Sight) -> Meaning:
    """What a typed line means at this moment; None when it is empty. Never raises."""
    text = line.encode("utf-8", "replace").decode("utf-8").strip()
    if not text:
        return None
    if len(text) > MOST:
        return Mistyped(f"a line has at most {MOST:,} characters, this one has {len(text):,}", "Say it in two.")
    first, _, rest = text.partition(" ")
    verb = _verb(first.lower(), known)
    if verb is not None:
        return verb.read(rest.strip(), known)
    return _short(text, first, rest.strip(), known)


def _verb(word: str, known: Sight) -> Verb | None:
    if known.ringing and word in ("a", "i"):
        word = {"a": "ack", "i": "ignore"}[word]
    return VERBS.get(word) or next((verb for verb in VERBS.values() if word in verb.others), None)


def _short(text: str, first: str, rest: str, known: Sight) -> Meaning:
    """Lines without a verb: an action, a place to look, a severity."""
    if text.lower() in known.actions:
        return _do(text, known)
    if naming.source(first):
        return _look(text, known)
    if SEVERITY.fullmatch(text):
        return _severity(text, known)
    near = nearest(first, {*VERBS, *known.actions, *naming.SOURCES})
    label = [key for key, plain in known.actions.items() if plain.lower() == text.lower()]
    if label:
        return _do(label[0], known)
    hint = f"Did you mean {near}?" if near else "help lists them; say puts words into the room."
    return Mistyped(f'no command "{naming.shown(first)}"', hint)


def _ack(_rest: str, _known: Sight) -> Meaning:
    return Ordered(order=seat.Acknowledge())


def _ignore(_rest: str, _known: Sight) -> Meaning:
    return Ordered(order=seat.Ignore())


def _escalate(rest: str, known: Sight) -> Meaning:
    if known.ringing:
        return Ordered(order=seat.Ignore())
    if not rest:
        if known.next_person is None:
            return Mistyped("nobody is left on the policy", "Name somebody: escalate PERSON")
        return Ordered(order=seat.CallIn(person=known.next_person))
    named = naming.person(rest, known)
    return named if isinstance(named, Mistyped) else Ordered(order=seat.CallIn(person=named))


def _severity(rest: str, _known: Sight) -> Meaning:
    found = SEVERITY.fullmatch(rest) or re.fullmatch(r"([1-4])", rest)
    if found is None:
        return Mistyped(f'no severity "{naming.shown(rest)}"' if rest else "which severity", "SEV-1 to SEV-4.")
    return Ordered(order=seat.Triage(severity=SEVERITIES[int(found[1]) - 1]))


def _look(rest: str, known: Sight) -> Meaning:
    words = [word for word in rest.split() if word.lower() not in ("at", "in", "on", "of", "for", "the", "from")]
    if not words:
        return Show("places")
    where = naming.source(words[0])
    name = words[1] if len(words) > 1 else None
    if where is None:
        as_service = naming.service(words[0], known)
        if isinstance(as_service, Mistyped):
            return naming.unknown("place to look", words[0], naming.SOURCES)
        where, name = naming.source(name or "dashboard"), words[0]
        if where is None:
            return naming.unknown("place to look", words[1], naming.SOURCES)
    asked = naming.service(name, known) if name else None
    if isinstance(asked, Mistyped):
        return asked
    spot = next((s for s in known.spots if s.where == where and asked in (None, s.service)), None)
    service = asked or (spot.service if spot else known.desk)
    return Gaze(where=where, service=service, clue=spot.clue if spot else None)


def _ask(rest: str, known: Sight) -> Meaning:
    whom, _, words = rest.partition(" ")
    if not whom:
        return Mistyped("whom", "ask @group, ask SERVICE or ask PERSON QUESTION.")
    name = naming.service(whom, known)
    if not isinstance(name, Mistyped):
        if words.strip():
            return Ordered(order=seat.Say(text=f"{known.services[name].oncall_group} {words.strip()}"))
        return Ordered(order=seat.Ask(service=name))
    named = naming.person(whom, known)
    if isinstance(named, Mistyped):
        everybody = (*known.services, *known.people)
        return naming.unknown("service or person", whom, everybody)
    return Ordered(order=seat.Say(text=f"@{named} {words.strip() or 'do you see anything?'}"))


def _say(rest: str, known: Sight) -> Meaning:
    first, _, words = rest.partition(" ")
    if first.startswith("#") and len(first) > 1 and not first[1:].isdigit():
        where = naming.channel(first, known)
        if isinstance(where, Mistyped):
            return Ordered(order=seat.Say(text=words, channel=first)) if words and first.startswith("#inc") else where
        return Ordered(order=seat.Say(text=words.strip(), channel=where)) if words.strip() else _nothing_said()
    return Ordered(order=seat.Say(text=rest)) if rest else _nothing_said()


def _nothing_said() -> Mistyped:
    return Mistyped("there is nothing to say in it", "say TEXT, or say #channel TEXT.")


def _tell(rest: str, known: Sight) -> Meaning:
    number, _, where = rest.partition(" ")
    if number.startswith("#") and not number[1:].isdigit():
        number, where = "", rest
    if not known.finds:
        return Mistyped("you have found nothing yet", "look somewhere first.")
    count = number.lstrip("#")
    if count and not (count.isdigit() and 1 <= int(count) <= len(known.finds)):
        return Mistyped(f'no finding "{naming.shown(number)}"', f"You have {len(known.finds)}; finds lists them.")
    if not count and not known.untold:
        return Mistyped("the others know all that you have found", "tell N says one of it again.")
    key = known.finds[int(count) - 1] if count else known.untold[-1]
    if not where:
        return Ordered(order=seat.Tell(clue=key))
    channel = naming.channel(where.strip(), known)
    if isinstance(channel, Mistyped):
        return channel
    return Ordered(order=seat.Inform(channel=channel, fact=f"clue:{key}"))


def _guess(rest: str, known: Sight) -> Meaning:
    if not rest:
        return Show("guesses")
    key = naming.one_of("hypothesis", rest, known.guesses)
    return key if isinstance(key, Mistyped) else Ordered(order=seat.Guess(hypothesis=key))


def _withdraw(rest: str, known: Sight) -> Meaning:
    if not known.held:
        return Mistyped("you hold no hypothesis")
    if not rest and len(known.held) > 1:
        return Mistyped("which one", f"You hold: {', '.join(known.held)}.")
    key = naming.one_of("hypothesis", rest, known.guesses) if rest else known.held[0]
    return key if isinstance(key, Mistyped) else Ordered(order=seat.Withdraw(hypothesis=key))


def _do(rest: str, known: Sight) -> Meaning:
    if not rest:
        return Show("actions")
    key = naming.one_of("action", rest, known.actions)
    return key if isinstance(key, Mistyped) else Ordered(order=seat.Attempt(action=key))


def _insist(_rest: str, known: Sight) -> Meaning:
    if known.objection is None:
        return Mistyped("nobody objects to anything")
    return Ordered(order=seat.Attempt(action=known.objection))


def _update(rest: str, known: Sight) -> Meaning:
    if not rest and known.expected is Act.UPDATE:
        return Ordered(order=seat.Take())
    return Ordered(order=seat.Update(text=rest or None))


def _hand_over(rest: str, known: Sight) -> Meaning:
    named = naming.person(rest.removeprefix("to "), known) if rest else Mistyped("to whom", "handover PERSON.")
    return named if isinstance(named, Mistyped) else Ordered(order=seat.HandOver(to=named))


def _resolve(rest: str, known: Sight) -> Meaning:
    if not rest and known.expected is Act.RESOLVE:
        return Ordered(order=seat.Take())
    return Ordered(order=seat.Resolve(text=rest or None))


def _react(rest: str, _known: Sight) -> Meaning:
    emoji = rest.strip(":").lower()
    if not EMOJI.fullmatch(emoji):
        return Mistyped(f'no emoji "{naming.shown(rest)}"' if rest else "with what", "Write it like react eyes.")
    return Ordered(order=seat.React(emoji=emoji))


def _wait(rest: str, _known: Sight) -> Meaning:
    if not rest:
        return Wait()
    if rest.lower() == "done":
        return Wait(done=True)
    length = naming.seconds(rest.removeprefix("for "))
    if length is None:
        return Mistyped(
            f'"{naming.shown(rest)}" is no length of time', "Write it like wait 5m, wait 90s, wait done, or wait."
        )
    return Wait(seconds=length)


def _help(rest: str, known: Sight) -> Meaning:
    word = rest.lower().split(" ")[0]
    if word and _verb(word, known) is None:
        return naming.unknown("command", word, VERBS)
    return Show("help", word)


def _plain(order: seat.Order) -> Reader:
    return lambda _rest, _known: Ordered(order=order)


def _sheet(meaning: Meaning) -> Reader:
    return lambda _rest, _known: meaning


VERBS: Mapping[str, Verb] = {
    "ack": Verb(_ack, "ack", "I am looking at it. Stops the escalation. While it rings also: a", ("acknowledge",)),
    "ignore": Verb(_ignore, "ignore", "Let it ring: the next one is paged. While it rings also: i"),
    "escalate": Verb(_escalate, "escalate [PERSON]", "Page the next one on the policy, or somebody.", ("page",)),
    "severity": Verb(_severity, "severity SEV-2", "Say how bad it is.", ("sev", "triage")),
    "look": Verb(_look, "look SOURCE [SERVICE]", "Look at logs, deploys ... For your eyes only.", ("check",)),
    "ask": Verb(_ask, "ask @GROUP|SERVICE [TEXT]", "Ask another team, or a person, whether they see anything."),
    "say": Verb(_say, "say [#CHANNEL] TEXT", "Say something your way."),
    "tell": Verb(_tell, "tell [N] [#CHANNEL]", "Say what you found: the last, or the N-th.", ("report",)),
    "finds": Verb(_sheet(Show("finds")), "finds", "What you have found so far.", ("findings", "found")),
    "take": Verb(_sheet(Ordered(order=seat.Take())), "take", "Say what the room expects of you.", ("yes", "ok")),
    "hypothesise": Verb(
        _guess, "hypothesise [KEY|N|WORDS]", "Voice a hypothesis; without one, those one could hold.",
        ("hypothesize", "hypothesis", "hypotheses", "guess", "suspect"),
    ),
    "withdraw": Verb(_withdraw, "withdraw [KEY]", "Take a hypothesis back."),
    "do": Verb(_do, "do [ACTION]", "Do something; without one, what can be done.", ("run", "actions", "action")),
    "insist": Verb(_insist, "insist", "Do it although somebody objects."),
    "update": Verb(_update, "update [TEXT]", "Give a status update."),
    "handover": Verb(_hand_over, "handover PERSON", "Give the lead to somebody else.", ("handoff", "hand-over")),
    "resolve": Verb(_resolve, "resolve [TEXT]", "Say that it is over.", ("resolved", "close")),
    "react": Verb(_react, "react EMOJI", "Put an emoji under the last message of somebody else."),
    "chat": Verb(_plain(seat.Chat()), "chat", "Pass the time with whoever is there."),
    "back": Verb(_plain(seat.Back()), "back", "Say that you are back after a long silence."),
    "wait": Verb(_wait, "wait [5m|done]", "Let time pass; without a number until something happens.", ("w", "sleep")),
    "hint": Verb(_sheet(Hinted()), "hint", "What to do next. Counted."),
    "runbook": Verb(_sheet(Opened()), "runbook", "Open the runbook. Counted."),
    "summary": Verb(_sheet(Show("summary")), "summary", "What is known, who is there, what was done."),
    "status": Verb(_sheet(Show("status")), "status", "The clock, the pager, the signals of your service.", ("clock",)),
    "rooms": Verb(_sheet(Show("rooms")), "rooms", "The channels you can read.", ("channels",)),
    "help": Verb(_help, "help [COMMAND]", "This list, or more about one.", ("?", "h", "commands")),
    "quit": Verb(_sheet(Quit()), "quit", "End the drill as it stands. Ctrl-C leaves it to be resumed.", ("exit", "q")),
}  # fmt: skip
