"""One agency for all tests of commands: a founder, a supervisor and two advocates, each with an open vault."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.agency import Colleague, FoundedAgency, founded_agency


@dataclass(frozen=True, slots=True)
class Team:
    """Who works here."""

    agency: FoundedAgency
    founder: Colleague
    supervisor: Colleague
    bea: Colleague
    dee: Colleague


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    agency = founded_agency(tmp_path_factory.mktemp("agency"))
    try:
        supervisor = agency.enrol("Sol", role="supervisor")
        bea, dee = agency.enrol("Bea"), agency.enrol("Dee")
        supervisor.sync()
        yield Team(agency=agency, founder=agency.founder, supervisor=supervisor, bea=bea, dee=dee)
    finally:
        agency.close()
