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
from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
from provenance import provenance

from pressmark.article.letters import letters, letters_digest
from pressmark.engine.local import LocalEngine
from pressmark.likeness import Likeness
from pressmark.staging import LENGTHS, SKETCHES, sketch, staged_at

WORDS, A_TASK, BATCH, SHARE = 20_000, 5000, 256, 0.1
BEFORE, PAIRS = 50_000, 20_000
"""How far back copies reach, and how many pairs are looked for at the end."""

THRESHOLD = Fraction(4, 5)
RESULTS = Path(__file__).parent / "results" / "near.json"


Made = tuple[str, tuple[int, str] | None]
"""A text, and the number and the text of the one that it was made from, if it was made from one."""

Numbered = tuple[int, Made]


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

    def texts(self, count: int) -> Iterator[Made]:
        """Yield texts."""
        drawn: deque[np.ndarray[tuple[int], np.dtype[np.int64]]] = deque(maxlen=BEFORE)
        for number in range(count):
            if number and self.random.random() < SHARE:
                back = int(self.random.integers(1, len(drawn) + 1))
                copy = drawn[-back].copy()
                edited = self.random.random(copy.size) < self.random.choice([0.005, 0.02, 0.05])
                copy[edited] = self.draw(int(edited.sum()))
                original = number - back, " ".join(self.words[drawn[-back]])
                drawn.append(copy[: int(copy.size * self.random.uniform(0.9, 1))])
                yield " ".join(self.words[drawn[-1]]), original
            else:
                drawn.append(self.draw(int(self.random.integers(120, 600))))
                yield " ".join(self.words[drawn[-1]]), None


def sketch_task(place: Path) -> None:
    """Sketch the texts of a task, as reading does: the peers' time holds that too."""
    with (
        pa.memory_map(str(place)) as source,
        place.with_suffix(SKETCHES).open("wb") as sketches,
        place.with_suffix(LENGTHS).open("wb") as lengths,
    ):
        reader = pa.ipc.open_file(source)
        for number in range(reader.num_record_batches):
            sketch(list(map(letters, reader.get_batch(number)["text"].to_pylist())), sketches, lengths)


def ours(folder: Path, workers: int) -> None:
    """Find near copies of what lies in a folder, and print seconds, megabytes and what belongs together."""
    rows = json.loads((folder / "rows.json").read_bytes())
    start = time.perf_counter()
    with LocalEngine(workers) as engine, tempfile.TemporaryDirectory(dir=folder) as scratch:
        likeness = Likeness(engine, folder, len(rows), Path(scratch) / "likeness", THRESHOLD)
        for _ in engine.run(sketch_task, [staged_at(folder, task) for task in range(len(rows))]):
            pass
        likeness.number()
        found = likeness.families("all", likeness.texts)[likeness.texts].tolist()
        seconds = time.perf_counter() - start
        disk = sum(path.stat().st_size for path in Path(scratch).rglob("*") if path.is_file())
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    processor = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    (folder / "labels.json").write_text(json.dumps(found), encoding="utf-8")
    told = {"seconds": seconds, "processor_seconds": processor, "megabytes": memory / 1024, "disk": disk / 1e6}
    print(json.dumps(told))


def stage(folder: Path, size: int) -> list[tuple[int, int]]:
    """Write made-up texts as reading does, and return pairs that are near copies."""
    schema = pa.schema([("text", pa.string()), ("letters_sha256", pa.string())])
    pairs: list[tuple[int, int]] = []
    texts = enumerate(Writer(size).texts(size))
    rows = [min(A_TASK, size - start) for start in range(0, size, A_TASK)]
    for task, count in enumerate(rows):
        with pa.OSFile(str(staged_at(folder, task)), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            for batch in batched(islice(texts, count)):
                those = [text for _, (text, _) in batch]
                digests = list(map(letters_digest, those))
                writer.write_batch(pa.record_batch([those, digests], schema=schema))
                made = [(number, text, original) for number, (text, original) in batch if original]
                for number, text, (before, other) in made[: PAIRS - len(pairs)]:
                    pairs += [(before, number)] if is_near(text, other) else []
    (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    return pairs


def batched(found: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    """Yield texts as many at a time as reading stages together."""
    while batch := list(islice(found, BATCH)):
        yield batch


def is_near(one: str, other: str) -> bool:
    """Tell whether two texts are near copies, by all their grams."""
    grams = [{only[at : at + 5] for at in range(len(only) - 4)} for only in (letters(one), letters(other))]
    return Fraction(len(grams[0] & grams[1]), len(grams[0] | grams[1])) >= THRESHOLD


def run(*command: str) -> dict[str, float]:
    """Return what a fresh process measured."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def recall(folder: Path, pairs: list[tuple[int, int]]) -> float:
    """Return the share of pairs that belong together."""
    labels = json.loads((folder / "labels.json").read_bytes())
    together = sum(bool(labels[one] == labels[other]) for one, other in pairs)
    return together / max(1, len(pairs))


def measure(size: int, rounds: int, workers: int, peers: str | None) -> list[dict[str, object]]:
    """Return a row for each way on texts of one size."""
    ways = ["pressmark", *(["datasketch", "datatrove"] if peers else [])]
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    shares = {}
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        pairs = stage(folder, size)
        if peers:
            # Each peer gets the form that it takes best: datasketch letters alone, datatrove text with words.
            with (folder / "letters.jsonl").open("w") as only, (folder / "words.jsonl").open("w") as whole:
                for text, _ in Writer(size).texts(size):
                    only.write(json.dumps({"text": letters(text)}) + "\n")
                    whole.write(json.dumps({"text": text}) + "\n")
        for round_ in range(rounds):
            for way in ways:
                if way == "pressmark":
                    place = folder
                    told = run(sys.executable, __file__, "--ours", str(place), "--workers", str(workers))
                else:
                    place = folder / f"{way}-{round_}"
                    place.mkdir()
                    given = str(folder / ("words.jsonl" if way == "datatrove" else "letters.jsonl"))
                    told = run(str(peers), str(Path(__file__).with_name("near_peers.py")), way, given, str(place))
                runs[way].append(told)
                shares[way] = recall(place, pairs)
    mine = statistics.median(told["seconds"] for told in runs["pressmark"])
    return [
        {
            "way": way,
            "articles": size,
            "beside": bool(peers),
            "pairs": len(pairs),
            "recall": round(shares[way], 5),
            "processor_seconds": round(statistics.median(told.get("processor_seconds", 0) for told in runs[way]), 1),
            "seconds": round(seconds := statistics.median(told["seconds"] for told in runs[way]), 2),
            "per_second": round(size / seconds),
            "times_ours": round(seconds / mine, 1),
            "megabytes": round(max(told["megabytes"] for told in runs[way])),
            "disk_megabytes": round(runs[way][-1].get("disk", 0)),
        }
        for way in ways
    ]


def keep(path: Path, rows: list[dict[str, object]]) -> None:
    """Put rows into a file of figures, each with its day and commit, in the place of those of the same way and size."""
    known = json.loads(path.read_bytes()) if path.is_file() else []
    told = [{**row, **provenance()} for row in rows]
    replaced = {(row["way"], row["articles"], row["beside"]) for row in told}
    kept = [row for row in known if (row["way"], row["articles"], row["beside"]) not in replaced]
    path.parent.mkdir(exist_ok=True)
    ordered = sorted([*kept, *told], key=lambda row: (row["articles"], row["beside"], row["way"] != "pressmark"))
    path.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, and print a row of JSON for each way and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peers", help="a Python that has datasketch and datatrove")
    parser.add_argument("--peer-size", type=int, default=20_000)
    parser.add_argument("--write", action="store_true", help="keep the figures for the documentation")
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ours:
        ours(given.ours, given.workers)
        return
    sizes = [(size, None) for size in given.sizes] + ([(given.peer_size, given.peers)] if given.peers else [])
    for size, peers in sizes:
        rows = measure(size, given.rounds, given.workers, peers)
        for row in rows:
            print(json.dumps(row), flush=True)
        if given.write:
            keep(RESULTS, rows)


if __name__ == "__main__":
    main()
