"""One HTTP exchange after the other, by `requests`; what goes wrong on the way is told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import requests

from advocate_app.sync.errors import Offline, ServerTrouble, UntrustedConnection

CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 60
MAX_ANSWER: Final = 16 * 1024 * 1024
_PIECE: Final = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, body, media type, and `Retry-After` as it was given."""

    status: int
    body: bytes
    content: str
    retry_after: str | None


class Transport:
    """One session with one server; redirects are not followed, for no server of ours redirects."""

    def __init__(self) -> None:
        self._http = requests.Session()

    def close(self) -> None:
        """End the session."""
        self._http.close()

    def send(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """One exchange. Raises `Offline`, `UntrustedConnection`, `ServerTrouble`."""
        try:
            with self._http.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                answer = _read(response)
        except requests.exceptions.SSLError as error:
            raise UntrustedConnection("the server's certificate does not stand") from _bare(error)
        except (requests.exceptions.RequestException, OSError) as error:
            raise Offline("no answer from the server") from _bare(error)
        content = response.headers.get("Content-Type", "").split(";")[0].strip()
        return Answer(response.status_code, answer, content, response.headers.get("Retry-After"))


def _read(response: requests.Response) -> bytes:
    """The whole body, unless it is larger than any answer can be."""
    parts: list[bytes] = []
    total = 0
    for part in response.iter_content(chunk_size=_PIECE):
        total += len(part)
        if total > MAX_ANSWER:
            raise ServerTrouble("the server's answer is too long")
        parts.append(part)
    return b"".join(parts)


def _bare(error: Exception) -> Exception:
    """The error's kind alone: its text may name addresses."""
    return RuntimeError(type(error).__name__)
