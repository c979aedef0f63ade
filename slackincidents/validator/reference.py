"""The rules as a page: ``python -m slackincidents.validator.reference`` prints docs/rules.md."""

from __future__ import annotations

import sys

from slackincidents.validator.codes import RULES
from slackincidents.validator.rule import Rule

FAMILIES = {
    "TIM": "Time",
    "THR": "Threads",
    "MEN": "Mentions",
    "SPK": "Speakers",
    "SVC": "Services",
    "CAS": "Cascade",
    "MET": "Metrics",
    "ALR": "Alerts",
    "PAG": "Pages and answers",
    "RES": "Resolution",
    "ACT": "Actions",
    "KNO": "Knowledge",
    "TXT": "Text",
    "PLN": "Plan",
    "LBL": "Labels",
    "FMT": "Format",
}
HEAD = """# Rules

What `slackincidents validate` checks. Rules marked *plan* need the plan behind a file: it is made again from the
file's `provenance`; where that cannot be done they are skipped, and the report says so.

What the text rules see: figures, identifiers, code, channels and people. A claim in plain words ("the cache is full")
is held to the facts only through the label of its message.

This page is generated: `python -m slackincidents.validator.reference > docs/rules.md`.
"""


def page() -> str:
    """The reference of all rules in Markdown."""
    return "\n".join([HEAD, *_overview(), *(_family(prefix) for prefix in FAMILIES)])


def _overview() -> list[str]:
    rows = [
        f"| [{r.code}](#{r.code.lower()}-{r.name}) | {r.name} | {'*plan*' if r.needs_plan else ''} |" for r in RULES
    ]
    return ["| code | name | |", "|---|---|---|", *rows, ""]


def _family(prefix: str) -> str:
    rules = [rule for rule in RULES if rule.code.startswith(prefix)]
    return "\n".join([f"## {FAMILIES[prefix]}", "", *map(_section, rules)])


def _section(rule: Rule) -> str:
    needs = " (needs the plan)" if rule.needs_plan else ""
    return "\n".join(
        [
            f"### {rule.code} {rule.name}",
            "",
            f"{_plain(rule.what)}{needs}",
            "",
            f"- Why: {_plain(rule.why)}",
            f"- Example: {_plain(rule.example)}",
            f"- Remedy: {_plain(rule.hint)}",
            "",
        ]
    )


def _plain(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*").replace("#", "\\#")


if __name__ == "__main__":
    sys.stdout.write(page())
