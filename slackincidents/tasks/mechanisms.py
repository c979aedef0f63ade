"""The ways in which a service breaks, worded to fit every service: what root-cause choices are made of."""

from __future__ import annotations

import re
from enum import StrEnum

from slackincidents.schema.incident import CauseLabel


class Mechanism(StrEnum):
    """What broke it. The first thirteen are causes in our scenarios; the others look like one of those from outside."""

    DELAY = "a throttle left on that holds every answer back"
    REFUSE = "a test switch left on that fails part of the calls"
    SILENT = "a switch set by mistake that lets no call through"
    MADE_UP = "a test switch left on that makes up the answers"
    LEAK = "a cache in the code that is never emptied and fills the memory"
    LOOP = "a loop in the code that burns the CPU"
    PAUSES = "debug code that forces garbage collections"
    LIMIT = "a memory limit that the data has outgrown"
    DATA = "an import of data that cannot be read"
    COPIES = "a setting that writes every message many times"
    QUOTA = "a batch job that uses up a shared quota"
    FLOOD = "a load test that was left running"
    QUERIES = "long-running queries that keep it busy"
    RELEASE = "a bad release of the code"
    VISITORS = "more visitors than it was built for"
    CRAWLER = "a crawler or an attack from outside"
    RETRIES = "retries that multiply the calls"
    NETWORK = "a fault in the network or in name resolution"
    CERTIFICATE = "a certificate or key that is no longer valid"
    NODE = "a bad node, pod or disk"
    FULL_NODE = "a node that has run out of memory or CPU"
    COLLECTOR = "a memory leak that keeps the garbage collector busy"
    LARGE = "requests that are too large for the memory"
    STORAGE = "slow storage that holds every answer back"
    POOL = "a connection pool that is too small"
    PROVIDER = "an outage at an outside provider"
    MIXED_UP = "a cache that mixes entries up"
    PROMPT = "a change of the prompt or of the model"
    DELETED = "rows that somebody deleted or unpublished"
    LOCKS = "a lock that everything waits for"
    CONSUMERS = "consumers that hang or start again and again"


SAYS = {
    Mechanism.QUOTA: r"quota",
    Mechanism.FLOOD: r"load test|flood test",
    Mechanism.COPIES: r"many times over|duplicat\w+|published again",
    Mechanism.PAUSES: r"System\.gc|garbage collection|gc pauses",
    Mechanism.LEAK: r"never evict\w*|ever evicted|memory leak|leaks memory",
    Mechanism.QUERIES: r"long-running quer\w+|heavy queries|slow queries",
    Mechanism.LOOP: r"loop that|compute loop|in a loop|endless loop",
    Mechanism.DELAY: r"throttle|slow-load|held back|delays every",
    Mechanism.SILENT: r"accepts no calls|answered nothing|answers nothing",
    Mechanism.MADE_UP: r"made-up content|wrong summaries|made up",
    Mechanism.REFUSE: r"fails (?:half|part|a third|some) of|half of all|part of the calls",
    Mechanism.LIMIT: r"oom-killed at|memory limit|outgrew",
    Mechanism.DATA: r"import\w*|badly formatted|cannot parse|supplier",
}
"""What a labelled cause says of each; the first that fits counts."""

HINTS = {
    Mechanism.DELAY: r"throttle\w*|slow|delay\w*|holds?|waits?|flags?|switch\w*",
    Mechanism.REFUSE: r"flags?|switch\w*|fail\w*|test|calls?|half",
    Mechanism.SILENT: r"flags?|switch\w*|unreachable|calls?|time-?outs?",
    Mechanism.MADE_UP: r"flags?|switch\w*|answers?|test|wrong|inaccurate",
    Mechanism.LEAK: r"leak\w*|cache|memory|evict\w*|heap|oom\w*",
    Mechanism.LOOP: r"loop\w*|cpu|code|threads?|hot",
    Mechanism.PAUSES: r"gcs?|garbage|collections?|pauses?|debug|code",
    Mechanism.LIMIT: r"memory|limits?|oom\w*|killed|data",
    Mechanism.DATA: r"data|rows?|prices?|imports?|parse\w*",
    Mechanism.COPIES: r"duplicates?|copies|messages?|many times|setting|switch\w*|flags?",
    Mechanism.QUOTA: r"quota|tokens?|batch|job|429s?",
    Mechanism.FLOOD: r"load test|flood\w*|test|requests?|traffic",
    Mechanism.RELEASE: r"deploy\w*|releases?|builds?|roll\w*|code",
    Mechanism.VISITORS: r"traffic|visitors|campaign|customers|users?|requests?",
    Mechanism.CRAWLER: r"crawlers?|ddos|attack\w*|bots?|traffic|requests?",
    Mechanism.RETRIES: r"retr\w+|calls?|requests?",
    Mechanism.NETWORK: r"dns|network|polic(?:y|ies)|cdn|name|time-?outs?",
    Mechanism.CERTIFICATE: r"certs?|certificates?|keys?|expired|revoked",
    Mechanism.NODE: r"nodes?|pods?|disks?|storage|brokers?|restarts?",
    Mechanism.FULL_NODE: r"nodes?|memory|cpu|neighbou?rs?",
    Mechanism.COLLECTOR: r"leak\w*|memory|gcs?|garbage|collector|heap",
    Mechanism.LARGE: r"large|size|big|memory|requests?|attachments?",
    Mechanism.STORAGE: r"storage|disks?|bucket|slow|holds?",
    Mechanism.POOL: r"pool\w*|connections?|conns?|small",
    Mechanism.PROVIDER: r"providers?|acquirers?|relay|vendor|psp|processor|outage",
    Mechanism.MIXED_UP: r"cache\w*|mixed|entries|wrong",
    Mechanism.PROMPT: r"prompts?|models?|change\w*",
    Mechanism.DELETED: r"rows?|deleted|unpublished|products?",
    Mechanism.QUERIES: r"quer(?:y|ies)|reports?|index|replica|busy",
    Mechanism.LOCKS: r"locks?|locked|waits?|transactions?",
    Mechanism.CONSUMERS: r"consumers?|hang\w*|rebalanc\w*|restart\w*|lag",
}
"""Words that speak of each, for the keyword baseline."""

_GROUPS = (
    {Mechanism.LEAK, Mechanism.LIMIT, Mechanism.FULL_NODE, Mechanism.COLLECTOR, Mechanism.LARGE},
    {Mechanism.LOOP, Mechanism.PAUSES, Mechanism.FULL_NODE, Mechanism.COLLECTOR, Mechanism.VISITORS},
    {Mechanism.FLOOD, Mechanism.VISITORS, Mechanism.CRAWLER, Mechanism.RETRIES},
    {Mechanism.DELAY, Mechanism.STORAGE, Mechanism.POOL, Mechanism.NETWORK},
    {Mechanism.REFUSE, Mechanism.SILENT, Mechanism.RELEASE, Mechanism.CERTIFICATE, Mechanism.PROVIDER},
    {Mechanism.SILENT, Mechanism.NETWORK, Mechanism.CERTIFICATE, Mechanism.POOL, Mechanism.NODE},
    {Mechanism.QUERIES, Mechanism.LOCKS, Mechanism.STORAGE, Mechanism.VISITORS, Mechanism.RETRIES},
    {Mechanism.MADE_UP, Mechanism.MIXED_UP, Mechanism.PROMPT, Mechanism.DELETED},
    {Mechanism.DATA, Mechanism.DELETED, Mechanism.MIXED_UP, Mechanism.RELEASE},
    {Mechanism.COPIES, Mechanism.CONSUMERS, Mechanism.RETRIES, Mechanism.NODE},
    {Mechanism.QUOTA, Mechanism.RETRIES, Mechanism.CERTIFICATE, Mechanism.PROVIDER},
)
"""Mechanisms that show alike from outside: high memory, high CPU, many calls, slow, failing, wrong, late."""

_OF_NAMES = (
    (Mechanism.CERTIFICATE, "cert key"),
    (Mechanism.RETRIES, "retry retries"),
    (Mechanism.LARGE, "attachments large"),
    (Mechanism.COLLECTOR, "leak gc"),
    (Mechanism.MIXED_UP, "cache mix"),
    (Mechanism.PROMPT, "prompt model"),
    (Mechanism.DELETED, "deleted spam"),
    (Mechanism.REFUSE, "flag switch"),
    (Mechanism.RELEASE, "deploy release build"),
    (Mechanism.STORAGE, "storage disk"),
    (Mechanism.NETWORK, "dns network cdn edge policy"),
    (Mechanism.NODE, "node pod broker crash"),
    (Mechanism.PROVIDER, "provider acquirer relay"),
    (Mechanism.CRAWLER, "attack ddos crawler"),
    (Mechanism.VISITORS, "traffic campaign"),
    (Mechanism.LOCKS, "locks vacuum"),
    (Mechanism.POOL, "pool pg db"),
)

_BESIDE = {
    Mechanism.QUOTA: {Mechanism.LIMIT},
    Mechanism.QUERIES: {Mechanism.POOL, Mechanism.FULL_NODE},
    Mechanism.LOOP: {Mechanism.RELEASE, Mechanism.REFUSE},
    Mechanism.LEAK: {Mechanism.COLLECTOR, Mechanism.LIMIT, Mechanism.REFUSE},
    Mechanism.LIMIT: {Mechanism.DATA, Mechanism.LARGE},
    Mechanism.SILENT: {Mechanism.REFUSE},
    Mechanism.MADE_UP: {Mechanism.REFUSE},
    Mechanism.DELAY: {Mechanism.REFUSE},
    Mechanism.COPIES: {Mechanism.REFUSE, Mechanism.FLOOD},
    Mechanism.PAUSES: {Mechanism.REFUSE},
    Mechanism.REFUSE: {Mechanism.SILENT, Mechanism.MADE_UP},
}
"""What could also be called right where one of these is."""


def mechanism_of(cause: CauseLabel) -> Mechanism | None:
    """The mechanism that a labelled cause speaks of; None where it is none of ours."""
    text = f"{cause.component} {cause.mechanism} {cause.plain}"
    return next((one for one, says in SAYS.items() if re.search(rf"\b(?:{says})\b", text, re.IGNORECASE)), None)


def suspected(hypothesis: str) -> Mechanism | None:
    """The mechanism a hypothesis speaks of, by the words of its name in the key; None for another."""
    words = hypothesis.split("-")
    return next((one for one, known in _OF_NAMES if any(word in known.split() for word in words)), None)


def arguable(right: Mechanism) -> set[Mechanism]:
    """What could also be called right, itself included; never offered beside it."""
    return {right} | _BESIDE.get(right, set())


def like(right: Mechanism) -> list[Mechanism]:
    """What shows alike from outside and is something else."""
    near = set().union(*(group for group in _GROUPS if right in group)) - arguable(right)
    return [one for one in Mechanism if one in near]
