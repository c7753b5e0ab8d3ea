"""What can go wrong between this laptop and the server, told apart so that each has its own words."""

from advocate_app.base.errors import Fault, WorldFault


class Offline(WorldFault):
    """No answer from the server; everything stays safe on this laptop."""

    code = "sync.offline"


class CaptivePortal(WorldFault):
    """Something other than the server answered: most likely a Wi-Fi that wants a sign-in."""

    code = "sync.captive_portal"


class UntrustedConnection(WorldFault):
    """The connection is not the server's: its certificate does not stand."""

    code = "sync.untrusted_connection"


class ServerTrouble(WorldFault):
    """The server answered that it cannot serve now. `retry_after` is in seconds."""

    code = "sync.server_trouble"

    def __init__(self, what: str = "", *, retry_after: int | None = None, **facts: str | int | None) -> None:
        super().__init__(what, retry_after=retry_after, **facts)
        self.retry_after = retry_after


class ServerFull(WorldFault):
    """The server has no room left, or not for this agency; everything stays safe on this laptop."""

    code = "sync.server_full"


class ClockWrong(WorldFault):
    """This laptop's clock is more than five minutes from the server's."""

    code = "sync.clock_wrong"


class ProgramTooOld(WorldFault):
    """The server speaks a newer protocol; the program needs an update."""

    code = "sync.program_too_old"


class Revoked(Fault):
    """This device is no longer in good standing on the roster."""

    code = "sync.revoked"


class NotEnrolled(Fault):
    """This vault belongs to no agency yet."""

    code = "sync.not_enrolled"


class Refused(Fault):
    """The server refused a request. `problem` is its code."""

    code = "sync.refused"

    def __init__(self, what: str = "", *, problem: str = "", status: int = 0) -> None:
        super().__init__(what, problem=problem, status=status)
        self.problem = problem
        self.status = status


class Attack(Fault):
    """The server, or someone in between, showed something that cannot be true; nothing of it was taken."""

    code = "sync.attack"


class VaultIsCopy(Fault):
    """The server holds envelopes of this device that this vault does not: it is a copy, and seals no more."""

    code = "sync.vault_is_copy"


class KeyMissing(Fault):
    """A key that sealing needs is not here yet; it comes with a later sync."""

    code = "sync.key_missing"


class OtherHistory(Fault):
    """An envelope's author was shown another roster or log than this vault: one of the two is being deceived."""

    code = "sync.other_history"
