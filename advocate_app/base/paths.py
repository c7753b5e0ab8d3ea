"""Where the program finds what it ships with, and where it keeps what it writes."""

import sys
from pathlib import Path

import platformdirs

_CHECKOUT = Path(__file__).resolve().parents[2] / "resources"
_INSTALLED = Path(__file__).resolve().parents[1] / "_resources"


def resource(*parts: str) -> Path:
    """A file that ships with the program, in a checkout and in an installed program alike."""
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return root.joinpath(*parts)


def default_vault_home() -> Path:
    """The folder that holds this account's vaults; local, never roaming."""
    return Path(platformdirs.user_data_dir("advocate", appauthor=False, roaming=False)) / "vaults"


def program() -> str:
    """The Python that runs this program, to start a worker of the same kind."""
    return sys.executable
