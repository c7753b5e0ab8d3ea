"""Zstandard with a numbered dictionary, bounded before a byte is expanded: number || frame."""

import threading
from functools import cache
from typing import Final

import zstandard

from advocate_app.base.paths import resource
from advocate_app.wire.errors import WireBroken, WireNewer

RAW: Final = 0
"""The number that says: what follows is not compressed."""
NEWEST: Final = 1
"""The dictionary written with; every one below it can be read for ever."""
MOST: Final = 26_214_400
"""Bytes that anything may expand to: 100 times the largest envelope."""
RATIO: Final = 100
_LEVEL: Final = 3
_SMALL_LEVEL: Final = 6
_SMALL: Final = 16_384
"""Below this a parcel is worth more effort: it is a day's work over a slow link, not an import."""
_NOISE: Final = 64
"""Random bytes that are worth a block of their own."""
_own: Final = threading.local()


def compress(content: bytes, *, noise: int = 0) -> bytes:
    """The dictionary's number and a frame, or 0 and the content where a frame would pass the bounds of `expand`.

    The first `noise` bytes are known to be random: they get a block of their own, that the rest may compress better.
    """
    compressor = _compressor(_SMALL_LEVEL if len(content) < _SMALL else _LEVEL)
    if noise < _NOISE:
        frame = compressor.compress(content)
    else:
        blocks = compressor.compressobj(size=len(content))
        start = blocks.compress(content[:noise]) + blocks.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        frame = start + blocks.compress(content[noise:]) + blocks.flush()
    if not _fits(len(content), packed=1 + len(frame)) or len(frame) > len(content):
        return bytes((RAW,)) + content
    return bytes((NEWEST,)) + frame


def expand(packed: bytes) -> bytes:
    """What `compress` was given. Raises `WireBroken`; a frame's own size is checked before any memory is taken."""
    if not packed or len(packed) > MOST:
        raise WireBroken("compression: nothing there, or too much", length=len(packed))
    number, body = packed[0], packed[1:]
    if number == RAW:
        return body
    if number > NEWEST:
        raise WireNewer("compression: a dictionary of a newer program", number=number)
    try:
        size = zstandard.get_frame_parameters(body).content_size
        if not _fits(size, packed=len(packed)):
            raise WireBroken("compression: expands too far", length=len(packed))
        content = _expander(number).decompress(body, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise WireBroken("compression: not a frame") from error
    if len(content) != size:
        raise WireBroken("compression: not the size it says")
    return content


def _fits(size: int, *, packed: int) -> bool:
    return 0 < size <= min(MOST, RATIO * packed)


@cache
def _dictionary(number: int) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(resource("dictionaries", f"events-{number}.zdict").read_bytes())


@cache
def _prepared(level: int) -> zstandard.ZstdCompressionDict:
    raw = _dictionary(NEWEST).as_bytes()
    prepared = zstandard.ZstdCompressionDict(raw)
    prepared.precompute_compress(level=level)
    return prepared


def _compressor(level: int) -> zstandard.ZstdCompressor:
    """One per thread and level: they hold state."""
    made: dict[int, zstandard.ZstdCompressor] = _own.__dict__.setdefault("compressors", {})
    if level not in made:
        made[level] = zstandard.ZstdCompressor(
            level=level, dict_data=_prepared(level), write_checksum=False, write_dict_id=False
        )
    return made[level]


def _expander(number: int) -> zstandard.ZstdDecompressor:
    made: dict[int, zstandard.ZstdDecompressor] = _own.__dict__.setdefault("expanders", {})
    if number not in made:
        made[number] = zstandard.ZstdDecompressor(dict_data=_dictionary(number))
    return made[number]
