"""One agency for the tests of keys and sealing: founder, supervisor, two advocates, a real server."""

from tests.commands.conftest import team as team
