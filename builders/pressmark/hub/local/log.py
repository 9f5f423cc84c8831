"""What is told of each request to the embedded Hub: no value of a query or a body, for secrets are among them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Logged:
    """One request and what was answered."""

    method: str
    path: str
    status: int
    """0 where nothing was."""

    received: int
    """Bytes of its body that were read."""

    with_token: bool
    at_cdn: bool
    fault: str = ""
    query: tuple[str, ...] = ()
    """Keys of the query."""

    keys: tuple[str, ...] = ()
    """Keys of the body, as `keys_of` gives them, where a log is kept."""


def keys_of(kind: str, content: bytes) -> tuple[str, ...]:
    """Return the keys of a body: nested ones with dots, those of a line of a commit after the kind of the line.

    Args:
        kind: Its content type.
        content: The body. What is neither JSON nor a form has no keys, nor has JSON that cannot be read.
    """
    try:
        if "x-ndjson" in kind:
            lines = [json.loads(line) for line in content.splitlines() if line]
            return tuple(dict.fromkeys(key for line in lines for key in sorted(_of_line(line))))
        if "json" in kind:
            return tuple(sorted(set(_nested(json.loads(content))))) if content else ()
        return tuple(sorted(parse_qs(content.decode()))) if "form" in kind else ()
    except ValueError:
        return ()


def _of_line(line: Any) -> set[str]:
    if not isinstance(line, dict):
        return set()
    value = line.get("value")
    beside = {str(key) for key in line if key not in ("key", "value")}
    return beside | {f"{line.get('key')}.{key}" for key in _nested(value)}


def _nested(value: Any, start: str = "") -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _nested(each, start)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield f"{start}{key}"
            yield from _nested(each, f"{start}{key}.")
