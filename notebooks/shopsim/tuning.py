"""The results file of `shopsim tune`: what the search tried, ruled out and kept."""

from pathlib import Path

import h5py
import pandas as pd

from .errors import ResultsError
from .files import checked_file, checked_format, read_attribute, read_table, read_yaml

FORMAT_VERSION = 1


def open_tuning(path: str | Path) -> "Tuning":
    """Opens a file; ResultsError if it is missing, damaged, foreign, older or being written."""
    return Tuning(path)


class Tuning:
    """One search. Costs are US dollars a month of the space's year."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self._file = checked_file(self.path)
        try:
            checked_format(self.path, self._file, "shopsim tuning", FORMAT_VERSION)
        except ResultsError:
            self._file.close()
            raise

    def __enter__(self) -> "Tuning":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __repr__(self) -> str:
        return f"<shopsim tuning: {self.verdict}, {self.path}>"

    @property
    def verdict(self) -> str:
        """`found`, `none` or `undecided`."""
        return self._text("verdict")

    @property
    def why(self) -> str:
        """Why this configuration won, or why none did; one sentence."""
        return self._text("why")

    @property
    def overturn(self) -> str:
        """What would have to change for another one to win; one sentence."""
        return self._text("overturn")

    @property
    def space(self) -> dict:
        """The space file: what could be chosen."""
        return read_yaml(self.path, self._file, "space_yaml")

    @property
    def tunables(self) -> list[str]:
        """Names of what could be chosen, which are columns of `candidates`."""
        columns = list(self.candidates().columns)
        return columns[1:columns.index("state")]

    def candidates(self) -> pd.DataFrame:
        """Every configuration that was looked at, what became of it, and why."""
        return self._table("candidates")

    def finalists(self) -> pd.DataFrame:
        """Winner, runner-up and today's platform over whole days, with 95 % intervals."""
        return self._table("finalists")

    def promises(self) -> pd.DataFrame:
        """Every promise of every finalist."""
        return self._table("promises")

    def steps(self) -> pd.DataFrame:
        """The search step by step: what was tried, what came of it, the best cost so far."""
        return self._table("steps")

    def relaxations(self) -> pd.DataFrame:
        """What would have to be given up when nothing keeps every promise; the cheapest first."""
        return self._table("relaxations")

    def _table(self, name: str) -> pd.DataFrame:
        return read_table(self.path, self._file, f"/tuning/{name}")

    def _text(self, attribute: str) -> str:
        return str(read_attribute(self.path, self._file, attribute))

    @property
    def file(self) -> h5py.File:
        """The HDF5 file itself, for what this class does not know."""
        return self._file
