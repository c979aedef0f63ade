"""The figures of one seed: signals scattered around the skeleton's values, as people write them."""

from __future__ import annotations

import random

from slackincidents.schema.skeleton import Signal, Skeleton

_SUFFIX = {
    "ms": "ms",
    "s": "s",
    "%": "%",
    "req/s": " req/s",
    "msg/s": " msg/s",
    "msgs": "",
    "MB": "MB",
    "count": "",
    "min": " min",
}
_ROUGH = ("~{}", "{}ish", "{}")


def scatter(skeleton: Skeleton, rng: random.Random) -> dict[str, str]:
    """Every ``signal.part`` slot with its value for this seed.

    Latency percentiles of a service scatter together, so that p50 <= p95 <= p99 survives.
    """
    factor = {service: rng.uniform(-1, 1) for service in sorted({s.service for s in skeleton.signals.values()})}
    values: dict[str, str] = {}
    for name, signal in skeleton.signals.items():
        peak = _scattered(signal, factor[signal.service], rng)
        values[f"{name}.baseline"] = text(signal, signal.baseline)
        values[f"{name}.peak"] = text(signal, peak)
        values[f"{name}.high"] = text(signal, _bounded(signal, peak + (peak - signal.baseline) * 0.04))
        values[f"{name}.recovered"] = text(signal, signal.recovered)
        values[f"{name}.low"] = text(signal, signal.recovered + (peak - signal.recovered) * rng.uniform(0.25, 0.6))
        values[f"{name}.rough"] = rng.choice(_ROUGH).format(_rounded(signal, peak))
    return values


def text(signal: Signal, value: float) -> str:
    """A signal's value as a dashboard shows it, with its unit."""
    return with_unit(value, signal.unit)


def with_unit(value: float, unit: str) -> str:
    """A value as a dashboard shows it."""
    whole = unit in {"count", "msgs"} and value >= 1
    return f"{_digits(round(value) if whole else value)}{_SUFFIX[unit]}"


def _scattered(signal: Signal, factor: float, rng: random.Random) -> float:
    if signal.peak == 0:
        return 0.0
    swing = abs(signal.peak - signal.baseline) * signal.scatter
    shared = signal.metric.startswith(("p50", "p95", "p99")) or "latency" in signal.metric
    peak = signal.peak + swing * (factor if shared else rng.uniform(-1, 1))
    return _bounded(signal, peak)


def _bounded(signal: Signal, value: float) -> float:
    top = 100.0 if signal.unit == "%" else float("inf")
    return min(top, max(0.0, value))


def _digits(value: float) -> str:
    if value >= 10:
        return f"{round(value):,}" if value >= 10_000 else str(round(value))
    return f"{value:.1f}".removesuffix(".0")


def _rounded(signal: Signal, value: float) -> str:
    if signal.unit == "ms" and value >= 1500:
        return f"{round(value / 1000)}s"
    if signal.unit in {"msgs", "count"} and value >= 2000:
        return f"{round(value / 1000)}k"
    step = 10 ** max(0, len(str(int(value))) - 2)
    suffix = _SUFFIX[signal.unit].strip() if signal.unit in {"ms", "s", "%", "MB"} else ""
    return f"{_digits(round(value / step) * step)}{suffix}"
