"""Near copies: articles per second, memory and recall at several sizes, beside datasketch and datatrove.

    make bench-near
    python benchmarks/near_duplicates.py --sizes 10000 100000 1000000 --peers .venv-peers/bin/python --peer-size 20000

All find the copies of the same texts, by turns, each in a fresh process; reading the texts is not timed. Recall is the
share of planted pairs with a similarity of at least 0.8, by all their grams, that end in one family. Memory is the most
that any one process held.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa

from pressmark.article.record import letters, letters_digest
from pressmark.engine.local import LocalEngine
from pressmark.likeness import Likeness
from pressmark.reading import staged_at

WORDS, A_TASK, SHARE = 20_000, 5000, 0.1
THRESHOLD = Fraction(4, 5)


class Writer:
    """Writes texts of words with the frequencies of a language, some of them near copies of one before."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        codes = self.random.integers(0xAC00, 0xAC00 + 1500, (WORDS, 4))
        sizes = self.random.integers(1, 5, WORDS)
        self.words = np.array(["".join(map(chr, word[:size])) for word, size in zip(codes, sizes, strict=True)])
        weights = 1 / (np.arange(WORDS) + 3)
        self.sums = np.cumsum(weights / weights.sum())

    def draw(self, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return numbers of words."""
        return np.searchsorted(self.sums, self.random.random(count))

    def texts(self, count: int) -> tuple[list[str], list[tuple[int, int]]]:
        """Return texts, and pairs of a text and the one that it was made from."""
        drawn: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
        made: list[tuple[int, int]] = []
        for number in range(count):
            if number and self.random.random() < SHARE:
                other = int(self.random.integers(number))
                copy = drawn[other].copy()
                edited = self.random.random(copy.size) < self.random.choice([0.005, 0.02, 0.05])
                copy[edited] = self.draw(int(edited.sum()))
                made.append((other, number))
                drawn.append(copy[: int(copy.size * self.random.uniform(0.9, 1))])
            else:
                drawn.append(self.draw(int(self.random.integers(120, 600))))
        return [" ".join(self.words[each]) for each in drawn], made


def ours(folder: Path, workers: int) -> None:
    """Find near copies of what lies in a folder, and print seconds, megabytes and what belongs together."""
    tasks = len(list(folder.glob("read-*.arrow")))
    texts = {digest: tuple(at) for digest, at in json.loads((folder / "texts.json").read_bytes()).items()}
    start = time.perf_counter()
    with LocalEngine(workers) as engine, tempfile.TemporaryDirectory(dir=folder) as scratch:
        likeness = Likeness(engine, folder, tasks, Path(scratch) / "likeness", THRESHOLD)
        likeness.sketch()
        found = likeness.families("all", texts)
        seconds = time.perf_counter() - start
        disk = sum(path.stat().st_size for path in Path(scratch).rglob("*") if path.is_file())
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    (folder / "labels.json").write_text(json.dumps(found), encoding="utf-8")
    print(json.dumps({"seconds": seconds, "megabytes": memory / 1024, "disk": disk / 1e6}))


def stage(folder: Path, texts: list[str]) -> None:
    """Write texts as reading does."""
    schema = pa.schema([("text", pa.string())])
    at = {}
    for task, start in enumerate(range(0, len(texts), A_TASK)):
        part = texts[start : start + A_TASK]
        with pa.OSFile(str(staged_at(folder, task)), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            for batch in range(0, len(part), 256):
                writer.write_batch(pa.record_batch([pa.array(part[batch : batch + 256])], schema=schema))
        at.update({letters_digest(text): (task, row) for row, text in enumerate(part)})
    (folder / "texts.json").write_text(json.dumps(at), encoding="utf-8")


def near(texts: list[str], made: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return which of some pairs are near copies, by all their grams."""
    found = []
    for pair in made:
        grams = []
        for number in pair:
            only = letters(texts[number])
            grams.append({only[at : at + 5] for at in range(len(only) - 4)})
        if Fraction(len(grams[0] & grams[1]), len(grams[0] | grams[1])) >= THRESHOLD:
            found.append(pair)
    return found


def run(*command: str) -> dict[str, float]:
    """Return what a fresh process measured."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def recall(way: str, folder: Path, texts: list[str], pairs: list[tuple[int, int]]) -> float:
    """Return the share of pairs that belong together."""
    labels = json.loads((folder / "labels.json").read_bytes())
    if way == "pressmark":
        digests = [letters_digest(text) for text in texts]
        labels = [labels.get(digest, digest) for digest in digests]
    together = sum(bool(labels[one] == labels[other]) for one, other in pairs)
    return together / max(1, len(pairs))


def measure(size: int, rounds: int, workers: int, peers: str | None) -> list[dict[str, object]]:
    """Return a row for each way on texts of one size."""
    texts, made = Writer(size).texts(size)
    pairs = near(texts, made[:20_000])
    ways = ["pressmark", *(["datasketch", "datatrove"] if peers else [])]
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    shares = {}
    with tempfile.TemporaryDirectory() as base:
        lines = "".join(json.dumps({"text": letters(text)}) + "\n" for text in texts) if peers else ""
        words = "".join(json.dumps({"text": text}) + "\n" for text in texts) if peers else ""
        for round_ in range(rounds):
            for way in ways:
                folder = Path(base) / f"{way}-{round_}"
                folder.mkdir()
                if way == "pressmark":
                    stage(folder, texts)
                    told = run(sys.executable, __file__, "--ours", str(folder), "--workers", str(workers))
                else:
                    given = folder / "texts.jsonl"
                    given.write_text(words if way == "datatrove" else lines, encoding="utf-8")
                    told = run(str(peers), str(Path(__file__).with_name("near_peers.py")), way, str(given), str(folder))
                runs[way].append(told)
                shares[way] = recall(way, folder, texts, pairs)
    mine = statistics.median(told["seconds"] for told in runs["pressmark"])
    return [
        {
            "way": way,
            "articles": size,
            "pairs": len(pairs),
            "recall": round(shares[way], 5),
            "seconds": round(seconds := statistics.median(told["seconds"] for told in runs[way]), 2),
            "per_second": round(size / seconds),
            "times_ours": round(seconds / mine, 1),
            "megabytes": round(max(told["megabytes"] for told in runs[way])),
            "disk_megabytes": round(runs[way][-1].get("disk", 0)),
        }
        for way in ways
    ]


def main() -> None:
    """Measure, and print a row of JSON for each way and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peers", help="a Python that has datasketch and datatrove")
    parser.add_argument("--peer-size", type=int, default=20_000)
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ours:
        ours(given.ours, given.workers)
        return
    for size in given.sizes:
        for row in measure(size, given.rounds, given.workers, None):
            print(json.dumps(row), flush=True)
    if given.peers:
        for row in measure(given.peer_size, given.rounds, given.workers, given.peers):
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
