"""Tests reach this machine and nothing else."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_another_machine_cannot_be_reached():
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)  # an address that documentation may use


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with socket.create_connection(address, timeout=5) as client:
            assert client.getpeername() == address
