"""Result files of shopsim as tidy pandas frames, and the plots people ask for.

>>> import shopsim
>>> results = shopsim.open_results("results/black_friday.h5")
>>> results.promises()
>>> shopsim.plots.day(results)
"""

from . import plots
from .comparison import Comparison
from .errors import ResultsError
from .results import FORMAT_VERSION, Results, open_folder, open_results
from .statistics import Interval, mean_interval, paired_difference

__all__ = [
    "FORMAT_VERSION",
    "Comparison",
    "Interval",
    "Results",
    "ResultsError",
    "mean_interval",
    "open_folder",
    "open_results",
    "paired_difference",
    "plots",
]
