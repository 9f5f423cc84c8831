"""Things that go wrong between a client and a Hub, made to happen."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from pressmark.hub.local.commits import CHANGED_MEANWHILE
from pressmark.hub.local.wire import Request, Response, as_json

DROPPED, LOST, RESET, CORRUPT, STALE = "drop-before", "lost-answer", "reset-mid-body", "corrupt-body", "stale-head"
AFTER = "500-after"
"""The server did what was asked, and says that it failed."""

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body>bad gateway</body></html>"
_ANSWERS: Mapping[str, Response] = {
    "408": as_json({"error": "Request timeout"}, HTTPStatus.REQUEST_TIMEOUT),
    "409": as_json({"error": "Another commit operation is in progress for this repository"}, HTTPStatus.CONFLICT),
    "412": as_json({"error": CHANGED_MEANWHILE}, HTTPStatus.PRECONDITION_FAILED),
    "429": as_json({"error": "Too many requests"}, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": "1"}),
    "500": as_json({"error": "Internal error"}, HTTPStatus.INTERNAL_SERVER_ERROR),
    "502": Response(HTTPStatus.BAD_GATEWAY, _HTML, {"Content-Type": "text/html"}),
    "503": as_json({"error": "Service unavailable"}, HTTPStatus.SERVICE_UNAVAILABLE),
    "504": as_json({"error": "Gateway timeout"}, HTTPStatus.GATEWAY_TIMEOUT),
}
KINDS = (DROPPED, LOST, RESET, CORRUPT, STALE, AFTER, *_ANSWERS)
"""All of them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong."""

    kind: str
    """One of `KINDS`."""

    method: str = "[A-Z]+"
    path: str = ".*"
    """Patterns that the whole of method and path of a request have to match."""

    skip: int = 0
    """How many such requests are answered as they should be before."""

    times: int = 1
    """How many it happens to."""

    def answer(self) -> Response | None:
        """Return what is answered instead, or None where the request is carried out."""
        return _ANSWERS.get(self.kind)


class Faults:
    """What is still to go wrong; requests come from several threads."""

    def __init__(self, faults: tuple[Fault, ...] = ()) -> None:
        self._lock = threading.Lock()
        self._waiting = list(faults)
        self.fired: list[Fault] = []
        """What did go wrong."""

    def plan(self, *faults: Fault) -> None:
        """Let these go wrong from now on, and nothing else."""
        with self._lock:
            self._waiting, self.fired = list(faults), []

    def take(self, request: Request) -> Fault | None:
        """Return what goes wrong with a request, if anything does."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if not (re.fullmatch(fault.method, request.method) and re.fullmatch(fault.path, request.path)):
                    continue
                if fault.skip:
                    self._waiting[place] = replace(fault, skip=fault.skip - 1)
                    continue
                if fault.times:
                    self._waiting[place] = replace(fault, times=fault.times - 1)
                    self.fired.append(fault)
                    return fault
        return None
