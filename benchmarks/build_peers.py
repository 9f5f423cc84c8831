"""What people do today with a file of articles, each in a process of its own: `python build_peers.py WAY FILE FOLDER`.

What each way does and does not do stands in `WAYS`. None decides rights, keeps an account of what was refused, or gives
splits that stay.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "text"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z0-9]+$"},
        "url": {"type": "string", "pattern": "^https?://"},
        "title": {"type": "string", "minLength": 1},
        "text": {"type": "string", "minLength": 1},
        "attribution": {"type": "string"},
        "published_at": {"type": "string", "format": "date-time"},
        "section": {"type": "array", "items": {"type": "string"}},
        "captions": {"type": "array", "items": {"type": "object", "required": ["text"]}},
        "contributors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["role", "name"],
                "properties": {"role": {"enum": ["aut", "rpt", "trl", "edt", "pht"]}, "name": {"type": "string"}},
            },
        },
    },
}


def generator(source: Path, folder: Path) -> None:
    """Read, check each record with `jsonschema`, write with `datasets`."""
    from datasets import Dataset
    from jsonschema import Draft202012Validator, FormatChecker

    valid = Draft202012Validator(SCHEMA, format_checker=FormatChecker())

    def rows() -> Iterator[dict[str, Any]]:
        with source.open(encoding="utf-8") as lines:
            yield from (record for record in map(json.loads, lines) if valid.is_valid(record))

    Dataset.from_generator(rows, cache_dir=str(folder)).to_parquet(str(folder / "all.parquet"))


def converted(source: Path, folder: Path) -> None:
    """Read and write with `datasets`, and nothing else."""
    from datasets import load_dataset

    found = load_dataset("json", data_files=str(source), split="train", cache_dir=str(folder))
    found.to_parquet(str(folder / "all.parquet"))


def with_polars(source: Path, folder: Path) -> None:
    """Read, sort and write with Polars."""
    import polars as pl

    pl.scan_ndjson(source).sort("published_at", "id").sink_parquet(folder / "all.parquet", compression="zstd")


def with_duckdb(source: Path, folder: Path) -> None:
    """Read, sort and write with DuckDB."""
    import duckdb

    duckdb.sql("SET threads = 2")
    rows = duckdb.read_json(str(source), format="newline_delimited").order("published_at, id")
    rows.write_parquet(str(folder / "all.parquet"), compression="zstd")


def floor(source: Path, folder: Path) -> None:
    """Parse with pyarrow and write as it comes: what cannot be saved."""
    import pyarrow.json as pj
    import pyarrow.parquet as pq

    with pj.open_json(source, read_options=pj.ReadOptions(block_size=16 << 20)) as reader:
        writer = pq.ParquetWriter(folder / "all.parquet", reader.schema, compression="zstd", compression_level=3)
        with writer:
            for batch in reader:
                writer.write_batch(batch)


def with_datatrove(source: Path, folder: Path) -> None:
    """Read, find near copies in four steps of MinHash, write what is left."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter
    from datatrove.pipeline.dedup import MinhashDedupSignature as Signature
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import ParquetWriter

    (folder / "parts").mkdir()
    with source.open("rb") as lines:
        parts = [(folder / "parts" / f"{part}.jsonl").open("wb") for part in range(2)]
        for number, line in enumerate(lines):
            parts[number % 2].write(line)
        for part in parts:
            part.close()
    reader, config = JsonlReader(str(folder / "parts")), MinhashConfig()
    a, b, c = (str(folder / name) for name in "abc")
    steps = (
        ([reader, Signature(a, config=config)], 2),
        ([MinhashDedupBuckets(a, b, config=config)], config.num_buckets),
        ([MinhashDedupCluster(b, c, config=config)], 1),
        ([reader, MinhashDedupFilter(c), ParquetWriter(str(folder / "out"))], 2),
    )
    for number, (pipeline, tasks) in enumerate(steps):
        LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=2, logging_dir=str(folder / f"l{number}")).run()


WAYS: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "datasets from_generator + jsonschema": (generator, "validates; one process"),
    "load_dataset json, to_parquet": (converted, "converts only"),
    "polars scan, sort, sink": (with_polars, "converts and sorts, all in memory"),
    "duckdb COPY ORDER BY": (with_duckdb, "converts and sorts, all in memory"),
    "pyarrow JSON to Parquet": (floor, "converts only; the part that cannot be saved"),
    "datatrove MinHash": (with_datatrove, "drops near copies; checks nothing"),
}
"""By name: how it is done, and what of it."""


if __name__ == "__main__":
    WAYS[sys.argv[1]][0](Path(sys.argv[2]), Path(sys.argv[3]))
