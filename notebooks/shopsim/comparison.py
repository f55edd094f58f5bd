"""Several configurations of the same shop side by side."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .errors import ResultsError
from .results import Results
from .statistics import Interval, mean_interval, paired_difference


def _differences(a: Any, b: Any, path: str = "") -> list[str]:
    """Paths at which two documents differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        found = []
        for key in sorted(set(a) | set(b)):
            found += _differences(a.get(key), b.get(key), f"{path}.{key}" if path else key)
        return found
    return [] if a == b else [path]


class Comparison:
    """Runs of one scenario on several platforms, each compared with `base` (default: the first).

    The scenarios must be equal up to the platform's file, so that a difference is the platform's.
    `mixed=True` allows others; then `warning` says what differs, and plots show it.
    """

    def __init__(self, results: Mapping[str, Results], mixed: bool = False,
                 base: str | None = None):
        if len(results) < 2:
            raise ResultsError("a comparison needs at least two results")
        self.results = dict(results)
        self.base = next(iter(self.results)) if base is None else base
        if self.base not in self.results:
            raise ResultsError(f"no result is called {base}; there are {', '.join(self.results)}")
        self.warning = self._scenario_differences()
        if self.warning and not mixed:
            raise ResultsError(f"{self.warning}. Pass mixed=True to compare them all the same")

    @property
    def is_paired(self) -> bool:
        """Whether replication i of every run saw the same customers."""
        return not self.warning and len({r.replications for r in self.results.values()}) == 1

    def platform_differences(self) -> pd.DataFrame:
        """What the platforms have different: one row per key, one column per configuration."""
        base = self.results[self.base].platform
        keys: list[str] = []
        for other in self.results.values():
            keys += [k for k in _differences(base, other.platform) if k not in keys]
        rows = {key: [_value_at(r.platform, key) for r in self.results.values()] for key in keys}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(self.results))

    def promises(self) -> pd.DataFrame:
        """All promises of all configurations, with a column `configuration`."""
        return self._together(lambda r: r.promises())

    def cost(self) -> pd.DataFrame:
        """The bill per service and configuration, US dollars a month; NaN: no price known."""
        frame = self._together(lambda r: r.cost())
        sums = frame.groupby(["service", "configuration"], sort=False)["month_usd"].sum(min_count=1)
        return sums.unstack()[list(self.results)]

    def tradeoff(self, request_class: str = "checkout", quantile: float = 0.99) -> pd.DataFrame:
        """Month's cost against latency over the run with intervals, cheapest first.

        `efficient`: no other configuration is both cheaper and faster. `ms_per_dollar`: what each
        dollar a month buys compared with the next cheaper efficient configuration.
        """
        rows = []
        for name, results in self.results.items():
            samples = self.latency_samples(name, request_class, quantile)
            cost = results.month_cost()
            latency = mean_interval(samples)
            rows.append({"configuration": name, "month_usd": cost.mean,
                         "month_half_width_usd": cost.half_width,
                         "latency_s": latency.mean, "half_width_s": latency.half_width})
        frame = pd.DataFrame(rows).sort_values("month_usd", ignore_index=True)
        fastest_before = frame["latency_s"].cummin().shift(fill_value=np.inf)
        frame["efficient"] = frame["latency_s"] < fastest_before
        front = frame[frame["efficient"]]
        gain = -1000 * front["latency_s"].diff() / front["month_usd"].diff()
        frame["ms_per_dollar"] = gain.reindex(frame.index)
        return frame

    def latency_samples(self, name: str, request_class: str, quantile: float) -> np.ndarray:
        """The quantile over the run, one value per replication."""
        frame = self.results[name].latency_over_run([request_class], [quantile])
        return frame["latency_s"].to_numpy()

    def difference(self, name: str, request_class: str = "checkout",
                   quantile: float = 0.99) -> Interval:
        """`name` minus base in seconds, replication by replication (common random numbers)."""
        if not self.is_paired:
            raise ResultsError("differences need equal scenarios, seeds and replications")
        return paired_difference(self.latency_samples(name, request_class, quantile),
                                 self.latency_samples(self.base, request_class, quantile))

    def latency_difference(self, name: str, request_class: str = "checkout",
                           quantile: float = 0.99, periods: int = 1) -> pd.DataFrame:
        """The same minute by minute: rows of replication, period, time, difference_s."""
        if not self.is_paired:
            raise ResultsError("differences need equal scenarios, seeds and replications")
        one, other = (self.results[n].latency([request_class], [quantile], periods)
                      for n in (name, self.base))
        frame = one[["replication", "period", "time"]].copy()
        frame["difference_s"] = one["latency_s"] - other["latency_s"]
        return frame

    def _together(self, get: Any) -> pd.DataFrame:
        parts = [get(r).assign(configuration=name) for name, r in self.results.items()]
        return pd.concat(parts, ignore_index=True)

    def _scenario_differences(self) -> str:
        base = self.results[self.base]
        found = []
        for name, other in self.results.items():
            keys = [k for k in _differences(base.scenario, other.scenario) if k != "platform"]
            if keys:
                shown = ", ".join(keys[:5]) + (", ..." if len(keys) > 5 else "")
                found.append(f"{name} differs from {self.base} in {shown}")
        return f"the scenarios are not the same: {'; '.join(found)}" if found else ""


def _value_at(document: Any, path: str) -> Any:
    for key in path.split("."):
        document = document.get(key) if isinstance(document, dict) else None
    return document
