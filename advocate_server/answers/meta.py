"""What the server says of itself to anyone."""

from importlib.metadata import PackageNotFoundError, version

from advocate_app.wire.api import API_VERSION, Meta
from advocate_app.wire.envelope import SUITE
from advocate_server.calls import Call
from advocate_server.office import Office


def program_version() -> str:
    """The installed version, or 0 in a checkout that was not installed."""
    try:
        return version("advocate")
    except PackageNotFoundError:
        return "0"


async def meta(office: Office, _call: Call) -> Meta:
    """Program, version, API, suites, and the server's time."""
    return Meta(
        program="advocate-server",
        version=program_version(),
        api=API_VERSION,
        suites=[SUITE],
        time=office.clock.now(),
    )
