"""Labels, cards, rows of chips, the safety strip, and what is shown where nothing is."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from advocate_app.ui.theme.icons import icon, pixmap
from advocate_app.ui.theme.look import look_now
from advocate_app.ui.widgets.flow import FlowLayout


def words(text: str, classes: str = "", *, wraps: bool = False) -> QLabel:
    """A label in plain text, of these classes of the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("class", classes)
    made.setWordWrap(wraps)
    if wraps:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def button(text: str, *, drawing: str | None = None, classes: str = "", tip: str = "") -> QPushButton:
    """A button, with an icon before its words if one is named."""
    made = QPushButton(text)
    made.setProperty("class", classes)
    made.setAutoDefault(False)
    if drawing:
        tokens = look_now().tokens
        colour = tokens.on_accent if "primary" in classes else tokens.text
        made.setIcon(icon(drawing, colour=colour, off=tokens.off))
    if tip:
        made.setToolTip(tip)
    return made


class Card(QFrame):
    """A panel with a heading."""

    def __init__(self, heading: str = "") -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(16, 12, 16, 16)
        self.rows.setSpacing(8)
        self.heading = words(heading, "head")
        self.rows.addWidget(self.heading)
        if not heading:
            self.heading.hide()


class Chips(QWidget):
    """A row of chips of which one, or with `many` any number, is chosen. Arrows move, digits choose, it wraps."""

    picked = Signal()

    def __init__(
        self, choices: Iterable[tuple[str, str]], *, name: str, many: bool = False, none: bool = False
    ) -> None:
        """`choices` are (value, words); `none` lets the chosen one be taken back."""
        super().__init__()
        self.setAccessibleName(name)
        flow = FlowLayout(self, gap=6)
        self._none = none
        self._group = QButtonGroup(self)
        self._group.setExclusive(not many and not none)
        self._many = many
        self._values: list[str] = []
        for value, said in choices:
            chip = QPushButton(said)
            chip.setCheckable(True)
            chip.setAutoDefault(False)
            chip.setProperty("class", "chip")
            chip.setAccessibleName(f"{name}: {said}")
            self._group.addButton(chip, len(self._values))
            self._values.append(value)
            flow.addWidget(chip)
        self._group.idClicked.connect(self._clicked)
        self.setFocusProxy(self._group.button(0))

    @property
    def chosen(self) -> list[str]:
        """The values that are chosen, in their order."""
        return [value for place, value in enumerate(self._values) if self._group.button(place).isChecked()]

    def choose(self, values: Sequence[str]) -> None:
        """Choose these and no others; tells nobody."""
        exclusive = self._group.exclusive()
        self._group.setExclusive(False)
        for place, value in enumerate(self._values):
            self._group.button(place).setChecked(value in values)
        self._group.setExclusive(exclusive)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Digits choose by place; arrows move between chips."""
        digit = event.key() - Qt.Key.Key_1
        if 0 <= digit < len(self._values) and not event.modifiers():
            self._group.button(digit).click()
            self._group.button(digit).setFocus()
            return
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(event.key())  # type: ignore[call-overload]  # keys are ints here
        if step is None:
            super().keyPressEvent(event)
            return
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft and event.key() in (
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
        ):
            step = -step
        now = next((place for place in range(len(self._values)) if self._group.button(place).hasFocus()), 0)
        self._group.button((now + step) % len(self._values)).setFocus(Qt.FocusReason.TabFocusReason)

    def _clicked(self, place: int) -> None:
        if self._none and not self._many and self._group.button(place).isChecked():
            self.choose([self._values[place]])
        self.picked.emit()


class SafetyStrip(QFrame):
    """How a client may be reached and how not; always in view, never by colour alone."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        self._icon = QLabel()
        self._icon.setFixedWidth(20)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("class", "strong")
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def show_words(self, said: str, *, danger: bool) -> None:
        """Show the sentence, marked as a danger or calmly."""
        tokens = look_now().tokens
        self.setProperty("class", "strip" if danger else "strip-calm")
        colour = tokens.danger if danger else tokens.accent
        self._icon.setPixmap(
            pixmap("triangle-alert" if danger else "phone", colour=colour, size=18, ratio=self.devicePixelRatioF())
        )
        self._words.setText(said)
        self.setAccessibleName(said)
        self.style().unpolish(self)
        self.style().polish(self)
        if self.parentWidget() is not None:  # else it would be a window of its own for a moment
            self.setVisible(True)


class Empty(QWidget):
    """What stands where nothing is: one sentence, and if it helps one button."""

    pressed = Signal()

    def __init__(self, said: str, *, action: str = "", drawing: str = "circle-check") -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setSpacing(12)
        rows.setContentsMargins(24, 32, 24, 32)
        tokens = look_now().tokens
        picture = QLabel()
        picture.setPixmap(pixmap(drawing, colour=tokens.soft, size=32, ratio=self.devicePixelRatioF()))
        self.words = words(said, "soft", wraps=True)
        for each in (picture, self.words):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            rows.addWidget(each)
        if action:
            press = button(action)
            press.clicked.connect(self.pressed)
            rows.addWidget(press, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addStretch(1)
