"""The embedded Hub at work: it listens on this machine, and answers the Hub's own clients."""

import ipaddress
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pressmark.errors import UsageError
from pressmark.hub.local import faults, routes
from pressmark.hub.local.handler import Handler, LocalHub
from pressmark.hub.local.log import Logged
from pressmark.hub.local.store import Store

LOOPBACK = "127.0.0.1"


@contextmanager
def serving(
    folder: Path | str,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    anywhere: bool = False,
    keep_log: bool = False,
    told: Callable[[Logged], None] | None = None,
) -> Iterator[LocalHub]:
    """Serve a folder as a Hub, for as long as the context is open.

    Args:
        folder: Where repositories are kept; made where it is not there.
        host: Address to listen at.
        port: Port of the Hub; 0 takes a free one. Content is served from another port, which is another origin.
        anywhere: Whether `host` may be an address that other machines can reach.
        keep_log: Whether to keep what was asked.
        told: Called with each request when it is answered.

    Raises:
        UsageError: the address can be reached from elsewhere, or cannot be listened at.
    """
    if not anywhere and not _is_loopback(host):
        raise UsageError(
            f"{host} can be reached from other machines",
            advice="the embedded Hub is for rehearsals on this one: leave --host away, or say --anywhere",
        )
    store = Store(Path(folder))
    hub = LocalHub(store, "", "", faults.Faults(), keep_log)

    def log(entry: Logged) -> None:
        if keep_log:
            hub.log.append(entry)
        if told:
            told(entry)

    with (
        _listening(hub, (host, 0), routes.CDN, log) as hub.cdn,
        _listening(hub, (host, port), routes.HUB, log) as hub.endpoint,
    ):
        yield hub


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _listening(
    hub: LocalHub, address: tuple[str, int], asked: routes.Routes, log: Callable[[Logged], None]
) -> Iterator[str]:
    handler = type("HubHandler", (Handler,), {"hub": hub, "routes": asked, "told": staticmethod(log)})
    try:
        server = _Server(address, handler)
    except OSError as error:
        raise UsageError(
            f"cannot listen at {address[0]}, port {address[1]}: {error.strerror}", advice="give another --port"
        ) from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{address[0]}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        server.hang_up()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    # Connections that a client keeps open would otherwise be waited for; they are ended.
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[Handler]) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread of its own."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection, so that nothing is answered any more."""
        for each in list(self._connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away; of everything else as the library does."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
