"""Every theme can be read at every size, and the toolkit's traps stay shut."""

import pytest
from PySide6.QtCore import QDate
from PySide6.QtGui import QFontInfo, QRawFont
from PySide6.QtWidgets import QApplication, QDateEdit, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from advocate_app.base.paths import resource
from advocate_app.ui.theme import type as letters
from advocate_app.ui.theme.contrast import ratio, too_faint
from advocate_app.ui.theme.icons import icon, pixmap
from advocate_app.ui.theme.look import Look, classed, look_now, put_on
from advocate_app.ui.theme.tokens import THEMES, Tokens


@pytest.mark.parametrize("tokens", THEMES.values(), ids=lambda one: one.name)
def test_every_pair_that_is_used_can_be_told_apart(tokens: Tokens) -> None:
    assert list(too_faint(tokens)) == []


def test_contrast_is_what_the_standard_computes() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.478, abs=0.01)


@pytest.mark.parametrize("scale", [80, 100, 200])
@pytest.mark.parametrize("theme", list(THEMES))
def test_the_text_a_person_sees_has_the_size_they_chose(qapp: QApplication, theme: str, scale: int) -> None:
    put_on(qapp, Look(theme=theme, scale=scale))
    line = QLineEdit()
    line.show()
    assert QFontInfo(line.font()).pointSizeF() == pytest.approx(letters.BODY * scale / 100, abs=0.3)
    assert QFontInfo(line.font()).family() == letters.FAMILY
    assert look_now() == Look(theme=theme, scale=scale)


def test_the_letters_of_dine_bizaad_are_all_in_the_bundled_font(qapp: QApplication) -> None:
    face = QRawFont.fromFont(letters.font(10, scale=100))
    assert [char for char in "ąęįǫáéíółńŁʼĄĘĮǪñü¿¡" if not face.supportsCharacter(ord(char))] == []
    assert not face.supportsCharacter(0x13000)


def test_every_control_keeps_room_for_what_stands_in_it(qapp: QApplication) -> None:
    for scale in (100, 200):
        put_on(qapp, Look(scale=scale))
        page = QWidget()
        rows = QVBoxLayout(page)
        date, number, line = QDateEdit(QDate(2026, 11, 24)), QSpinBox(), QLineEdit()
        date.setCalendarPopup(True)
        for each in (date, number, line):
            rows.addWidget(each)
        page.resize(300, 300)
        page.show()
        assert [one.width() for one in page.findChildren(QLineEdit) if one.isVisible() and one.width() < 40] == []


def test_a_pill_stays_round(qapp: QApplication) -> None:
    for scale in letters.SCALES:
        put_on(qapp, Look(scale=scale))
        sheet = qapp.styleSheet()
        pill = sheet.split('[class~="pill"] {')[1].split("}")[0]
        radius = int(pill.split("border-radius: ")[1].split("px")[0])
        height = int(pill.split("min-height: ")[1].split("px")[0])
        assert radius * 2 <= height


def test_a_class_given_later_takes_hold(qapp: QApplication) -> None:
    button = QPushButton("x")
    button.show()
    classed(button, "primary")
    button.ensurePolished()
    shown = button.grab().toImage().pixelColor(6, button.height() // 2)
    assert shown.name() == look_now().tokens.accent


def test_text_size_steps_stay_within_what_is_supported() -> None:
    assert letters.next_scale(100, step=1) == 110
    assert letters.next_scale(200, step=1) == 200
    assert letters.next_scale(80, step=-1) == 80


def test_icons_take_their_colour_are_kept_and_carry_their_licence(qapp: QApplication) -> None:
    drawn = pixmap("house", colour="#ff0000", size=20, ratio=2.0)
    assert (drawn.width(), drawn.devicePixelRatio()) == (40, 2.0)
    assert pixmap("house", colour="#ff0000", size=20, ratio=2.0) is drawn
    colours = {drawn.toImage().pixelColor(x, 20).name() for x in range(40)}
    assert "#ff0000" in colours
    assert not icon("house", colour="#ff0000", off="#00ff00").isNull()
    with pytest.raises(FileNotFoundError):
        pixmap("no-such-drawing", colour="#000000", size=10)
    assert "ISC" in resource("icons", "LICENSE").read_text()
    assert "SIL Open Font License" in resource("fonts", "OFL.txt").read_text()
