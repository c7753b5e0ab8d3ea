"""Joining at the console: invitations, the six words, and everything that can go wrong with them."""

import stat
from pathlib import Path

import pytest

from tests.console.asking import ask, descriptor_of, refused, told
from tests.console.conftest import House, new_vault


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault of nobody yet; every test here leaves it so."""
    return new_vault(tmp_path_factory.mktemp("joining") / "newcomer")


def enrol(vault: Path, house: House, words: str, *, name: str) -> tuple[str, ...]:
    typed = str(descriptor_of(words))
    reply = told(vault, "enrol", "--words-fd", typed, "--server", house.server.address, "--name", name)
    return tuple(reply["check_words"])


def test_twelve_words_bring_a_member_in_once_six_are_heard(house: House, tmp_path: Path) -> None:
    invitation = told(house.founder, "invite", "hotline")
    assert len(invitation["words"].split()) == 12
    vault = new_vault(tmp_path / "ida")
    check = enrol(vault, house, invitation["words"], name="Ida")
    assert len(check) == 6
    assert refused(vault, "enrol") == (75, "console.still_waiting")
    assert "Ida" in [one["name"] for one in told(house.founder, "approve", "--list")["applicants"]]
    told(house.founder, "approve", "Ida", typed=" ".join(check).upper() + "\n")
    assert told(vault, "enrol")["state"] == "enrolled"
    told(vault, "sync")
    members = {one["name"]: one["roles"] for one in told(vault, "agency", "show")["members"]}
    assert members["Ida"] == ["hotline"]
    assert refused(vault, "enrol") == (1, "enrolment.member_already")


def test_wrong_words_stop_everything_and_say_so(house: House, newcomer: Path) -> None:
    invitation = told(house.founder, "invite", "advocate")
    check = enrol(newcomer, house, invitation["words"], name="Gus")
    wrong = " ".join([*check[:-1], "zoo" if check[-1] != "zoo" else "able"])
    answer = ask(house.founder, "approve", "Gus", "--words", wrong)
    assert answer.code == 6
    assert "Do not continue" in answer.err
    assert refused(newcomer, "enrol") == (75, "console.still_waiting")
    assert enrol(newcomer, house, invitation["words"], name="Gus") == check


def test_misread_invitation_words_are_told(house: House, newcomer: Path) -> None:
    words = "abandon " * 11 + "zebrafish"
    typed = str(descriptor_of(words))
    given = ("enrol", "--words-fd", typed, "--server", house.server.address, "--name", "Gus")
    assert refused(newcomer, *given) == (2, "words.broken")


def test_an_invitation_that_nobody_made_is_told(house: House, newcomer: Path) -> None:
    typed = str(descriptor_of("abandon " * 11 + "about"))
    given = ("enrol", "--words-fd", typed, "--server", house.server.address, "--name", "Gus")
    assert refused(newcomer, *given) == (1, "invitation.not_there")


def test_a_cut_invitation_file_is_told(house: House, newcomer: Path, tmp_path: Path) -> None:
    letter = tmp_path / "cut.advinvite"
    told(house.founder, "invite", "advocate", "--file", str(letter))
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    letter.write_text(letter.read_text()[:-20])
    assert refused(newcomer, "enrol", "--file", str(letter), "--name", "Gus") == (2, "wire.broken")


def test_an_invitation_is_a_qr_code_too(house: House, tmp_path: Path) -> None:
    picture = tmp_path / "invitation.svg"
    told(house.founder, "invite", "advocate", "--qr", str(picture))
    assert picture.read_text().startswith("<?xml")
    assert refused(house.founder, "invite", "advocate", "--qr", str(picture)) == (1, "console.file_exists")
    assert "█" in ask(house.founder, "invite", "advocate", "--qr", "-").out


def test_only_an_authority_invites(house: House) -> None:
    assert refused(house.bea, "invite", "advocate") == (1, "invite.not_an_authority")


def test_a_used_founding_token_is_told(house: House, newcomer: Path, tmp_path: Path) -> None:
    given = ("agency", "create", "--server", house.server.address, "--token-file", "-", "--name", "Eve")
    kit = ("--kit", str(tmp_path / "kit.txt"))
    assert refused(newcomer, *given, *kit, typed="adv1found-aaaa") == (2, "wire.broken")
    assert not (tmp_path / "kit.txt").exists()


def test_an_agency_is_founded_once_in_a_vault(house: House, tmp_path: Path) -> None:
    given = ("agency", "create", "--server", house.server.address, "--token-file", "-", "--name", "Ana")
    outcome = refused(house.founder, *given, "--kit", str(tmp_path / "kit.txt"), typed=house.server.token().text())
    assert outcome == (1, "enrolment.member_already")
