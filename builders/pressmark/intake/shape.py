"""Which reader a record goes to: the contract's own field names, or a mapping of the recipe."""

from typing import Any

from pressmark.article.dates import zone
from pressmark.intake import jsonl, mapped
from pressmark.intake.draft import Draft
from pressmark.intake.foreign import READERS
from pressmark.recipe import Input


def is_by_contract(entry: Input) -> bool:
    """Tell whether the records of an input have the field names of the contract."""
    return not entry.fields and entry.shape not in READERS


def draft_of(record: dict[str, Any], entry: Input, timezone: str | None) -> tuple[Draft, str]:
    """Return what a record says, and the name of the reader. The zone comes by its name, for it is no pickle.

    Raises:
        RefusedInputError: it is no record of that shape.
    """
    place = zone(timezone) if timezone else None
    by_line = entry.paragraphs == "line"
    if entry.fields:
        draft = mapped.read_mapped(record, dict(entry.fields), dict(entry.constants), place, by_line=by_line)
        return draft, mapped.EXTRACTOR
    if entry.shape in READERS:
        return READERS[entry.shape](record, place), f"{entry.shape}/1"
    return jsonl.from_record(record, by_line=by_line), jsonl.EXTRACTOR
