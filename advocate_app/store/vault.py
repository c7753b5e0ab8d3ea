"""The vault: a folder with one encrypted database, the keyfile that opens it, and the locks of who has it open."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NoReturn

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Fault
from advocate_app.base.ids import Ids
from advocate_app.base.private import Private
from advocate_app.crypto import slots
from advocate_app.crypto.slots import KdfCost, Unlocked
from advocate_app.store import files, projections
from advocate_app.store.connection import (
    BUSY_SECONDS,
    DatabaseError,
    DatabaseKey,
    Reader,
    Use,
    Writer,
    connect,
    fault_of,
    looks_damaged,
    roll_back,
)
from advocate_app.store.errors import DiskFault, StoreBug, VaultBusy, VaultDamaged, WriteBusy
from advocate_app.store.founding import clear_unfinished, found_database
from advocate_app.store.integrity import Integrity, look_for_damage
from advocate_app.store.lockfile import Lock, is_held
from advocate_app.store.migrations import NEWEST, migrate, schema_number
from advocate_app.store.place import (
    DATABASE,
    KEYFILE,
    TURN,
    UNBORN,
    Seat,
    VaultState,
    check,
    refuse_to_overwrite,
    require_whole,
    take_seat,
)

__all__ = [
    "Seat",
    "Vault",
    "VaultState",
    "add_recovery",
    "change_passphrase",
    "check",
    "create_vault",
    "integrity",
    "open_vault",
    "open_with_key",
]

VAULT_KEY_SIZE: Final = 32
_IDLE_READERS: Final = 4


class WriteBlock:
    """What `with vault.write()` enters. One for each use is enough, for only one can be open at a time.

    A class and no generator: a save takes some 200 microseconds, and a generator would add ten.
    """

    __slots__ = ("_use", "_vault")

    def __init__(self, vault: "Vault", use: Use) -> None:
        self._vault = vault
        self._use = use

    def __enter__(self) -> Writer:
        return self._vault.enter(self._use)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._vault.leave(self._use, error=error)


class Vault:
    """An open vault: `write` blocks are kept whole or not at all, and `read` blocks hold still.

    Any thread may use it. Writers, of this process and of others, take turns.
    """

    def __init__(self, path: Path, *, secret: Unlocked, seat: Seat) -> None:
        """Take the seat and open the database, brought to the newest schema. For `open_vault` and its like only."""
        self.path = path
        self.secret = secret
        self.key = DatabaseKey(secret.vault_key)
        self._gate = threading.Lock()
        self._gate_owner: int | None = None
        self._connections: dict[Use, Any] = {}
        self._idle_readers: list[Any] = []
        self._save, self._page = WriteBlock(self, Use.SAVE), WriteBlock(self, Use.PAGE)
        self._closed = False
        self._locks = ExitStack()
        try:
            self._locks.enter_context(closing(take_seat(path, seat)))
            with files.disk_faults():
                self._turn = self._locks.enter_context(closing(Lock(path / TURN)))
            self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    def __repr__(self) -> str:
        return "Vault()"

    def write(self) -> AbstractContextManager[Writer]:
        """A transaction that is on the disk when the block has ended, and undone when it raises.

        Not to be nested. Raises DiskFull, DiskFault, VaultReadOnly, WriteBusy, VaultDamaged.
        """
        return self._save

    def write_page(self) -> AbstractContextManager[Writer]:
        """A transaction for what can be pulled from the server again: a power cut may undo the last of these."""
        return self._page

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """One consistent view, whatever is written meanwhile.

        Keep it short: the journal grows as long as it is open. Raises DiskFault, VaultDamaged.
        """
        failed: Exception | None = None
        connection: Any = None
        try:
            connection = self._idle_readers.pop() if self._idle_readers else self._connect(Use.READ)
            connection.execute("BEGIN")
            db = Reader(connection)
            try:
                yield db
            finally:
                db.end()
                roll_back(connection)
        except DatabaseError as error:
            failed = error
        finally:
            self._keep_reader(connection, failed=failed is not None)
        if failed is not None:
            self._tell(failed)

    def close(self) -> None:
        """Close every connection and let the next program have the vault. May be called again.

        Waits for a write of another thread; a read of another thread ends its own connection.
        """
        self._pass_gate()
        try:
            self._closed = True
            idle = [*self._connections.values(), *self._idle_readers]
            self._connections.clear()
            self._idle_readers.clear()
            for connection in idle:
                # Closing writes the journal back. Where it cannot, the next opening does.
                with suppress(DatabaseError):
                    connection.close()
            self._locks.close()
        finally:
            self._leave_gate()

    def check(self, *, thorough: bool = True, busy_seconds: float = BUSY_SECONDS) -> Integrity:
        """Look at every page and index; see `look_for_damage`."""
        return look_for_damage(self.path / DATABASE, key=self.key, thorough=thorough, busy_seconds=busy_seconds)

    def _bring_up_to_date(self) -> None:
        with self.read() as db:
            found = schema_number(db)
        if found == 0:
            raise VaultDamaged(complaints=1)
        if found != NEWEST:
            migrate(self.write)
        projections.ensure(self)

    def enter(self, use: Use) -> Writer:
        """Begin a transaction; for `WriteBlock` only."""
        self._pass_gate()
        try:
            self._tx = Writer(self._begin(use))
        except BaseException as error:
            self._leave_gate()
            if isinstance(error, DatabaseError):
                self._tell(error)
            raise
        return self._tx

    def leave(self, use: Use, *, error: BaseException | None) -> None:
        """Commit, or undo what raised; for `WriteBlock` only."""
        connection = self._connections[use]
        try:
            if error is None:
                connection.execute("COMMIT")
            else:
                roll_back(connection)
        except DatabaseError as failed:
            error = failed
        finally:
            self._tx.end()
            if isinstance(error, DatabaseError) and (connection.in_transaction or looks_damaged(error)):
                self._give_up(use)
            self._leave_gate()
        if isinstance(error, DatabaseError):
            self._tell(error)

    def _pass_gate(self) -> None:
        me = threading.get_ident()
        if self._gate_owner == me:
            raise StoreBug("store.nested_write")
        if not self._gate.acquire(timeout=BUSY_SECONDS):
            raise WriteBusy
        self._gate_owner = me

    def _leave_gate(self) -> None:
        self._gate_owner = None
        self._gate.release()

    def _begin(self, use: Use) -> Any:
        connection = self._connections.get(use)
        if connection is None:
            connection = self._connections[use] = self._connect(use)
        # SQLite's own lock goes to whoever asks at the right moment: a worker that writes page after page could keep
        # a person's save waiting for seconds. Whoever waits holds the turn, and the other cannot begin again before.
        if not self._turn.take(seconds=BUSY_SECONDS):
            raise WriteBusy
        try:
            connection.execute("BEGIN IMMEDIATE")
        finally:
            self._turn.give_back()
        return connection

    def _give_up(self, use: Use) -> None:
        # SQLCipher gives a connection up for good at the first page that does not open; and what could neither be
        # committed nor undone is undone by closing.
        connection = self._connections.pop(use, None)
        if connection is not None:
            connection.close()

    def _connect(self, use: Use) -> Any:
        if self._closed:
            raise StoreBug("store.used_after_close")
        return connect(self.path / DATABASE, key=self.key, use=use)

    def _keep_reader(self, connection: Any, *, failed: bool) -> None:
        if connection is None:
            return
        if failed or self._closed or len(self._idle_readers) >= _IDLE_READERS:
            connection.close()
        else:
            self._idle_readers.append(connection)

    def _tell(self, error: BaseException) -> NoReturn:
        raise self._fault(error).with_traceback(error.__traceback__) from None

    def _fault(self, error: BaseException) -> Fault:
        if not looks_damaged(error):
            return fault_of(error)
        try:
            found = self.check(thorough=False, busy_seconds=1.0)
        except Fault:
            return DiskFault(sqlite=getattr(error, "sqlite_errorname", None))
        if found.sound:
            return DiskFault(sqlite=getattr(error, "sqlite_errorname", None))
        return VaultDamaged(complaints=len(found.complaints))


def create_vault(
    path: Path,
    *,
    passphrase: Private[str],
    device_secret: bytes,
    cost: KdfCost,
    ids: Ids,
    clock: Clock,
    keystore: Private[bytes] | None = None,
) -> Vault:
    """Make a vault in a folder that is empty or not there yet, and open it.

    `device_secret` is 64 bytes: Ed25519 seed || X-Wing seed; `keystore` is as `create_keyfile` takes it. The database
    is whole on the disk under another name, and the keyfile beside it, before the one rename that makes it a vault; a
    cut before leaves VaultUnfinished, and this may be called again. Raises VaultExists, VaultBusy, DiskFull, DiskFault,
    VaultReadOnly, KdfRefused.
    """
    with files.disk_faults():
        refuse_to_overwrite(path)
        files.make_private_folder(path)
    secret = Unlocked(vault_key=ids.secret(VAULT_KEY_SIZE), device_secret=device_secret)
    keyfile = slots.create_keyfile(
        passphrase=passphrase,
        vault_key=secret.vault_key,
        device_secret=device_secret,
        cost=cost,
        ids=ids,
        keystore=keystore,
    )
    with closing(take_seat(path, Seat.WINDOW)), files.disk_faults():
        refuse_to_overwrite(path)
        clear_unfinished(path)
        files.make_private_file(path / UNBORN)
        found_database(path / UNBORN, key=DatabaseKey(secret.vault_key), clock=clock)
        files.replace_file(path / KEYFILE, content=keyfile)
        files.move_file(path / UNBORN, to=path / DATABASE)
    return Vault(path, secret=secret, seat=Seat.WINDOW)


def open_vault(path: Path, *, passphrase: Private[str], keystore: Private[bytes] | None = None) -> Vault:
    """Open a vault as the window (or the console) does.

    Raises VaultMissing, VaultUnfinished, KeyfileMissing, DatabaseMissing, VaultBusy, WrongPassphrase, KeystoreNeeded,
    KeyfileDamaged, KeyfileNewer, KdfRefused, VaultDamaged, VaultNewer, DiskFull, DiskFault, VaultReadOnly.
    """
    require_whole(path)
    if is_held(path / Seat.WINDOW.value):
        # Told before the passphrase is stretched, which takes a second.
        take_seat(path, Seat.WINDOW).close()
    secret = slots.open_keyfile(_read_keyfile(path), passphrase=passphrase, keystore=keystore)
    return Vault(path, secret=secret, seat=Seat.WINDOW)


def open_with_key(path: Path, *, vault_key: bytes, device_secret: bytes, as_worker: bool = True) -> Vault:
    """Open a vault with keys that the window has handed over, in the worker's seat unless told otherwise.

    Raises the same as `open_vault`, but for what concerns keyfile and passphrase; a wrong key looks like VaultDamaged.
    """
    require_whole(path)
    secret = Unlocked(vault_key=vault_key, device_secret=device_secret)
    return Vault(path, secret=secret, seat=Seat.WORKER if as_worker else Seat.WINDOW)


def change_passphrase(
    path: Path,
    *,
    old: Private[str],
    new: Private[str],
    cost: KdfCost,
    ids: Ids,
    keystore: Private[bytes] | None = None,
) -> None:
    """Wrap the vault's key under another passphrase; the vault may be open meanwhile.

    A cut at any moment leaves the old passphrase or the new one good. Raises WrongPassphrase, KeystoreNeeded,
    KeyfileDamaged, KeyfileNewer, KdfRefused, VaultMissing and its like, DiskFull, DiskFault, VaultReadOnly, and
    VaultBusy when the keyfile was changed by another program meanwhile.
    """
    require_whole(path)
    before = _read_keyfile(path)
    after = slots.change_passphrase(before, old=old, new=new, cost=cost, ids=ids, keystore=keystore)
    _swap_keyfile(path, before=before, after=after)


def add_recovery(vault: Vault, *, recovery_public: bytes) -> None:
    """Let the agency's recovery key open the vault too, in place of an earlier one. Raises like `change_passphrase`."""
    before = _read_keyfile(vault.path)
    after = slots.add_recovery(before, vault_key=vault.secret.vault_key, recovery_public=recovery_public)
    _swap_keyfile(vault.path, before=before, after=after)


def integrity(vault: Vault, *, thorough: bool = True) -> Integrity:
    """Check every page, and every index when `thorough`. Raises WriteBusy while the vault is too busy to tell."""
    return vault.check(thorough=thorough)


def _read_keyfile(path: Path) -> bytes:
    with files.disk_faults():
        return (path / KEYFILE).read_bytes()


def _swap_keyfile(path: Path, *, before: bytes, after: bytes) -> None:
    with files.disk_faults(), closing(Lock(path / TURN)) as turn:
        if not turn.take(seconds=BUSY_SECONDS):
            raise WriteBusy
        if (path / KEYFILE).read_bytes() != before:
            raise VaultBusy(seat="keyfile")
        files.replace_file(path / KEYFILE, content=after)
