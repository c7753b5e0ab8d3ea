"""Statements about mailboxes and the letters in them."""

from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from advocate_server.store.tables import letter, mailbox

OPEN: Final = insert(mailbox)
"""A new mailbox."""

FIND: Final = (
    select(mailbox.c.agency, mailbox.c.expires_at, mailbox.c.tries, mailbox.c.withdrawn)
    .where(mailbox.c.id == bindparam("mailbox"))
    .with_for_update()
)
"""One mailbox, held until the end of the transaction."""

SEE: Final = select(mailbox.c.agency, mailbox.c.expires_at, mailbox.c.withdrawn, letter.c.sealed).where(
    mailbox.c.id == bindparam("mailbox"), letter.c.mailbox == mailbox.c.id, letter.c.step == bindparam("step")
)
"""What lies in one step of a mailbox."""

COUNT: Final = (
    select(func.count())
    .select_from(mailbox)
    .where(mailbox.c.agency == bindparam("agency"), mailbox.c.expires_at > bindparam("now"))
)
"""How many mailboxes an agency has open."""

STEPS: Final = select(letter.c.step).where(letter.c.mailbox == bindparam("mailbox"))
"""Which steps of a mailbox hold a letter."""

PUT: Final = insert(letter)
"""A letter, into its step."""

TRIED: Final = update(mailbox).where(mailbox.c.id == bindparam("for_mailbox")).values(tries=mailbox.c.tries + 1)
"""One more letter was put into step 2."""

WITHDRAW: Final = update(mailbox).where(mailbox.c.id == bindparam("for_mailbox")).values(withdrawn=1)
"""The invitation was taken back."""

TAKE: Final = delete(letter).where(letter.c.mailbox == bindparam("for_mailbox"), letter.c.step == bindparam("step"))
"""Take the letter out of a step."""

TAKE_ALL: Final = delete(letter).where(letter.c.mailbox == bindparam("for_mailbox"))
"""Take every letter out of a mailbox."""

_EXPIRED = mailbox.c.expires_at < bindparam("before")

CLEAR_LETTERS: Final = delete(letter).where(letter.c.mailbox.in_(select(mailbox.c.id).where(_EXPIRED)))
"""Drop the letters of mailboxes that expired."""

CLEAR_MAILBOXES: Final = delete(mailbox).where(_EXPIRED)
"""Drop mailboxes that expired, after their letters."""
