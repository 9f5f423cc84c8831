"""A store that speaks S3, on loopback, in a process of its own; it can be told to fail at some request.

`python s3_server.py PORT_FILE` writes its port there. A POST to `/faults` gives it faults, and answers which requests
it had.
"""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

Start = Callable[..., Any]

ERROR = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>AKIDHUSHHUSH of the account</Message></Error>"


class Faulty:
    """Passes requests on, but for those that are to fail."""

    def __init__(self) -> None:
        self.store = DomainDispatcherApplication(create_backend_app)
        self.faults: list[dict[str, Any]] = []
        self.seen: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path == "/faults":
            self.faults = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            seen, self.seen = json.dumps(self.seen).encode(), []
            start("200 OK", [("Content-Length", str(len(seen)))])
            return [seen]
        self.seen.append(f"{method} {path}")
        for fault in self.faults:
            if fault["method"] == method and fault["path"] in path and fault["skip"] == 0 and fault["times"] > 0:
                fault["times"] -= 1
                return self._failing(fault, environ, start)
            if fault["method"] == method and fault["path"] in path and fault["skip"]:
                fault["skip"] -= 1
        if any(fault.get("deaf") for fault in self.faults):
            environ.pop("HTTP_IF_NONE_MATCH", None)
        found: Iterable[bytes] = self.store(environ, start)
        return found

    def _failing(self, fault: dict[str, Any], environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if length := int(environ.get("CONTENT_LENGTH") or 0):
            environ["wsgi.input"].read(length)
        if fault["status"] == "cut":
            # Half of what was promised, and the end of the connection.
            start("200 OK", [("Content-Length", "1000"), ("ETag", '"0"'), ("Connection", "close")])
            return [b"x" * 500]
        body = ERROR.format(code=fault["code"]).encode()
        start(f"{fault['status']} no", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, Faulty(), threaded=True)
    Path(sys.argv[1]).write_text(str(server.server_port), encoding="ascii")
    server.serve_forever()
