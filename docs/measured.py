"""Tables of what benchmarks measured, from the files in `benchmarks/results/`."""

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[1] / "benchmarks" / "results"
OURS = "pressmark build"
VALIDATES = "datasets from_generator + jsonschema"


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
    own, other = rows[OURS], rows[VALIDATES]
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


def aims() -> str:
    """Return what builds were meant to reach, beside what they do."""
    found = _figures("build.json")
    ways = {row["way"]: row for row in found["peers"]["ways"]}
    own, few = ways[OURS], {row["way"]: row for row in found["datatrove"]["ways"]}
    by_size = {row["articles"]: row for row in found["sizes"]["rows"]}
    each = {count: row["full"]["processor_seconds"] / count for count, row in by_size.items()}
    held = {count: row["full"]["megabytes"] for count, row in by_size.items()}
    small, large = by_size[100_000], by_size[1_000_000]

    def time(way: str) -> float:
        return float(own["seconds"] / ways[way]["seconds"])

    rows = [
        ("as fast as `from_generator` with jsonschema", "8 times", 1 / time(VALIDATES), 8.0),
        ("as fast as datatrove", "20 times", few["datatrove MinHash"]["seconds"] / few[OURS]["seconds"], 20.0),
        ("time of `load_dataset` and `to_parquet`", "once", time("load_dataset json, to_parquet"), -1.0),
        ("time of Polars", "1.4 times", time("polars scan, sort, sink"), -1.4),
        ("time of DuckDB", "1.5 times", time("duckdb COPY ORDER BY"), -1.5),
        (
            "processor time of pyarrow",
            "twice",
            own["processor_seconds"] / ways["pyarrow JSON to Parquet"]["processor_seconds"],
            -2.0,
        ),
        ("two processes as fast as one", "1.75 times", ways[f"{OURS}, one worker"]["seconds"] / own["seconds"], 1.75),
        ("a next version of 100,000, of the time of a first build", "0.25", _share(small, "grown", "full"), -0.25),
        ("a next version of a million, the same", "0.10", _share(large, "grown", "full"), -0.1),
        ("bytes of it in new chunks, at 100,000", "0.05", _new_chunks(), -0.05),
        ("`verify --quick` of it, of the time of SHA-256", "1.25 times", _share(large, "quick", "hashlib"), -1.25),
        ("memory at a million, MB", "1,074", held[1_000_000], -1074.0),
        ("memory at a million, of that at 100,000", "1.10 times", held[1_000_000] / held[100_000], -1.1),
        ("processor time an article, of that at 10,000", "1.10 times", each[1_000_000] / each[10_000], -1.1),
    ]
    return _table(
        "| what | at least, at most | measured | reached |",
        [
            f"| {what} | {'at least' if aim > 0 else 'at most'} {told} | {value:,.2f} "
            f"| {'yes' if (value >= aim if aim > 0 else value <= -aim) else 'no'} |"
            for what, told, value, aim in rows
        ],
    )


def _new_chunks() -> float:
    found = _figures("append.json")
    return float(found["new_bytes"] / found["bytes"])


def intake() -> str:
    """Return how fast each format is read, beside the bare reader, and when that was measured."""
    found = _figures("intake.json")
    where = f"Measured on {found['date']} at commit {found['commit']}, {found['rounds']} rounds by turns."
    rows = [
        f"| {row['what']} | {row['per_second']:,} | {row['megabytes']} | {row['beside']} | {row['times']:.1f} |"
        for row in found["rows"]
    ]
    head = "| what is read | articles a second of a processor | MB a second | beside | times its processor time |"
    return f"{where}\n\n{_table(head, rows)}"


def _share(row: dict[str, Any], of: str, whole: str) -> float:
    return float(row[of]["seconds"] / row[whole]["seconds"])


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
