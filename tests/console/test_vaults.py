"""The vault at the console: made, checked, rekeyed; what is wrong with it has its own exit code."""

import json
from pathlib import Path

import pytest

from tests.agency import PASSPHRASE
from tests.console.asking import ask, descriptor_of, refused, told
from tests.console.conftest import House, new_vault


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_vault(tmp_path_factory.mktemp("vaults") / "mine")


def test_a_vault_is_not_made_over_another(vault: Path) -> None:
    assert refused(vault, "vault", "create", "--kdf-memory", "64") == (3, "store.vault_exists")


def test_a_cost_below_the_floor_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "new", "vault", "create", "--kdf-memory", "63") == (3, "vault.kdf_refused")
    assert not (tmp_path / "new" / "vault.db").exists()


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    answer = ask(tmp_path / "new", "--json", "vault", "create", "--kdf-memory", "64", passphrase="short")
    assert (answer.code, answer.json["code"]) == (1, "console.passphrase_short")


def test_a_wrong_passphrase_has_an_exit_code_of_its_own(vault: Path) -> None:
    answer = ask(vault, "status", passphrase="not this one at all")
    assert answer.code == 4
    assert "Check capitals and spaces" in answer.err


def test_without_a_terminal_or_descriptor_nothing_is_asked(vault: Path) -> None:
    answer = ask(vault, "--json", "status", passphrase=None)
    assert (answer.code, answer.json["code"]) == (1, "console.no_prompt")


def test_a_missing_vault_says_how_to_make_one(tmp_path: Path) -> None:
    answer = ask(tmp_path / "nowhere", "vault", "check")
    assert answer.code == 3
    assert "advocate vault create" in answer.err


def test_the_files_are_looked_at_without_a_passphrase(vault: Path) -> None:
    reply = ask(vault, "--json", "vault", "check", passphrase=None).json
    assert (reply["ok"], reply["problem"], reply["open_in_window"]) == (True, None, False)


def test_a_changed_passphrase_opens_and_the_old_one_does_not(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    new = "another lantern over the mesa"
    told(vault, "vault", "passphrase", "--kdf-memory", "64", "--new-passphrase-fd", str(descriptor_of(new)))
    assert ask(vault, "status", passphrase=new).code == 0
    assert ask(vault, "status", passphrase=PASSPHRASE).code == 4


def test_a_sound_database_is_said_to_be_so(vault: Path) -> None:
    assert told(vault, "vault", "integrity")["pages"] > 0


def test_a_damaged_database_is_told_from_a_wrong_passphrase(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    database = vault / "vault.db"
    content = bytearray(database.read_bytes())
    content[4096 * 3 + 100] ^= 1
    database.write_bytes(content)
    code, named = refused(vault, "vault", "integrity")
    assert (code, named) in ((3, "console.unsound"), (3, "store.vault_damaged"))


def test_a_keyfile_that_was_cut_is_told(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    keyfile = vault / "vault.key"
    keyfile.write_bytes(keyfile.read_bytes()[:-7])
    assert refused(vault, "status") == (3, "vault.keyfile_damaged")


def test_a_vault_of_no_agency_says_so_and_records_nothing(vault: Path) -> None:
    assert told(vault, "status")["member"] is None
    assert refused(vault, "client", "add") == (3, "sync.not_enrolled")
    assert refused(vault, "sync") == (3, "sync.not_enrolled")
    assert refused(vault, "agency", "show") == (3, "sync.not_enrolled")


def test_the_self_test_names_the_primitives(vault: Path) -> None:
    assert len(told(vault, "selftest")["primitives"]) > 5


def test_the_doctor_finds_a_healthy_laptop_well(house: House) -> None:
    reply = ask(house.bea, "--json", "doctor").json
    found = {one["name"]: one for one in reply["findings"]}
    assert {"versions", "cryptography", "clock", "disk", "vault", "database", "server"} <= found.keys()
    assert found["server"]["good"]
    assert "advocate" in found["server"]["words"]


def test_the_doctor_says_what_is_wrong_with_a_vault_that_is_not_there(tmp_path: Path) -> None:
    answer = ask(tmp_path / "nowhere", "--json", "doctor", passphrase=None)
    broken = [one for one in answer.json["findings"] if not one["good"]]
    assert (answer.code, [one["name"] for one in broken]) == (6, ["vault"])
    assert broken[0]["action"]


def test_the_kit_that_was_written_opens_and_is_this_agencys(house: House) -> None:
    kit = house.home / "kit.txt"
    assert kit.stat().st_mode & 0o077 == 0
    assert len(told(house.founder, "recovery", "open", str(kit))["fingerprint"]) == 64


def test_a_misread_kit_names_the_line(house: House) -> None:
    text = (house.home / "kit.txt").read_text()
    line = next(line for line in text.splitlines() if line.strip().startswith("R2"))
    words = line.split()
    broken = text.replace(line, "  ".join(["  R2", "zebrafish", *words[2:]]))
    answer = ask(house.founder, "--json", "recovery", "open", "-", typed=broken)
    assert (answer.code, answer.json["code"], answer.json["facts"]["line"]) == (2, "recovery.kit_broken", "R2")


def test_json_is_one_object_on_one_line(vault: Path) -> None:
    out = ask(vault, "--json", "status").out
    assert out.count("\n") == 1
    json.loads(out)
