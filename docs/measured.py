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
    """Return when and where builds were measured beside what people do today."""
    found = _figures("build.json")["peers"]
    count = found["ways"][0]["articles"]
    return (
        f"Measured on {found['date']} at commit {found['commit']}: {count:,} articles, "
        f"{found['rounds']} rounds by turns, {found['processors']} processors ({found['machine']}), "
        f"Python {found['python']}."
    )


def in_a_sentence() -> str:
    """Return how long a build takes, in a sentence."""
    found = _figures("build.json")["peers"]
    rows = {row["way"]: row for row in found["ways"]}
    own, other = rows[OURS], rows["datasets from_generator + jsonschema"]
    return (
        f"{own['articles']:,} articles of five kilobytes are built in {own['seconds']:.0f} seconds on "
        f"{found['processors']} processors, everything included;\n`datasets` with a generator and jsonschema, which "
        f"validates alone, takes {other['seconds']:.0f} ({found['date']}, {found['commit']}).\nWhat was measured, also "
        "at a million articles, is in [docs/performance.md](docs/performance.md)."
    )


def ways() -> str:
    """Return builds beside what people do today."""
    found = _figures("build.json")
    parts = [found["peers"]["ways"], *([found["datatrove"]["ways"]] if "datatrove" in found else [])]
    return _table(
        "| what | articles | seconds (least to most) | of ours | processor seconds | of ours | MB | does |",
        [
            f"| {row['way']} | {row['articles']:,} | {row['seconds']:.1f} ({row['least']:.1f} to {row['most']:.1f}) "
            f"| {row['seconds'] / rows[0]['seconds']:.2f} | {_processor(row, rows[0])} "
            f"| {row['megabytes']} | {row['does']} |"
            for rows in parts
            for row in rows
        ],
    )


def _processor(row: dict[str, Any], own: dict[str, Any]) -> str:
    """Return processor seconds and their share of ours; of what has processes that nobody waits for there are none."""
    spent = row["processor_seconds"]
    return "not counted | " if spent is None else f"{spent:.1f} | {spent / own['processor_seconds']:.2f}"


def sizes_measured() -> str:
    """Return when and where builds of several sizes were measured."""
    found = _figures("build.json")["sizes"]
    return f"Measured on {found['date']} at commit {found['commit']}, once each; read the processor seconds."


def following() -> str:
    """Return what a second build takes, and a next release, and a check, of their own first build."""
    told = {
        "again": "the same again",
        "grown": "the next version, 1 % more articles, of the newest days",
        "verify": "`pressmark verify` of it, everything",
        "quick": "`pressmark verify --quick` of it",
        "hashlib": "SHA-256 of its files alone",
    }
    return _table(
        "| what | articles | seconds | processor seconds | of a first build |",
        [
            f"| {name} | {row['articles']:,} | {row[key]['seconds']:.1f} | {row[key]['processor_seconds']:.1f} "
            f"| {row[key]['processor_seconds'] / row['full']['processor_seconds']:.0%} |"
            for key, name in told.items()
            for row in _figures("build.json")["sizes"]["rows"]
            if key in row
        ],
    )


def sizes() -> str:
    """Return what first builds of several sizes take."""
    return _table(
        "| articles | seconds | processor seconds | microseconds of processor an article | MB |",
        [
            f"| {row['articles']:,} | {full['seconds']:.1f} | {full['processor_seconds']:.1f} "
            f"| {full['processor_seconds'] / row['articles'] * 1e6:,.0f} | {full['megabytes']:.0f} |"
            for row in _figures("build.json")["sizes"]["rows"]
            for full in [row["full"]]
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


def on_ray() -> str:
    """Return what builds of several sizes take on Ray, and when and where they were measured."""
    found = _figures("ray.json")
    where = (
        f"Measured on {found['date']} at commit {found['commit']}, once each, on a cluster that the build "
        f"starts ({found['workers']} workers, {found['processors']} processors, {found['machine']}, Python "
        f"{found['python']}), beside other work: seconds are too many, processor seconds less so."
    )
    names = {
        "input_megabytes": "inputs, MB",
        "seconds": "seconds",
        "processor_seconds": "processor seconds, all processes",
        "leading_seconds": "of these the leading process",
        "leading_megabytes": "memory of the leading process, MB",
        "megabytes": "memory of all processes, Ray's too, MB",
        "workshop_megabytes_at_most": "workshop at most, MB",
        "workshop_megabytes": "workshop afterwards, MB",
        "release_megabytes": "release, MB",
    }
    rows = [
        "| " + " | ".join([told, *(f"{row[key]:,}" for row in found["rows"])]) + " |" for key, told in names.items()
    ]
    head = "| articles | " + " | ".join(f"{row['articles']:,}" for row in found["rows"]) + " |"
    return f"{where}\n\n{_table(head, rows)}"


def ray_slope() -> str:
    """Return what a million articles more cost on Ray, from the smallest and the largest build, and 100 million."""
    found = _figures("ray.json")["rows"]
    small, large = found[0], found[-1]
    more = (large["articles"] - small["articles"]) / 1e6
    millions = (1, 10, 100)

    def line(key: str, told: str, unit: float, form: str) -> str:
        slope = (large[key] - small[key]) / more
        first = small[key] - slope * small["articles"] / 1e6
        sums = (format((first + slope * count) / unit, form) for count in millions)
        return f"| {told} | {' | '.join(sums)} |"

    rows = [
        line("processor_seconds", "processor hours", 3600, ",.1f"),
        line("leading_seconds", "of these hours of the leading process, which nothing shortens", 3600, ",.2f"),
        line("leading_megabytes", "memory of the leading process, GB", 1000, ",.1f"),
        line("input_megabytes", "inputs, GB", 1000, ",.0f"),
        line("workshop_megabytes_at_most", "workshop at most, GB", 1000, ",.0f"),
        line("workshop_megabytes", "workshop afterwards, GB", 1000, ",.0f"),
        line("release_megabytes", "release, GB", 1000, ",.0f"),
    ]
    return _table("| articles | 1 million | 10 million | 100 million |", rows)
