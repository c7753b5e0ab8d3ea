"""Compartments: which records share keys, readers and a retention clock, and how each is named."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

_DOMAIN: Final = b"ADV1/compartment\0"


class CompartmentKind(StrEnum):
    """The kinds of compartment. A client has one of each of the first four, made when first needed."""

    FILE = "file"
    """Client, safe contact, case, services, tasks, reviews."""
    NARRATIVE = "narrative"
    """Notes and other free text."""
    MONEY = "money"
    """Assistance and payments."""
    RESTRICTED = "restricted"
    """Supervision and psychotherapy notes, shelter place."""
    REGISTER = "register"
    """What belongs to no client: the hotline of a month, tasks of the house, the directory."""


@dataclass(frozen=True, slots=True)
class CompartmentRef:
    """One compartment of this agency: its kind and whose it is."""

    kind: CompartmentKind
    owner: bytes | str
    """The client's id (16 bytes), or for a register its name ("hotline/2026-11")."""


def compartment_id(agency: bytes, *, kind: CompartmentKind, owner: bytes | str) -> bytes:
    """Name a compartment: 16 bytes that two members who make it offline both arrive at.

    SHA-256("ADV1/compartment\\0" || agency (16) || kind as ASCII || client id (16) or register name as UTF-8)[:16].
    """
    name = owner.encode() if isinstance(owner, str) else owner
    return sha256(_DOMAIN + agency + kind.value.encode("ascii") + name).digest()[:16]
