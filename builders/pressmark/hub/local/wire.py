"""Requests and answers of the embedded Hub, as plain values."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

LARGEST_BODY = 16 << 20
"""Bytes of a body that is held in memory, whoever sends it."""

_NO_HEADER = re.compile(r"[^\x20-\x7e]")


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

    def content(self, most: int = LARGEST_BODY) -> bytes:
        """Return the body whole.

        Args:
            most: Bytes that it may have.

        Raises:
            Refused: it is too large.
        """
        held, size = [], 0
        for block in self.body:
            size += len(block)
            if size > most:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
            held.append(block)
        return b"".join(held)

    def json(self) -> dict[str, Any]:
        """Return the body, an object of JSON.

        Raises:
            Refused: it is none.
        """
        try:
            found = json.loads(self.content() or b"{}")
        except ValueError as error:
            raise Refused(HTTPStatus.BAD_REQUEST, "the body is no JSON") from error
        if not isinstance(found, dict):
            raise Refused(HTTPStatus.BAD_REQUEST, "the body is no object")
        return found

    def number(self, name: str, otherwise: int) -> int:
        """Return a number of the query.

        Raises:
            Refused: it is none.
        """
        text = self.query.get(name, str(otherwise))
        if not (text.isascii() and text.isdecimal()):
            raise Refused(HTTPStatus.BAD_REQUEST, f"{name} is no number")
        return int(text[:18])


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
        # What a client asked for stands in messages; in a header it may be of any letters, and of no more lines.
        named = {"X-Error-Message": _NO_HEADER.sub("?", message), **({"X-Error-Code": code} if code else {})}
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
