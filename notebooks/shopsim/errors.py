"""The one exception of this package."""


class ResultsError(Exception):
    """A results file cannot be used as asked. The message says which, why, and what to do."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message without the calls that led to it."""
        return [f"{type(self).__name__}: {self}"]
