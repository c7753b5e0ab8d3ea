"""Which compartment a new record goes to."""

from collections.abc import Mapping
from typing import Any

from advocate_app.base.errors import Bug
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef
from advocate_app.domain.fields import Record


def place(record: Record, *, record_id: bytes, fields: Mapping[str, Any], month: str) -> CompartmentRef:
    """Say where a new record goes: with its client, or else in the register of its type.

    `fields` by name, as they are first written; `month` ("2026-11") is that of the happening. A record stays where
    it was first put. Raises Bug for a type that cannot be without a client.
    """
    kind = next((kind for (name, value), kind in record.apart.items() if fields.get(name) == value), record.compartment)
    client = fields.get("client")
    if kind is not CompartmentKind.REGISTER and client is not None:
        return CompartmentRef(kind=kind, owner=client)
    if "client" not in record.by_name:
        return CompartmentRef(kind=kind, owner=record_id)
    if record.register is None:
        raise Bug("a record of this type needs its client", record_type=record.number)
    if kind is CompartmentKind.RESTRICTED:
        return CompartmentRef(kind=CompartmentKind.REGISTER, owner="supervision")
    name = record.register + month if record.register.endswith("/") else record.register
    return CompartmentRef(kind=CompartmentKind.REGISTER, owner=name)


def group_of_register(name: str) -> str:
    """The group that reads a register, and whose members may make its first key."""
    return "supervision" if name == "supervision" else "agency"
