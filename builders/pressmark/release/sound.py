"""Is nothing wrong with some rows? Asked of their columns. Where that is not sure, rows are looked at one by one."""

import hashlib

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.release.arrays import of, there, views
from pressmark.release.row import Held, Place, place_of, verdict
from pressmark.release.told import Columns

_DAY = 86_400_000_000
_NEVER = np.iinfo(np.int64).max
_RIGHTS = ("rights_status", "license", "withheld_because", "attribution")


def is_sound(held: Held, rows: Columns, digests: list[str], previous: Place | None) -> bool:
    """Tell whether it is sure that nothing is wrong with rows by themselves and with their order.

    Args:
        held: What they are held against.
        rows: The rows.
        digests: SHA-256 of the letters of each, where they have texts.
        previous: The place of the row before them.
    """
    first = orjson.loads(rows.json.texts[0].as_py())
    return (
        (previous is None or place_of(first) >= previous)
        and held.contract.all_keep(rows.json, dict(zip(rows.batch.schema.names, rows.batch.columns, strict=True)))
        and _fit(rows, held.release)
        and _in_order(rows)
        and _have_texts(rows, digests)
        and _have_rights(held, rows)
    )


def _fit(rows: Columns, release: int) -> bool:
    """Tell whether fields that follow from each other do; see `row`."""
    batch = rows.batch
    if any(batch.column(name).null_count for name in ("added_in", "changed_in", "group_id")):
        return False
    added, changed = (of(batch.column(name)) for name in ("added_in", "changed_in"))
    on, at, precision = (there(batch.column(f"published_{name}")) for name in ("on", "at", "precision"))
    precisions = np.array([each in ("day", None) for each in rows.plain("published_precision")])
    sources = zip(rows.plain("id"), rows.plain("source"), strict=True)
    return bool(
        (added <= changed).all()
        and (changed <= release).all()
        and ((on | at) == precision).all()
        and (at | precisions).all()
        and (on | ~at).all()
        and all(identity.startswith(f"{source}:") for identity, source in sources)
    )


def _in_order(rows: Columns) -> bool:
    """Tell whether the rows stand in the order of their places, all of them of years with four digits."""
    on, at = (rows.batch.column(name) for name in ("published_on", "published_at"))
    midnights = np.where(there(on), of(on.cast(pa.int32())).astype(np.int64) * _DAY, _NEVER)
    places = np.where(there(at), of(at.cast(pa.int64())), midnights)
    ids = rows.plain("id")
    same = np.flatnonzero(places[1:] == places[:-1]).tolist()
    return bool((places[1:] >= places[:-1]).all()) and all(ids[number] <= ids[number + 1] for number in same)


def _have_texts(rows: Columns, digests: list[str]) -> bool:
    """Tell whether texts have the digests and lengths that are stated."""
    if "text" not in rows.json.members:
        return True
    text = rows.batch.column("text")
    return bool(
        not text.null_count
        and digests == rows.plain("letters_sha256")
        and [hashlib.sha256(each).hexdigest() for each in views(text)] == rows.plain("text_sha256")
        and pc.all(pc.equal(pc.utf8_length(text), rows.batch.column("characters"))).as_py()
    )


def _have_rights(held: Held, rows: Columns) -> bool:
    """Tell whether nothing is wrong with the rights of rows: of one of all those that say the same."""
    told = rows.json.members
    shown = np.zeros(len(rows), np.int64)
    for number, name in enumerate(held.opened):
        if name in told:
            kind = rows.batch.column(name).type
            if not (pa.types.is_string(kind) or pa.types.is_nested(kind)):
                return False
            # Of an empty string, list or object there is nothing between its marks.
            inner = told[name].inner
            shown |= (there(inner) & (of(pc.binary_length(inner)) > 0)).astype(np.int64) << number
    said = zip(told["rights"].texts.to_pylist(), *map(rows.plain, _RIGHTS), shown.tolist(), strict=True)
    one_each = {each: number for number, each in enumerate(said)}
    return not any(verdict(held, orjson.loads(rows.json.texts[number].as_py())) for number in one_each.values())
