"""Cases: the list that a day is worked from, with a pane beside it."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar, Final, Literal

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from advocate_app.store.changes import Changes, Topic
from advocate_app.store.queries.cases import CaseOrder, CaseRow, list_cases
from advocate_app.store.queries.clients import ClientRow, find_client
from advocate_app.ui.client_file import ClientFile, gather
from advocate_app.ui.days import is_overdue, moment_words
from advocate_app.ui.desk import Desk
from advocate_app.ui.models.paged import Column, PagedModel
from advocate_app.ui.opened import Db
from advocate_app.ui.people import called
from advocate_app.ui.screen import Screen
from advocate_app.ui.screens.peek import Peek
from advocate_app.ui.theme.look import look_now
from advocate_app.ui.widgets.pieces import Chips, Empty, words
from advocate_app.ui.widgets.rows import Painted, RowPainter, row_height
from advocate_app.ui.words import label, tr, worded

PAGE: Final = 100
_ORDERS: Final[tuple[CaseOrder, ...]] = ("due", "risk", "opened", "number")
_TONES: Final = {"high": "danger", "medium": "warn", "low": "good"}
_TYPING_MS: Final = 120
_DISPENSABLE: Final = (3, 1, 2, 4)
"""Columns by place: next step, stage, risk, due. Who, and whether it is synced, always stay."""
View = Literal["mine", "all", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseLine:
    """One line of the list. It names a person and has no `repr`."""

    client: bytes
    case: bytes | None
    name: str
    code: str
    number: str
    stage: str | None
    risk: str | None
    step: str
    due: str | None
    conflicts: int
    unlogged: int
    today: date
    last: CaseRow | None = None
    """Behind which the next page starts."""

    @property
    def due_words(self) -> str:
        """When something is due, and whether that is past."""
        if not self.due:
            return "—"
        when = moment_words(self.due[:10], today=self.today)
        return tr("due.overdue", when=when) if is_overdue(self.due, today=self.today) else when

    @property
    def sync_word(self) -> str:
        """conflict, waiting or synced."""
        return "conflict" if self.conflicts else "waiting" if self.unlogged else "synced"

    def painted(self, column: str) -> Painted:
        """What a cell of this line shows."""
        match column:
            case "client":
                return Painted(text=self.name, second=f"{self.number} · {self.code[-9:]}", strong=True)
            case "stage":
                return Painted(text=label("case_stage", self.stage), chip=self.stage is not None, tone="accent")
            case "risk":
                shape = "▲ " if self.risk == "high" else ""
                text = shape + label("risk_level", self.risk)
                return Painted(text=text, chip=self.risk is not None, tone=_TONES.get(self.risk or "", ""))
            case "step":
                return Painted(text=self.step or "—")
            case "due":
                late = is_overdue(self.due, today=self.today)
                return Painted(text=self.due_words, tone="danger" if late else "", strong=late)
        drawing, tone = {
            "conflict": ("git-compare", "danger"),
            "waiting": ("cloud-off", "warn"),
            "synced": ("cloud-check", "good"),
        }[self.sync_word]
        return Painted(text=worded("row", self.sync_word), drawing=drawing, tone=tone)

    def summary(self) -> str:
        """The whole line for a screen reader."""
        parts = [self.name, self.number, label("case_stage", self.stage), label("risk_level", self.risk)]
        return ", ".join([*parts, self.step, self.due_words, worded("row", self.sync_word)])


def _of_case(row: CaseRow, *, today: date) -> CaseLine:
    return CaseLine(
        client=row.client or b"",
        case=row.case,
        name=called(row),
        code=row.code or "—",
        number=row.number or "—",
        stage=row.stage,
        risk=row.risk_level,
        step=row.next_step or "",
        due=row.next_due,
        conflicts=row.conflicts,
        unlogged=row.unlogged,
        today=today,
        last=row,
    )


def _of_client(row: ClientRow, *, today: date) -> CaseLine:
    return CaseLine(
        client=row.client,
        case=row.case,
        name=called(row),
        code=row.code or "—",
        number=row.case_number or "—",
        stage=row.stage,
        risk=row.risk_level,
        step=row.next_step or "",
        due=row.next_due,
        conflicts=row.conflicts,
        unlogged=row.unlogged,
        today=today,
    )


class CasesScreen(Screen):
    """Every case this member may see."""

    name: ClassVar[str] = "cases"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.view: View = "mine"
        self.order: CaseOrder = "due"
        self.model = PagedModel(_columns(), key=lambda row: row.case or row.client, parent=self)
        self.model.wanted.connect(self._next_page)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("cases.filter"))
        self.filter.setAccessibleName(tr("cases.filter"))
        self.filter.setClearButtonEnabled(True)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._list)
        self.filter.textChanged.connect(self._typing.start)
        self.count = words("", "soft")
        self.peek = Peek()
        self.peek.wanted.connect(self.opened_client)
        self.table = _table(self.model)
        self.table.selectionModel().currentRowChanged.connect(self._look)
        self.table.activated.connect(self._open)
        self.empty = Empty(tr("cases.none"), drawing="briefcase")
        self._lay_out()
        desk.changed.connect(self._follow)
        self._list()

    def entered(self) -> None:
        """Nothing to do: the list follows what changes."""

    def first_place(self) -> QWidget:
        """The list."""
        return self.table

    def toggle_peek(self) -> None:
        """Show or hide the pane beside the list."""
        self.peek.setVisible(not self.peek.isVisible())
        if self.peek.isVisible():
            self._look(self.table.currentIndex())

    def _lay_out(self) -> None:
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(20, 16, 20, 20)
        rows.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(words(tr("nav.cases"), "title"), 1)
        head.addWidget(self.count)
        rows.addLayout(head)
        self.views = Chips(
            [("mine", tr("cases.mine")), ("all", tr("cases.all")), ("closed", tr("cases.closed"))],
            name=tr("cases.views"),
        )
        self.views.choose(["mine"])
        self.views.picked.connect(self._pick)
        rows.addWidget(self.views)
        tools = QHBoxLayout()
        tools.addWidget(self.filter, 1)
        self.orders = QComboBox()
        self.orders.setAccessibleName(tr("cases.order"))
        for order in _ORDERS:
            self.orders.addItem(worded("order", order), order)
        self.orders.currentIndexChanged.connect(self._reorder)
        tools.addWidget(self.orders)
        rows.addLayout(tools)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        rows.addWidget(self.stack, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.peek)
        split.setStretchFactor(0, 1)
        split.setCollapsible(0, False)
        split.setCollapsible(1, False)
        split.setSizes([820, look_now().px(340)])
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)
        for keys in ("Ctrl+F", "/"):
            QShortcut(
                QKeySequence(keys),
                self.table if keys == "/" else self,
                self.filter.setFocus,
                context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
            )
        for keys, step in (("J", 1), ("K", -1)):
            QShortcut(
                QKeySequence(keys), self.table, partial(self._step, step), context=Qt.ShortcutContext.WidgetShortcut
            )
        QShortcut(QKeySequence("Esc"), self.filter, self.filter.clear, context=Qt.ShortcutContext.WidgetShortcut)

    def _list(self) -> None:
        self.ask("list", self._query(after=None), self._show)

    def _query(self, *, after: CaseRow | None) -> "partial[tuple[list[CaseLine], bool]]":
        return partial(
            _lines,
            self.desk,
            text=self.filter.text().strip(),
            view=self.view,
            order=self.order,
            after=after,
            today=self.desk.today(),
        )

    def _show(self, answer: tuple[list[CaseLine], bool]) -> None:
        lines, more = answer
        kept = self.model.key_at(self.table.currentIndex().row())
        self.model.show(lines, more=more)
        self._tell_count()
        searching = bool(self.filter.text().strip())
        self.empty.words.setText(tr("cases.no_match") if searching else tr("cases.none"))
        self.stack.setCurrentWidget(self.table if lines else self.empty)
        place = max(0, self.model.place_of(kept)) if lines else -1
        if place >= 0:
            self.table.setCurrentIndex(self.model.index(place, 0))
        else:
            self.peek.show_file(None, today=self.desk.today())

    def _next_page(self, last: CaseLine) -> None:
        if last.last is not None:
            self.ask("page", self._query(after=last.last), self._add)

    def _add(self, answer: tuple[list[CaseLine], bool]) -> None:
        self.model.add(answer[0], more=answer[1])
        self._tell_count()

    def _tell_count(self) -> None:
        more = self.model.canFetchMore(QModelIndex())
        shown = self.model.rowCount()
        self.count.setText(tr("cases.count_more", n=shown) if more else tr("cases.count", n=shown))

    def _look(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        line = self.model.row(index.row())
        if line is None or self.peek.isHidden():
            return
        self.ask("peek", partial(_gather, self.desk, client=line.client), self._peek)

    def _peek(self, file: ClientFile | None) -> None:
        self.peek.show_file(file, today=self.desk.today())

    def _open(self, index: QModelIndex) -> None:
        line = self.model.row(index.row())
        if line is not None:
            self.opened_client.emit(line.client)

    def _step(self, step: int) -> None:
        place = self.table.currentIndex().row() + step
        if 0 <= place < self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(place, 0))

    def _pick(self) -> None:
        chosen = self.views.chosen
        self.view = "closed" if "closed" in chosen else "all" if "all" in chosen else "mine"
        self._list()

    def _reorder(self) -> None:
        self.order = _ORDERS[self.orders.currentIndex()]
        self._list()

    def _follow(self, changes: Changes) -> None:
        if changes.touch(Topic.CLIENTS, Topic.CASES, Topic.TASKS, Topic.SAFE_CONTACTS, Topic.CONTACTS, Topic.WAITING):
            self._list()


def _lines(
    desk: Desk, db: Db, *, text: str, view: View, order: CaseOrder, after: CaseRow | None, today: date
) -> tuple[list[CaseLine], bool]:
    """A page of lines, and whether more follow. On the read lane."""
    if text:
        rows = [find_client(db, client=client) for client, _ in desk.opened.found(db, text)]
        return [_of_client(row, today=today) for row in rows if row is not None], False
    found = list_cases(
        db,
        order=order,
        advocate=desk.opened.who(db).member if view == "mine" else None,
        closed=view == "closed",
        after=None if after is None else (after.sort_key, after.row),
        limit=PAGE,
    )
    return [_of_case(row, today=today) for row in found if row.client is not None], len(found) == PAGE


def _gather(desk: Desk, db: Db, *, client: bytes) -> ClientFile | None:
    return gather(db, client=client, names=desk.opened.names(db), first=10)


def _columns() -> list[Column]:
    return [
        Column(
            key="client", heading=tr("column.client"), says=lambda row: row.name, width=23, summary=CaseLine.summary
        ),
        Column(key="stage", heading=tr("column.stage"), says=lambda row: label("case_stage", row.stage), width=13),
        Column(key="risk", heading=tr("column.risk"), says=lambda row: label("risk_level", row.risk), width=11),
        Column(key="step", heading=tr("column.step"), says=lambda row: row.step, width=18),
        Column(key="due", heading=tr("column.due"), says=lambda row: row.due_words, width=20),
        Column(key="sync", heading=tr("column.sync"), says=lambda row: worded("row", row.sync_word), width=7),
    ]


class _Table(QTableView):
    """Leaves out columns, the most dispensable first, where there is no room for all of them."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Fit the columns."""
        super().resizeEvent(event)
        model = self.model()
        assert isinstance(model, PagedModel)
        letter = QFontMetrics(look_now().font()).averageCharWidth()
        widths = {place: letter * column.width for place, column in enumerate(model.columns)}
        left_out: set[int] = set()
        for place in _DISPENSABLE:
            if sum(width for at, width in widths.items() if at not in left_out) <= self.viewport().width():
                break
            left_out.add(place)
        for place in widths:
            self.setColumnHidden(place, place in left_out)
        stretched = 3 if 3 not in left_out else 0
        head = self.horizontalHeader()
        for place, width in widths.items():
            fixed = place != stretched
            head.setSectionResizeMode(
                place, QHeaderView.ResizeMode.Interactive if fixed else QHeaderView.ResizeMode.Stretch
            )
            if fixed:
                self.setColumnWidth(place, width)


def _table(model: PagedModel) -> QTableView:
    table = _Table()
    table.setModel(model)
    table.setItemDelegate(RowPainter(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setAccessibleName(tr("nav.cases"))
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(row_height())
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    return table
