"""A case as the rules see it: its stage and days, and when it may close or open again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from advocate_app.base.errors import Refusal
from advocate_app.domain.dates import span_of

CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as it stands now. To change it, make the next one."""

    stage: str | None
    """A code of `case_stage`."""
    opened_on: str | None
    """Partial date."""
    closed_on: str | None = None
    closure_reason: str | None = None

    def close(self, *, on: date, reason: str | None) -> "Case | Refusal":
        """Close the case, or say why it must stay open."""
        if self.stage == CLOSED:
            return Refusal("case.close.already_closed")
        if not reason:
            return Refusal("case.close.needs_reason")
        opened = None if self.opened_on is None else span_of(self.opened_on)
        if opened is not None and on < opened.first:
            return Refusal("case.close.before_opened", {"opened_on": self.opened_on})
        return replace(self, stage=CLOSED, closed_on=on.isoformat(), closure_reason=reason)

    def reopen(self) -> "Case | Refusal":
        """Open a closed case again, or say why it cannot be."""
        if self.stage != CLOSED:
            return Refusal("case.reopen.not_closed")
        return replace(self, stage="reopened", closed_on=None, closure_reason=None)


def case_of(values: Mapping[str, Any]) -> Case:
    """The case that these shown values (by field name) make."""
    return Case(
        stage=values.get("stage"),
        opened_on=values.get("opened_on"),
        closed_on=values.get("closed_on"),
        closure_reason=values.get("closure_reason"),
    )
