"""Measures beside bands, as a table in plain text or Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from slackincidents.realism.bands import Bands, Check, Range, compare
from slackincidents.realism.suite import POOL, Measures

HEAD = ("#", "measure", "value", "pass", "target", "seed files", "verdict")
MINUS = "-"


def report(measures: Measures, bands: Bands, markdown: bool = False) -> str:
    """The whole report: what was pooled, the checks, measures without a band, lines that come back."""
    checks = compare(measures.values(), bands)
    rows = [_row(check, bands) for check in checks]
    unbanded = [
        (name, _number(value))
        for name, value in measures.values().items()
        if name not in bands.bands and value is not None
    ]
    parts = [
        *_pooled(measures),
        _tally(checks),
        table(HEAD, rows, markdown),
        "Without a band:",
        table(("measure", "value"), unbanded, markdown),
        *_reuse(measures, markdown),
        *_missing(measures),
    ]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], markdown: bool) -> str:
    """Columns of equal width, with bars when `markdown`."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    rule = tuple("-" * width for width in widths)
    cells = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (head, rule, *rows)]
    if markdown:
        return "\n".join("| " + " | ".join(row) + " |" for row in cells)
    return "\n".join("  ".join(row).rstrip() for row in cells)


def verdict(check: Check) -> str:
    """``target``, ``pass``, ``OUT``, or a dash when nothing was measured."""
    if check.ok is None:
        return MINUS
    if not check.ok:
        return "OUT"
    return "target" if check.on_target else "pass"


def _row(check: Check, bands: Bands) -> tuple[str, ...]:
    band = bands.bands[check.name]
    return (
        MINUS if band.number is None else str(band.number),
        band.title,
        _number(check.value),
        _range(check.passes),
        _range(check.target),
        _number(band.seed),
        verdict(check),
    )


def _pooled(measures: Measures) -> list[str]:
    lines = [f"{measures.incidents} incidents, {measures.lines} human lines."]
    if measures.left_out:
        lines.append(f"Left out, too few human lines: {len(measures.left_out)} ({', '.join(measures.left_out[:5])}).")
    if measures.incidents < POOL:
        lines.append(f"The bands hold for {POOL} incidents or more: read the verdicts with care.")
    return lines


def _tally(checks: Sequence[Check]) -> str:
    measured = [check for check in checks if check.ok is not None]
    aimed = [check for check in measured if check.on_target is not None]
    return (
        f"{sum(check.ok is True for check in measured)} of {len(measured)} checks pass; "
        f"{sum(check.on_target is True for check in aimed)} of {len(aimed)} lie in the incident band; "
        f"{len(checks) - len(measured)} not measured."
    )


def _reuse(measures: Measures, markdown: bool) -> list[str]:
    if not measures.reuse.worst:
        return []
    rows = [(str(line.incidents), _number(line.share), line.line[:90]) for line in measures.reuse.worst]
    return ["Lines that come back:", table(("incidents", "share", "line"), rows, markdown)]


def _missing(measures: Measures) -> list[str]:
    missing = measures.labels.features_missing
    return [f"Features no incident shows: {', '.join(missing)}."] if missing else []


def _number(value: float | None) -> str:
    if value is None:
        return MINUS
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"


def _range(limits: Range | None) -> str:
    if limits is None:
        return MINUS
    low, high = limits
    if low is None:
        return f"<= {_short(high)}"
    return f">= {_short(low)}" if high is None else f"{_short(low)} to {_short(high)}"


def _short(value: float | None) -> str:
    return MINUS if value is None else f"{value:.4g}"
