"""What an engine runs to call the roll: of the articles of one reading task, what each is by itself, by columns."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.article.record import Record
from pressmark.curate.copies import names_article
from pressmark.curate.gate import Outcome, outcome
from pressmark.curate.splits import UNDATED, SplitRule
from pressmark.curate.withdrawals import Suppression
from pressmark.entries import entries_of
from pressmark.recipe import Line
from pressmark.staging import rights_in, staged_at
from pressmark.standings import first_words, keys_of

UNSTATED = -1
_ROWS_AT_ONCE = 1 << 10

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rights of an article come to."""

    status: str
    license: str
    by_name: bool
    """Whether the decision that counts names the article itself."""

    alone: tuple[Outcome, ...]
    """What they allow, for each release line."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The articles of one reading task, by row."""

    ids: pa.Array
    keys: npt.NDArray[np.uint64]
    """Of their ids, by which those that are equal are found."""

    texts: npt.NDArray[np.uint64]
    """The beginning of the digest of their text, after which a group is named."""

    days: npt.NDArray[np.int32]
    """Of publication, in days since 1970, or `UNDATED`."""

    bytes: npt.NDArray[np.int32]
    """Lengths of their texts."""

    splits: npt.NDArray[np.int16]
    """In which split each would be if it were alone and new: a number in the order of the rule."""

    sources: npt.NDArray[np.int32]
    terms: npt.NDArray[np.int32]
    stated: npt.NDArray[np.int32]
    """Numbers in the lists below; of the split that its record says it is in, `UNSTATED` where it says none."""

    source_names: list[str]
    different_terms: list[Terms]
    stated_names: list[str]
    withdrawn: dict[int, str]
    """Tombstones, by row."""

    rejected: Counter[str]
    """How many inputs are no articles, by code."""


@dataclass(frozen=True, slots=True)
class SheetJob:
    """Write the sheet of one reading task."""

    staging: Path
    task: int
    rule: SplitRule
    lines: Sequence[Line]
    as_of: date
    suppression: Suppression


def sheet_stage(job: SheetJob) -> Sheet:
    """Return the sheet of one reading task."""
    with pa.memory_map(str(staged_at(job.staging, job.task))) as source:
        table = pa.ipc.open_file(source).read_all()
        ids = table["id"].combine_chunks().cast(pa.large_string())
        texts = first_words(table["text_sha256"].to_pylist())
        days = table["published_on"].cast(pa.int32()).fill_null(UNDATED).to_numpy().astype(np.int32)
        sizes = pc.binary_length(table["text"]).to_numpy().astype(np.int32)
        sources, source_names = _numbered(table["source"].to_pylist())
    different, whose = rights_in(job.staging, job.task)
    told = [_terms(rights, job) for rights in different]
    terms, different_terms = _numbered(told)
    stated, stated_names, rejected = _told(job, len(ids))
    splits = _splits(job.rule, texts, days, stated, stated_names)
    return Sheet(
        *(ids, keys_of(ids.to_pylist()), texts, days, sizes, splits),
        *(sources, terms[whose], stated, source_names, different_terms, stated_names),
        *(dict(_withdrawn(job, len(ids))), rejected),
    )


def _terms(rights: Record, job: SheetJob) -> Terms:
    alone = (outcome(rights, line.destination, line.profile, job.as_of, line.accepts) for line in job.lines)
    return Terms(rights["rights_status"], rights.get("license", ""), names_article(rights), tuple(alone))


def _numbered(values: Sequence[Value]) -> tuple[npt.NDArray[np.int32], list[Value]]:
    """Return the number of each value among the different ones, and these."""
    numbers: dict[Value, int] = {}
    found = np.fromiter((numbers.setdefault(value, len(numbers)) for value in values), np.int32, len(values))
    return found, list(numbers)


def _splits(
    rule: SplitRule,
    texts: npt.NDArray[np.uint64],
    days: npt.NDArray[np.int32],
    stated: npt.NDArray[np.int32],
    stated_names: Sequence[str],
) -> npt.NDArray[np.int16]:
    found = rule.split_numbers(texts, days)
    for number, (name, _) in enumerate(rule.shares):
        if name in stated_names:
            found[stated == stated_names.index(name)] = number
    return found


def _told(job: SheetJob, rows: int) -> tuple[npt.NDArray[np.int32], list[str], Counter[str]]:
    """Return what the account of the inputs says: the splits that records state, and the codes of what was refused."""
    stated, numbers, rejected = np.full(rows, UNSTATED, np.int32), dict[str, int](), Counter[str]()
    with staged_at(job.staging, job.task).with_suffix(".jsonl").open("rb") as stream:
        for line in stream:
            # Within a string a quotation mark has a backslash before it, so these are keys.
            if b',"row":' not in line:
                rejected[orjson.loads(line)["code"]] += 1
            elif b',"stated_split":' in line:
                told = orjson.loads(line)
                stated[told["row"]] = numbers.setdefault(told["stated_split"], len(numbers))
    return stated, list(numbers), rejected


def _withdrawn(job: SheetJob, rows: int) -> Iterator[tuple[int, str]]:
    if not job.suppression.buried:
        return
    for start in range(0, rows, _ROWS_AT_ONCE):
        for entry in entries_of(job.staging, job.task, range(start, min(start + _ROWS_AT_ONCE, rows))):
            tombstone = job.suppression.tombstone(entry)
            if tombstone:
                yield entry.at[1], tombstone
