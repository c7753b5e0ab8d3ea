"""Every record type, by name and by its released number."""

from collections.abc import Mapping
from typing import Final

from advocate_app.domain.fields import Record
from advocate_app.domain.records.case import CASE
from advocate_app.domain.records.client import CLIENT
from advocate_app.domain.records.contact import CONTACT
from advocate_app.domain.records.machinery import ADMIT, DRAFT, READERS
from advocate_app.domain.records.note import NOTE
from advocate_app.domain.records.review import REVIEW
from advocate_app.domain.records.safe_contact import SAFE_CONTACT
from advocate_app.domain.records.service import SERVICE
from advocate_app.domain.records.task import TASK
from advocate_app.domain.verbs import Verb

RECORDS: Final = (CLIENT, SAFE_CONTACT, CONTACT, CASE, SERVICE, TASK, NOTE, REVIEW, READERS, ADMIT, DRAFT)

by_name: Final[Mapping[str, Record]] = {record.name: record for record in RECORDS}
by_number: Final[Mapping[int, Record]] = {record.number: record for record in RECORDS}

_VERBS: Final = frozenset(int(verb) for verb in Verb)


def understood(*, record_type: int, verb: int, fields: Mapping[int, object]) -> bool:
    """True if this program knows the type, the verb and every field of an event; otherwise it waits, whole, for a
    newer one."""
    record = by_number.get(record_type)
    return record is not None and verb in _VERBS and fields.keys() <= record.by_number.keys()
