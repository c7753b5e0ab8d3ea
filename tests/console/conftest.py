"""An agency that was founded and joined at the console: a founder, a supervisor, two advocates."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.agency import RunningServer, running_server
from tests.console.asking import ask, told


@dataclass(frozen=True, slots=True)
class House:
    """The vaults' folders, and the server."""

    server: RunningServer
    home: Path
    founder: Path
    supervisor: Path
    bea: Path
    dee: Path

    def sync(self, *vaults: Path) -> None:
        for vault in vaults:
            told(vault, "sync")


def new_vault(path: Path) -> Path:
    """A vault made at the console."""
    answer = ask(path, "--json", "vault", "create", "--kdf-memory", "64")
    assert answer.code == 0, answer.out
    return path


def join(house_home: Path, founder: Path, *, name: str, role: str) -> Path:
    """A further member, by invitation file."""
    letter = house_home / f"{name}.advinvite"
    told(founder, "invite", role, "--file", str(letter))
    vault = new_vault(house_home / name)
    words = told(vault, "enrol", "--file", str(letter), "--name", name)["check_words"]
    told(founder, "approve", name, "--words", " ".join(words))
    told(vault, "enrol")
    told(founder, "sync")
    told(vault, "sync")
    return vault


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("console")
    server = running_server(home / "server")
    try:
        founder = new_vault(home / "Ana")
        made = told(
            founder,
            *("agency", "create", "--server", server.address, "--token-file", "-", "--name", "Ana"),
            *("--kit", str(home / "kit.txt")),
            typed=server.token().text(),
        )
        assert len(made["fingerprint"]) == 64
        told(founder, "sync")
        supervisor = join(home, founder, name="Sol", role="supervisor")
        bea = join(home, founder, name="Bea", role="advocate")
        dee = join(home, founder, name="Dee", role="advocate")
        told(supervisor, "sync")
        yield House(server=server, home=home, founder=founder, supervisor=supervisor, bea=bea, dee=dee)
    finally:
        server.kill()
