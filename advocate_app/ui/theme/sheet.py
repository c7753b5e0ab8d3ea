"""The one style sheet: a template that a theme's tokens and the text size fill in."""

from dataclasses import asdict
from string import Template
from typing import Final

from advocate_app.base.paths import resource
from advocate_app.ui.theme import type as letters
from advocate_app.ui.theme.tokens import Tokens

_SHEET: Final = Template(
    """
* { outline: none; }
QWidget { color: $text; font-family: "Inter", "Noto Sans"; font-size: ${body}pt; }
QMainWindow, QDialog, #page { background: $page; }
QLabel { background: transparent; }
[class~="title"] { font-size: ${title}pt; font-weight: 600; }
[class~="hero"] { font-size: ${hero}pt; font-weight: 600; }
[class~="head"] { font-size: ${large}pt; font-weight: 600; }
[class~="strong"] { font-weight: 600; }
[class~="soft"] { color: $soft; }
[class~="small"] { font-size: ${small}pt; }
[class~="label"] { color: $soft; font-weight: 500; }
[class~="danger"] { color: $danger; }
[class~="warn"] { color: $warn; }
[class~="card"] { background: $card; border: 1px solid $line; border-radius: 10px; }
[class~="panel"] { background: $card; }
[class~="peek"] { background: $card; border-left: 1px solid $line; }
[class~="bar"] { background: $card; border-bottom: 1px solid $line; }
[class~="foot"] { background: $raised; border-top: 1px solid $line; }
[class~="strip"] { background: $danger_soft; border: 1px solid $danger; border-radius: 8px; }
[class~="strip"] QLabel { color: $danger; }
[class~="strip-calm"] { background: $accent_soft; border: 1px solid $edge; border-radius: 8px; }
[class~="notice"] { background: $warn_soft; border: 1px solid $warn; border-radius: 8px; }
[class~="notice"] QLabel { color: $warn; }
[class~="toast"] { background: $rail; border: 1px solid $edge; border-radius: 8px; }
[class~="toast"] QLabel { color: $rail_on; }
[class~="toast"] QPushButton { background: transparent; color: $rail_on; border: 1px solid $rail_text; }
#cover, #cover QWidget { background: $page; }
QPushButton, QToolButton { background: $card; border: 1px solid $edge; border-radius: 6px; padding: ${p1}px ${p3}px;
  min-height: ${control}px; font-weight: 500; }
QPushButton:hover, QToolButton:hover { background: $raised; }
QPushButton:pressed, QToolButton:pressed { background: $accent_soft; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; padding: ${p1}px ${p2}px; }
QPushButton:disabled, QToolButton:disabled { background: $off_soft; color: $off; border-color: $line; }
QPushButton[class~="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[class~="primary"]:hover { background: $focus; color: $on_accent; }
QPushButton[class~="primary"]:focus { border: 2px solid $text; }
QPushButton[class~="primary"]:disabled { background: $off_soft; color: $off; border-color: $line; }
QPushButton[class~="plain"] { background: transparent; border-color: transparent; color: $accent; }
QPushButton[class~="plain"]:focus { border: 2px solid $focus; }
QPushButton[class~="chip"] { border: 1px solid $line; border-radius: ${round}px; min-height: ${chip}px;
  padding: 0 ${p3}px; }
QPushButton[class~="chip"]:checked { background: $accent_soft; border: 1px solid $accent; color: $accent;
  font-weight: 600; }
QPushButton[class~="chip"]:focus { border: 2px solid $focus; }
QPushButton[class~="pill"] { border-radius: ${round}px; min-height: ${chip}px; padding: 0 ${p3}px; }
QPushButton[class~="pill-good"] { background: $good_soft; color: $good; border-color: $good; }
QPushButton[class~="pill-warn"] { background: $warn_soft; color: $warn; border-color: $warn; }
QPushButton[class~="pill-danger"] { background: $danger_soft; color: $danger; border-color: $danger; }
QPushButton[class~="pill-busy"] { background: $accent_soft; color: $accent; border-color: $accent; }
QPushButton[class~="pill"]:focus { border: 2px solid $focus; }
QLineEdit, QPlainTextEdit, QTextBrowser, QComboBox, QAbstractSpinBox { background: $card; border: 1px solid $edge;
  border-radius: 6px; padding: ${p1}px ${p2}px; selection-background-color: $mark; selection-color: $text; }
QLineEdit, QComboBox { min-height: ${control}px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QTextBrowser:focus, QAbstractSpinBox:focus {
  border: 2px solid $focus; padding: ${p0}px ${p1b}px; }
QAbstractSpinBox QLineEdit, QDateEdit QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: ${arrow}px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$chevron"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $card; color: $text; selection-background-color: $accent_soft;
  selection-color: $text; border: 1px solid $edge; }
QCheckBox::indicator, QRadioButton::indicator { width: ${mark_size}px; height: ${mark_size}px;
  border: 2px solid $edge; background: $card; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: ${mark_round}px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox:focus, QRadioButton:focus { color: $focus; text-decoration: underline; }
QListView, QTableView { background: $card; border: 1px solid $line; border-radius: 10px; gridline-color: $line;
  selection-background-color: $accent_soft; selection-color: $text; }
QListView:focus, QTableView:focus { border: 2px solid $focus; }
QListView::item { padding: ${p1}px ${p1b}px; border-radius: 4px; }
QListView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: $raised; border: none; }
QHeaderView::section { background: $raised; color: $soft; border: none; border-bottom: 1px solid $line;
  padding: ${p2}px ${p2}px; font-weight: 600; font-size: ${small}pt; }
QHeaderView::section:focus { color: $accent; }
QTableCornerButton::section { background: $raised; border: none; }
#rail { background: $rail; border: none; }
#rail QLabel { color: $rail_on; }
#rail QPushButton { background: $rail; color: $rail_text; border-color: $rail_chosen; }
#rail QPushButton:hover { background: $rail_chosen; color: $rail_on; }
#rail QPushButton:focus { border: 2px solid $focus; }
QListWidget[class~="nav"] { background: $rail; border: none; border-radius: 0; color: $rail_text; }
QListWidget[class~="nav"]::item { padding: ${p2}px ${p2}px; margin: 2px 12px; border-radius: 6px;
  border: 2px solid transparent; color: $rail_text; }
QListWidget[class~="nav"]::item:selected { background: $rail_chosen; color: $rail_on; }
QListWidget[class~="nav"]:focus { border: none; }
QListWidget[class~="nav"]::item:selected:focus { border: 2px solid $focus; }
QListWidget[class~="nav"]::item:hover { background: $rail_chosen; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $soft; padding: ${p2}px ${p2}px; border: 2px solid transparent;
  border-bottom: 2px solid transparent; font-weight: 500; }
QTabBar::tab:selected { color: $accent; border-bottom: 2px solid $accent; }
QTabBar::tab:selected:focus { border: 2px solid $focus; border-radius: 4px; }
QTabWidget::pane { border: none; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollArea:focus { border: 2px solid $focus; border-radius: 6px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 4px; min-height: 32px; min-width: 32px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; width: 1px; }
QSplitter::handle:focus { background: $focus; }
QToolTip { background: $rail; color: $rail_on; border: 1px solid $edge; padding: 4px 6px; }
QProgressBar { background: $off_soft; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QMenu { background: $card; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: ${p1}px ${p3}px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
"""
)


def style_sheet(tokens: Tokens, *, scale: int) -> str:
    """The style sheet of a theme at this text size in percent."""
    colours = {name: value for name, value in asdict(tokens).items() if name != "name"}
    points = {"small": letters.SMALL, "body": letters.BODY, "large": letters.LARGE, "title": letters.TITLE}
    points["hero"] = letters.HERO
    pixels = {"control": 22, "chip": 26, "arrow": 22, "mark_size": 14, "p0": 3, "p1": 4, "p1b": 7, "p2": 8, "p3": 12}
    sizes = {name: f"{value * scale / 100:g}" for name, value in points.items()}
    lengths = {name: str(round(value * (1 + (scale / 100 - 1) * 0.6))) for name, value in pixels.items()}
    # A radius above half the height is dropped, and the pill becomes a box.
    lengths["round"] = str(int(lengths["chip"]) // 2)
    lengths["mark_round"] = str((int(lengths["mark_size"]) + 4) // 2)
    drawn = {"chevron": resource("theme", f"chevron-{tokens.name}.svg").as_posix()}
    return _SHEET.substitute(colours | sizes | lengths | drawn)
