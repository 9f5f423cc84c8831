"""The door: a draft becomes a valid article, or is refused with a reason."""

import re
from collections.abc import Callable
from datetime import date, datetime
from types import NoneType
from typing import Any, TypeVar

from pressmark.article.contract import Fault, contract
from pressmark.article.dates import utc, written, zone
from pressmark.article.identity import article_id, canonical_address
from pressmark.article.letters import letters, plain_letters
from pressmark.article.provenance import Capture, provenance
from pressmark.article.record import (
    Record,
    control_character,
    fields_of_class,
    saying,
    text_digest,
    without_nothing,
)
from pressmark.findings import SHOWN_CHARACTERS, RefusedInputError
from pressmark.intake.draft import Draft
from pressmark.sources import Source

_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

Result = TypeVar("Result")


def admit(draft: Draft, source: Source, capture: Capture, extractor: str, path: str | None = None) -> Record:
    """Return the article that a draft makes, valid by the contract, its rights not yet decided.

    Args:
        draft: What the format found.
        source: The publication; it gives what the draft does not say.
        capture: The bytes it came from.
        extractor: Format and revision that read it.
        path: The file's path below the input root, where the file is the article.

    Raises:
        RefusedInputError: with the code and the place of the first fault.
    """
    fields = saying(draft.fields) if draft.is_plain else without_nothing(draft.fields)
    text = fields.get("text")
    # A plain text holds no control character, so that it is looked through once and not three times.
    only = plain_letters(text) if isinstance(text, str) else None
    if not draft.is_plain:
        _refuse_controls(fields if only is None else {**fields, "text": None})
    _times(fields, source)
    url = _address(fields.get("url", capture.url))
    identity = article_id(source.name, own=draft.own_id, url=url, path=path)
    if identity is None:
        raise RefusedInputError("no-identity", "expected id or url, found neither")
    if text is None:
        raise RefusedInputError("invalid-record", "expected the key text, found none", "/")
    if not isinstance(text, str):
        raise RefusedInputError("invalid-record", f"found {_described(text)}, expected a string", "/text")
    article = saying(
        {
            "language": source.language,
            "script": source.script,
            "derivation": source.derivation,
            **fields,
            "id": identity,
            "url": url,
            "source": source.name,
            "publisher": source.publisher,
            "edition": source.edition,
            "rights_status": "unknown",
            "provenance": _merged(fields, provenance(capture, extractor, draft.steps)),
            "text_sha256": text_digest(text),
            "letters_sha256": text_digest(only or letters(text)),
            "characters": len(text),
        }
    )
    article["rights"] = _rights(fields.get("rights", {}), source, draft)
    if draft.is_plain:
        _refuse_controls(_unseen(article, fields))
    else:
        _refuse_controls(article if only is None else {**article, "text": None})
    if not contract("article").holds(article):
        raise refusal(contract("article").faults(article))
    return article


def _unseen(article: Record, seen: Record) -> Record:
    """Return what an article has from elsewhere than from the fields that a format found, or merged with these."""
    return {name: value for name, value in article.items() if seen.get(name) is not value}


def _refuse_controls(record: Record) -> None:
    where = control_character(record)
    if where:
        raise RefusedInputError("control-character", f"found {where}")


def refusal(faults: list[Fault]) -> RefusedInputError:
    """Word the first fault; values of fields that hold text are described, never shown."""
    fault = min(faults, key=lambda fault: (fault.kind != "missing-key", fault.pointer))
    if fault.kind == "missing-key":
        return RefusedInputError("invalid-record", f"expected {fault.expected}, found none", fault.pointer or "/")
    if fault.kind == "unknown-key":
        return RefusedInputError("unknown-field", fault.expected, fault.pointer[: 2 * SHOWN_CHARACTERS])
    is_told = fault.path[0] not in fields_of_class("text", "headline", "name")
    shown = f"{fault.found!r:.20}" if is_told and not isinstance(fault.found, type) else _described(fault.found)
    return RefusedInputError("invalid-record", f"found {shown}, expected {fault.expected}", fault.pointer)


def _described(value: Any) -> str:
    if isinstance(value, str):
        return f"{len(value)} characters"
    kind = value if isinstance(value, type) else type(value)
    return {dict: "an object", list: "a list", bool: "true or false", NoneType: "null"}.get(kind, "a number")


def _merged(fields: Record, made: Record) -> Any:
    stated = fields.get("provenance", {})
    return {**stated, **without_nothing(made)} if isinstance(stated, dict) else stated


def _rights(stated: Any, source: Source, draft: Draft) -> Any:
    if not isinstance(stated, dict):
        return stated
    notices = [entry["quote"] for entry in draft.evidence if entry["kind"] == "notice" and "quote" in entry]
    return without_nothing(
        {
            "statement": source.rights.statement,
            "holders": list(source.rights.holders),
            **stated,
            "notice": stated.get("notice", "\n".join(dict.fromkeys(notices))),
            "evidence": draft.evidence,
        }
    )


def _address(url: Any) -> Any:
    if url is None:
        return None
    if not isinstance(url, str):
        raise RefusedInputError("invalid-record", f"found {url!r:.20}, expected a string", "/url")
    try:
        return canonical_address(url)
    except ValueError as error:
        raise RefusedInputError("invalid-record", f"found {url[:SHOWN_CHARACTERS]!r}, {error}", "/url") from error


def _times(fields: Record, source: Source) -> None:
    """Bring the times that a record states to UTC, with the local date and the precision of what is known."""
    stated = fields.get("published_at")
    for holder, name in (
        (fields, "published_at"),
        (fields, "modified_at"),
        (fields.get("provenance"), "retrieved_at"),
    ):
        if isinstance(holder, dict) and isinstance(holder.get(name), str):
            holder[name] = written(_time(utc, holder[name], name))
    day = fields.get("published_on")
    if isinstance(day, str) and _DATE.fullmatch(day):
        _time(date.fromisoformat, day, "published_on")
    if "published_precision" in fields or not (isinstance(stated, str) or isinstance(day, str)):
        return
    fields["published_precision"] = "second" if stated else "day"
    if isinstance(stated, str):
        place = zone(source.timezone) if source.timezone else None
        local = datetime.fromisoformat(stated)
        fields.setdefault("published_on", (local.astimezone(place) if place else local).date().isoformat())
        if isinstance(fields.setdefault("provenance", {}), dict):
            fields["provenance"]["published_raw"] = stated


def _time(read: Callable[[str], Result], value: str, name: str) -> Result:
    try:
        return read(value)
    except ValueError as error:
        detail = f"found {value[:SHOWN_CHARACTERS]!r}: {error}"
        raise RefusedInputError("bad-date", detail, f"/{name}") from error
