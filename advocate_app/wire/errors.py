"""What is raised when bytes are not what they should be."""

from advocate_app.base.errors import Fault


class WireBroken(Fault):
    """Bytes that are not a well-formed message of this format; nothing was taken from them."""

    code = "wire.broken"
