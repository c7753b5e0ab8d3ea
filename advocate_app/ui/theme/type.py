"""Type: the bundled font and its sizes, which follow the text size that a person chose."""

from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from advocate_app.base.paths import resource

FAMILY: Final = "Inter"
SCALES: Final = (80, 90, 100, 110, 125, 150, 175, 200)
"""Text sizes in percent, one step of Ctrl + and Ctrl - apart."""
SMALL, BODY, LARGE, TITLE, HERO = 9.0, 10.0, 13.0, 18.0, 20.0
"""Points at 100 %."""
_FILES: Final = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")


def register() -> None:
    """Make the bundled fonts known to this process; once is enough."""
    if FAMILY in QFontDatabase.families():
        return
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))


def font(size: float, *, scale: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of so many points at 100 %, at this scale in percent."""
    made = QFont([FAMILY, "Noto Sans"])
    made.setPointSizeF(size * scale / 100)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def next_scale(now: int, *, step: int) -> int:
    """The scale one step larger (1) or smaller (-1); the same at either end."""
    nearest = min(range(len(SCALES)), key=lambda place: abs(SCALES[place] - now))
    return SCALES[min(len(SCALES) - 1, max(0, nearest + step))]
