"""Which addresses the door may go to, and how it watches over a connection while it goes there."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_SECRET = re.compile(r"^([^=]*(?:key|token|secret|passw|signature|sig|auth)[^=]*)=.*", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class PrivateAddress(Exception):  # noqa: N818  (a finding of the door, which tells of it as a SourceElsewhereError)
    """A name that leads into our own network; `args[0]` is the address."""


def shown(url: str) -> str:
    """The address as it may be told: without user, password, fragment and the values of parameters with keys."""
    parts = urlsplit(url)
    query = "&".join(_SECRET.sub(r"\1=…", pair) for pair in parts.query.split("&"))
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))[:300]


def same_host(asked: str, led_to: str, others: Collection[str] = ()) -> bool:
    """Whether `led_to` stays where `asked` is, or on one of the `others` (names), without leaving encryption behind."""
    old, new = urlsplit(asked), urlsplit(led_to)
    if new.scheme not in _DEFAULT_PORTS or (old.scheme, new.scheme) == ("https", "http"):
        return False
    if new.hostname in others:
        return True
    ports = [parts.port or _DEFAULT_PORTS[parts.scheme] for parts in (old, new)]
    upgraded = old.scheme != new.scheme and ports == [80, 443]
    return old.hostname == new.hostname and (upgraded or (old.scheme == new.scheme and ports[0] == ports[1]))


def is_public(address: str) -> bool:
    """Whether an IP address is out on the internet: not private, loopback, link-local, shared or reserved."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return ip.is_global and not ip.is_multicast


class _Watched:
    """What we add to a connection of urllib3: a look at where it really leads, and a limit on dripping headers.

    The check is on the socket, not on the name before it: between the two, a name can change its address.
    """

    private_hosts: Collection[str] = ()

    def _new_conn(self) -> socket.socket:
        this: Any = self
        connected: socket.socket = super()._new_conn()  # type: ignore[misc]
        address = connected.getpeername()[0]
        if not is_public(address) and not {this.host, f"{this.host}:{this.port}"} & set(this.private_hosts):
            connected.close()
            raise PrivateAddress(address)
        return connected

    def getresponse(self) -> HTTPResponse:
        """The status line and headers, or a broken connection when they take longer than one read may."""
        this: Any = self
        late = threading.Event()
        watchdog = threading.Timer(float(this.timeout), _hang_up, [this.sock, late])
        watchdog.daemon = True
        watchdog.start()
        try:
            response: HTTPResponse = super().getresponse()  # type: ignore[misc]
        except Exception:
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            watchdog.cancel()
        if late.is_set():  # http.client takes headers that break off for whole ones
            raise TimeoutError
        return response


def _hang_up(connected: socket.socket, late: threading.Event) -> None:
    late.set()
    try:
        # On the plain socket: closing the encrypted one under a thread that reads from it is not safe.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
    except OSError:  # it was closed already
        return


class WatchedAdapter(HTTPAdapter):
    """Connections for requests that refuse addresses inside our own network, save those of `private_hosts`.

    Everything else goes through the `proxy` where there is one. Then we see where a name leads only as far as our own
    name service tells; what it does not know, the proxy finds out and must guard.
    """

    def __init__(self, private_hosts: Collection[str], proxy: str | None = None) -> None:
        self._private_hosts = frozenset(private_hosts)
        self._proxy = proxy
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """As requests does it, with our connections."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._private_hosts)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """As requests does it, with our connections, which may go to the proxy wherever it is."""
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _pools({urlsplit(proxy).hostname or ""})
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """The answer, through the proxy unless it comes from one of the private hosts."""
        parts = urlsplit(request.url or "")
        if self._proxy and not {parts.hostname, parts.netloc} & self._private_hosts:
            _refuse_private(parts.hostname or "")
            options["proxies"] = {parts.scheme: self._proxy}
        return super().send(request, *args, **options)


def _refuse_private(name: str) -> None:
    try:
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(name, None)}
    except OSError:  # behind a proxy one often cannot look up names outside
        return
    for address in addresses:
        if not is_public(address):
            raise PrivateAddress(address)


def _pools(private_hosts: Collection[str]) -> dict[str, type[HTTPConnectionPool]]:
    members = {"private_hosts": private_hosts}
    plain = type("_Plain", (_Watched, HTTPConnection), members)
    secure = type("_Secure", (_Watched, HTTPSConnection), members)
    return {
        "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
