"""Commands for a runbook: how to look at each source, how to undo an action, with the names left open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from slackincidents.schema.people import Catalogue, Service, ServiceKind
from slackincidents.schema.skeleton import Action, AlertRule, Clue, Signal, Skeleton, Source
from slackincidents.tellings import SLOT, expand

_TYPED = re.compile(r"^\s*(?:\$ |\w+=[#>] (?=select ))?(?P<command>.+)$", re.IGNORECASE)
_IS_TYPED = re.compile(r"^\s*(?:\$ |(?:\w+=[#>] )?select )", re.IGNORECASE)
_FLAG = re.compile(r"^\S*flag\S* (?:set|flip|put) (\S+) (?:on|off)\b")
_FIGURES = re.compile(r"(?<!\{)\(([\d.,]+(?:\|[\d.,]+)+)\)")
_ROLLED_OUT = re.compile(
    r"kubectl(?P<space>(?: -n[ =]?\S+| --namespace[ =]\S+)?).*?(?P<what>(?:deploy(?:ment)?|statefulset|sts)[/ ][\w.-]+)"
)
_ON_OFF = re.compile(r" (on|off)\b")


def settled(telling: str) -> str:
    """The first of every choice, and ``<name>`` for every slot."""
    return SLOT.sub(lambda match: f"<{match[1].split('.')[0]}>", next(expand(telling, 1)))


def expected(telling: str) -> str:
    """What a command prints; a count that differs each time is ``N``."""
    return settled(_FIGURES.sub("N", telling))


def open_names(texts: Iterable[str]) -> tuple[str, ...]:
    """The names that ``settled`` left open in texts, in order of appearance."""
    return tuple(dict.fromkeys(name for text in texts for name in re.findall(r"<([a-z0-9_-]+)>", text)))


def figure(signal: Signal, value: float) -> str:
    """A value of a signal with its unit: ``250 ms``, ``95 %``, ``2``."""
    unit = "" if signal.unit == "count" else f" {signal.unit}"
    return f"{value:.10g}{unit}"


def query(signal: Signal, rule: AlertRule | None = None) -> str:
    """A signal in PromQL, against the threshold of its alert where it has one."""
    series = f'{signal.metric}{{service="{signal.service}"}}'
    if rule is None:
        return series
    above, below = rule.threshold.above, rule.threshold.below
    bounds = [f"{sign} {bound:.10g}" for sign, bound in ((">", above), ("<", below)) if bound is not None]
    return " or ".join(f"{series} {bound}" for bound in bounds)


def look(where: Source, service: str, clues: Iterable[Clue], skeleton: Skeleton, catalogue: Catalogue) -> list[str]:
    """The commands for one source of one service: the usual ones, then those people typed for these clues."""
    known = catalogue.services.get(service)
    usual = _usual(where, service, known, skeleton)
    typed = (command for clue in clues if not clue.states_cause for command in _typed(clue))
    return list(dict.fromkeys((*usual, *typed)))


def _typed(clue: Clue) -> Iterator[str]:
    """What stands behind a prompt in the clue's pastes."""
    for paste in clue.paste:
        for row in settled(paste).split("\n"):
            found = _TYPED.match(row) if _IS_TYPED.match(row) and "..." not in row else None
            if found:
                yield found["command"].strip()


def _usual(where: Source, service: str, known: Service | None, skeleton: Skeleton) -> tuple[str, ...]:
    match where:
        case "dashboard" | "users":
            return ()
        case "history":
            return (f"in:{known.channel} after:yesterday",) if known else ()
        case "flags":
            toggles = (settled(one.command) for one in skeleton.actions.values() if one.type == "flag_toggle")
            names = sorted({found[1] for toggle in toggles if (found := _FLAG.match(toggle))})
            return tuple(f"flagctl get {name} --env prod" for name in names)
        case "database":
            return _database(service, known)
        case "queue":
            return _queue(service, known, skeleton)
        case _:
            return _kubernetes(where, service, f"{workload(known)}/{service}")


def workload(known: Service | None) -> str:
    """What kubectl calls the thing that runs a service."""
    return "statefulset" if known is not None and known.kind is ServiceKind.DATASTORE else "deployment"


def _kubernetes(where: Source, service: str, target: str) -> tuple[str, ...]:
    table: dict[str, tuple[str, ...]] = {
        "logs": (f"kubectl logs {target} --since=15m --timestamps | grep -Ei 'error|warn|timeout|refused'",),
        "traces": (f"curl -s 'http://jaeger:16686/api/traces?service={service}&lookback=30m&limit=20'",),
        "deploys": (f"kubectl rollout history {target}",),
        "config": (f"kubectl describe {target}", "kubectl get events --sort-by=.lastTimestamp | tail -30"),
        "pods": (f"kubectl get pods -l app={service} -o wide", f"kubectl describe pods -l app={service}"),
        "code": (f"git log --oneline --since='14 days ago' -- {service}/",),
        "network": (f"kubectl get endpoints {service}", "kubectl get networkpolicy"),
    }
    return table.get(where, ())


def _database(service: str, known: Service | None) -> tuple[str, ...]:
    technology = f"{service} {known.technology if known else ''}".lower()
    if "redis" in technology or "valkey" in technology:
        return (f"redis-cli -h {service} info", f"redis-cli -h {service} slowlog get 10")
    return (
        "select pid, state, now() - query_start as running, query from pg_stat_activity where state = 'active' "
        "order by running desc limit 20;",
    )


def _queue(service: str, known: Service | None, skeleton: Skeleton) -> tuple[str, ...]:
    around = {service, *(call.service for call in known.calls)} if known else {service}
    if "kafka" in around:
        return ("kafka-consumer-groups --bootstrap-server kafka:9092 --describe --all-groups",)
    if "rabbitmq" in around:
        return ("rabbitmqctl list_queues name messages consumers",)
    return ()


def language(command: str) -> str:
    """What a fence calls the language of a command; a search in Slack has none."""
    if command.startswith("in:#"):
        return "text"
    return "sql" if command.lower().startswith("select ") else "bash"


def undo(action: Action) -> tuple[str, str | None]:
    """How to take an action back: a sentence, and a command where one follows from that of the action."""
    command = settled(action.command)
    if action.type == "flag_toggle" and _ON_OFF.search(command):
        back = _ON_OFF.sub(lambda match: " off" if match[1] == "on" else " on", command, count=1)
        return "Set the flag back.", back
    if "--replicas=" in command:
        return "Note the count first; set it back.", re.sub(r"--replicas=\S+", "--replicas=<count-before>", command)
    if action.type in ("restart", "purge", "other", "failover"):
        return _NO_WAY_BACK[action.type], None
    if found := re.search(r"helm rollback (\S+) \S+", command):
        return "Go forward again to the revision from before.", f"helm rollback {found[1]} <revision-before>"
    if found := _ROLLED_OUT.search(command):
        target = f"kubectl{found['space']} rollout undo {found['what']}"
        return "Go back to the revision from before.", f"{target} --to-revision=<revision-before>"
    return _NO_COMMAND[action.type], None


_NO_WAY_BACK = {
    "restart": "Nothing to take back: what was stopped comes up again by itself.",
    "purge": "No way back: what is gone is gone. Take a copy first.",
    "failover": "Fail back once the old side is healthy and has caught up; not before.",
    "other": "No known way back. Agree on one before you start.",
}
_NO_COMMAND = {
    "scale": "Note the count first; set it back.",
    "flag_toggle": "Note the value first; set it back.",
    "rollback": "Roll forward again to what ran before; note its name first.",
    "config": "Save the old value first; put it back.",
    "throttle": "Take the limit out again; save the old setting first.",
}
