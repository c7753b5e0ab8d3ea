"""Text as search sees it: without case, marks, or the letters that a keyboard may lack."""

import unicodedata
from typing import Final

_AS: Final = str.maketrans({"ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ı": "i", "æ": "ae", "Æ": "ae"})
_DROPPED: Final = dict.fromkeys(map(ord, "'`´‘’‛ʼʻʹʾʿˈꞌ＇"))


def fold_text(text: str) -> str:
    """Fold text for searching: "Łichííʼ" becomes "lichii"; Diné, Spanish and plain spellings meet.

    Compatibility decomposition, combining marks dropped, letters without a decomposition (ł) replaced, apostrophes and
    glottal stops dropped, case folded. Folding twice changes nothing more.
    """
    if text.isascii():
        return text.casefold().translate(_DROPPED)
    plain = unicodedata.normalize("NFKD", text.translate(_AS)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_AS).translate(_DROPPED)
    return "".join(char for char in plain if not unicodedata.combining(char))
