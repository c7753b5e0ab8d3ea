"""Faults and refusals in the three parts that a person needs: what happened, what is safe, one action."""

from dataclasses import dataclass
from typing import Final

from advocate_app.base.errors import Bug, Fault, Refusal, WorldFault
from advocate_app.ui.words import has, tr, worded

_SERVER: Final = ("sync.offline", "sync.server_trouble", "sync.captive_portal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What happened, what is safe, what to do, and the code to report. Names nobody."""

    what: str
    safe: str
    action: str
    code: str

    def text(self) -> str:
        """All of it in one paragraph."""
        return f"{self.what} {self.safe} {self.action}".strip()


def tell_fault(fault: Fault) -> Told:
    """A fault in its three parts."""
    kind = "world" if isinstance(fault, WorldFault) else "bug" if isinstance(fault, Bug) else "fault"
    return tell_code(fault.code, otherwise=kind)


def tell_code(code: str, *, otherwise: str = "fault") -> Told:
    """A fault's code in its three parts; those of `otherwise` (world, bug, fault) where it has no words of its own."""
    group = f"fault.{code}" if has(f"fault.{code}.what") else f"fault.{otherwise}"
    safe = worded(group, "safe") if has(f"{group}.safe") else tr("fault.safe")
    return Told(what=worded(group, "what"), safe=safe, action=worded(group, "action"), code=code)


def tell_refusal(refusal: Refusal) -> Told:
    """A rule that said no, in three parts; nothing was changed by it."""
    known = has(f"refusal.{refusal.code}")
    what = worded("refusal", refusal.code) if known else tr("refusal.other", code=refusal.code)
    return Told(what=what, safe=tr("refusal.safe"), action="", code=refusal.code)
