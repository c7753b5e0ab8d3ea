"""Icons: line drawings, rendered once for each colour, size and pixel ratio."""

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from advocate_app.base.paths import resource


@cache
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def pixmap(name: str, *, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon of `size` logical pixels in one colour. FileNotFoundError if there is no such drawing."""
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    svg = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    svg.render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


@lru_cache(maxsize=256)
def icon(name: str, *, colour: str, off: str | None = None, size: int = 18) -> QIcon:
    """An icon for buttons, sharp on every screen; `off` is its colour while the button cannot be pressed."""
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0, 3.0):
        made.addPixmap(pixmap(name, colour=colour, size=size, ratio=ratio))
        if off is not None:
            made.addPixmap(pixmap(name, colour=off, size=size, ratio=ratio), QIcon.Mode.Disabled)
    return made
