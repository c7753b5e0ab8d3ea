"""Faults of keys and seals. Crypto raises; it never returns False."""

from advocate_app.base.errors import Bug, Fault


class SealBroken(Fault):
    """A seal does not open: wrong key, wrong context, or altered bytes. No plaintext was released."""

    code = "crypto.seal_broken"


class KeyMismatch(Fault):
    """A key came out of its box that is not the one the box names."""

    code = "crypto.key_mismatch"


class PublicKeyBroken(Fault):
    """Bytes that are not a usable public key."""

    code = "crypto.public_key_broken"


class WrongPassphrase(Fault):
    """No slot of the keyfile opens with this passphrase; the keyfile itself is whole."""

    code = "vault.wrong_passphrase"


class KeystoreNeeded(Fault):
    """The keyfile opens only with the secret that the operating system's keystore holds."""

    code = "vault.keystore_needed"


class KeyfileDamaged(Fault):
    """The keyfile is not what was written: cut, altered, or never a keyfile."""

    code = "vault.keyfile_damaged"


class KeyfileNewer(Fault):
    """The keyfile was written by a newer program."""

    code = "vault.keyfile_newer"


class KdfRefused(Fault):
    """Argon2id parameters below the floor, or above what a laptop should ever be asked for."""

    code = "vault.kdf_refused"


class WordsBroken(Fault):
    """Words that do not make a secret. `facts` tell which word or that the check fails, never the words."""

    code = "words.broken"


class KitBroken(Fault):
    """A recovery kit whose lines cannot be read. `facts` tell which line."""

    code = "recovery.kit_broken"


class ShareBroken(Fault):
    """A recovery share that is damaged, foreign or repeated. `facts` tell which one, counted from 1."""

    code = "recovery.share_broken"


class SharesMissing(Fault):
    """Too few recovery shares. `facts` tell how many are there and how many it takes."""

    code = "recovery.shares_missing"


class SelfTestFailed(Bug):
    """A primitive does not give its known answer; nothing may be opened with it."""

    code = "crypto.self_test_failed"
