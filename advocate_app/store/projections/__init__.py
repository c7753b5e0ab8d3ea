"""From events to the tables that screens read; nothing else writes those tables."""

from advocate_app.store.projections.project import project, refold
from advocate_app.store.projections.rebuild import ensure, is_current, rebuild

__all__ = ["ensure", "is_current", "project", "rebuild", "refold"]
