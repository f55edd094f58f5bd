"""Opening HDF5 files of the program, with one sentence about what is wrong with others."""

import difflib
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import yaml

from .errors import ResultsError

_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
# The one in C is ten times as fast, where it is there.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FOREIGN = "an HDF5 file, but not a results file of shopsim"
_KINDS = {"shopsim results": "the result of a run", "shopsim tuning": "the result of a search"}
_OPENS = {"shopsim results": "`shopsim run` writes them", "shopsim tuning": "`shopsim tune` writes "
          "what open_tuning reads"}


def checked_file(path: Path) -> h5py.File:
    if path.name.startswith(".") and path.name.endswith(".partial"):
        raise ResultsError(f"{path}: a run is still writing this file; wait for it to finish")
    if path.is_dir():
        raise ResultsError(f"{path}: is a folder; use open_folder for all files in it")
    try:
        with path.open("rb") as file:
            signature = file.read(len(_HDF5_SIGNATURE))
    except FileNotFoundError:
        raise ResultsError(f"{path}: there is no such file{_nearest(path)}") from None
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read: {error.strerror}") from None
    if signature != _HDF5_SIGNATURE:
        raise ResultsError(f"{path}: is no HDF5 file, so no results file of shopsim")
    try:
        return h5py.File(path, "r")
    except BlockingIOError:
        raise ResultsError(f"{path}: another program has it open for writing; try later") from None
    except OSError as error:
        if "unable to lock" in str(error):
            raise ResultsError(f"{path}: another program is writing it; try later") from None
        raise ResultsError(
            f"{path}: is damaged or cut off (was a copy interrupted?); run or copy it again"
        ) from None


def _nearest(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    names = [p.name for p in path.parent.glob("*.h5")]
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def signed(values: np.ndarray) -> np.ndarray:
    """Counts as signed numbers, so that a difference may be negative; hashes stay as they are."""
    if values.dtype.kind != "u" or (len(values) and values.max() >= 2**63):
        return values
    return values.astype(np.int64)


def checked_format(path: Path, file: h5py.File, kind: str, reads: int) -> None:
    """Refuses what is of another kind or of another version of its format."""
    found = str(file.attrs.get("format"))
    if found != kind:
        raise ResultsError(f"{path}: is {_KINDS.get(found, _FOREIGN)}; {_OPENS[kind]}")
    version = int(file.attrs.get("format_version", 0))
    if version < reads:
        raise ResultsError(
            f"{path}: has the older format {version}, this package reads {reads}; "
            "run the scenario again"
        )
    if version > reads:
        raise ResultsError(
            f"{path}: has the newer format {version}, this package reads {reads}; "
            "install the shopsim package that belongs to your program"
        )


def kind_of(path: Path) -> str:
    """What a file says it is; empty for one that cannot be opened."""
    try:
        with h5py.File(path, "r") as file:
            return str(file.attrs.get("format", ""))
    except OSError:
        return ""


def read_attribute(path: Path, file: h5py.File, name: str) -> Any:
    """An attribute of the root."""
    try:
        return file.attrs[name]
    except KeyError:
        raise ResultsError(f"{path}: lacks the attribute {name}") from None
    except (OSError, RuntimeError):
        raise ResultsError(f"{path}: its attributes are damaged; run the scenario again") from None


def read_yaml(path: Path, file: h5py.File, name: str) -> dict[str, Any]:
    """An attribute of the root that holds a YAML file."""
    try:
        found = yaml.load(str(read_attribute(path, file, name)), Loader=_LOADER)
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise ResultsError(f"{path}: the attribute {name} is damaged; run the scenario again")
    return found


def read_group(path: Path, file: h5py.File, name: str) -> h5py.Group:
    group = file.get(name)
    if not isinstance(group, h5py.Group):
        raise ResultsError(f"{path}: has no group {name}")
    return group


def read_dataset(path: Path, file: h5py.File, name: str) -> np.ndarray:
    try:
        item = file[name]
        if not isinstance(item, h5py.Dataset):
            raise KeyError(name)
        return item[()]
    except KeyError:
        raise ResultsError(f"{path}: has no {name}; see catalogue()") from None
    except (OSError, RuntimeError):
        raise ResultsError(f"{path}: {name} is damaged; run the scenario again") from None
    except ValueError:
        raise ResultsError(f"{path}: the file was closed") from None


def read_table(path: Path, file: h5py.File, name: str) -> pd.DataFrame:
    """A compound dataset, text decoded."""
    data = read_dataset(path, file, name)
    if data.dtype.names is None:
        raise ResultsError(f"{path}: {name} is no table")
    columns = {}
    for column in data.dtype.names:
        values = data[column]
        columns[column] = ([v.decode() for v in values] if values.dtype.kind == "S"
                           else signed(values))
    return pd.DataFrame(columns)
