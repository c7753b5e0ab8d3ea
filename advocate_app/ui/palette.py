"""The palette: one line in which a person goes somewhere, finds a client, or does something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from advocate_app.domain.folding_text import fold_text
from advocate_app.ui.desk import Desk
from advocate_app.ui.theme.look import look_now
from advocate_app.ui.words import tr

_TYPING_MS = 100
_ACT = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Act:
    """Something the palette offers: its words, its keys, and what happens."""

    says: str
    keys: str
    do: Callable[[], object]


class Palette(QFrame):
    """Opens at the top of the window; Escape closes it."""

    def __init__(self, desk: Desk, parent: QWidget, *, acts: Sequence[Act], go: Callable[[bytes], None]) -> None:
        super().__init__(parent)
        self.setProperty("class", "card")
        self.setAccessibleName(tr("palette.name"))
        self._desk, self._acts, self._go = desk, acts, go
        self._doing: list[Callable[[], object]] = []
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 8, 8, 8)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("palette.hint"))
        self.line.setAccessibleName(tr("palette.name"))
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("palette.offers"))
        self.list.itemActivated.connect(self._chosen)
        rows.addWidget(self.line)
        rows.addWidget(self.list)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._find)
        self.line.textChanged.connect(self._typed)
        self.hide()

    def open(self) -> None:
        """Show it, empty."""
        room = self.parentWidget()
        assert room is not None
        look = look_now()
        width = min(look.px(560), room.width() - 32)
        self.resize(width, min(look.px(400), room.height() - 64))
        self.move((room.width() - width) // 2, 48)
        self.line.clear()
        self._show([])
        self.show()
        self.raise_()
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """The arrows move in the list while somebody types."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down.value: 1, Qt.Key.Key_Up.value: -1}.get(event.key())
            if step is not None:
                count = max(1, self.list.count())
                self.list.setCurrentRow((self.list.currentRow() + step) % count)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentItem() is not None:
                self._chosen(self.list.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.hide()
                return True
        return super().eventFilter(watched, event)

    def _typed(self) -> None:
        self._show([])
        self._typing.start()

    def _find(self) -> None:
        text = self.line.text().strip()
        if len(text) >= 2:
            self._desk.ask(lambda db: self._desk.opened.found(db, text), lambda found: self._found(text, found))

    def _found(self, text: str, found: list[tuple[bytes, str]]) -> None:
        if self.isVisible() and self.line.text().strip() == text:
            self._show(found)

    def _show(self, found: Sequence[tuple[bytes, str]]) -> None:
        typed = fold_text(self.line.text().strip())
        self.list.clear()
        self._doing = []
        for client, name in found:
            self._offer(name, tr("palette.client"), lambda client=client: self._go(client))  # type: ignore[misc]  # mypy has no type for a default in a lambda
        for act in self._acts:
            if typed in fold_text(act.says):
                self._offer(act.says, act.keys, act.do)
        self.list.setCurrentRow(0)

    def _offer(self, says: str, keys: str, do: Callable[[], object]) -> None:
        item = QListWidgetItem(f"{says}   {keys}".rstrip())
        item.setData(_ACT, len(self._doing))
        self._doing.append(do)
        self.list.addItem(item)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            do = self._doing[item.data(_ACT)]
            self.hide()
            do()
