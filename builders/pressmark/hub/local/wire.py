"""Requests and answers of the embedded Hub, as plain values."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

_LARGEST_BODY = 1 << 30
"""Bytes of a body that is held in memory: the files of a commit that stand in git itself."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks for."""

    method: str
    path: str
    """Still quoted: a revision can hold slashes, as `%2F`."""

    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""

    user: str | None
    """Who asks; None is anybody."""

    endpoint: str
    """Where the server is reached, as the client wrote it."""

    body: Iterator[bytes]
    cdn: str = ""
    """Where content is served: another origin, so that no token goes there."""

    stale: bool = False
    """Whether to answer as a server does that has not heard of the last commit yet."""

    def content(self) -> bytes:
        """Return the body whole.

        Raises:
            Refused: it is too large.
        """
        held, size = [], 0
        for block in self.body:
            size += len(block)
            if size > _LARGEST_BODY:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
            held.append(block)
        return b"".join(held)

    def json(self) -> Any:
        """Return the body as JSON.

        Raises:
            Refused: it is none.
        """
        try:
            return json.loads(self.content() or b"{}")
        except ValueError as error:
            raise Refused(HTTPStatus.BAD_REQUEST, "the body is no JSON") from error


@dataclass(frozen=True, slots=True)
class Response:
    """What the server answers."""

    status: int = HTTPStatus.OK
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None
    """Instead of a body, a file."""

    start: int = 0
    length: int = 0
    """Which bytes of it."""


class Refused(Exception):  # noqa: N818 - it is an answer, and no error of ours
    """An answer that says no, with the header by which the clients know what kind of no it is."""

    def __init__(self, status: int, message: str, code: str = "", **headers: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        named = {"X-Error-Message": message, **({"X-Error-Code": code} if code else {})}
        self.headers = {**named, **{name.replace("_", "-"): value for name, value in headers.items()}}

    def response(self) -> Response:
        """Return it as an answer."""
        return as_json({"error": self.message}, self.status, self.headers)


def as_json(value: Any, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer in JSON."""
    return Response(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def not_found(what: str, code: str, **headers: str) -> Refused:
    """Return the answer that something is not there."""
    return Refused(HTTPStatus.NOT_FOUND, f"{what} not found", code, **headers)
