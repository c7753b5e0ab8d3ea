"""A client's code: NM-<agency>-<eight symbols and a check symbol>, printable, without meaning."""

from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.base.ids import Ids

_SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_READ_AS: Final = str.maketrans("ILO", "110")
_BODY: Final = 8


def make_code(agency: str, *, ids: Ids) -> str:
    """A new code for a client of the agency with this short name (1 to 6 letters or digits): 40 random bits."""
    number = int.from_bytes(ids.secret(5), "big")
    body = "".join(_SYMBOLS[number >> 5 * place & 31] for place in range(_BODY))
    return f"NM-{agency.upper()}-{body}{_check_symbol(agency.upper(), body)}"


def read_code(text: str) -> str | Refusal:
    """A typed code in its proper form (case, spaces, I for 1 and O for 0 forgiven), or why it is none."""
    parts = "".join(text.split()).upper().split("-")
    if (
        len(parts) != 3
        or parts[0] != "NM"
        or not (1 <= len(parts[1]) <= 6 and parts[1].isascii() and parts[1].isalnum())
    ):
        return Refusal("client.code.malformed")
    symbols = parts[2].translate(_READ_AS)
    if len(symbols) != _BODY + 1 or any(symbol not in _SYMBOLS for symbol in symbols):
        return Refusal("client.code.malformed")
    if _check_symbol(parts[1], symbols[:_BODY]) != symbols[_BODY]:
        return Refusal("client.code.mistyped")
    return f"NM-{parts[1]}-{symbols}"


def _check_symbol(agency: str, body: str) -> str:
    """A polynomial over GF(32) at its generator: any one wrong symbol, and any two neighbours swapped, change it."""
    total = 0
    for value in [ord(char) & 31 for char in agency] + [_SYMBOLS.index(char) for char in body]:
        total = _times_two(total ^ value)
    return _SYMBOLS[total]


def _times_two(value: int) -> int:
    """Multiply by x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1)."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
