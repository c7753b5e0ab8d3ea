"""Walks a window as a screen reader does, in this process."""

from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget

INTERACTIVE = frozenset(
    {
        QAccessible.Role.Button,
        QAccessible.Role.CheckBox,
        QAccessible.Role.RadioButton,
        QAccessible.Role.EditableText,
        QAccessible.Role.ComboBox,
        QAccessible.Role.List,
        QAccessible.Role.Table,
        QAccessible.Role.PageTabList,
    }
)


def walk(widget: QWidget, *, invisible: bool = False) -> Iterator[QAccessibleInterface]:
    """Everything a reader finds in a window; with `invisible` also what is there and not shown."""
    root = QAccessible.queryAccessibleInterface(widget)
    assert root is not None
    yield from _below(root, invisible)


def _below(one: QAccessibleInterface, invisible: bool) -> Iterator[QAccessibleInterface]:
    if not invisible and one.state().invisible:
        return
    yield one
    for place in range(one.childCount()):
        child = one.child(place)
        if child is not None and child.isValid():
            yield from _below(child, invisible)


def texts(widget: QWidget, *, invisible: bool = False) -> set[str]:
    """Every name, value and description that a reader finds."""
    kinds = (QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description)
    return {text for one in walk(widget, invisible=invisible) for kind in kinds if (text := one.text(kind))}


def everything_open() -> set[str]:
    """What a reader, a taskbar or a tooltip finds of any window of the program that is shown."""
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    found = {one.windowTitle() for one in shown}
    for one in shown:
        found |= texts(one, invisible=True)
        found |= {child.toolTip() for child in one.findChildren(QWidget)}
    return found
