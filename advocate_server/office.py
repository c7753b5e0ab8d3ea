"""What every answer works with: the database, the rosters read so far, sessions, buckets, clock."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Row

from advocate_app.base.clock import Clock
from advocate_app.base.ids import Ids
from advocate_app.crypto.signing import SigningKey
from advocate_app.wire.roster_state import AUTHORITY, Device, Member, RosterState
from advocate_server.problems import Problem
from advocate_server.rates import Buckets
from advocate_server.sessions import Session, Sessions
from advocate_server.settings import Settings
from advocate_server.store import agencies
from advocate_server.store.engine import READERS, Engines
from advocate_server.store.lane import LaneFull, WriteLane
from advocate_server.store.rosters import Rosters

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A device in good standing, its member, and the agency's row and roster as this transaction sees them."""

    agency: Row[Any]
    state: RosterState
    device: Device
    member: Member

    @property
    def authority(self) -> bool:
        """Whether the member may sign changes of the roster."""
        return AUTHORITY in self.member.now

    def subscribed(self, stream: bytes) -> bool:
        """Whether the member reads and writes a stream."""
        return self.state.subscribed(member=self.member.id, stream=stream)


class Office:
    """Built once, where the server is put together."""

    def __init__(self, *, settings: Settings, engines: Engines, clock: Clock, ids: Ids) -> None:
        self.settings = settings
        self.clock = clock
        self.ids = ids
        self.rosters = Rosters()
        self.sessions = Sessions(
            clock=clock,
            ids=ids,
            session_seconds=settings.session_seconds,
            nonce_seconds=settings.nonce_seconds,
        )
        self.by_device = Buckets(settings.device_rate)
        self.by_address = Buckets(settings.address_rate)
        self.by_door = Buckets(settings.door_rate)
        self.by_mailbox = Buckets(settings.mailbox_rate)
        self._engines = engines
        self._lane = WriteLane(engines.write)
        self._readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="read")
        self._log_keys: dict[bytes, SigningKey] = {}

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in a transaction that sees one moment."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._reading, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in the write lane; what it gives back is durable by then."""
        try:
            return await asyncio.wrap_future(self._lane.submit(work))
        except LaneFull:
            raise Problem("server.busy", retry_after=2) from None

    def standing(self, tx: Connection, session: Session | None, *, hold: bool = False) -> Standing:
        """Who asks. With `hold`, the agency's row is held: nothing of it changes until this transaction ends.

        Raises `Problem` without a session, or when the device is in good standing no more.
        """
        if session is None:
            raise Problem("auth.missing")
        agency = tx.execute(agencies.HOLD if hold else agencies.FIND, {"agency": session.agency}).one()
        state = self.roster(tx, agency)
        device = state.devices.get(session.device)
        if device is None or device.until is not None:
            raise Problem("auth.revoked")
        return Standing(agency=agency, state=state, device=device, member=state.members[device.member])

    def roster(self, tx: Connection, agency: Row[Any]) -> RosterState:
        """The roster of a founded agency as its row says it stands."""
        return self.rosters.at(tx, agency=agency.id, size=agency.roster_size, head=agency.roster_head)

    def log_key(self, agency: Row[Any]) -> SigningKey:
        """The key that signs an agency's receipts."""
        key = self._log_keys.get(agency.id)
        if key is None:
            key = self._log_keys[agency.id] = SigningKey(agency.log_seed)
        return key

    def close(self) -> None:
        """Finish what waits to be written and let go of the database."""
        self._lane.close()
        self._readers.shutdown()
        self._engines.close()

    def _reading(self, work: Callable[[Connection], T]) -> T:
        with self._engines.read.begin() as tx:
            return work(tx)
