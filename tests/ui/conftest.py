"""What every test of the window stands on: one application, offscreen, with the light look; a desk on a real vault."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from advocate_app.store.vault import Vault
from advocate_app.ui import words
from advocate_app.ui.desk import Desk
from advocate_app.ui.theme.look import Look, put_on
from tests.ui.sample import SampleVault, desk_over, make_sample


@pytest.fixture(autouse=True)
def plain_look(qapp: QApplication) -> Iterator[None]:
    """Each test begins in English with the light look at 100 %."""
    words.speak("en")
    put_on(qapp, Look())
    yield
    words.speak("en")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleVault:
    """The closed vault with the dozen clients of the field day."""
    return make_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def vault(sample: SampleVault, tmp_path: Path) -> Iterator[Vault]:
    """An open copy of the sample."""
    opened = sample.open_copy(tmp_path / "vault")
    yield opened
    opened.close()


@pytest.fixture
def desk(vault: Vault) -> Iterator[Desk]:
    """A desk over the open copy."""
    made = desk_over(vault)
    yield made
    made.close()
