"""One connection to the embedded Hub: requests read, answered or broken, and told."""

import os
import socket
import struct
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl, urlsplit

from pressmark.hub.local import faults, routes
from pressmark.hub.local.blobs import blocks
from pressmark.hub.local.incoming import body_of, is_address, name_of
from pressmark.hub.local.log import Logged, keys_of
from pressmark.hub.local.store import OWNER, Store
from pressmark.hub.local.wire import Refused, Request, Response

_IDLE_SECONDS = 60
_RESET = struct.pack("ii", 1, 0)


@dataclass
class LocalHub:
    """A running server."""

    store: Store
    endpoint: str
    """What `HF_ENDPOINT` has to be."""

    cdn: str
    faults: faults.Faults
    keep_log: bool = False
    log: list[Logged] = field(default_factory=list)
    """What was asked, if that is to be kept."""

    def token(self, account: str = OWNER) -> str:
        """Return the token of an account, `owner` or `reader`."""
        return next(token for token, name in self.store.tokens.items() if name == account)


class Handler(BaseHTTPRequestHandler):
    """Reads requests from a connection and answers them. A server fills in the three that follow."""

    hub: LocalHub
    routes: routes.Routes
    told: Callable[[Logged], None]
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        """Say nothing: `told` does."""

    def do_GET(self) -> None:
        """Answer a request of any method."""
        self._received, self._kept = 0, b""
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = dict(parse_qsl(query, keep_blank_values=True))
        endpoint, cdn = self._origins(headers.get("host", ""))
        request = Request(self.command, path, asked, headers, None, endpoint, self._body(headers), cdn)
        fault = self.hub.faults.take(request)
        kind = fault.kind if fault else ""
        if kind == faults.DROPPED:
            return self._reset(request, kind)
        response = (fault.answer() if fault else None) or self._answered(request, stale=kind == faults.STALE)
        if kind == faults.LOST:
            return self._reset(request, kind)
        if kind == faults.AFTER:
            response = Response(HTTPStatus.INTERNAL_SERVER_ERROR, b'{"error": "Internal error"}')
        self._send(request, response, kind)
        return None

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the library asks for these names

    def _origins(self, host: str) -> tuple[str, str]:
        """Return where the Hub and its content are reached, as the client that asks writes it."""
        name = name_of(host)
        if not name:
            return self.hub.endpoint, self.hub.cdn
        return f"http://{host}", f"http://{name}:{urlsplit(self.hub.cdn).port}"

    def _answered(self, request: Request, *, stale: bool) -> Response:
        if not self._is_here(request.headers.get("host", "")):
            return Refused(HTTPStatus.MISDIRECTED_REQUEST, "this Hub is not of that name").response()
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        user = self.hub.store.tokens.get(token) if kind == "Bearer" else None
        if token and user is None and self.routes is routes.HUB:
            return Refused(HTTPStatus.UNAUTHORIZED, "Invalid credentials in Authorization header").response()
        try:
            return routes.answer(self.routes, self.hub.store, replace(request, user=user, stale=stale))
        except (ConnectionError, TimeoutError):
            raise
        except Exception:  # noqa: BLE001 - whatever it is, a client gets an answer, and whoever runs this a traceback
            traceback.print_exc()
            return Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error").response()

    def _is_here(self, host: str) -> bool:
        """Tell whether a client means this machine.

        A page of the web can have its own name lead to this machine, and would read in its visitor's browser what lies
        here. So nothing is answered but under an address, `localhost`, and the name that the server was given.
        """
        name = name_of(host)
        return not host or name == urlsplit(self.hub.endpoint).hostname or is_address(name)

    def _body(self, headers: dict[str, str]) -> Iterator[bytes]:
        named = headers.get("content-type", "")
        keep = self.hub.keep_log and ("json" in named or "form" in named)
        for block in body_of(cast("BinaryIO", self.rfile), headers):
            self._received += len(block)
            self._kept += block if keep else b""
            yield block

    def _send(self, request: Request, response: Response, kind: str) -> None:
        # What was not read of the body would be taken for the next request.
        for _ in request.body:
            pass
        # Told before it is sent: whoever has the answer finds the request in the log.
        self._log(request, 0 if kind == faults.RESET else response.status, kind)
        length = response.length if response.file else len(response.body)
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD" and length:
            self._write(response, length, kind)
        if kind == faults.RESET:
            self._break()

    def _write(self, response: Response, length: int, kind: str) -> None:
        left = length // 2 if kind == faults.RESET else length
        for block in _content(response):
            part = block[:left]
            if kind == faults.CORRUPT and left == length:
                part = part[: len(part) // 2] + bytes([part[len(part) // 2] ^ 1]) + part[len(part) // 2 + 1 :]
            self.wfile.write(part)
            left -= len(part)
            if not left:
                break

    def _reset(self, request: Request, kind: str) -> None:
        self._log(request, 0, kind)
        self._break()

    def _break(self) -> None:
        """End the connection as a broken one ends: the other side is told that it was reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        # Closed below the library, which would say goodbye first.
        os.close(self.connection.detach())
        self.close_connection = True

    def _log(self, request: Request, status: int, kind: str) -> None:
        self.told(
            Logged(
                request.method,
                request.path,
                int(status),
                self._received,
                "authorization" in request.headers,
                self.routes is routes.CDN,
                kind,
                tuple(sorted(request.query)),
                keys_of(request.headers.get("content-type", ""), self._kept),
            )
        )


def _content(response: Response) -> Iterator[bytes]:
    if response.file is None:
        yield response.body
        return
    with response.file.open("rb") as stream:
        stream.seek(response.start)
        yield from blocks(stream, response.length)
