"""The look in force: a theme at a text size, put on the whole application at once."""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from advocate_app.ui.theme import type as letters
from advocate_app.ui.theme.sheet import style_sheet
from advocate_app.ui.theme.tokens import LIGHT, THEMES, Tokens

_ROLES: Final = {
    QPalette.ColorRole.Window: "page",
    QPalette.ColorRole.Base: "card",
    QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Button: "card",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "danger",
    QPalette.ColorRole.Highlight: "accent_soft",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.PlaceholderText: "soft",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.ToolTipBase: "rail",
    QPalette.ColorRole.ToolTipText: "rail_on",
}


@dataclass(frozen=True, slots=True)
class Look:
    """A theme and a text size in percent."""

    theme: str = LIGHT.name
    scale: int = 100

    @property
    def tokens(self) -> Tokens:
        """The theme's colours; the light ones for a theme that this program does not know."""
        return THEMES.get(self.theme, LIGHT)

    def larger(self, step: int) -> "Look":
        """The look with text one step larger (1) or smaller (-1)."""
        return replace(self, scale=letters.next_scale(self.scale, step=step))

    def font(self, size: float = letters.BODY, *, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """A font of so many points at 100 %."""
        return letters.font(size, scale=self.scale, weight=weight)

    def px(self, length: int) -> int:
        """A length that grows with the text, in logical pixels at 100 %."""
        return round(length * (1 + (self.scale / 100 - 1) * 0.6))


def put_on(app: QApplication, look: Look) -> None:
    """Give the whole application this look."""
    letters.register()
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(getattr(look.tokens, name)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(look.tokens.off))
    app.setPalette(palette)
    app.setFont(look.font())
    app.setStyleSheet(style_sheet(look.tokens, scale=look.scale))
    app.setProperty("look", look)


def look_now() -> Look:
    """The look in force; the plain one before any was put on."""
    app = QApplication.instance()
    look = None if app is None else app.property("look")
    return look if isinstance(look, Look) else Look()


def classed(widget: QWidget, classes: str) -> None:
    """Give a widget its classes of the style sheet, anew if it had others."""
    if widget.property("class") == classes:
        return
    widget.setProperty("class", classes)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
