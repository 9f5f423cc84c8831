"""Accounts of a curation: how many inputs became what, and the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from pressmark.curate.gate import Outcome
from pressmark.curate.groups import BRIDGE, NEAR_COPY, STRADDLE
from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curation import PUBLISHED, REJECTED, Curation
from pressmark.press.manifest import CLASSES
from pressmark.reading import rejected
from pressmark.roll import CODES
from pressmark.staging import staged_at
from pressmark.workshop import written_durably

_CLASS_OF_CODE = {
    **dict.fromkeys(("exact-copy", NEAR_COPY, BRIDGE, STRADDLE), "duplicate"),
    "later-capture": "superseded",
    "cut-capture": "superseded",
    "id-conflict": "rejected",
    WITHDRAWN: WITHDRAWN,
}


Note = tuple[str, str, str]
"""Code, place and detail."""


def counts(curation: Curation, line: str) -> dict[str, Any]:
    """Return how many inputs are in each class of a release line, and how many have each code."""
    roll, different = curation.roll, curation.outcomes.different
    refused = roll.rejected + Counter(finding.code for finding in curation.findings)
    became = [(_set_aside(code), count) for code, count in refused.items()]
    aside = np.bincount(roll.codes[~roll.kept], minlength=len(CODES)).tolist()
    became += [(_set_aside(code), count) for code, count in zip(CODES, aside, strict=True)]
    stayed = np.bincount(curation.outcomes.by_line[line][roll.kept], minlength=len(different)).tolist()
    became += [(_became(found), count) for found, count in zip(different, stayed, strict=True)]
    classes, codes = Counter[str](), Counter[str]()
    for told, count in became:
        classes[told["class"]] += count
        codes[told.get("code", "")] += count
    return {
        "inputs": classes.total(),
        **{name: classes[name] for name in CLASSES},
        "by_code": {code: count for code, count in sorted(codes.items()) if code and count},
    }


def terms(curation: Curation, line: str) -> Counter[tuple[str, str]]:
    """Return how many texts a release line shows, by rights status and licence."""
    found = Counter[tuple[str, str]]()
    shown = curation.roll.terms[curation.shown(line)]
    for number, count in zip(*np.unique(shown, return_counts=True), strict=True):
        its = curation.roll.different_terms[number]
        found[its.status, its.license] += int(count)
    return found


def cells(curation: Curation, line: str) -> Counter[tuple[str, str]]:
    """Return how many articles a release line has by rights status, and by `published` or the code of the reason."""
    found = Counter[tuple[str, str]]()
    kept, different = curation.roll.kept, curation.outcomes.different
    pairs = curation.roll.terms[kept].astype(np.int64) * len(different) + curation.outcomes.by_line[line][kept]
    for pair, count in zip(*np.unique(pairs, return_counts=True), strict=True):
        its, outcome = curation.roll.different_terms[pair // len(different)], different[pair % len(different)]
        found[its.status, PUBLISHED if outcome.text else outcome.because] += int(count)
    return found


def group_sizes(curation: Curation, line: str) -> Counter[int]:
    """Return how many groups of several articles of a release line have how many, with those without their text."""
    here = curation.roll.kept & ~curation.absent(line)
    _, sizes = np.unique(curation.together.groups[here], return_counts=True)
    return Counter(sizes[sizes > 1].tolist())


def rejected_share(counted: Mapping[str, Any]) -> Fraction:
    """Return the share of inputs that are no valid articles."""
    return Fraction(counted[REJECTED], max(1, counted["inputs"]))


def write_ledger(curation: Curation, path: Path) -> None:
    """Write what became of each input, one JSON object a line."""
    with written_durably(path) as stream:
        for row in inputs(curation):
            stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def inputs(curation: Curation) -> Iterator[dict[str, Any]]:
    """Yield what became of each input, in the order of reading, as rows of the ledger."""
    roll, lines = curation.roll, curation.outcomes.by_line
    emptied: dict[str, list[Note]] = defaultdict(list)
    for line, found in curation.emptied.items():
        for identity, path in found:
            emptied[identity].append(("field-shows-text", path, f"emptied in the release line {line}"))
    for finding in curation.findings:
        yield _refused(rejected(finding), lines)
    for task, (begin, end) in enumerate(pairwise(roll.starts.tolist())):
        stayed = roll.kept[begin:end].tolist()
        with staged_at(roll.staging, task).with_suffix(".jsonl").open("rb") as stream:
            for read in map(orjson.loads, stream):
                if "row" not in read:
                    yield _refused(read, lines)
                    continue
                row = read.pop("row")
                read.pop("stated_split", None)
                if stayed[row]:
                    yield _stayed(read, begin + row, curation, emptied.get(read["id"], ()))
                else:
                    yield _left_out(read, begin + row, curation)


def _refused(read: dict[str, Any], lines: Iterable[str]) -> dict[str, Any]:
    return {**read, "became": dict.fromkeys(lines, _set_aside(read["code"]))}


def _left_out(read: dict[str, Any], number: int, curation: Curation) -> dict[str, Any]:
    code, survivor, also = curation.roll.reason(number)
    told = _set_aside(code)
    notes = [*read.pop("notes"), *_elsewhere(number, curation)]
    return {
        **read,
        **_edit(number, curation),
        "survivor": survivor,
        **({"also": also} if also else {}),
        "became": dict.fromkeys(curation.outcomes.by_line, told),
        **({"notes": notes} if notes else {}),
    }


def _stayed(read: dict[str, Any], number: int, curation: Curation, emptied: Iterable[Note]) -> dict[str, Any]:
    became = {}
    for line in curation.outcomes.by_line:
        copy_of = curation.copies.get(line, {}).get(number)
        became[line] = {**_became(curation.outcomes.of(line, number)), **({"copy_of": copy_of} if copy_of else {})}
    notes = [*read.pop("notes"), *emptied, *_elsewhere(number, curation)]
    return {
        **read,
        **_edit(number, curation),
        "split": curation.together.split(number),
        "became": became,
        **({"notes": notes} if notes else {}),
    }


def _edit(number: int, curation: Curation) -> dict[str, int]:
    edit = int(curation.roll.edits[number])
    return {"edit": edit} if edit else {}


def _elsewhere(number: int, curation: Curation) -> Iterator[Note]:
    split = curation.elsewhere.get(number)
    if split:
        found = curation.roll.stated_names[curation.roll.stated[number]]
        yield "split-stays", "/split", f"found {found}, is in {split}"


def _set_aside(code: str) -> dict[str, str]:
    return {"class": _CLASS_OF_CODE.get(code, REJECTED), "code": code}


def _became(outcome: Outcome) -> dict[str, str]:
    if outcome.text:
        return {"class": PUBLISHED}
    return {"class": "embargoed" if outcome.absent else "withheld", "code": outcome.because}
