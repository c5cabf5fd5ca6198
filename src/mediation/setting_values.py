"""The kinds of values that settings have, each with what makes it none: said as a sentence that tells what to do."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr

_WIDEST: Final = {4: 8, 6: 7}
"""The widest private networks there are: 10.0.0.0/8, fc00::/7."""
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_BITS_BEFORE_IPV4: Final = 96


def refuse_blanks(value: object) -> object:
    """The value; ValueError for a text of blanks alone, which would be taken for one that says something."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if isinstance(text, str | Path) and str(text) and not str(text).strip():
        raise ValueError("says nothing but blanks: set it to a value, or leave it out")
    return value


def _exact(text: str) -> str:
    if text != text.strip():
        raise ValueError("begins or ends with a blank: set it without")
    return text


def _entries(text: str) -> str:
    if text and not any(part.strip() for part in text.split(",")):
        raise ValueError("is a list without an entry: name at least one, or leave it out")
    return text


def _file(path: Path) -> Path:
    if _is_folder(path):
        raise ValueError(f"{path} is a folder: set it to the path of a file")
    return path


def _folder(path: Path) -> Path:
    if path.is_file():
        raise ValueError(f"{path} is a file: set it to the path of a folder")
    return path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # a place that may not be looked at: whoever opens the file says so


Seconds = Annotated[float, Field(gt=0, le=604_800, allow_inf_nan=False)]
"""A time to wait: a week at most."""
SecondsOrNone = Annotated[float, Field(ge=0, le=604_800, allow_inf_nan=False)]
Rate = Annotated[int, Field(ge=1, le=1_000_000)]
"""How often in a window: as much as the database counts with ease."""
Exact = Annotated[str, AfterValidator(_exact)]
"""A text compared with another, letter by letter."""
Several = Annotated[str, AfterValidator(_entries)]
"""Entries with commas between: left empty none, and never commas alone, which would pass for left empty."""
File = Annotated[Path, AfterValidator(_file)]
Folder = Annotated[Path, AfterValidator(_folder)]


def is_everybody(network: IPv4Network | IPv6Network) -> bool:
    """Whether a network is wider than any private one, so that strangers are in it; also one of IPv4 within IPv6."""
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        return network.prefixlen < _BITS_BEFORE_IPV4 + _WIDEST[4]
    return network.prefixlen < _WIDEST[network.version]
