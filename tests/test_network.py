"""No test talks to the world."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketConnectBlockedError

ELSEWHERE = "192.0.2.1"
"""An address that is nobody's (RFC 5737)."""


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_the_world_is_out_of_reach() -> None:
    """A connection to any other machine is refused before it is tried."""
    with socket.socket() as line, pytest.raises(SocketConnectBlockedError):
        line.connect((ELSEWHERE, 80))


def test_this_machine_can_be_reached() -> None:
    """A test may serve and call on the loopback address."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as line:
        line.sendall(b"hello")
        with server.accept()[0] as call:
            assert call.recv(5) == b"hello"
