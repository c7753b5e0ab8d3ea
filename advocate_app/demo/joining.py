"""Morning: the agency is founded, and three people join it."""

from pathlib import Path

from advocate_app.demo.account import Account
from advocate_app.demo.central import Central
from advocate_app.demo.errors import must
from advocate_app.demo.people import Person
from advocate_app.demo.road import Road

KDF_MIB = "64"
"""The least that is allowed: a demonstration stretches its passphrase dozens of times."""


def make_vault(person: Person) -> None:
    """Everybody's first command."""
    person.says("vault", "create", "--kdf-memory", KDF_MIB)


def found(account: Account, *, central: Central, road: Road, founder: Person, home: Path) -> None:
    """Found the agency and open its recovery kit again."""
    central.console("init")
    central.start()
    token = central.console("agency", "--name", "Field day").split()[-1]
    account.line(f"The central server runs as process {central.pid}; it printed a one-time founding token.")
    kit, token_file = home / "recovery-kit.txt", home / "founding-token.txt"
    token_file.write_text(token, encoding="ascii")
    made = founder.says(
        *("agency", "create", "--server", road.address, "--kit", str(kit), "--token-file", str(token_file)),
        *("--name", founder.name),
    )
    token_file.unlink()
    opened = founder.says("recovery", "open", str(kit))
    must(opened["fingerprint"] == made["fingerprint"], "the recovery kit is not this agency's")
    account.line(f"{founder.name} founded the agency; fingerprint {made['fingerprint'][:16]}…; the recovery kit was")
    account.line("written out, and opened again from paper.")
    account.facts["fingerprint"] = made["fingerprint"]


def join(account: Account, *, road: Road, founder: Person, newcomer: Person, role: str, file: Path | None) -> None:
    """Invite somebody, by twelve words or a file; they read six words back, and are let in."""
    if file is None:
        invited = founder.says("invite", role)
        words = ("enrol", "--name", newcomer.name, "--server", road.address, "--words-fd", "fd:4")
        applied = newcomer.says(*words, secrets=[invited["words"]])
        way = "twelve words by voice"
    else:
        founder.says("invite", role, "--file", str(file))
        applied = newcomer.says("enrol", "--name", newcomer.name, "--file", str(file))
        way = f"the file {file.name}"
    spoken = " ".join(applied["check_words"])
    founder.says("approve", newcomer.name, "--words", spoken)
    must(newcomer.says("enrol")["state"] == "enrolled", f"{newcomer.name} was not enrolled")
    newcomer.sync()
    account.line(f"{newcomer.name} joined as {role}: invited by {way}, six words read out and typed as heard.")


def refuse_wrong_words(account: Account, *, road: Road, founder: Person, stranger: Person) -> None:
    """Somebody who reads out other words is not let in."""
    invited = founder.says("invite", "advocate")
    words = ("enrol", "--name", stranger.name, "--server", road.address, "--words-fd", "fd:4")
    stranger.says(*words, secrets=[invited["words"]])
    heard = "abandon ability able about above absent"
    refused = founder.says("approve", stranger.name, "--words", heard, expect=6)
    must(refused["code"] == "approve.words_differ", "wrong check words were let through")
    account.line("A stranger whose six words differed was turned away: “Do not continue.”")
