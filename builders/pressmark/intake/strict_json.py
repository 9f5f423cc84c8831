"""JSON that means one thing: no key twice, no number that changes on reading, nothing that is not JSON.

orjson reads fast and refuses NaN, lone surrogates, depth above 1,024 and bad UTF-8, but takes the last of two equal
keys and rounds large numbers. Where either could have happened the standard library reads the line again with hooks
that look.
"""

import json
import math
import re
from decimal import Decimal
from typing import Any

import orjson

from pressmark.findings import SHOWN_CHARACTERS, RefusedInputError

DEEPEST = 64
"""Levels of nesting that a record may have; the contract needs five."""

_LONGEST_INTEGER = 20
_NESTED = (dict, list)
_KEY_END = re.compile(rb'"\s*:')
_OTHER_SPACES = (b"\t", b"\n", b"\r")


def read_object(line: bytes) -> dict[str, Any]:
    """Read one JSON object.

    Raises:
        RefusedInputError: `bad-json`, `duplicate-key` or `inexact-number`.
    """
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        try:
            _look_closer(line)
        except RefusedInputError as closer:
            if closer.code != "bad-json":
                raise
        raise RefusedInputError("bad-json", error.msg, f"character {error.pos}") from error
    if not isinstance(value, dict):
        raise RefusedInputError("bad-json", f"found {type(value).__name__}, expected an object")
    keys, numbers, depth = _measure(value)
    if depth > DEEPEST:
        raise RefusedInputError("bad-json", f"found {depth} levels, expected at most {DEEPEST}")
    # Every key is followed by a quotation mark and a colon, so more of these than keys means: look closer.
    if numbers or _ends_of_keys(line) > keys:
        _look_closer(line)
    return value


def _ends_of_keys(line: bytes) -> int:
    # Hardly anybody writes a space before the colon, and counting takes a tenth of what the pattern takes.
    if b'" ' in line or any(space in line for space in _OTHER_SPACES):
        return len(_KEY_END.findall(line))
    return line.count(b'":')


def _measure(value: Any) -> tuple[int, int, int]:
    """Return the numbers of keys and of floating-point numbers below a value, and its depth."""
    keys = numbers = deepest = 0
    pending = [(value, 1)]
    while pending:
        current, depth = pending.pop()
        deepest = max(deepest, depth + bool(current))
        if isinstance(current, dict):
            keys += len(current)
            current = current.values()
        for inner in current:
            if isinstance(inner, _NESTED):
                pending.append((inner, depth + 1))
            elif isinstance(inner, float):
                numbers += 1
    return keys, numbers, deepest


def _look_closer(line: bytes) -> None:
    try:
        json.loads(
            line,
            object_pairs_hook=_once,
            parse_float=_exact,
            parse_int=_exact_integer,
            parse_constant=_constant,
        )
    except (ValueError, RecursionError) as error:
        raise RefusedInputError("bad-json", "found what is not JSON, or is nested too deeply") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise RefusedInputError("duplicate-key", f"found the key {twice[:SHOWN_CHARACTERS]!r} twice")
    return result


def _exact(literal: str) -> float:
    number = float(literal)
    try:
        exact = math.isfinite(number) and Decimal(repr(number)) == Decimal(literal)
    except ArithmeticError:  # an exponent beyond decimals
        exact = False
    if not exact:
        raise RefusedInputError("inexact-number", f"found {literal[:SHOWN_CHARACTERS]}")
    return number


def _exact_integer(literal: str) -> int:
    # What orjson reads as a whole number: 64 bits, signed or not.
    if len(literal) > _LONGEST_INTEGER or not -(2**63) <= int(literal) < 2**64:
        raise RefusedInputError("inexact-number", f"found {literal[:SHOWN_CHARACTERS]}")
    return int(literal)


def _constant(literal: str) -> None:
    raise RefusedInputError("inexact-number", f"found {literal}")
