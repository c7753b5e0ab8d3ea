"""The frame: the rail, the top bar, the pages, and the keys that work everywhere."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from advocate_app.base.errors import Fault
from advocate_app.sync.words import SyncState, SyncWord
from advocate_app.ui.cover import Hiding
from advocate_app.ui.days import clock_words
from advocate_app.ui.desk import Desk
from advocate_app.ui.palette import Act, Palette
from advocate_app.ui.screen import Screen
from advocate_app.ui.screens.cases import CasesScreen
from advocate_app.ui.screens.client import ClientScreen
from advocate_app.ui.screens.log_contact import LogContact
from advocate_app.ui.screens.sync_centre import SyncScreen, sync_words
from advocate_app.ui.screens.today import TodayScreen
from advocate_app.ui.telling import tell_fault
from advocate_app.ui.theme.icons import icon
from advocate_app.ui.theme.look import classed, look_now, put_on
from advocate_app.ui.toasts import Toasts
from advocate_app.ui.widgets.pieces import button, words
from advocate_app.ui.words import tr, worded

_SCREENS: Final[tuple[tuple[type[Screen], str], ...]] = (
    (TodayScreen, "house"),
    (CasesScreen, "briefcase"),
    (SyncScreen, "refresh-cw"),
)
"""What the rail leads to: only what is built."""
IDLE_MS: Final = 10 * 60_000
_WARN_MS: Final = 60_000
_ACTIVE: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})
_PILLS: Final = {
    SyncWord.UP_TO_DATE: ("cloud-check", "pill pill-good", "good"),
    SyncWord.WAITING: ("cloud-upload", "pill pill-busy", "accent"),
    SyncWord.SYNCING: ("refresh-cw", "pill pill-busy", "accent"),
    SyncWord.OFFLINE: ("cloud-off", "pill pill-warn", "warn"),
    SyncWord.NEEDS_ATTENTION: ("circle-alert", "pill pill-danger", "danger"),
}


class Frame(QMainWindow):
    """The window of an unlocked vault."""

    locking = Signal()
    """The window wants to lock: what was typed is in the vault, or on its way there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setWindowTitle(tr("app.title"))
        self.resize(1280, 800)
        self._screens: dict[str, Screen] = {}
        self._page: ClientScreen | None = None
        self._back_to = TodayScreen.name
        self.hiding = Hiding(self)
        self.hiding.locked.connect(self.lock)
        self.whole = QWidget()
        self.whole.setObjectName("page")
        self.rail = self._rail()
        self.pages = QStackedWidget()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._bar())
        right.addWidget(self.pages, 1)
        both = QHBoxLayout(self.whole)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addWidget(self._rail_box)
        both.addLayout(right, 1)
        self.setCentralWidget(self.whole)
        self.toasts = Toasts(self.whole, now=desk.local)
        self.sheet = LogContact(desk, self.whole)
        self.sheet.saved.connect(lambda said, undo: self.toasts.say(said, undo=undo))
        self.sheet.closed.connect(self._focus_page)
        self._acts = self._keys()
        self.palette_line = Palette(desk, self.whole, acts=self._acts, go=self.open_client)
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS - _WARN_MS)
        self._idle.timeout.connect(self._warn)
        self._last_minute = QTimer(self, singleShot=True, interval=_WARN_MS)
        self._last_minute.timeout.connect(self.lock)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        desk.failed.connect(self._failed)
        desk.sync_told.connect(self._tell_sync)
        self._tell_sync(desk.sync)
        self.go(TodayScreen.name)
        desk.refresh_sync()
        desk.index()
        desk.start_sync()
        self._idle.start()

    def go(self, name: str, *, stay: bool = False) -> None:
        """Bring a screen to the front, made when it is first wanted; with `stay` the keyboard stays where it is."""
        screen = self._screens.get(name)
        if screen is None:
            kind = next(kind for kind, _ in _SCREENS if kind.name == name)
            screen = self._screens[name] = self._made(kind(self.desk))
        place = next(place for place, (kind, _) in enumerate(_SCREENS) if kind.name == name)
        if self.rail.currentRow() != place:
            with QSignalBlocker(self.rail):
                self.rail.setCurrentRow(place)
        self._back_to = name
        self._front(screen, stay=stay)
        self._drop_page()

    def open_client(self, client: bytes) -> None:
        """Show a client's page; Alt+Left leads back."""
        before = self._page
        self._page = ClientScreen(self.desk, client=client)
        self._page.back.clicked.connect(self.back)
        self._front(self._made(self._page))
        if before is not None:
            self.pages.removeWidget(before)
            before.deleteLater()

    def back(self) -> None:
        """From a client's page to where one came from."""
        if self._page is not None:
            self.go(self._back_to)

    def find_or_do(self) -> None:
        """Open the palette."""
        self.palette_line.open()

    def log_contact(self) -> None:
        """Open the sheet, for the client whose page is open."""
        if not self.hiding.hidden:
            self.sheet.open(client=None if self._page is None else self._page.client)

    def lock(self) -> None:
        """Keep what was typed and lock."""
        self.sheet.keep()
        self.hiding.hide()
        self.locking.emit()

    def show_recent(self) -> None:
        """What was told lately, the newest first."""
        said = [f"{clock_words(one.at)}  {one.text}" for one in reversed(self.toasts.recent)]
        self._note(tr("messages.title"), said or [tr("messages.none")])

    def show_keys(self) -> None:
        """Every key of this window."""
        self._note(tr("keys.title"), [f"{act.keys}   {act.says}" for act in self._acts if act.keys])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Somebody is here; and what hides sees every key first."""
        if event.type() in _ACTIVE:
            self._idle.start()
            self._last_minute.stop()
        return self.hiding.eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        """Keep what was typed, and let everything reach the disk."""
        self.sheet.keep()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self.desk.close()
        super().closeEvent(event)

    def _made(self, screen: Screen) -> Screen:
        screen.opened_client.connect(self.open_client)
        screen.said.connect(self.toasts.say)
        screen.offered.connect(lambda said, undo: self.toasts.say(said, undo=undo))
        self.pages.addWidget(screen)
        return screen

    def _front(self, screen: Screen, *, stay: bool = False) -> None:
        self.pages.setCurrentWidget(screen)
        screen.entered()
        if not stay:
            self._focus_page()

    def _drop_page(self) -> None:
        if self._page is not None:
            self.pages.removeWidget(self._page)
            self._page.deleteLater()
            self._page = None

    def _focus_page(self) -> None:
        shown = self.pages.currentWidget()
        place = shown.first_place() if isinstance(shown, Screen) else self.rail
        (self.rail if place.isHidden() else place).setFocus()

    def _rail(self) -> QListWidget:
        look = look_now()
        box = self._rail_box = QFrame()
        box.setObjectName("rail")
        box.setFixedWidth(look.px(196))
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 16, 0, 16)
        rows.setSpacing(8)
        name = QLabel(tr("app.name"))
        name.setProperty("class", "head")
        name.setContentsMargins(24, 0, 0, 0)
        rows.addWidget(name)
        rail = QListWidget()
        rail.setProperty("class", "nav")
        rail.setAccessibleName(tr("nav.name"))
        rail.setIconSize(QSize(look.px(18), look.px(18)))
        for place, (kind, drawing) in enumerate(_SCREENS):
            item = QListWidgetItem(icon(drawing, colour=look.tokens.rail_text), worded("nav", kind.name))
            item.setToolTip(f"Ctrl+{place + 1}")
            rail.addItem(item)
        rail.currentRowChanged.connect(lambda row: self.go(_SCREENS[row][0].name, stay=True))
        rows.addWidget(rail, 1)
        lock = button(tr("do.lock"), tip="Ctrl+Shift+L")
        lock.setIcon(icon("lock", colour=look.tokens.rail_text))
        lock.clicked.connect(self.lock)
        line = QHBoxLayout()
        line.setContentsMargins(12, 0, 12, 0)
        line.addWidget(lock)
        rows.addLayout(line)
        return rail

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("class", "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(10)
        find = button(tr("do.find"), drawing="search", tip="Ctrl+K")
        find.clicked.connect(self.find_or_do)
        row.addWidget(find)
        row.addStretch(1)
        self.pill = button("", classes="pill")
        self.pill.clicked.connect(partial(self.go, SyncScreen.name))
        hide = button(tr("do.hide"), drawing="eye-off", tip="F9")
        hide.clicked.connect(self.hiding.hide)
        log = button(tr("do.log_contact"), drawing="plus", classes="primary", tip="Ctrl+N")
        log.clicked.connect(self.log_contact)
        for each in (self.pill, hide, log):
            row.addWidget(each)
        return bar

    def _keys(self) -> list[Act]:
        table: list[tuple[str, str, Callable[[], object]]] = [
            (tr("do.find"), "Ctrl+K", self.find_or_do),
            (tr("do.log_contact"), "Ctrl+N", self.log_contact),
            (tr("do.hide"), "F9", self.hiding.hide),
            (tr("do.lock"), "Ctrl+Shift+L", self.lock),
            (tr("do.sync_now"), "Ctrl+R", self.desk.sync_now),
            (tr("do.peek"), "F8", self._toggle_peek),
            (tr("do.panes"), "F6", partial(self._next_pane, 1)),
            (tr("do.panes_back"), "Shift+F6", partial(self._next_pane, -1)),
            (tr("do.back"), "Alt+Left", self.back),
            (tr("do.undo"), "Ctrl+Z", self.toasts.undo),
            (tr("messages.title"), "Ctrl+Shift+M", self.show_recent),
            (tr("do.larger"), "Ctrl++", partial(self._resize_text, 1)),
            (tr("do.smaller"), "Ctrl+-", partial(self._resize_text, -1)),
            (tr("keys.title"), "F1", self.show_keys),
        ]
        for place, (kind, _) in enumerate(_SCREENS):
            table.append((worded("nav", kind.name), f"Ctrl+{place + 1}", partial(self.go, kind.name)))
        for _, keys, do in table:
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self._unless_hidden, do))
        return [Act(says=says, keys=keys, do=do) for says, keys, do in table]

    def _unless_hidden(self, do: Callable[[], object]) -> None:
        if not self.hiding.hidden:
            do()

    def _toggle_peek(self) -> None:
        shown = self.pages.currentWidget()
        if isinstance(shown, CasesScreen):
            shown.toggle_peek()

    def _next_pane(self, step: int) -> None:
        shown = self.pages.currentWidget()
        page = shown.first_place() if isinstance(shown, Screen) else self.pages
        panes: list[QWidget] = [self.rail, self.pill, page]
        if isinstance(shown, CasesScreen) and shown.peek.isVisible():
            panes.append(shown.peek)
        now = QApplication.focusWidget()
        place = next((at for at, one in enumerate(panes) if now is one or (now and one.isAncestorOf(now))), -1)
        panes[(place + step) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    def _resize_text(self, step: int) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        put_on(app, look_now().larger(step))
        self._rail_box.setFixedWidth(look_now().px(196))

    def _tell_sync(self, state: SyncState) -> None:
        drawing, classes, tone = _PILLS[state.word]
        self.pill.setText(sync_words(state))
        self.pill.setAccessibleName(tr("sync.pill", state=sync_words(state)))
        self.pill.setIcon(icon(drawing, colour=getattr(look_now().tokens, tone)))
        classed(self.pill, classes)

    def _failed(self, fault: Fault) -> None:
        self.toasts.say(tell_fault(fault).text())

    def _warn(self) -> None:
        self._last_minute.start()
        self.toasts.say(tr("lock.soon"))

    def _note(self, heading: str, lines: list[str]) -> None:
        """A list over the page, closed by Escape."""
        note = QFrame(self.whole)
        note.setProperty("class", "card")
        rows = QVBoxLayout(note)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.addWidget(words(heading, "head"))
        listing = QListWidget()
        listing.setAccessibleName(heading)
        listing.addItems(lines)
        listing.setCurrentRow(0)
        rows.addWidget(listing, 1)
        close = button(tr("do.close"), tip="Esc")
        rows.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

        def end() -> None:
            note.hide()
            note.deleteLater()
            self._focus_page()

        close.clicked.connect(end)
        QShortcut(QKeySequence("Esc"), note, end, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        width, height = min(look_now().px(520), self.whole.width() - 32), min(520, self.whole.height() - 64)
        note.setGeometry((self.whole.width() - width) // 2, 48, width, height)
        note.show()
        note.raise_()
        listing.setFocus()


def set_direction(rtl: bool) -> None:
    """Lay everything out from the right, for languages written so."""
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
