"""A table whose rows come page by page: it holds frozen rows and asks for more when they are wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

Index = QModelIndex | QPersistentModelIndex
ROW: Final = Qt.ItemDataRole.UserRole
"""The frozen row itself, for delegates."""
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its heading, what it says of a row, and how wide it likes to be in characters."""

    key: str
    heading: str
    says: Callable[[Any], str]
    width: int = 12
    summary: Callable[[Any], str] | None = None
    """What a screen reader hears of the whole row; for the first column."""


class PagedModel(QAbstractTableModel):
    """Rows as far as they were wanted. `key` gives what a row is known by, so that a new list keeps the place."""

    wanted = Signal(object)
    """The last row here: the next page starts behind it."""

    def __init__(self, columns: Sequence[Column], *, key: Callable[[Any], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._rows: list[Any] = []
        self._more = False

    def show(self, rows: Sequence[Any], *, more: bool) -> None:
        """Show these rows instead of what was shown; `more` tells that others follow."""
        self.beginResetModel()
        self._rows, self._more = list(rows), more
        self.endResetModel()

    def add(self, rows: Sequence[Any], *, more: bool) -> None:
        """Add the next page."""
        self._more = more
        if rows:
            self.beginInsertRows(_NOWHERE, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def row(self, place: int) -> Any:
        """The row at this place; None where there is none."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place_of(self, key: Any) -> int:
        """Where the row of this key stands; -1 where it is not here."""
        return next((place for place, row in enumerate(self._rows) if self._key(row) == key), -1)

    def key_at(self, place: int) -> Any:
        """What the row at this place is known by; None where there is none."""
        return self._key(self._rows[place]) if 0 <= place < len(self._rows) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802  Qt's name
        """Rows that are here."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802  Qt's name
        """Columns."""
        return 0 if parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802  Qt's name
        """Whether more rows follow."""
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:  # noqa: N802  Qt's name
        """Want the next page, once."""
        if self._more and not parent.isValid() and self._rows:
            self._more = False
            self.wanted.emit(self._rows[-1])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says, and its row for delegates."""
        row = self.row(index.row())
        if row is None:
            return None
        column = self.columns[index.column()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole and column.summary is not None:
            return column.summary(row)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.says(row)
        return None

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.columns[section].heading
        return None
