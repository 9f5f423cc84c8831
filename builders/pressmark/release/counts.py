"""The numbers of a manifest: do they close, and do they follow from the rows?"""

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from pressmark.findings import CATALOGUE, Finding, Kind
from pressmark.release.tally import Tally

CLASSES = ("published", "withheld", "embargoed", "duplicate", "superseded", "withdrawn", "rejected")

_MANIFEST = "manifest.json"
_OF_KIND = {Kind.REJECTED: "rejected", Kind.SET_ASIDE: "duplicate", Kind.WITHHELD: "withheld"}
_OF_CODE = {
    **dict.fromkeys(("later-capture", "cut-capture"), "superseded"),
    "embargoed": "embargoed",
    "withdrawn": "withdrawn",
}


def verify_counts(manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the numbers of a manifest, without a look at the rows."""
    counts = manifest["counts"]
    total = sum(counts[name] for name in CLASSES)
    if total != counts["inputs"]:
        detail = f"the classes add up to {total}, there were {counts['inputs']} inputs"
        yield Finding("counts-open", _MANIFEST, "$.counts", detail)
    for config, name in (("articles", "published"), ("withheld", "withheld")):
        splits = manifest["configs"].get(config, {}).get("splits", {})
        rows = sum(split["rows"] for split in splits.values())
        if rows != counts[name]:
            detail = f"{config} has {rows} rows, {counts[name]} inputs are {name}"
            yield Finding("rows-differ", _MANIFEST, "$.counts", detail)
    yield from _codes(counts)
    if fault := _split_fault(manifest):
        yield Finding("splits-differ", _MANIFEST, "$.splits", fault)


def class_of(code: str) -> str:
    """Return what becomes of inputs that have a code; nothing where that is no reason for anything."""
    known = CATALOGUE.get(code)
    return _OF_CODE.get(code) or _OF_KIND.get(known.kind if known else Kind.NOTE, "")


def _codes(counts: Mapping[str, Any]) -> Iterator[Finding]:
    """Hold the codes against the classes: everything but what is published has one."""
    found = Counter[str]()
    for code, count in counts["by_code"].items():
        found[class_of(code)] += count
        if not count:
            found[""] += 1
    expected = {name: counts[name] for name in CLASSES if name != "published" and counts[name]}
    if +found != expected:
        differing = sorted(name or "no class" for name in found.keys() | expected if found[name] != expected.get(name))
        yield Finding("reasons-differ", _MANIFEST, "$.counts.by_code", f"does not add up for {', '.join(differing)}")
    if list(counts["by_code"]) != sorted(counts["by_code"]):
        yield Finding("reasons-differ", _MANIFEST, "$.counts.by_code", "is not in order")


def _split_fault(manifest: Mapping[str, Any]) -> str:
    """Return in words what is wrong with shares, splits or configurations, or nothing."""
    shares, configs = manifest["splits"]["shares"], manifest["configs"]
    try:
        parts = {name: Fraction(share) for name, share in shares.items()}
    except ZeroDivisionError:
        return "found a share that is no number"
    if sum(parts.values()) != 1 or {name: str(part) for name, part in parts.items()} != shares:
        return "the shares do not add up to 1, or are not written as they are"
    if manifest["splits"]["salt"] != manifest["corpus"]:
        return "the salt is not the name of the corpus"
    for found in configs.values():
        if list(found["splits"]) != [name for name in shares if name in found["splits"]]:
            return "found a split without a share, or another order"
    if list(configs) != sorted(configs) or [found["default"] for found in configs.values()][1:] != [False] * (
        len(configs) - 1
    ):
        return "found another order of configurations, or another default than the first"
    return "" if configs and next(iter(configs.values()))["default"] else "found no default configuration"


def verify_reasons(manifest: Mapping[str, Any], tally: Tally) -> Iterator[Finding]:
    """Hold the codes against the reasons that rows give."""
    stated = {
        code: count
        for code, count in manifest["counts"]["by_code"].items()
        if code != "embargoed" and code in CATALOGUE and CATALOGUE[code].kind is Kind.WITHHELD
    }
    if stated != tally.reasons:
        detail = "counts other reasons than the rows give"
        yield Finding("reasons-differ", _MANIFEST, "$.counts.by_code", detail)
