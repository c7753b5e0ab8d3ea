"""Qt's bindings and this Python: a pair that counts its references right."""

import sys

from PySide6.QtCore import QObject, QTimer


def test_ten_thousand_calls_leave_the_count_of_none_where_it_was() -> None:
    timer, child = QTimer(), QObject()
    before = sys.getrefcount(None)
    for _ in range(10_000):
        child.parent()
        timer.setInterval(1)
        timer.stop()
    drift = sys.getrefcount(None) - before
    assert abs(drift) < 1_000
