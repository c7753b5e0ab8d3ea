"""Invitations wait in mailboxes: one use for each step, a short life, three tries."""

import pytest

from advocate_app.wire import api
from tests.server.people import IDS
from tests.server.serving import Laptop, Team, refusal
from tests.server.showing import shows

DAY_MS = 86_400_000


def post(sealed: bytes = b"a letter", lifetime: int = 0) -> api.LetterPost:
    return api.LetterPost(sealed=sealed, lifetime=lifetime)


def new_mailbox(team: Team, lifetime: int = 0) -> str:
    mailbox = IDS.secret(16).hex()
    team.boss.ok("mailbox.put", post(b"welcome", lifetime), mailbox=mailbox, step="1")
    return mailbox


@shows(("mailbox.put", 200), ("mailbox.get", 200))
def test_three_letters_take_in_a_newcomer_who_has_no_device_yet(team: Team) -> None:
    newcomer = Laptop(team.server)
    mailbox = new_mailbox(team)
    first = newcomer.ok("mailbox.get", None, api.Letter, mailbox=mailbox, step="1")
    assert first.sealed == b"welcome"
    assert abs(first.expires_at - team.boss.ok("meta", None, api.Meta).time - 3 * DAY_MS) < DAY_MS // 100
    newcomer.ok("mailbox.put", post(b"application"), mailbox=mailbox, step="2")
    assert team.boss.ok("mailbox.get", None, api.Letter, mailbox=mailbox, step="2").sealed == b"application"
    team.boss.ok("mailbox.put", post(b"answer"), mailbox=mailbox, step="3")
    for _ in range(2):
        assert newcomer.ok("mailbox.get", None, api.Letter, mailbox=mailbox, step="3").sealed == b"answer"


@shows(("mailbox.put", 409))
def test_a_step_takes_one_letter_and_the_same_one_again(team: Team) -> None:
    newcomer = Laptop(team.server)
    mailbox = new_mailbox(team)
    team.boss.ok("mailbox.put", post(b"welcome"), mailbox=mailbox, step="1")
    team.boss.refused("mailbox.taken", "mailbox.put", post(b"another"), mailbox=mailbox, step="1")
    team.boss.refused("mailbox.order", "mailbox.put", post(b"answer"), mailbox=mailbox, step="3")
    newcomer.ok("mailbox.put", post(b"mine"), mailbox=mailbox, step="2")
    newcomer.ok("mailbox.put", post(b"mine"), mailbox=mailbox, step="2")
    newcomer.refused("mailbox.taken", "mailbox.put", post(b"a thief's"), mailbox=mailbox, step="2")


@shows(("mailbox.clear", 200), ("mailbox.clear", 409))
def test_an_authority_lets_the_newcomer_try_again_but_not_a_fourth_time(team: Team) -> None:
    newcomer = Laptop(team.server)
    mailbox = new_mailbox(team)
    for n in range(3):
        newcomer.ok("mailbox.put", post(b"try %d" % n), mailbox=mailbox, step="2")
        team.boss.ok("mailbox.clear", mailbox=mailbox, step="2")
    newcomer.refused("mailbox.spent", "mailbox.put", post(b"try 4"), mailbox=mailbox, step="2")
    team.boss.refused("mailbox.order", "mailbox.clear", mailbox=mailbox, step="3")


def test_after_the_answer_the_second_step_is_closed(team: Team) -> None:
    newcomer = Laptop(team.server)
    mailbox = new_mailbox(team)
    newcomer.ok("mailbox.put", post(b"mine"), mailbox=mailbox, step="2")
    team.boss.ok("mailbox.put", post(b"answer"), mailbox=mailbox, step="3")
    team.boss.refused("mailbox.order", "mailbox.clear", mailbox=mailbox, step="2")


@shows(("mailbox.put", 401), ("mailbox.get", 401), ("mailbox.clear", 401))
def test_who_has_no_session_may_only_read_1_and_3_and_write_2(team: Team) -> None:
    newcomer = Laptop(team.server)
    mailbox = new_mailbox(team)
    newcomer.ok("mailbox.put", post(b"mine"), mailbox=mailbox, step="2")
    newcomer.refused("auth.missing", "mailbox.put", post(), mailbox=IDS.secret(16).hex(), step="1")
    newcomer.refused("auth.missing", "mailbox.put", post(), mailbox=mailbox, step="3")
    newcomer.refused("auth.missing", "mailbox.get", mailbox=mailbox, step="2")
    newcomer.refused("auth.missing", "mailbox.clear", mailbox=mailbox, step="2")


@shows(("mailbox.put", 403), ("mailbox.get", 403), ("mailbox.clear", 403))
def test_only_an_authority_invites_reads_applications_and_answers(team: Team) -> None:
    ann = team.join()
    mailbox = new_mailbox(team)
    ann.refused("authority.needed", "mailbox.put", post(), mailbox=IDS.secret(16).hex(), step="1")
    ann.refused("authority.needed", "mailbox.put", post(), mailbox=mailbox, step="3")
    ann.refused("authority.needed", "mailbox.get", mailbox=mailbox, step="2")
    ann.refused("authority.needed", "mailbox.clear", mailbox=mailbox, step="2")


@shows(("mailbox.put", 404), ("mailbox.get", 404), ("mailbox.clear", 404))
def test_another_agencys_authority_finds_nothing_there(team: Team) -> None:
    other = team.server.founded().boss
    mailbox = new_mailbox(team)
    Laptop(team.server).ok("mailbox.put", post(b"mine"), mailbox=mailbox, step="2")
    other.refused("mailbox.unknown", "mailbox.get", mailbox=mailbox, step="2")
    other.refused("mailbox.unknown", "mailbox.put", post(b"answer"), mailbox=mailbox, step="3")
    other.refused("mailbox.unknown", "mailbox.clear", mailbox=mailbox, step="2")
    other.refused("mailbox.taken", "mailbox.put", post(b"welcome"), mailbox=mailbox, step="1")


@pytest.mark.parametrize(
    ("mailbox", "step"), [("00" * 16, "2"), ("0" * 31, "2"), ("zz" * 16, "2"), ("00" * 40, "1"), ("00" * 16, "4")]
)
def test_what_is_no_mailbox_is_told_the_same_as_an_empty_one(team: Team, mailbox: str, step: str) -> None:
    Laptop(team.server).refused("mailbox.unknown", "mailbox.put", post(), mailbox=mailbox, step=step)
    team.boss.refused("mailbox.unknown", "mailbox.get", mailbox=mailbox, step=step)


def test_an_invitation_can_be_taken_back_for_good(team: Team) -> None:
    newcomer = Laptop(team.server)
    mailbox = new_mailbox(team)
    team.boss.ok("mailbox.clear", mailbox=mailbox, step="1")
    newcomer.refused("mailbox.unknown", "mailbox.get", mailbox=mailbox, step="1")
    newcomer.refused("mailbox.unknown", "mailbox.put", post(), mailbox=mailbox, step="2")
    team.boss.refused("mailbox.taken", "mailbox.put", post(b"welcome"), mailbox=mailbox, step="1")


@shows(("mailbox.put", 422))
def test_no_mailbox_lives_longer_than_a_week(team: Team) -> None:
    mailbox = IDS.secret(32).hex()
    week = 7 * 86_400
    team.boss.refused("mailbox.lifetime", "mailbox.put", post(lifetime=week + 1), mailbox=mailbox, step="1")
    team.boss.refused("mailbox.lifetime", "mailbox.put", post(lifetime=-1), mailbox=mailbox, step="1")
    team.boss.ok("mailbox.put", post(lifetime=week), mailbox=mailbox, step="1")
    Laptop(team.server).refused("mailbox.lifetime", "mailbox.put", post(lifetime=60), mailbox=mailbox, step="2")


def test_a_letter_is_at_most_32_kib_and_not_empty(team: Team) -> None:
    mailbox = new_mailbox(team)
    newcomer = Laptop(team.server)
    newcomer.refused("request.too_large", "mailbox.put", post(bytes(api.MAX_MAILBOX + 1)), mailbox=mailbox, step="2")
    newcomer.refused("request.unreadable", "mailbox.put", post(b""), mailbox=mailbox, step="2")
    newcomer.ok("mailbox.put", post(bytes(api.MAX_MAILBOX)), mailbox=mailbox, step="2")


def test_whoever_guesses_at_one_mailbox_is_slowed_down(team: Team) -> None:
    mailbox = IDS.secret(16).hex()
    laptop = Laptop(team.server)
    replies = [laptop.ask("mailbox.get", mailbox=mailbox, step="1") for _ in range(80)]
    assert replies[0].status_code == 404
    refusal(replies[-1], route=None, code="rate.exceeded")
