"""Result files of shopsim as tidy pandas frames, and the plots people ask for.

>>> import shopsim
>>> results = shopsim.open_results("results/black_friday.h5")
>>> results.promises()
>>> shopsim.plots.day(results)
"""

from . import plots, tuning_plots
from .comparison import Comparison
from .errors import ResultsError
from .results import FORMAT_VERSION, Results, open_folder, open_results
from .statistics import Interval, mean_interval, paired_difference
from .tuning import Tuning, open_tuning

__all__ = [
    "FORMAT_VERSION",
    "Comparison",
    "Interval",
    "Results",
    "ResultsError",
    "Tuning",
    "mean_interval",
    "open_folder",
    "open_results",
    "open_tuning",
    "paired_difference",
    "plots",
    "tuning_plots",
]
