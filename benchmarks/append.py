"""What a release costs that adds 1 % of articles at the end: files written again, and new chunks to upload.

    make bench                        10,000 articles
    python benchmarks/append.py --articles 100000 --write

Chunks are estimated as a store with content-defined chunking would cut the released bytes: a rolling hash over the last
64 bytes, chunks of 8 to 128 KiB, 64 KiB on average (the sizes of Xet). Also says how long `diff` and `verify` take.
`--write` keeps what became of the files in `benchmarks/results/append.json`, for docs/performance.md.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from corpora import corpus as written
from provenance import provenance

RESULTS = Path(__file__).parent / "results" / "append.json"
SMALLEST, LARGEST, MASK_BITS, WINDOW = 8 << 10, 128 << 10, 16, 64


def main() -> None:
    """Build a corpus, add articles at the end, build the next version, and print what became of the files."""
    options = argparse.ArgumentParser()
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--workers", type=int, default=os.cpu_count())
    options.add_argument("--write", action="store_true", help="keep the figures for the documentation")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), chosen.articles, chosen.workers)
    if chosen.write:
        told = {**provenance(), "articles": chosen.articles, **found}
        RESULTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def measure(folder: Path, count: int, workers: int) -> dict[str, int]:
    """Print the figures, and return what became of the files."""
    corpus = folder / "corpus"
    written(corpus, count + count // 100)
    # By date, so that what is added comes last.
    lines = sorted((corpus / "a.jsonl").read_text(encoding="utf-8").splitlines(), key=_day)
    run = [sys.executable, "-m", "pressmark", "build", str(corpus), "--as-of", "2026-01-31", "--workers", str(workers)]
    for version, upto in (("1.0.0", count), ("1.1.0", len(lines))):
        (corpus / "a.jsonl").write_text("\n".join(lines[:upto]) + "\n", encoding="utf-8")
        print(f"build {version}: {timed([*run, '--version', version], folder):.1f} s")
    line = folder / "dist" / "speed" / "open"
    releases = [line / "1.0.0", line / "1.1.0"]
    for what in (("diff", *map(str, releases)), ("verify", str(releases[1]))):
        print(f"{what[0]}: {timed([sys.executable, '-m', 'pressmark', *what], folder):.1f} s")
    return compare(*releases)


def _day(line: str) -> str:
    record = json.loads(line)
    return str(record.get("published_at") or record.get("published_on"))


def timed(command: list[str], folder: Path) -> float:
    """Run a command and return its seconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - started


def compare(old: Path, new: Path) -> dict[str, int]:
    """Print and return which files of rows were written again, and the share of chunks that are new."""
    paths = sorted(path.relative_to(new) for path in new.rglob("*.parquet"))
    again = [path for path in paths if not ((old / path).exists() and (old / path).samefile(new / path))]
    known = {digest for path in old.rglob("*.parquet") for digest, _ in chunks(path)}
    sizes = [(size, digest in known) for path in paths for digest, size in chunks(new / path)]
    total = sum(size for size, _ in sizes)
    fresh = sum(size for size, there in sizes if not there)
    print(f"files of rows: {len(paths)}; written again: {len(again)}: {', '.join(map(str, again))}")
    print(f"bytes: {total}; in chunks that the old release has not: {fresh} ({fresh / total:.1%})")
    return {"files": len(paths), "written_again": len(again), "bytes": total, "new_bytes": fresh}


def chunks(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield digest and size of each content-defined chunk of a file."""
    data = path.read_bytes()
    start = 0
    for cut in _cuts(np.frombuffer(data, np.uint8)):
        while cut - start > LARGEST:
            yield hashlib.sha256(data[start : start + LARGEST]).digest(), LARGEST
            start += LARGEST
        if cut - start >= SMALLEST or cut == len(data):
            yield hashlib.sha256(data[start:cut]).digest(), cut - start
            start = cut


def _cuts(data: "np.ndarray[tuple[int], np.dtype[np.uint8]]") -> list[int]:
    """Return where the hash of the last bytes ends in zeros, and the end."""
    gear = np.random.default_rng(1).integers(0, 1 << 63, 256, dtype=np.uint64)
    hashes = np.zeros(len(data), np.uint64)
    values = gear[data]
    for shift in range(min(WINDOW, 64)):
        hashes[shift:] += values[: len(data) - shift] << np.uint64(shift)
    top = hashes >> np.uint64(64 - MASK_BITS)
    return [*(np.flatnonzero(top == 0) + 1).tolist(), len(data)]


if __name__ == "__main__":
    main()
