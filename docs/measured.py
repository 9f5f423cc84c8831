"""Tables of what benchmarks measured, from the files in `benchmarks/results/`."""

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[1] / "benchmarks" / "results"
OURS = "pressmark build"


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *rows])


def _figures(name: str) -> Any:
    return json.loads((RESULTS / name).read_bytes())


def measured() -> str:
    """Return when and where builds were measured."""
    found = _figures("build.json")
    count = found["ways"][0]["articles"]
    return (
        f"Measured on {found['date']} at commit {found['commit']}: {count:,} articles, "
        f"{found['rounds']} round(s) by turns, {found['processors']} processors ({found['machine']}), "
        f"Python {found['python']}."
    )


def ways() -> str:
    """Return builds beside what people do today."""
    rows = _figures("build.json")["ways"]
    mine = {row["articles"]: row["seconds"] for row in reversed(rows) if row["way"].startswith(OURS)}
    return _table(
        "| what | articles | seconds (least to most) | of ours | processor seconds | MB | does |",
        [
            f"| {row['way']} | {row['articles']:,} | {row['seconds']:.1f} ({row['least']:.1f} to {row['most']:.1f}) "
            f"| {row['seconds'] / mine[row['articles']]:.2f} | {row['processor_seconds']:.1f} | {row['megabytes']} "
            f"| {row['does']} |"
            for row in rows
        ],
    )


def following() -> str:
    """Return what a second build takes, and a next release, and a check."""
    found = _figures("build.json")["next"]
    told = {
        "full": "a first build",
        "again": "the same again",
        "grown": "the next version, 1 % more articles, of the newest days",
        "verify": "`pressmark verify` of it, everything",
        "hashlib": "SHA-256 of its files alone",
    }
    return _table(
        "| what | seconds | processor seconds | MB |",
        [
            f"| {name} | {found[key]['seconds']:.1f} | {found[key]['processor_seconds']:.1f} "
            f"| {found[key]['megabytes']:.0f} |"
            for key, name in told.items()
        ],
    )


def sizes() -> str:
    """Return what builds of several sizes take."""
    return _table(
        "| articles | seconds | microseconds of processor an article | MB |",
        [
            f"| {row['articles']:,} | {row['seconds']:.1f} | {row['processor_seconds'] / row['articles'] * 1e6:,.0f} "
            f"| {row['megabytes']:.0f} |"
            for row in _figures("build.json")["sizes"]
        ],
    )


def near() -> str:
    """Return how near copies are found, beside two libraries."""
    return _table(
        "| way | articles | seconds | articles/s | of ours | recall | MB, one process | MB on disk | measured |",
        [
            f"| {row['way']} | {row['articles']:,} | {row['seconds']:.1f} | {row['per_second']:,} "
            f"| {row['times_ours']} | {row['recall']} ({row['pairs']:,} pairs) | {row['megabytes']} "
            f"| {row['disk_megabytes']} | {row['date']}, {row['commit']} |"
            for row in _figures("near.json")
        ],
    )
