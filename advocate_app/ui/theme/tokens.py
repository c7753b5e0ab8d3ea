"""The colours of each theme, by what they are for; nothing else in the program names a colour."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One theme. Every value is "#rrggbb"."""

    name: str
    page: str
    """Behind everything."""
    card: str
    """Panels, inputs, lists."""
    raised: str
    """Headers of lists, footers."""
    line: str
    """Hairlines between things; tells nothing by itself."""
    edge: str
    """Borders of what can be typed in or pressed: 3:1 on card."""
    text: str
    soft: str
    """Second lines, labels."""
    accent: str
    """The one colour of what is active."""
    on_accent: str
    accent_soft: str
    """Ground of what is chosen."""
    focus: str
    rail: str
    rail_text: str
    rail_chosen: str
    rail_on: str
    """Text of the chosen entry of the rail."""
    danger: str
    """Safety only."""
    danger_soft: str
    warn: str
    warn_soft: str
    good: str
    good_soft: str
    off: str
    """Text of what cannot be pressed now."""
    off_soft: str
    mark: str
    """Behind chosen text."""


LIGHT: Final = Tokens(
    name="light",
    page="#f4f6f8",
    card="#ffffff",
    raised="#fafbfc",
    line="#e1e6ea",
    edge="#7d8992",
    text="#17212b",
    soft="#54616c",
    accent="#1c6570",
    on_accent="#ffffff",
    accent_soft="#dcedef",
    focus="#0f7c8a",
    rail="#10272d",
    rail_text="#c2d1d4",
    rail_chosen="#1e454d",
    rail_on="#ffffff",
    danger="#a11d1d",
    danger_soft="#fbe6e5",
    warn="#7a5200",
    warn_soft="#fdf0d2",
    good="#1d6534",
    good_soft="#e2f3e6",
    off="#5b6771",
    off_soft="#e9edf0",
    mark="#bfe0e4",
)
DARK: Final = Tokens(
    name="dark",
    page="#11171b",
    card="#1a2126",
    raised="#20282e",
    line="#2d373e",
    edge="#7c8a93",
    text="#e9eef1",
    soft="#a4b1ba",
    accent="#62bcc8",
    on_accent="#08252a",
    accent_soft="#1b3e45",
    focus="#7fd6e1",
    rail="#0b1013",
    rail_text="#b4c1c7",
    rail_chosen="#1a383d",
    rail_on="#ffffff",
    danger="#ff9d95",
    danger_soft="#4a1f1e",
    warn="#f1c15d",
    warn_soft="#3b2c0d",
    good="#84d79a",
    good_soft="#16341f",
    off="#95a1a9",
    off_soft="#283138",
    mark="#2c5a62",
)
CONTRAST: Final = Tokens(
    name="contrast",
    page="#000000",
    card="#000000",
    raised="#0d0d0d",
    line="#8c8c8c",
    edge="#ffffff",
    text="#ffffff",
    soft="#f0f0f0",
    accent="#ffe95c",
    on_accent="#000000",
    accent_soft="#3a3400",
    focus="#00f0ff",
    rail="#000000",
    rail_text="#ffffff",
    rail_chosen="#3a3400",
    rail_on="#ffe95c",
    danger="#ffb3ab",
    danger_soft="#3d0000",
    warn="#ffd75e",
    warn_soft="#2f2400",
    good="#9dffb0",
    good_soft="#00280c",
    off="#c0c0c0",
    off_soft="#1f1f1f",
    mark="#004e57",
)
THEMES: Final = {one.name: one for one in (LIGHT, DARK, CONTRAST)}
