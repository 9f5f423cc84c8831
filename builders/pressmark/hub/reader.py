"""One reader's way to a release on a Hub, in a process of its own.

`python -m pressmark.hub.reader NAME` takes a job as JSON on stdin, and tells what it read as JSON Lines on stdout, one
for each split. Each way is the one that docs/reading.md shows.
"""

import hashlib
import importlib.util
import json
import os
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from pressmark.press.columns import arrow_schema
from pressmark.press.content import content_digest, row_digests

_ROWS_AT_ONCE = 1000
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be read."""

    repo: str
    tag: str
    commit: str
    """The commit that the tag leads to."""

    public: bool
    """Whether anybody may read it, without a token."""

    parts: Mapping[str, Mapping[str, list[str]]]
    """Paths of the files of rows, by configuration and split."""

    files: list[str]
    """All files."""

    def each(self) -> Iterator[tuple[str, str, list[str]]]:
        """Yield configuration, split and paths."""
        for config, splits in self.parts.items():
            for split, paths in splits.items():
                yield config, split, paths

    def address(self, path: str) -> str:
        """Return the address of a file at the tag."""
        return f"{os.environ['HF_ENDPOINT']}/datasets/{self.repo}/resolve/{quote(self.tag)}/{quote(path)}"

    def hf(self, path: str) -> str:
        """Return the path of a file at the tag as the Hub's file system has it."""
        return f"hf://datasets/{self.repo}@{self.tag}/{path}"


Told = dict[str, Any]


def _told(config: str, split: str, tables: Iterator[pa.Table], **more: Any) -> Told:
    """Return what a split came to: its rows, and the digest of its content."""
    schema = arrow_schema(config)
    digests = [row for table in tables for row in row_digests(table.select(schema.names).cast(schema))]
    return {"config": config, "split": split, "rows": len(digests), "content": content_digest(digests), **more}


def _datasets(job: Job, *, streaming: bool) -> Iterator[Told]:
    import datasets  # noqa: PLC0415 - each reader imports its own library

    for config in datasets.get_dataset_config_names(job.repo, revision=job.tag):
        found = datasets.load_dataset(job.repo, config, revision=job.tag, streaming=streaming)
        builder = datasets.load_dataset_builder(job.repo, config, revision=job.tag)
        for split, rows in found.items():
            tables = rows.with_format("arrow").iter(_ROWS_AT_ONCE)
            read = {address.partition("@")[2].partition("/")[0] for address in builder.config.data_files[split]}
            yield _told(config, str(split), tables, features=rows.features.to_dict(), commits=sorted(read))


def _pandas(job: Job) -> Iterator[Told]:
    import pandas as pd  # noqa: PLC0415

    for config, split, paths in job.each():
        frames = (pd.read_parquet(job.hf(path), dtype_backend="pyarrow") for path in paths)
        yield _told(config, split, (pa.Table.from_pandas(frame, preserve_index=False) for frame in frames))


def _polars(job: Job) -> Iterator[Told]:
    import polars as pl  # noqa: PLC0415

    for config, split, paths in job.each():
        if job.public:
            tables = (pl.scan_parquet(job.address(path)).collect().to_arrow() for path in paths)
        else:  # it sends no token along with plain addresses
            from huggingface_hub import HfFileSystem  # noqa: PLC0415

            tables = (pl.read_parquet(HfFileSystem().open(job.hf(path)).read()).to_arrow() for path in paths)
        yield _told(config, split, tables)


def _duckdb(job: Job) -> Iterator[Told]:
    import duckdb  # noqa: PLC0415
    from huggingface_hub import HfFileSystem  # noqa: PLC0415

    connection = duckdb.connect()
    connection.register_filesystem(HfFileSystem())
    for config, split, paths in job.each():
        found = connection.sql("select * from read_parquet($paths)", params={"paths": [job.hf(path) for path in paths]})
        yield _told(config, split, iter([found.to_arrow_table()]))


def _download(job: Job) -> Iterator[Told]:
    token = os.environ.get("HF_TOKEN")
    for path in job.files:
        request = urllib.request.Request(job.address(path))  # noqa: S310 - the endpoint is http or https
        if token:
            request.add_unredirected_header("Authorization", f"Bearer {token}")
        digest = hashlib.sha256()
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            while block := answer.read(_BLOCK):
                digest.update(block)
        yield {"path": path, "sha256": digest.hexdigest()}


READERS: Mapping[str, tuple[str, Callable[[Job], Iterator[Told]]]] = {
    "datasets": ("datasets", lambda job: _datasets(job, streaming=False)),
    "datasets, streaming": ("datasets", lambda job: _datasets(job, streaming=True)),
    "pandas": ("pandas", _pandas),
    "polars": ("polars", _polars),
    "duckdb": ("duckdb", _duckdb),
    "download": ("urllib", _download),
}
"""By name, the library that a way needs, and the way."""


def main() -> None:
    """Read what the job on stdin says, in the way that the argument names."""
    library, read = READERS[sys.argv[1]]
    if importlib.util.find_spec(library) is None:
        sys.stdout.write(json.dumps({"missing": library}) + "\n")
        return
    for told in read(Job(**json.load(sys.stdin))):
        sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    # Threads that the clients leave behind can abort a process that ends in order, after all is read.
    os._exit(0)


if __name__ == "__main__":
    main()
