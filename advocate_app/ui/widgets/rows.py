"""How rows of a table are painted: two lines in the first cell, chips with words, icons for how it is synced."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from advocate_app.ui.models.paged import ROW, PagedModel
from advocate_app.ui.theme import type as letters
from advocate_app.ui.theme.icons import pixmap
from advocate_app.ui.theme.look import look_now

_PAD = 10
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """What one cell shows: a line, perhaps a second, perhaps in a chip, perhaps an icon instead."""

    text: str
    second: str = ""
    tone: str = ""
    """danger, warn, good or accent; empty: plain."""
    chip: bool = False
    drawing: str = ""
    strong: bool = False


class RowPainter(QStyledItemDelegate):
    """Paints what each row says of itself: `row.painted(column key)`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        row = index.data(ROW)
        shown = _painted(row, index)
        look, rect = look_now(), option.rect
        tokens = look.tokens
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(tokens.accent_soft if chosen else tokens.card))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.line))
        if chosen and index.column() == 0:
            mirrored = option.direction == Qt.LayoutDirection.RightToLeft
            edge = rect.right() - 2 if mirrored else rect.left()
            painter.fillRect(QRect(edge, rect.top(), 3, rect.height()), QColor(tokens.accent))
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        direction = option.direction
        painter.setLayoutDirection(direction)
        if shown.drawing:
            self._drawing(painter, inner, shown, direction)
        elif shown.chip and shown.text:
            self._chip(painter, inner, shown, direction)
        else:
            self._lines(painter, inner, shown, direction)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802  Qt's name
        """As high as two lines and their air."""
        return QSize(80, row_height())

    def _lines(self, painter: QPainter, rect: QRect, shown: Painted, direction: Qt.LayoutDirection) -> None:
        look = look_now()
        tokens = look.tokens
        first = look.font(weight=QFont.Weight.DemiBold if shown.strong else QFont.Weight.Normal)
        second = look.font(letters.SMALL)
        high, low = QFontMetrics(first).height(), QFontMetrics(second).height()
        top = rect.top() + (rect.height() - high - (low + 2 if shown.second else 0)) // 2
        flags = _start(direction) | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(first)
        painter.setPen(QColor(getattr(tokens, shown.tone or "text")))
        text = QFontMetrics(first).elidedText(shown.text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QRect(rect.left(), top, rect.width(), high), flags, text)
        if shown.second:
            painter.setFont(second)
            painter.setPen(QColor(tokens.soft))
            text = QFontMetrics(second).elidedText(shown.second, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(QRect(rect.left(), top + high + 2, rect.width(), low), flags, text)

    def _chip(self, painter: QPainter, rect: QRect, shown: Painted, direction: Qt.LayoutDirection) -> None:
        look = look_now()
        tokens = look.tokens
        font = look.font(letters.SMALL, weight=QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        height = metrics.height() + 8
        width = min(rect.width(), metrics.horizontalAdvance(shown.text) + 20)
        left = rect.right() + 1 - width if direction == Qt.LayoutDirection.RightToLeft else rect.left()
        box = QRectF(left, rect.top() + (rect.height() - height) / 2, width, height)
        tone = shown.tone or "off"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(tokens, f"{tone}_soft")))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(QColor(getattr(tokens, tone)))
        painter.setFont(font)
        text = metrics.elidedText(shown.text, Qt.TextElideMode.ElideRight, width - 12)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _drawing(self, painter: QPainter, rect: QRect, shown: Painted, direction: Qt.LayoutDirection) -> None:
        look = look_now()
        size = look.px(18)
        device = painter.device()
        drawn = pixmap(
            shown.drawing,
            colour=getattr(look.tokens, shown.tone or "soft"),
            size=size,
            ratio=device.devicePixelRatioF() if device is not None else 1.0,
        )
        left = rect.right() + 1 - size if direction == Qt.LayoutDirection.RightToLeft else rect.left()
        painter.drawPixmap(left, rect.top() + (rect.height() - size) // 2, drawn)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802  Qt's name
        """The text, for editors and readers."""
        super().initStyleOption(option, index)
        option.palette.setColor(QPalette.ColorRole.Text, QColor(look_now().tokens.text))


def row_height() -> int:
    """The height of a row, which follows the text size."""
    look = look_now()
    high = QFontMetrics(look.font(weight=QFont.Weight.DemiBold)).height()
    return high + QFontMetrics(look.font(letters.SMALL)).height() + 18


def _painted(row: Any, index: Index) -> Painted:
    painted = getattr(row, "painted", None)
    if painted is None:
        return Painted(text=str(index.data() or ""))
    model = index.model()
    assert isinstance(model, PagedModel)
    made: Painted = painted(model.columns[index.column()].key)
    return made


def _start(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    right = direction == Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute
