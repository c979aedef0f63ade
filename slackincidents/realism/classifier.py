"""The one place that talks to scikit-learn: a logistic regression over named features, tried on held-out folds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix  # type: ignore[import-untyped] # ships no types
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped] # ships no types
from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped] # ships no types
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # ships no types

Places = npt.NDArray[np.intp]

Row = Mapping[str, float]

RAREST = 5
"""A feature is learned when this many training rows have it, or all but so few lack it."""

SOFT = 0.001
"""Inverse strength of the L2 penalty on standardised features."""

STEPS = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as one sparse matrix; the columns stand in the order of their names."""

    names: tuple[str, ...]
    matrix: csr_matrix

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Table:
        """The rows, each feature in a column of its own."""
        names = tuple(sorted({name for row in rows for name in row}))
        column = {name: place for place, name in enumerate(names)}
        columns = np.fromiter((column[name] for row in rows for name in row), np.int32)
        values = np.fromiter((value for row in rows for value in row.values()), np.float64)
        ends = np.cumsum([0, *map(len, rows)])
        matrix = csr_matrix((values, columns, ends), shape=(len(rows), len(names)))
        matrix.sort_indices()
        return cls(names, matrix)

    @property
    def rows(self) -> Places:
        """The places of all rows."""
        return np.arange(self.matrix.shape[0])

    def frequent(self, places: Places, least: int) -> Places:
        """The columns that as many of these rows have."""
        return np.flatnonzero(np.bincount(self.matrix[places].indices, minlength=len(self.names)) >= least)


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted classifier. Two labels give one score a row, more give the likeliest label."""

    table: Table
    columns: Places
    scaler: StandardScaler
    regression: LogisticRegression

    def scores(self, places: Places) -> list[float]:
        """For two labels: how strongly each of these rows speaks for the one that sorts last."""
        return [float(score) for score in self.regression.decision_function(self._matrix(places))]

    def labels(self, places: Places) -> list[str]:
        """The likeliest label of each of these rows."""
        return [str(label) for label in self.regression.predict(self._matrix(places))]

    def weights(self) -> dict[str, float]:
        """For two labels: the weight of each feature for one standard deviation."""
        weighed = zip(self.columns, self.regression.coef_[0], strict=True)
        return {self.table.names[column]: float(weight) for column, weight in weighed}

    def _matrix(self, places: Places) -> object:
        return self.scaler.transform(self.table.matrix[places][:, self.columns])


def fit(
    table: Table, labels: Sequence[str], places: Places, softness: float = SOFT, rarest: int = RAREST
) -> Model | None:
    """Learn to tell the labels of these rows apart; None with one label only, or no feature frequent enough."""
    columns = table.frequent(places, min(rarest, max(1, len(places) // 8)))
    known = [labels[place] for place in places]
    if len(set(known)) < 2 or not len(columns):
        return None
    scaler = StandardScaler(with_mean=False)
    matrix = scaler.fit_transform(table.matrix[places][:, columns])
    regression = LogisticRegression(C=softness, class_weight="balanced", max_iter=STEPS)
    with threadpool_limits(1):  # small matrices: more threads only wait for each other, and sum in another order
        regression.fit(matrix, known)
    return Model(table, columns, scaler, regression)


def held_out_scores(table: Table, labels: Sequence[str], folds: Sequence[int]) -> list[float]:
    """The score of each row by the model that learned from the other folds; 0 where nothing could be learned."""
    found = [0.0] * len(labels)
    for inside, model in _tried(table, labels, folds):
        for place, score in zip(inside, model.scores(inside), strict=True):
            found[place] = score if math.isfinite(score) else 0.0
    return found


def held_out_labels(table: Table, labels: Sequence[str], folds: Sequence[int]) -> list[str]:
    """The label each row gets from the model that learned from the other folds; empty where none could be learned."""
    found = [""] * len(labels)
    for inside, model in _tried(table, labels, folds):
        for place, label in zip(inside, model.labels(inside), strict=True):
            found[place] = label
    return found


def _tried(table: Table, labels: Sequence[str], folds: Sequence[int]) -> Iterator[tuple[Places, Model]]:
    """For each fold its rows, and what was learned from the others."""
    dealt = np.asarray(folds)
    for fold in sorted(set(folds)):
        model = fit(table, labels, np.flatnonzero(dealt != fold))
        if model is not None:
            yield np.flatnonzero(dealt == fold), model
