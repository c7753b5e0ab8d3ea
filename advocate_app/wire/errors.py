"""What is raised when bytes are not what they should be."""

from advocate_app.base.errors import Fault


class WireBroken(Fault):
    """Bytes that are not a well-formed message of this format; nothing was taken from them."""

    code = "wire.broken"


class WireNewer(WireBroken):
    """Bytes in a format of a newer program: kept as they are, and read after the update."""

    code = "wire.newer"
