"""A compartment's id is the same for whoever makes it, and different for every other compartment."""

from hashlib import sha256

from advocate_app.domain.compartments import CompartmentKind, compartment_id
from advocate_app.domain.placing import group_of_register

AGENCY = bytes(range(16))
CLIENT = bytes(range(16, 32))


def test_the_id_is_the_one_that_the_protocol_spells_out() -> None:
    found = compartment_id(AGENCY, kind=CompartmentKind.FILE, owner=CLIENT)
    assert found == sha256(b"ADV1/compartment\x00" + AGENCY + b"file" + CLIENT).digest()[:16]
    assert found.hex() == "da9bc84ab40aa8a27c344fbff1e26d69"
    register = compartment_id(AGENCY, kind=CompartmentKind.REGISTER, owner="hotline/2026-11")
    assert register == sha256(b"ADV1/compartment\x00" + AGENCY + b"registerhotline/2026-11").digest()[:16]


def test_kinds_owners_and_agencies_are_kept_apart() -> None:
    kinds = [compartment_id(AGENCY, kind=kind, owner=CLIENT) for kind in CompartmentKind]
    others = [
        compartment_id(CLIENT, kind=CompartmentKind.FILE, owner=CLIENT),
        compartment_id(AGENCY, kind=CompartmentKind.FILE, owner=AGENCY),
    ]
    assert len({*kinds, *others}) == len(kinds) + len(others)


def test_no_kind_begins_another_so_that_names_cannot_run_together() -> None:
    names = [kind.value for kind in CompartmentKind]
    assert not any(a != b and a.startswith(b) for a in names for b in names)


def test_only_supervision_reads_its_register() -> None:
    assert group_of_register("supervision") == "supervision"
    assert group_of_register("hotline/2026-11") == "agency"
