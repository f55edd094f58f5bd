"""Intervals from independent replications, the same way as the program computes them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Interval:
    """A mean with its confidence interval; the bounds are infinite with one sample."""

    mean: float
    low: float
    high: float
    samples: int

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def mean_interval(samples: Sequence[float] | np.ndarray, level: float = 0.95) -> Interval:
    """Student-t interval of the mean of independent samples; NaN samples are left out."""
    values = np.asarray(samples, dtype=float)
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return Interval(np.nan, -np.inf, np.inf, 0)
    mean = float(values.mean())
    if len(values) == 1:
        return Interval(mean, -np.inf, np.inf, 1)
    quantile = stats.t.ppf((1 + level) / 2, len(values) - 1)
    half = float(quantile * values.std(ddof=1) / np.sqrt(len(values)))
    return Interval(mean, mean - half, mean + half, len(values))


def paired_difference(
    first: Sequence[float] | np.ndarray, second: Sequence[float] | np.ndarray, level: float = 0.95
) -> Interval:
    """Of `first - second`, replication by replication: both saw the same customers."""
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"{len(a)} replications cannot be paired with {len(b)}")
    return mean_interval(a - b, level)
