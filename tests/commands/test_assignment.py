"""Assignment: a colleague reads a client's file and narrative, all that was in it before included."""

from advocate_app.commands import assignment, notes, records, safe_contacts
from advocate_app.domain.records import by_name
from tests.agency import code_of, done
from tests.commands.conftest import Team
from tests.commands.giving import give, has, new_client, seen


def client_of_bea(team: Team) -> tuple[bytes, bytes]:
    """A client with a note, known to the supervisor, not to Dee."""
    client, note = new_client(team.bea), team.bea.new_id()
    done(give(team.bea, notes.write, note=note, wanted={"client": client, "text": "She called at nine."}))
    team.bea.sync()
    team.supervisor.sync()
    return client, note


def test_nobody_reads_a_file_without_assignment_but_its_maker_and_supervision(team: Team) -> None:
    client, note = client_of_bea(team)
    team.dee.sync()
    assert has(team.supervisor, "client", client)
    assert has(team.supervisor, "note", note)
    assert not has(team.dee, "client", client)


def test_assignment_gives_what_was_there_before(team: Team) -> None:
    client, note = client_of_bea(team)
    team.dee.sync()
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    team.supervisor.sync()
    team.dee.sync()
    assert seen(team.dee, "client", client).values["first_name"] == "Marisol"
    assert has(team.dee, "note", note)


def test_an_assigned_colleague_writes_and_the_maker_reads_it(team: Team) -> None:
    client, _ = client_of_bea(team)
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    team.supervisor.sync()
    team.dee.sync()
    note = team.dee.new_id()
    done(give(team.dee, notes.write, note=note, wanted={"client": client, "text": "Met at the clinic."}))
    team.dee.sync()
    team.bea.sync()
    assert seen(team.bea, "note", note).values["text"] == "Met at the clinic."


def test_a_narrative_that_nobody_has_begun_is_assigned_too(team: Team) -> None:
    client = new_client(team.bea)
    team.bea.sync()
    team.supervisor.sync()
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    team.supervisor.sync()
    team.bea.sync()
    note = team.bea.new_id()
    done(give(team.bea, notes.write, note=note, wanted={"client": client, "text": "First note."}))
    team.bea.sync()
    team.dee.sync()
    assert has(team.dee, "note", note)


def test_only_a_supervisor_assigns(team: Team) -> None:
    client, _ = client_of_bea(team)
    assert code_of(give(team.bea, assignment.assign, client=client, member=team.dee.id)) == "command.not_allowed"


def test_what_cannot_be_assigned_is_refused_with_its_reason(team: Team) -> None:
    client, _ = client_of_bea(team)
    assign = assignment.assign
    assert code_of(give(team.supervisor, assign, client=client, member=team.bea.id)) == "assign.already_reads"
    assert code_of(give(team.supervisor, assign, client=client, member=bytes(16))) == "assign.no_member"
    assert code_of(give(team.supervisor, assign, client=team.bea.new_id(), member=team.dee.id)) == "assign.no_client"
    assert (
        code_of(give(team.supervisor, assignment.unassign, client=client, member=team.dee.id)) == "assign.does_not_read"
    )


def test_an_unassigned_colleague_does_not_read_what_comes_after(team: Team) -> None:
    client, _ = client_of_bea(team)
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    team.supervisor.sync()
    team.dee.sync()
    done(give(team.supervisor, assignment.unassign, client=client, member=team.dee.id))
    team.supervisor.sync()
    team.bea.sync()
    done(give(team.bea, records.save, record=by_name["client"], record_id=client, wanted={"community": "Zuni"}))
    team.bea.sync()
    team.dee.sync()
    assert "community" not in seen(team.dee, "client", client).values
    assert seen(team.supervisor, "client", client).values.get("community") is None
    team.supervisor.sync()
    assert seen(team.supervisor, "client", client).values["community"] == "Zuni"


def test_two_who_write_a_safe_contact_offline_write_the_same_record(team: Team) -> None:
    client, _ = client_of_bea(team)
    done(give(team.supervisor, assignment.assign, client=client, member=team.dee.id))
    team.supervisor.sync()
    team.dee.sync()
    done(give(team.bea, safe_contacts.put, client=client, wanted={"leave_message": "yes", "phone": "505 555 0100"}))
    done(give(team.dee, safe_contacts.put, client=client, wanted={"leave_message": "no", "phone": "505 555 0100"}))
    for one in (team.bea, team.dee, team.bea):
        one.sync()
    view = seen(team.bea, "safe_contact", safe_contacts.safe_contact_id(client))
    assert [conflict.name for conflict in view.conflicts] == ["calling"]
    assert view.in_force["calling"]["leave_message"] == "no"
