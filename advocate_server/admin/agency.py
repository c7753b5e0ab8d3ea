"""`advocate-server agency`: a row for a new agency, its log key, and a one-time founding token."""

import sys

from advocate_app.base.clock import Clock
from advocate_app.base.ids import Ids, id_text
from advocate_app.crypto.signing import SEED_SIZE, SigningKey
from advocate_app.wire.invitation import FoundingToken
from advocate_app.wire.roster import NO_HASH
from advocate_server.admin.place import Refused, ready_database
from advocate_server.answers.roster import secret_hash
from advocate_server.settings import Settings
from advocate_server.store import agencies, audit

TOKEN_DAYS = 7
MOST_LABEL = 200
_DAY_MS = 86_400_000


def add(settings: Settings, *, label: str, clock: Clock, ids: Ids) -> None:
    """Take in an agency and print its founding token, which is shown this once."""
    if not label.strip() or len(label) > MOST_LABEL or not label.isprintable():
        raise Refused("a label is 1 to 200 printable characters")
    now = clock.now()
    seed = ids.secret(SEED_SIZE)
    token = FoundingToken(agency=ids.next(), secret=ids.secret(16), log_public=SigningKey(seed).public)
    row = {
        "id": token.agency,
        "label": label.strip(),
        "log_seed": seed,
        "log_public": token.log_public,
        "secret_hash": secret_hash(token.secret),
        "secret_expires_at": now + TOKEN_DAYS * _DAY_MS,
        "made_at": now,
        "roster_size": 0,
        "roster_head": NO_HASH,
        "box_count": 0,
        "stored_bytes": 0,
        "shelf_bytes": 0,
    }
    with ready_database(settings) as engines, engines.write.begin() as tx:
        tx.execute(agencies.ADD, row)
        audit.note(tx, at=now, code="agency.made", agency=token.agency)
    print(token.text())
    print(f"Agency {id_text(token.agency)}; the token is good once, for {TOKEN_DAYS} days.", file=sys.stderr)
