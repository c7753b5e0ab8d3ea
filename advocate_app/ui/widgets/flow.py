"""A layout that puts widgets side by side and goes on in the next line where the room ends."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Left to right (or right to left), line after line."""

    def __init__(self, parent: QWidget, *, gap: int) -> None:
        super().__init__(parent)
        self._gap = gap
        self._held: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802  Qt's name
        """Take one more."""
        self._held.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._held)

    def itemAt(self, place: int) -> QLayoutItem | None:  # noqa: N802  Qt's name
        """The one at this place."""
        return self._held[place] if 0 <= place < len(self._held) else None

    def takeAt(self, place: int) -> QLayoutItem | None:  # noqa: N802  Qt's name
        """Give back the one at this place."""
        return self._held.pop(place) if 0 <= place < len(self._held) else None

    def hasHeightForWidth(self) -> bool:  # noqa: N802  Qt's name
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's name
        """The height that this width needs."""
        return self._place(QRect(0, 0, width, 0), really=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802  Qt's name
        """Put everything in its place."""
        super().setGeometry(rect)
        self._place(rect, really=True)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """All in one line."""
        sizes = [item.sizeHint() for item in self._held]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802  Qt's name
        """The widest of them in a line of its own."""
        sizes = [item.minimumSize() for item in self._held]
        return QSize(max((one.width() for one in sizes), default=0), max((one.height() for one in sizes), default=0))

    def _place(self, rect: QRect, *, really: bool) -> int:
        x, y, line = 0, 0, 0
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for item in self._held:
            size = item.sizeHint()
            if x and x + size.width() > rect.width():
                x, y, line = 0, y + line + self._gap, 0
            if really:
                left = rect.right() + 1 - x - size.width() if mirrored else rect.x() + x
                item.setGeometry(QRect(QPoint(left, rect.y() + y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line
