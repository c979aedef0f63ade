"""The one place that talks to scikit-learn: a logistic regression over named features, tried on held-out folds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sklearn.feature_extraction import DictVectorizer  # type: ignore[import-untyped] # ships no types
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped] # ships no types
from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped] # ships no types
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # ships no types

Row = Mapping[str, float]

RAREST = 5
"""A feature is learned when this many training rows have it, or all but so few lack it."""

SOFT = 0.001
"""Inverse strength of the L2 penalty on standardised features."""

STEPS = 2000


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted classifier. Two labels give one score a row, more give the likeliest label."""

    columns: DictVectorizer
    scaler: StandardScaler
    regression: LogisticRegression

    def scores(self, rows: Sequence[Row]) -> list[float]:
        """For two labels: how strongly each row speaks for the one that sorts last."""
        return [float(score) for score in self.regression.decision_function(self._matrix(rows))]

    def labels(self, rows: Sequence[Row]) -> list[str]:
        """The likeliest label of each row."""
        return [str(label) for label in self.regression.predict(self._matrix(rows))]

    def weights(self) -> dict[str, float]:
        """For two labels: the weight of each feature for one standard deviation."""
        names = self.columns.get_feature_names_out()
        return {str(name): float(weight) for name, weight in zip(names, self.regression.coef_[0], strict=True)}

    def _matrix(self, rows: Sequence[Row]) -> object:
        return self.scaler.transform(self.columns.transform(rows))


def fit(rows: Sequence[Row], labels: Sequence[str], softness: float = SOFT, rarest: int = RAREST) -> Model | None:
    """Learn to tell the labels apart; None when there is one label only, or no feature frequent enough."""
    counts = Counter(name for row in rows for name in row)
    kept = {name for name, count in counts.items() if count >= min(rarest, max(1, len(rows) // 8))}
    if len(set(labels)) < 2 or not kept:
        return None
    trimmed = [{name: value for name, value in row.items() if name in kept} for row in rows]
    columns, scaler = DictVectorizer(), StandardScaler(with_mean=False)
    matrix = scaler.fit_transform(columns.fit_transform(trimmed))
    regression = LogisticRegression(C=softness, class_weight="balanced", max_iter=STEPS)
    with threadpool_limits(1):  # small matrices: more threads only wait for each other, and sum in another order
        regression.fit(matrix, list(labels))
    return Model(columns, scaler, regression)


def held_out_scores(rows: Sequence[Row], labels: Sequence[str], folds: Sequence[int]) -> list[float]:
    """The score of each row by the model that learned from the other folds; 0 where nothing could be learned."""
    found = [0.0] * len(rows)
    for fold in sorted(set(folds)):
        inside, outside = _split(folds, fold)
        model = fit([rows[i] for i in outside], [labels[i] for i in outside])
        if model is not None:
            for place, score in zip(inside, model.scores([rows[i] for i in inside]), strict=True):
                found[place] = score if math.isfinite(score) else 0.0
    return found


def held_out_labels(rows: Sequence[Row], labels: Sequence[str], folds: Sequence[int]) -> list[str]:
    """The label each row gets from the model that learned from the other folds; empty where none could be learned."""
    found = [""] * len(rows)
    for fold in sorted(set(folds)):
        inside, outside = _split(folds, fold)
        model = fit([rows[i] for i in outside], [labels[i] for i in outside])
        if model is not None:
            for place, label in zip(inside, model.labels([rows[i] for i in inside]), strict=True):
                found[place] = label
    return found


def _split(folds: Sequence[int], fold: int) -> tuple[list[int], list[int]]:
    inside = [place for place, where in enumerate(folds) if where == fold]
    return inside, [place for place, where in enumerate(folds) if where != fold]
