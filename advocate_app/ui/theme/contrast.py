"""How well one colour is read on another, as WCAG 2.2 computes it."""

from collections.abc import Iterator
from typing import Final

from advocate_app.ui.theme.tokens import Tokens

TEXT: Final = 4.5
"""WCAG 2.2, 1.4.3."""
EDGE: Final = 3.0
"""WCAG 2.2, 1.4.11."""

_READ: Final = (
    *(("text", ground) for ground in ("page", "card", "raised", "accent_soft", "mark")),
    *(("soft", ground) for ground in ("page", "card", "raised", "accent_soft")),
    *(("accent", ground) for ground in ("card", "page", "accent_soft")),
    ("on_accent", "accent"),
    ("rail_text", "rail"),
    ("rail_on", "rail_chosen"),
    *((name, f"{name}_soft") for name in ("danger", "warn", "good", "off")),
    *((name, ground) for name in ("danger", "warn", "good") for ground in ("card", "page", "accent_soft")),
)
_SEEN: Final = (("edge", "card"), ("edge", "page"), ("focus", "card"), ("focus", "page"), ("focus", "rail"))


def ratio(one: str, other: str) -> float:
    """The contrast of two colours ("#rrggbb"), from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(tokens: Tokens) -> Iterator[tuple[str, str, float]]:
    """The pairs (what, on what, ratio) of a theme that are used and cannot be told apart well enough."""
    for pairs, least in ((_READ, TEXT), (_SEEN, EDGE)):
        for name, ground in pairs:
            found = ratio(getattr(tokens, name), getattr(tokens, ground))
            if found < least:
                yield name, ground, round(found, 2)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
