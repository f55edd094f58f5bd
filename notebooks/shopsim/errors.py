"""The one exception of this package."""

import sys
from types import TracebackType


class ResultsError(Exception):
    """A results file cannot be used as asked. The message says which, why, and what to do."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message without the calls that led to it."""
        return [f"{type(self).__name__}: {self}"]


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, ResultsError):
        print(f"{kind.__name__}: {error}", file=sys.stderr)
    else:
        _before(kind, error, trace)


# What a script shows that does not catch it: the message, too. Everything else is as it was.
_before = sys.excepthook
sys.excepthook = _show
