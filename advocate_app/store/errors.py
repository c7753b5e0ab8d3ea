"""What can go wrong with a vault, each with a code of its own; facts never name a person or a place on disk."""

from advocate_app.base.errors import Bug, Fault, WorldFault


class DiskFull(WorldFault):
    """The vault could not be written for want of room; nothing was lost, and it can be tried again."""

    code = "store.disk_full"


class DiskFault(WorldFault):
    """The disk answered with an error; what was acknowledged before is still there, and it can be tried again."""

    code = "store.disk_fault"


class VaultReadOnly(WorldFault):
    """The vault may be read but not written by this account or on this medium."""

    code = "store.vault_read_only"


class WriteBusy(WorldFault):
    """Another writer held the vault too long; nothing was written, and it can be tried again."""

    code = "store.write_busy"


class VaultBusy(WorldFault):
    """Another running program has this vault open in the same role. Fact `seat`: window, worker or keyfile."""

    code = "store.vault_busy"


class VaultMissing(WorldFault):
    """There is no vault at this place."""

    code = "store.vault_missing"


class VaultUnfinished(WorldFault):
    """Making this vault was cut short and nothing was ever saved in it; make it again at the same place."""

    code = "store.vault_unfinished"


class VaultExists(WorldFault):
    """Something is at this place already; a new vault would overwrite it."""

    code = "store.vault_exists"


class DatabaseMissing(Fault):
    """The keyfile is here but the database beside it is gone; bring vault.db back, or enrol anew."""

    code = "store.database_missing"


class KeyfileMissing(Fault):
    """The database is here but the keyfile beside it is gone; bring vault.key back, or enrol anew."""

    code = "store.keyfile_missing"


class VaultDamaged(Fault):
    """The database fails its checks, also after its journal was written back. Fact `complaints`: how many."""

    code = "store.vault_damaged"


class VaultNewer(Fault):
    """A newer program has written this vault. Facts `found`, `known`: schema numbers."""

    code = "store.vault_newer"


class StoreBug(Bug):
    """A statement or its use was wrong. Fact `sqlite`: the error's symbol, if the database gave one."""

    code = "store.bug"
