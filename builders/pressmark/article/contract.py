"""Finds the JSON Schemas of `schema/` and applies them.

Two validators read every schema: jsonschema-rs gives the verdict, jsonschema the words, and is the reference that
tests hold the verdict against. Formats are checked by both; `prove_formats` shows at the start that they are. No
schema may refer to anything outside itself, so nothing is ever fetched.
"""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry

from pressmark.article.dates import A_DAY, A_MOMENT, no_such_day
from pressmark.errors import BrokenInstallationError

_NAMED, _LONGEST_NAME = 8, 100
_TYPE_NAMES = {"object": "a table", "array": "a list", "string": "a string", "integer": "a whole number"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a value does not keep a schema."""

    path: tuple[str | int, ...]
    """Keys and positions from the root to the place."""

    kind: str
    """`unknown-key`, `missing-key` or `bad-value`."""

    expected: str
    """What the schema asks for, or for an unknown key the nearest known one."""

    found: Any
    """The value in that place, or its type where it holds others; for keys, the name of the key."""

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer (RFC 6901)."""
        return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in self.path)


class Contract:
    """One schema, compiled twice."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        refuse_distant_references(schema)
        self.schema = dict(schema)
        self._verdict = jsonschema_rs.Draft202012Validator(
            self.schema, validate_formats=True, offline=True, pattern_options=jsonschema_rs.RegexOptions()
        )
        self._reference = Draft202012Validator(
            self.schema, registry=Registry(), format_checker=FormatChecker(["date", "date-time"])
        )

    def holds(self, value: Any) -> bool:
        """Return the verdict on a value."""
        return self._verdict.is_valid(value)

    def reference_holds(self, value: Any) -> bool:
        """Return the reference's verdict, about 150 times slower."""
        return self._reference.is_valid(value)

    def faults(self, value: Any) -> list[Fault]:
        """Return every fault of a value, in the order of its places; for people, so it takes its time."""
        faults = [fault for error in self._reference.iter_errors(value) for fault in _worded(error)]
        return sorted(set(faults), key=lambda fault: (fault.pointer, fault.kind, fault.expected))


def _worded(error: ValidationError) -> Iterator[Fault]:
    path = tuple(error.absolute_path)
    instance: Any = error.instance
    if error.validator == "required":
        required: Any = error.validator_value
        missing = [key for key in required if key not in instance]
        for key in missing:
            yield Fault(path, "missing-key", f"the key {key}", key)
    elif error.validator == "dependentRequired":
        dependent: Any = error.validator_value
        for key, needed in dependent.items():
            for other in needed if key in instance else ():
                if other not in instance:
                    yield Fault(path, "missing-key", f"the key {other} beside {key}", other)
    elif error.validator in ("unevaluatedProperties", "additionalProperties"):
        schema: Any = error.schema
        known = list(schema.get("properties", {}))
        for key in instance:
            if key not in known:
                yield Fault((*path, key), "unknown-key", nearest(key, known), key)
    else:
        yield Fault(path, "bad-value", _expectation(error), _hashable(instance))


def nearest(word: str, known: list[str]) -> str:
    """Return a did-you-mean for a word, or the list of what is known."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    rest = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return f"did you mean {close[0]}?" if close else f"known here: {', '.join(known[:_NAMED])}{rest}"


def did_you_mean(word: Any, known: Iterable[Any]) -> str:
    """Return what to add to a list of what is known: the names in it that are near to a word, if any."""
    # Whatever stands in a record may be as long as a text.
    close = difflib.get_close_matches(str(word)[:_LONGEST_NAME], [str(name) for name in known], n=2)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _expectation(error: ValidationError) -> str:
    value: Any = error.validator_value
    schema: Any = error.schema
    words = {
        "type": lambda: _TYPE_NAMES.get(str(value), f"a {value}"),
        "enum": lambda: f"one of {', '.join(map(str, value))}{did_you_mean(error.instance, value)}",
        "const": lambda: f"{value}",
        "pattern": lambda: _form(schema, str(error.instance)),
        "format": lambda: _form(schema, str(error.instance)),
        "minLength": lambda: f"at least {value} character{'s' if value > 1 else ''}",
        "maxLength": lambda: f"at most {value} characters",
        "minItems": lambda: f"at least {value} item{'s' if value > 1 else ''}",
        "maxItems": lambda: f"at most {value} items",
        "minimum": lambda: f"at least {value}",
        "maximum": lambda: f"at most {value}",
        "exclusiveMinimum": lambda: f"more than {value}",
    }
    return words.get(str(error.validator), lambda: f"{error.validator} {value}")()


def _form(schema: Mapping[str, Any], found: str) -> str:
    """Return the form that a schema asks for: an example where there is one, and of dates why one is none."""
    if "format" in schema:
        why = no_such_day(found)
        return f"{A_DAY if schema['format'] == 'date' else A_MOMENT}{why and f'; {why}'}"
    return f"a form such as {schema['examples'][0]}" if "examples" in schema else f"the form {schema['pattern']}"


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | type(None)) else type(value)


def refuse_distant_references(schema: Any) -> None:
    """Raise where a schema refers outside itself: jsonschema would fetch it (an open door to hosts and files).

    Raises:
        BrokenInstallationError: a `$ref` does not begin with `#`.
    """
    if isinstance(schema, Mapping):
        reference = schema.get("$ref", "#")
        if not str(reference).startswith("#"):
            raise BrokenInstallationError(f"a schema refers to {reference}, outside itself")
        for value in schema.values():
            refuse_distant_references(value)
    elif isinstance(schema, list):
        for value in schema:
            refuse_distant_references(value)


def schema_folder() -> Traversable:
    """Return the folder of schemas: packed in the wheel, or at the top of a checkout."""
    packed = files("pressmark") / "schema"
    return packed if packed.is_dir() else Path(__file__).resolve().parents[3] / "schema"


def schema_bytes(name: str) -> bytes:
    """Return a file of the schema folder as it is, e.g. `article.schema.json`."""
    return (schema_folder() / name).read_bytes()


@cache
def contract(name: str) -> Contract:
    """Return the compiled schema of `article`, `source`, `corpus`, `decision`, `rights` or `manifest`."""
    return Contract(json.loads(schema_bytes(f"{name}.schema.json")))


@cache
def prove_formats() -> None:
    """Show that both validators refuse dates that do not exist.

    jsonschema leaves formats unchecked, without a word, where a package is missing.

    Raises:
        BrokenInstallationError: one of them accepts a bad date or refuses a good one.
    """
    for format_, good, bad in (
        ("date", "2024-02-29", "2023-02-29"),
        ("date-time", "2024-02-29T23:59:59Z", "2024-02-30T00:00:00Z"),
    ):
        probe = Contract({"type": "string", "format": format_})
        verdicts = [
            probe.holds(good),
            probe.reference_holds(good),
            probe.holds(bad),
            probe.reference_holds(bad),
        ]
        if verdicts != [True, True, False, False]:
            raise BrokenInstallationError(
                f"the validators do not check the format {format_}: {verdicts}",
                advice="install pressmark again with all its dependencies (rfc3339-validator among them)",
            )
