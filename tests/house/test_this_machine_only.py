"""The guard that keeps every test on this machine."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_a_test_that_reaches_off_this_machine_fails(host: str) -> None:
    with pytest.raises(AssertionError, match="loopback only"):
        socket.create_connection((host, 9), timeout=0.1)


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        client.sendall(b"x")
        accepted, _ = server.accept()
        with accepted:
            assert accepted.recv(1) == b"x"
