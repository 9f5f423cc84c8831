"""JSON Lines: one cleaned record a line, by the field names of the contract."""

from collections import Counter

from pressmark.article.contract import contract, nearest
from pressmark.article.record import Record, without_nothing
from pressmark.article.reservations import reserves
from pressmark.findings import SHOWN_CHARACTERS, RefusedInputError
from pressmark.intake import clean
from pressmark.intake.draft import Draft
from pressmark.intake.strict_json import read_object

EXTRACTOR = "jsonl/1"

_CLAIMS = ("license", "rights_status")


def read_record(line: str, *, by_line: bool) -> Draft:
    """Read one line: a JSON object, by `from_record`.

    Raises:
        RefusedInputError: the line is no JSON object, or the record is refused.
    """
    return from_record(read_object(line.encode()), by_line=by_line)


def from_record(stated: Record, *, by_line: bool, is_plain: bool = False) -> Draft:
    """Read one record, by the field names of the contract.

    What it says about its own rights is kept as a claim: it can restrict, and a decision can refer to it; it opens
    nothing.

    Args:
        stated: The record.
        by_line: Each line of the text is a paragraph; otherwise blank lines part them.
        is_plain: It is as `intake.plain.read_plain` returned it.

    Raises:
        RefusedInputError: it has fields that the contract does not let a record state.
    """
    draft = Draft(is_plain=is_plain)
    record = stated if is_plain else without_nothing(stated)
    split = record.pop("split", None)
    if not isinstance(split, str | None):
        raise RefusedInputError("invalid-record", f"found {split!r:.20}, expected a string", "/split")
    draft.split = split
    _refuse_unknown(record)
    text = record.pop("text", None)
    captions = record.pop("captions", None)
    draft.fields = record if is_plain else clean.fields(record, draft.steps)
    draft.own_id = draft.fields.pop("id", None)
    if not isinstance(draft.own_id, str | None):
        raise RefusedInputError("invalid-record", f"found {draft.own_id!r:.20}, expected a string", "/id")
    draft.fields["text"] = text
    if isinstance(text, str) and not is_plain:
        draft.fields["text"] = clean.paragraphs(text, draft.steps, by_line=by_line)
        if not draft.fields["text"]:
            raise RefusedInputError("empty-text", "found a text of blank lines", "/text")
    draft.fields["captions"] = captions if is_plain else _captions(captions, draft.steps)
    draft.evidence = _claims(draft.fields)
    if isinstance(text, str) and reserves(draft.fields["text"]):
        draft.evidence.append({"kind": "notice", "scope": "text", "where": "/text"})
    return draft


def _refuse_unknown(record: Record) -> None:
    _refuse_in(record, contract("article").schema["properties"], "")
    for name in ("rights", "provenance"):
        if isinstance(record.get(name), dict):
            _refuse_in(record[name], contract("article").schema["properties"][name]["properties"], f"/{name}")


def _refuse_in(fields: Record, properties: Record, above: str) -> None:
    for name in fields:
        if name in properties and not properties[name].get("x-computed"):
            continue
        place = f"{above}/{name[:SHOWN_CHARACTERS]}"
        if name in properties:
            raise RefusedInputError("computed-field", "pressmark works this field out itself", place)
        known = [name for name, property_ in properties.items() if not property_.get("x-computed")]
        raise RefusedInputError("unknown-field", nearest(name, known), place)


def _captions(captions: object, steps: Counter[str]) -> object:
    if not isinstance(captions, list):
        return captions
    return [
        {
            key: clean.paragraphs(value, steps, by_line=False) if isinstance(value, str) else value
            for key, value in caption.items()
        }
        if isinstance(caption, dict)
        else caption
        for caption in captions
    ]


def _claims(fields: Record) -> list[dict[str, str]]:
    rights = fields.get("rights")
    notice = rights.get("notice") if isinstance(rights, dict) else None
    statement = rights.get("statement") if isinstance(rights, dict) else None
    stated = {
        **{name: fields.get(name) for name in _CLAIMS},
        "rights/notice": notice,
        "rights/statement": statement,
    }
    return [
        {
            "kind": "notice" if name == "rights/notice" else "claim",
            "scope": "text",
            "where": f"/{name}",
            "quote": value,
        }
        for name, value in stated.items()
        if isinstance(value, str)
    ]
