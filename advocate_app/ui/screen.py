"""What every screen is: a page that asks the desk, takes the newest answer only, and has a name and a first place."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from advocate_app.base.errors import Fault
from advocate_app.ui.desk import Desk, Query
from advocate_app.ui.words import worded

Made = TypeVar("Made")


class Screen(QWidget):
    """A page of the window."""

    name: ClassVar[str] = ""
    """Part of its ids: `nav.<name>` is its title."""

    opened_client = Signal(bytes)
    """Somebody wants to see this client's page."""
    said = Signal(str)
    """Something to tell in passing."""
    offered = Signal(str, object)
    """Something to tell in passing, and a function that takes it back."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setObjectName("page")
        self._asked: dict[str, int] = {}

    @property
    def title(self) -> str:
        """What the screen is called."""
        return worded("nav", self.name)

    def ask(
        self,
        about: str,
        query: Query[Made],
        then: Callable[[Made], None],
        failed: Callable[[Fault], None] | None = None,
    ) -> None:
        """Ask the desk; an answer that a later question about the same thing has overtaken is dropped."""
        number = self._asked[about] = self._asked.get(about, 0) + 1

        def take(made: Any) -> None:
            if isValid(self) and self._asked[about] == number:
                then(made)

        self.desk.ask(query, take, failed)

    def entered(self) -> None:
        """The screen has come to the front."""

    def first_place(self) -> QWidget:
        """What gets the keyboard when the screen comes to the front."""
        return self
