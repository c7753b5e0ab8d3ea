"""Servers for the tests: one shared for each kind of database, fresh ones where a test kills or limits it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server import postgres
from tests.server.serving import SEEN, Server, Team
from tests.server.showing import declared

Fresh = Callable[..., Server]


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """Where a PostgreSQL listens."""
    reason = postgres.why_not()
    if reason:
        pytest.skip(reason)
    with postgres.running() as where:
        yield where


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Makes a database address for a name; empty for the embedded one."""
    if request.param == "sqlite":
        return lambda _name: ""
    where: str = request.getfixturevalue("cluster")
    return lambda name: postgres.new_database(where, name)


@pytest.fixture(scope="session")
def server(database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests may use and none may harm."""
    folder = tmp_path_factory.mktemp("server")
    generous = dict.fromkeys(
        ("address_per_second", "address_burst", "door_per_second", "door_burst", "device_burst"), "100000"
    )
    shared = Server(data=folder, database=database("shared"), settings=generous).init().start()
    yield shared
    assert shared.stop() == 0


@pytest.fixture
def team(server: Server) -> Team:
    """A founded agency of the test's own."""
    return server.founded()


@pytest.fixture
def fresh(database: Callable[[str], str], tmp_path: Path) -> Iterator[Fresh]:
    """Makes servers of the test's own, with settings."""
    made: list[Server] = []

    def make(**settings: str) -> Server:
        folder = tmp_path / f"server{len(made)}"
        folder.mkdir()
        address = database(f"fresh_{tmp_path.name}_{len(made)}"[:60])
        made.append(Server(data=folder, database=address, settings=settings).init().start())
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture(autouse=True)
def _shows_what_it_says(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that says it shows a (route, status) pair must have seen it."""
    SEEN.clear()
    yield
    callspec = getattr(request.node, "callspec", None)
    route = callspec.params.get("route") if callspec else None
    wanted = {pair for pair in declared(request.function) if route is None or pair[0] == route.name}
    missing = wanted - SEEN
    assert not missing or request.node.stash.get(FAILED, False), f"the test shows no {sorted(missing)}"


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> Iterator[None]:
    """Note a failed test, so that what it did not show is not held against it as well."""
    report = yield
    if report.when == "call" and not report.passed:
        item.stash[FAILED] = True
    return report
