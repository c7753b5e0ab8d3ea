"""Letters of an invitation open under its secret and at their own step only; the file says all or nothing."""

import pytest

from advocate_app.base.errors import Fault
from advocate_app.sync.letters import InvitationFile, mailbox_of, open_letter, read_invitation_file, seal_letter
from advocate_app.wire.errors import WireBroken

SECRET = bytes(range(16))


def test_a_letter_opens_under_its_secret_at_its_step_and_whole() -> None:
    sealed = seal_letter(secret=SECRET, step=2, content=b"hello")
    assert open_letter(secret=SECRET, step=2, sealed=sealed) == b"hello"
    for secret, step, data in (
        (SECRET, 1, sealed),
        (SECRET, 3, sealed),
        (bytes(16), 2, sealed),
        (SECRET, 2, sealed[:-1]),
        (SECRET, 2, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (SECRET, 2, b""),
    ):
        with pytest.raises(Fault):
            open_letter(secret=secret, step=step, sealed=data)


def test_a_letters_length_tells_little_and_its_mailbox_nothing() -> None:
    assert len(seal_letter(secret=SECRET, step=1, content=b"")) == len(
        seal_letter(secret=SECRET, step=1, content=b"x" * 500)
    )
    assert SECRET not in mailbox_of(SECRET)
    assert mailbox_of(SECRET) != mailbox_of(bytes(16))


def test_an_invitation_file_comes_back_and_shows_itself_to_no_log() -> None:
    made = InvitationFile(server="https://example.org", fingerprint=bytes(32), secret=SECRET)
    assert read_invitation_file(made.text()) == made
    assert SECRET.hex() not in repr(made)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 4_000,
        '{"format":"other","version":1}',
        '{"format":"advocate-invitation","version":2,"server":"x","fingerprint":"","secret":""}',
        '{"format":"advocate-invitation","version":1,"server":"x","fingerprint":"00","secret":"00"}',
        '{"format":"advocate-invitation","version":1,"server":"x","fingerprint":5,"secret":"00"}',
        '{"format":"advocate-invitation","version":1,"server":"x","fingerprint":"zz","secret":"00"}',
        " " * 5_000,
    ],
)
def test_a_file_that_is_no_invitation_is_told(text: str) -> None:
    with pytest.raises(WireBroken):
        read_invitation_file(text)
