"""The pane beside a list: one client at a glance, without leaving the list."""

from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from advocate_app.ui.client_file import ClientFile, entry_words
from advocate_app.ui.days import is_overdue, moment_words
from advocate_app.ui.people import called
from advocate_app.ui.theme.look import look_now
from advocate_app.ui.widgets.pieces import Empty, SafetyStrip, button, words
from advocate_app.ui.words import label, tr

_ENTRIES = 6


class Peek(QFrame):
    """Shows a `ClientFile`, or asks to choose one."""

    wanted = Signal(bytes)
    """The whole page of this client."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("class", "peek")
        self.setAccessibleName(tr("peek.name"))
        self._client: bytes | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._inside: QWidget = Empty(tr("peek.choose"), drawing="users")
        self._rows.addWidget(self._inside)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """A third of a window."""
        return QSize(look_now().px(380), 400)

    @property
    def client(self) -> bytes | None:
        """Whose file is shown."""
        return self._client

    def show_file(self, file: ClientFile | None, *, today: date) -> None:
        """Show a client; None: nobody is chosen."""
        self._client = None if file is None else file.row.client
        inside = Empty(tr("peek.choose"), drawing="users") if file is None else self._page(file, today)
        self._rows.replaceWidget(self._inside, inside)
        self._inside.hide()
        self._inside.deleteLater()
        self._inside = inside

    def _page(self, file: ClientFile, today: date) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(20, 16, 20, 0)
        rows.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(words(called(file.row), "head", wraps=True), 1)
        head.addWidget(words(file.row.case_number or "", "soft"), 0, Qt.AlignmentFlag.AlignTop)
        rows.addLayout(head)
        strip = SafetyStrip()
        strip.show_words(file.safety.words, danger=file.safety.danger)
        rows.addWidget(strip)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(16)
        column.addLayout(facts(_facts(file)))
        column.addLayout(_section(tr("peek.due"), [_due(one.values, one.at, today) for one in file.tasks[:4]]))
        entries = [entry_words(one, today=today) for one in file.timeline[:_ENTRIES]]
        column.addLayout(_section(tr("peek.lately"), [(what, when, "") for what, when in entries]))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setAccessibleName(tr("peek.name"))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.addWidget(scroll, 1)
        foot = QFrame()
        foot.setProperty("class", "foot")
        bar = QHBoxLayout(foot)
        bar.setContentsMargins(20, 10, 20, 10)
        bar.addWidget(words(tr("file.waiting" if file.row.unlogged else "file.synced"), "soft small", wraps=True), 1)
        more = button(tr("do.open_page"), drawing="chevron-right")
        more.clicked.connect(lambda: self.wanted.emit(file.row.client))
        bar.addWidget(more)
        outer = QWidget()
        both = QVBoxLayout(outer)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addWidget(page, 1)
        both.addWidget(foot)
        return outer


def facts(pairs: list[tuple[str, str]]) -> QGridLayout:
    """Names and what they say, under each other in two columns."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(10)
    for place, (name, said) in enumerate(pairs):
        cell = QVBoxLayout()
        cell.setSpacing(1)
        cell.addWidget(words(name, "label small"))
        cell.addWidget(words(said or "—", wraps=True))
        cell.addStretch(1)
        grid.addLayout(cell, place // 2, place % 2)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _facts(file: ClientFile) -> list[tuple[str, str]]:
    advocate = file.row.advocate
    return [
        (tr("fact.stage"), label("case_stage", file.row.stage)),
        (tr("fact.risk"), label("risk_level", file.row.risk_level)),
        (tr("fact.language"), label("language", file.client.get("language"))),
        (tr("fact.interpreter"), label("yes_no", file.client.get("interpreter_needed"))),
        (tr("fact.community"), file.client.get("community") or "—"),
        (tr("fact.advocate"), "—" if advocate is None else file.names.get(advocate, "—")),
    ]


def _due(values: object, at: str, today: date) -> tuple[str, str, str]:
    said = values if isinstance(values, dict) else {}
    late = is_overdue(at, today=today)
    title = said.get("title") or label("task_kind", said.get("kind"))
    when = moment_words(at, today=today)
    return title, tr("due.overdue", when=when) if late else when, "danger" if late else ""


def _section(heading: str, entries: list[tuple[str, str, str]]) -> QVBoxLayout:
    rows = QVBoxLayout()
    rows.setSpacing(6)
    rows.addWidget(words(heading, "label"))
    if not entries:
        rows.addWidget(words(tr("peek.nothing"), "soft"))
    for what, when, tone in entries:
        line = QHBoxLayout()
        line.addWidget(words(what, wraps=True), 1)
        line.addWidget(words(when, f"{tone or 'soft'} small"), 0, Qt.AlignmentFlag.AlignTop)
        rows.addLayout(line)
    return rows
