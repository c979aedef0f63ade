"""A skeleton's runbook: what to do when its alerts fire, as one would have written it the week before.

It knows the monitors, the services, the places to look, the usual suspects and what can be done. It does not know
this incident: neither its cause, nor which suspect is right, nor which action helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from slackincidents.render.blocks import (
    Block,
    Bullets,
    Code,
    Document,
    Grid,
    Heading,
    Line,
    Paragraph,
    as_html,
    as_markdown,
    as_text,
    code,
    line,
    link,
    strong,
)
from slackincidents.render.commands import expected, figure, language, look, open_names, query, settled, undo
from slackincidents.render.escalation import LIMITS, escalation
from slackincidents.render.room import span
from slackincidents.render.suspects import Check, Search, Suspect, search
from slackincidents.schema.people import Catalogue
from slackincidents.schema.skeleton import Action, AlertRule, Signal, Skeleton, Source
from slackincidents.tellings import slots

REPORTS = 4
"""How many user reports are quoted."""

STEADY_MIN = 15
"""How long figures must hold before it is over, in minutes."""

_PLACES: dict[Source, str] = {
    "dashboard": "Dashboard",
    "logs": "Logs",
    "traces": "Traces",
    "deploys": "Deploys",
    "flags": "Flags",
    "config": "Configuration",
    "pods": "Pods",
    "queue": "Queue",
    "database": "Database",
    "code": "Code",
    "users": "User reports",
    "history": "History",
    "network": "Network",
}
_QUESTIONS: dict[Source, str] = {
    "dashboard": "Which figures left their normal values, which did not, and when exactly?",
    "logs": "Which messages are new, or many more than usual, since it began? Which are missing?",
    "traces": "Where does the time go, and where does the first error come from?",
    "deploys": "What went out last, when, and by whom? Does it fit the start?",
    "flags": "Which flags are not at their usual value, since when, and who changed them?",
    "config": "What changed lately: settings, limits, secrets, synced values?",
    "pods": "Do they run, since when, how often did they restart and why? Are all alike?",
    "queue": "How much goes in, how much comes out, how much waits?",
    "database": "How many connections and queries, how slow, waiting for what? Are the rows right?",
    "code": "What do the instances spend their time on? What touched that code last?",
    "users": "How many reports, since when, from whom? What exactly do they see? Ask support for examples.",
    "history": "What else happened: jobs, tests, imports, campaigns, earlier incidents like this one?",
    "network": "Does the name resolve, does the port answer, from inside and from outside? How fast?",
}
_SEVERITIES = {
    "SEV-1": "Many users cannot do what they came for. Page at any hour; an incident commander from the start.",
    "SEV-2": "Something important fails for many. Page at any hour; a status update on a clock.",
    "SEV-3": "It works, but badly, or a part is missing. Page; look at once, fix the same day.",
    "SEV-4": "Hardly anybody notices. No hurry, but an owner and a decision.",
}
_RISKS = {
    "restart": "requests in flight are lost, caches start cold, and traces of the cause go with the old process",
    "scale": "more instances mean more load on everything they call",
    "flag_toggle": "the feature changes for everybody at once",
    "rollback": "everything else that came with the change goes too",
    "config": "instances may restart to pick it up",
    "purge": "what is deleted is gone, and the first requests after it are slow",
    "failover": "the last seconds of writes may be lost",
    "throttle": "real users or jobs may be turned away",
    "other": "think through what it touches",
}
_PAGED = "Acknowledge the page within {} min; it stops the escalation. Say so under the alert."
_UNPAGED = "Nobody is paged: whoever reads the first report takes it, says so, and pages the owner of the service."
_NO_CHECK = "No single check tells. Look at it when the others are out."
_ORDER = ("flag_toggle", "restart", "scale", "config", "throttle", "rollback", "failover", "purge", "other")


def to_runbook(skeleton: Skeleton, catalogue: Catalogue) -> str:
    """The runbook of a skeleton in Markdown. The same skeleton and catalogue give the same bytes."""
    return as_markdown(runbook(skeleton, catalogue))


def to_runbook_html(skeleton: Skeleton, catalogue: Catalogue) -> str:
    """The runbook as one HTML page without scripts and outside requests."""
    return as_html(runbook(skeleton, catalogue))


def to_runbook_text(skeleton: Skeleton, catalogue: Catalogue, width: int = 100) -> str:
    """The runbook as plain text; only commands may be wider than `width`."""
    return as_text(runbook(skeleton, catalogue), width)


def runbook(skeleton: Skeleton, catalogue: Catalogue, *, statements: bool = True) -> Document:
    """The runbook as blocks.

    The statements under a suspect are the skeleton's clues, to be found true or false. Who knows how runbooks are
    made can guess that they are all true; without `statements` a suspect names only the checks that decide it.
    """
    found = search(skeleton)
    body = (
        *_symptoms(skeleton),
        Heading(2, "Steps"),
        *_acknowledge(skeleton),
        *_checks(skeleton, catalogue, found),
        *_suspects(found, statements),
        *_actions(skeleton, found),
        *_verify(skeleton),
        *escalation(skeleton, catalogue),
        *_afterwards(skeleton),
    )
    return (*_head(skeleton), *body, *_names(skeleton, body))


def _head(skeleton: Skeleton) -> Iterator[Block]:
    yield Heading(1, f"Runbook: {settled(skeleton.title)}")
    yield Heading(2, f"Severity: {skeleton.severity}")
    yield Paragraph(line(_SEVERITIES[skeleton.severity], " Start there; change it when you know more."))


def _symptoms(skeleton: Skeleton) -> Iterator[Block]:
    yield Heading(2, "Symptoms")
    if skeleton.alerts:
        head = ("Alert", "Service", "Level", "Fires when", "Normal", "Links")
        yield Grid(head, tuple(_alert(rule, skeleton) for rule in skeleton.alerts.values()))
    else:
        yield Paragraph(line("No alert covers this: people notice it, not monitors."))
    yield Paragraph(line("What users say:"))
    whole = [said for said in skeleton.audience.users if not slots(said)] or skeleton.audience.users
    yield Bullets(tuple(line(f"“{settled(said)}”") for said in whole[:REPORTS]))


def _alert(rule: AlertRule, skeleton: Skeleton) -> tuple[Line, ...]:
    signal = skeleton.signals[rule.threshold.signal]
    links = [link(name, url) for name, url in (("runbook", rule.runbook), ("dashboard", rule.dashboard)) if url]
    return (
        line(strong(settled(rule.title))),
        line(rule.service),
        line(rule.severity),
        line(f"{signal.label} {_bounds(rule, signal)} for {span(rule.after_s)}"),
        line(figure(signal, signal.baseline)),
        line(*(part for place, one in enumerate(links) for part in ((", ", one) if place else (one,)))),
    )


def _bounds(rule: AlertRule, signal: Signal) -> str:
    sides = (("above", rule.threshold.above), ("below", rule.threshold.below))
    return " or ".join(f"{side} {figure(signal, bound)}" for side, bound in sides if bound is not None)


def _acknowledge(skeleton: Skeleton) -> Iterator[Block]:
    limits = LIMITS[skeleton.severity]
    yield Heading(3, "1. Acknowledge")
    lines = [
        line(_PAGED.format(limits.acknowledge) if skeleton.alerts else _UNPAGED),
        line("Note when the first figure went bad. It is the time to compare every change with."),
        line(f"Say what users notice and how many. Set the severity, {skeleton.severity} until you know better."),
        line(f"First status update after {limits.update} min, then every {limits.update} min, also without news."),
    ]
    if limits.commander:
        lines.insert(2, line("Open an incident channel and name an incident commander who does not debug."))
    yield Bullets(tuple(lines))


def _checks(skeleton: Skeleton, catalogue: Catalogue, found: Search) -> Iterator[Block]:
    yield Heading(3, "2. First checks")
    yield Paragraph(
        line(
            "In this order. Post what you see, also when it is nothing. Names in <angle brackets> are yours to fill in."
        )
    )
    for check in found.checks:
        yield Heading(4, f"Check {check.number}. {_PLACES[check.where]}: {check.service}")
        lead = f"Once {_numbered('check', check.after)} gave you a reason. " if check.after else ""
        yield Paragraph(line(lead, _QUESTIONS[check.where]))
        yield from _figures(check, skeleton)
        commands = look(check.where, check.service, check.clues, skeleton, catalogue)
        for kind, some in groupby(commands, language):
            yield Code("\n".join(some), kind)


def _figures(check: Check, skeleton: Skeleton) -> Iterator[Block]:
    """What to compare: the figures of a check with their normal values, and queries on a dashboard."""
    names = dict.fromkeys(name for clue in check.clues for name in clue.signals)
    if check.where == "dashboard":
        names |= dict.fromkeys(name for name, one in skeleton.signals.items() if one.service == check.service)
    rules = {rule.threshold.signal: rule for rule in skeleton.alerts.values()}
    boards = dict.fromkeys(
        rule.dashboard for rule in skeleton.alerts.values() if rule.service == check.service and rule.dashboard
    )
    opened = [line("Open ", link(board.rsplit("/", 1)[-1], board)) for board in boards if check.where == "dashboard"]
    if opened or names:
        yield Bullets((*opened, *(_normal(skeleton.signals[name], rules.get(name)) for name in names)))
    if check.where == "dashboard" and names:
        yield Code("\n".join(query(skeleton.signals[name], rules.get(name)) for name in names), "promql")


def _normal(signal: Signal, rule: AlertRule | None) -> Line:
    alerting = f"; the alert fires {_bounds(rule, signal)}" if rule else ""
    return line(f"{signal.label} ({signal.service}): normally {figure(signal, signal.baseline)}{alerting}")


def _suspects(found: Search, statements: bool) -> Iterator[Block]:
    yield Heading(3, "3. The usual suspects")
    under = "statements to test: find out which are true and which are false" if statements else "the checks to make"
    believe = "before you believe or drop a suspect. More than one suspect may be right."
    yield Paragraph(line(f"By name, not by likelihood. Under each stand {under} {believe}"))
    for suspect in found.suspects:
        yield Heading(4, f"Suspect: {settled(suspect.component)}")
        yield Paragraph(line(f"The idea: {suspect.claim}."))
        yield Bullets(tuple(_statements(suspect) if statements else _places(suspect)))


def _statements(suspect: Suspect) -> Iterator[Line]:
    for statement in suspect.statements:
        yield line(f"True or false: {statement.text} (check {statement.check})")
    if not suspect.statements:
        yield line(_NO_CHECK)


def _places(suspect: Suspect) -> Iterator[Line]:
    numbers = tuple(sorted({statement.check for statement in suspect.statements}))
    yield line(f"Decided by {_numbered('check', numbers)}." if numbers else _NO_CHECK)


def _actions(skeleton: Skeleton, found: Search) -> Iterator[Block]:
    yield Heading(3, "4. Mitigate")
    yield Paragraph(
        line(
            "What can be done here; the cheap and reversible first. Not every one helps every time, and some can make "
            "it worse: one at a time, announced, and judged by the figures of step 5."
        )
    )
    for action in sorted(skeleton.actions.values(), key=_careful):
        yield from _action(action, skeleton, found)


def _careful(action: Action) -> tuple[bool, int, tuple[int, int], str]:
    return action.risky, _ORDER.index(action.type), action.takes_s, action.label


def _action(action: Action, skeleton: Skeleton, found: Search) -> Iterator[Block]:
    yield Heading(4, f"Action: {settled(action.label)}")
    yield Paragraph(line(strong("When:"), " ", _when(action, skeleton, found)))
    command = settled(action.command)
    yield Code(command, language(command))
    takes, settles = (" to ".join(dict.fromkeys(map(span, times))) for times in (action.takes_s, action.settles_s))
    wait = f"It runs for {takes}. Wait {settles} more, then compare the figures; no change is a result too."
    printed = action.type != "flag_toggle"
    yield Paragraph(
        line(strong("Expect:"), " ", wait, " It prints something like:" if printed else " It says the new value.")
    )
    if printed:
        yield Code(expected(action.output), "text")
    who = "High, get a second pair of eyes and a go-ahead first" if action.risky else "Low"
    yield Paragraph(line(strong("Risk:"), " ", f"{who}: {_RISKS[action.type]}."))
    sentence, back = undo(action)
    yield Paragraph(line(strong("Undo:"), " ", sentence))
    if back:
        yield Code(back, language(back))


def _when(action: Action, skeleton: Skeleton, found: Search) -> str:
    """What should be known before an action, by the numbers of checks and the names of suspects and alerts."""
    suspects = [skeleton.hypotheses[need].component for need in action.needs if need in skeleton.hypotheses]
    alerts = [skeleton.alerts[need].title for need in action.needs if need in skeleton.alerts]
    checks = found.numbers(action.needs)
    reasons = [
        *([f"{_numbered('check', checks)} gave you a reason"] if checks else []),
        *(f"the suspect “{settled(name)}” is what is left" for name in suspects),
        *(f"the alert “{settled(title)}” fires" for title in alerts),
    ]
    return (
        f"{', and '.join(reasons)}." if reasons else "no finding is needed for it; say what you hope for all the same."
    )


def _numbered(noun: str, numbers: tuple[int, ...]) -> str:
    """``check 3``, ``checks 3 and 7``."""
    *most, last = map(str, numbers)
    return f"{noun}s {', '.join(most)} and {last}" if most else f"{noun} {last}"


def _verify(skeleton: Skeleton) -> Iterator[Block]:
    yield Heading(3, "5. Verify")
    yield Paragraph(
        line(f"It is over when all of these hold for {STEADY_MIN} min, and not because an alert went quiet:")
    )
    head = ("Figure", "Service", "Normal", "Good again at", "Allow")
    yield Grid(head, tuple(_recovered(signal) for signal in skeleton.signals.values()))
    quiet = (line("Every alert above has resolved by itself; nothing is silenced."),) if skeleton.alerts else ()
    yield Bullets(
        (
            *quiet,
            line("The first check that showed something shows nothing any more. Do it again."),
            line("Somebody from support or the service that complained first says that it works."),
        )
    )


def _recovered(signal: Signal) -> tuple[Line, ...]:
    """One row: back at the normal value, or at the worse one that counts as recovered."""
    rising = signal.peak >= signal.baseline
    bound = (max if rising else min)(signal.baseline, signal.recovered)
    side = (" or less" if rising else " or more") if bound else ""
    return (
        line(signal.label),
        line(signal.service),
        line(figure(signal, signal.baseline)),
        line(f"{figure(signal, bound)}{side}"),
        line(span(signal.settle_s)),
    )


def _afterwards(skeleton: Skeleton) -> Iterator[Block]:
    yield Heading(2, "Follow-up")
    blameless = "within five working days" if LIMITS[skeleton.severity].commander else "if it was new to you"
    lines = [
        line("Write down cause, start, end and what users noticed, in the incident's channel, before people go."),
        line(f"A blameless post-mortem {blameless}, with an owner and a date; tickets for what is left."),
        line("Temporary measures (limits, switches, extra instances): who takes them back, and when?"),
        line("Did the first alert come before the first user? If not, change a threshold or add an alert."),
        line("Mend this page: a check that led nowhere, a command that did not work, a suspect that was missing."),
    ]
    if skeleton.past_incidents:
        earlier = ", ".join(f"{past.ref} ({past.when})" for past in skeleton.past_incidents)
        lines.append(line(f"Read what was written about earlier ones, alike or not: {earlier}."))
    yield Bullets(tuple(lines))


def _names(skeleton: Skeleton, body: Document) -> Iterator[Block]:
    """What the open names in the commands look like."""
    used = [name for name in open_names(b.text for b in body if isinstance(b, Code)) if name in skeleton.particulars]
    if used:
        yield Heading(2, "Names to fill in")
        yield Bullets(
            tuple(line(code(f"<{name}>"), " looks like ", code(skeleton.particulars[name][0])) for name in used)
        )
