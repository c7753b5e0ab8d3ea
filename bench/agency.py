"""An agency on a real server process over loopback, whose founder holds the invented corpus."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from advocate_app.base.errors import Bug, Refusal
from advocate_app.commands.compartments import first_event
from advocate_app.domain.compartments import CompartmentRef
from advocate_app.sample.writing import SampleEvent
from advocate_app.store import event_log, stream_log
from advocate_app.store.event_rows import last_event
from advocate_app.store.stream_log import StreamRow
from advocate_app.store.vault import Vault
from advocate_app.sync import enrolment
from advocate_app.sync.compartment_keys import writing_key
from advocate_app.sync.sealing import Sealer, open_sealer, seal_next, seal_notice
from advocate_app.sync.server_link import ServerLink
from advocate_app.wiring import connect
from bench.vaults import Scribe
from tests.agency import CLOCK, IDS, FoundedAgency, founded_agency, new_vault

_BATCH: Final = 1000


class Agency:
    """A founded agency. The founder is authority and supervisor, and writes everything."""

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self._agency: FoundedAgency = founded_agency(home)
        self.vault: Vault = self._agency.founder.vault
        self._known: set[CompartmentRef] = set()
        self._shift = 0
        self._home = home

    def record(self, events: Sequence[SampleEvent]) -> None:
        """Take events of one corpus into the founder's vault, in their order, and who reads their compartments."""
        acting = self._agency.founder.acting()
        readers = frozenset({acting.member, acting.groups["supervision"].id})
        fresh = [ref for ref in dict.fromkeys(event.compartment for event in events) if ref not in self._known]
        self._known.update(fresh)
        for at in range(0, len(fresh), _BATCH):
            part = [first_event(ref=ref, readers=readers, by=acting) for ref in fresh[at : at + _BATCH]]
            with self.vault.write() as tx:
                if isinstance(event_log.append(tx, events=part, author=acting.author), Refusal):
                    raise Bug("bench: the log refused an event")
        with self.vault.read() as db:
            self._shift = last_event(db) + 1 - events[0].number
        scribe = Scribe(member=acting.member, roles=acting.author.roles, cited=acting.author.cited)
        for at in range(0, len(events), _BATCH):
            with self.vault.write_page() as tx:
                scribe.append(tx, events[at : at + _BATCH], shift=self._shift)

    def sealer(self) -> tuple[StreamRow, Sealer]:
        """What seals in the agency's stream."""
        office = connect(self.vault, clock=CLOCK)
        office.link.close()
        with self.vault.write() as tx:
            row = stream_log.list_streams(tx)[0]
            return row, open_sealer(tx, me=office.me, state=office.state, stream=row, clock=CLOCK, ids=IDS)

    def make_keys(self) -> None:
        """Make the keys of all compartments that are new, and seal their boxes."""
        row, sealer = self.sealer()
        with self.vault.write() as tx:
            for (compartment,) in tx.rows("SELECT id FROM compartment WHERE stream = ? ORDER BY id", (row.row,)):
                made = writing_key(tx, me=sealer.me, state=sealer.state, compartment=compartment, ids=IDS)
                if made.notice is not None:
                    seal_notice(tx, sealer, made.notice)

    def seal_all(self, sealer: Sealer) -> int:
        """Seal the whole outbox, a transaction for each delta; how many events that were."""
        count = 0
        while True:
            with self.vault.write() as tx:
                sealed = seal_next(tx, sealer)
            if not sealed:
                return count
            count += sealed

    def sync(self) -> None:
        """A whole round of the founder."""
        self._agency.founder.sync()

    def enrol(self, name: str) -> Vault:
        """Enrol a further supervisor and stop before their first round: a fresh device."""
        office = connect(self.vault, clock=CLOCK)
        server = self._agency.server.address
        nobody = ServerLink(server=server, clock=CLOCK)
        try:
            invited = enrolment.invite(
                self.vault,
                link=office.link,
                me=office.me,
                state=office.state,
                role="supervisor",
                clock=CLOCK,
                ids=IDS,
            )
            if isinstance(invited, Refusal):
                raise Bug("bench: no invitation")
            vault = new_vault(self._home / name)
            words = enrolment.apply(
                vault,
                link=nobody,
                server=server,
                secret=invited.secret,
                fingerprint=self._agency.founded.fingerprint,
                name=name,
                clock=CLOCK,
                ids=IDS,
            )
            if isinstance(words, Refusal):
                raise Bug("bench: not taken in")
            waiting = enrolment.applicants(self.vault, link=office.link, me=office.me, state=office.state)
            mailbox = next(one.mailbox for one in waiting if one.name == name)
            enrolment.approve(
                self.vault,
                link=office.link,
                me=office.me,
                state=office.state,
                mailbox=mailbox,
                typed=" ".join(words),
                clock=CLOCK,
            )
        finally:
            nobody.close()
            office.link.close()
        if not enrolment.finish(vault, clock=CLOCK):
            raise Bug("bench: not enrolled")
        self.sync()
        return vault

    def close(self) -> None:
        """End the server and close the founder's vault."""
        self._agency.close()
