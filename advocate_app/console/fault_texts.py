"""English words for faults: what happened, what is safe, one action."""

from collections.abc import Mapping
from typing import Final

ON_THIS_LAPTOP: Final = "Everything recorded so far is safe on this laptop."
NOTHING_TAKEN: Final = "Nothing of it was taken in; your records are as they were."
NOT_OPENED: Final = "The vault was not changed."

FAULTS: Final[Mapping[str, tuple[str, str, str]]] = {
    # The vault and its keyfile.
    "vault.wrong_passphrase": (
        "This passphrase does not open the vault.",
        NOT_OPENED,
        "Check capitals and spaces, and try again.",
    ),
    "vault.keystore_needed": (
        "This vault opens only together with a secret that this computer's keystore holds.",
        NOT_OPENED,
        "Sign in to the account of this computer in which the vault was made.",
    ),
    "vault.keyfile_damaged": (
        "The keyfile vault.key is damaged.",
        "The database beside it was not touched.",
        "Bring back vault.key from a copy; else enrol this laptop anew and sync.",
    ),
    "vault.keyfile_newer": (
        "A newer version of the program wrote this keyfile.",
        NOT_OPENED,
        "Update the program.",
    ),
    "vault.kdf_refused": (
        "This cost for the passphrase is outside what is allowed (memory {memory_kib} KiB, at least 65536).",
        NOT_OPENED,
        "Give at least --kdf-memory 64, or leave it out to have it measured.",
    ),
    "store.vault_missing": (
        "There is no vault at this place.",
        "Nothing was changed.",
        "Name it with --vault DIR, or make one: advocate vault create",
    ),
    "store.vault_unfinished": (
        "Making this vault was cut short; nothing was ever saved in it.",
        "Nothing was lost.",
        "Make it again at the same place: advocate vault create",
    ),
    "store.vault_exists": (
        "There is something at this place already.",
        "It was left as it is.",
        "Choose an empty folder with --vault DIR.",
    ),
    "store.vault_busy": (
        "Another program has this vault open ({seat}).",
        ON_THIS_LAPTOP,
        "Close the other program, and try again.",
    ),
    "store.vault_damaged": (
        "The vault's database fails its checks.",
        "What was synced is on the server; the damaged files were left as they are.",
        "Make a copy of the folder, then restore a backup, or enrol anew and sync.",
    ),
    "store.vault_newer": (
        "A newer version of the program has used this vault.",
        NOT_OPENED,
        "Update the program.",
    ),
    "store.vault_read_only": (
        "The vault may be read here, but not written.",
        NOT_OPENED,
        "Give this account the right to write in the vault's folder.",
    ),
    "store.database_missing": (
        "The keyfile is here, but the database vault.db beside it is gone.",
        "What was synced is on the server.",
        "Bring vault.db back, or enrol this laptop anew and sync.",
    ),
    "store.keyfile_missing": (
        "The database is here, but the keyfile vault.key beside it is gone.",
        "The database was not touched.",
        "Bring vault.key back, or enrol this laptop anew and sync.",
    ),
    "store.disk_full": (
        "The disk is full; this was not saved.",
        "What was saved before is safe.",
        "Free some room, and do it again.",
    ),
    "store.disk_fault": (
        "The disk answered with an error; this was not saved.",
        "What was saved before is safe.",
        "Try again; if it stays so, make a copy of the vault's folder on another disk.",
    ),
    "store.write_busy": (
        "Another program was writing to the vault for too long.",
        "Nothing was written; what was saved before is safe.",
        "Try again in a moment.",
    ),
    # The server and what came from it.
    "sync.offline": (
        "Can't reach the server: no answer.",
        ON_THIS_LAPTOP,
        "Check the network, then: advocate sync",
    ),
    "sync.captive_portal": (
        "Something other than the server answered; most likely the Wi-Fi wants you to sign in.",
        ON_THIS_LAPTOP,
        "Open a web browser, sign in to the Wi-Fi, then: advocate sync",
    ),
    "sync.untrusted_connection": (
        "The connection is not the server's: its certificate does not stand, or the address is plain http.",
        ON_THIS_LAPTOP + " Nothing was sent.",
        "Try another network; if it stays so, call your IT person.",
    ),
    "sync.server_trouble": (
        "The server is there, but cannot serve now.",
        ON_THIS_LAPTOP,
        "Try again later: advocate sync",
    ),
    "sync.server_full": (
        "The server has no room left.",
        ON_THIS_LAPTOP,
        "Tell whoever runs the server; work goes on here meanwhile.",
    ),
    "sync.clock_wrong": (
        "This laptop's clock is wrong by more than five minutes (about {minutes} min).",
        ON_THIS_LAPTOP,
        "Set the clock, then: advocate sync",
    ),
    "sync.program_too_old": (
        "The server, or the agency's roster, needs a newer version of this program.",
        ON_THIS_LAPTOP + " You can go on recording.",
        "Update the program, then: advocate sync",
    ),
    "sync.revoked": (
        "This device is no longer a device of the agency.",
        "What is on this laptop stays readable here; it can send and receive nothing.",
        "Call your supervisor.",
    ),
    "sync.not_enrolled": (
        "This vault belongs to no agency yet.",
        "Nothing was changed.",
        "Enrol with an invitation: advocate enrol",
    ),
    "sync.refused": (
        "The server refused a request ({problem}).",
        ON_THIS_LAPTOP,
        "Tell your IT person this code: {problem}",
    ),
    "sync.attack": (
        "The server showed something that cannot be true.",
        NOTHING_TAKEN,
        "Do not go on syncing; call your supervisor and your IT person.",
    ),
    "sync.other_history": (
        "A colleague was shown another history than this vault: one of the two is being deceived.",
        NOTHING_TAKEN,
        "Call your supervisor and your IT person.",
    ),
    "sync.vault_is_copy": (
        "This vault is a copy of another, or was restored from a backup; it must not write as the same device.",
        ON_THIS_LAPTOP + " You can go on recording.",
        "Ask your supervisor for an invitation, and enrol as a new device.",
    ),
    "sync.key_missing": (
        "A key that is needed has not arrived yet.",
        ON_THIS_LAPTOP,
        "Sync again once your supervisor has synced.",
    ),
    "roster.broken": (
        "The agency's roster holds an entry that does not follow from the one before.",
        NOTHING_TAKEN,
        "Do not go on syncing; call your IT person.",
    ),
    "wire.newer": (
        "This was written by a newer version of the program.",
        NOTHING_TAKEN,
        "Update this program, then try again.",
    ),
    "wire.broken": (
        "What was given or received is not in the form it should have.",
        NOTHING_TAKEN,
        "If you typed or copied it, check that it is whole; else tell your IT person.",
    ),
    "sync.stopped": ("The exchange was stopped.", ON_THIS_LAPTOP, "Go on with: advocate sync"),
    # Seals and words.
    "crypto.seal_broken": (
        "A seal does not open: the key is another, or the bytes were altered.",
        NOTHING_TAKEN,
        "If it was an invitation, check its words; else tell your IT person.",
    ),
    "crypto.key_mismatch": (
        "A key came out of its box that is not the one it names.",
        NOTHING_TAKEN,
        "Tell your IT person.",
    ),
    "crypto.public_key_broken": ("A public key is not usable.", NOTHING_TAKEN, "Tell your IT person."),
    "crypto.signature_broken": ("A signature does not stand.", NOTHING_TAKEN, "Tell your IT person."),
    "crypto.self_test_failed": (
        "The program's cryptography fails its own test on this computer ({primitive}).",
        NOT_OPENED,
        "Do not use this installation; install the program anew.",
    ),
    "words.broken": (
        "These words are not all from the list, or one is missing or misread.",
        "Nothing was changed.",
        "Check them one by one, and type them again.",
    ),
    "recovery.kit_broken": (
        "The recovery kit cannot be read; look at line {line}.",
        "Nothing was changed.",
        "Compare that line with the paper, and try again.",
    ),
    "recovery.share_broken": (
        "Share {share} is damaged, or belongs to another set.",
        "Nothing was changed.",
        "Check that share, and try again.",
    ),
    "recovery.shares_missing": (
        "There are {have} shares, and it takes {need}.",
        "Nothing was changed.",
        "Bring more shares together.",
    ),
    # Ours.
    "store.bug": (
        "The program made a mistake with the vault (code store.bug).",
        "Nothing was changed; what was saved before is safe.",
        "Report this code, and what you were doing, without names.",
    ),
    "bug": (
        "The program made a mistake (code {where}).",
        "What was saved before is safe.",
        "Report this code, and what you were doing, without names.",
    ),
    "world": ("Something outside the program did not work.", ON_THIS_LAPTOP, "Try again."),
    "fault": ("Something did not work.", ON_THIS_LAPTOP, "Try again; if it stays so, report it."),
}
"""Fault code to its three parts."""

SERVER: Final[Mapping[str, tuple[str, str]]] = {
    "found.refused": ("The server does not know this founding token, or no longer.", "Ask for a new token."),
    "found.already": ("This agency has been founded already.", "Ask for a new token, or for an invitation."),
    "auth.refused": ("The server does not know this device.", "Call your supervisor."),
    "authority.needed": ("Only an authority of the agency may do this.", "Ask an authority."),
    "roster.moved": ("Somebody else changed the roster at the same moment.", "Do it again."),
    "mailbox.spent": ("This invitation has had its three tries.", "Ask for a new invitation."),
    "quota.full": ("The agency's room on the server is full.", "Tell your IT person."),
}
"""What a server's refusal (`sync.refused`, fact `problem`) means where that is known: what happened, one action."""

REASONS: Final[Mapping[str, str]] = {
    "compartment_key": "its key has not arrived yet",
    "stream_key": "the key of its stream has not arrived yet",
    "kind": "it is of a kind that only a newer version knows",
    "wire.newer": "it waits for a newer version of this program",
    "wire.broken": "its bytes are not in the form they should have",
    "crypto.seal_broken": "its seal does not open: it was altered, or sealed wrongly",
    "sync.other_history": "its author was shown another history",
    "roster.broken": "it does not follow from the roster",
    "admission": "its author had just lost the power to write it; a supervisor may admit it",
    "newer": "it needs a newer version of this program",
}
"""Why something was set aside."""
