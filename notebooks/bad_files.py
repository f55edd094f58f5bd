"""Files that cannot be used, each made from a good one; what package and program say of them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np


@dataclass(frozen=True)
class BadFile:
    name: str
    make: Callable[[Path, Path], None]  # from a good file, at a path
    package: str  # a pattern in its message
    program: str  # the code of its message


def _nothing(good: Path, path: Path) -> None:
    pass


def _folder(good: Path, path: Path) -> None:
    path.mkdir()


def _text(good: Path, path: Path) -> None:
    path.write_text("name: black_friday\n")


def _empty(good: Path, path: Path) -> None:
    path.touch()


def _cut(share: float, less: int = 0) -> Callable[[Path, Path], None]:
    def make(good: Path, path: Path) -> None:
        data = good.read_bytes()
        path.write_bytes(data[: int(len(data) * share) - less])
    return make


def _foreign(good: Path, path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(3)


def _attribute(name: str, value: object) -> Callable[[Path, Path], None]:
    def make(good: Path, path: Path) -> None:
        shutil.copy(good, path)
        with h5py.File(path, "r+") as file:
            if value is None:
                del file.attrs[name]
            else:
                file.attrs[name] = value
    return make


BAD_FILES = [
    BadFile("missing", _nothing, "there is no such file", "results-missing"),
    BadFile("folder", _folder, "is a folder", "results-foreign"),
    BadFile("text", _text, "is no HDF5 file", "results-foreign"),
    BadFile("empty", _empty, "is no HDF5 file", "results-foreign"),
    BadFile("signature only", _cut(0, -8), "damaged or cut off", "results-damaged"),
    BadFile("cut in its head", _cut(0, -700), "damaged or cut off", "results-damaged"),
    BadFile("cut in half", _cut(0.5), "damaged or cut off", "results-damaged"),
    BadFile("last byte lost", _cut(1, 1), "damaged or cut off", "results-damaged"),
    BadFile("foreign", _foreign, "not a results file of shopsim", "results-foreign"),
    BadFile("format is a number", _attribute("format", 7), "not a results file of shopsim",
            "results-foreign"),
    BadFile("older", _attribute("format_version", 0), "older format 0.*again", "results-format"),
    BadFile("newer", _attribute("format_version", 9), "newer format 9", "results-format"),
    BadFile("no version", _attribute("format_version", None), "older format 0", "results-format"),
]


def parts(good: Path) -> list[str]:
    """Everything a file can lack: attributes of the root as `@name`, and its tables and groups."""
    with h5py.File(good) as file:
        return [f"@{name}" for name in file.attrs] + list(file)


def without(good: Path, path: Path, part: str) -> None:
    """A file that lacks one of its parts."""
    shutil.copy(good, path)
    with h5py.File(path, "r+") as file:
        if part.startswith("@"):
            del file.attrs[part[1:]]
        else:
            del file[part]
