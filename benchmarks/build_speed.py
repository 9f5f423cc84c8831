"""How fast a build is and what it needs, beside what people do today with the same file: in one run, by turns.

    make bench                                                    10,000 articles, three rounds
    python benchmarks/build_speed.py --articles 100000 --rounds 5 --peers .venv-peers/bin/python --write

Each way runs in fresh processes. Seconds and processor seconds are of whole commands, memory is the most private memory
of all their processes together. Quote ratios of medians: machines are noisy. `--write` keeps the figures in
`benchmarks/results/build.json`, from which `make docs` writes docs/performance.md.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from build_peers import WAYS
from corpora import corpus
from watched import Taken, described, watched

RESULTS = Path(__file__).parent / "results" / "build.json"
OURS = "pressmark build"
DATATROVE = "datatrove MinHash"
DATATROVE_ARTICLES = 20_000
CLOSED_FROM = "2023-12-31"
_HASH = """
import hashlib, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        with path.open("rb") as stream:
            hashlib.file_digest(stream, "sha256")
"""


def build(corpus_folder: Path, made: Path, version: str = "1.0.0", workers: int = 2) -> list[str]:
    """Return the command that builds a corpus."""
    command = [sys.executable, "-m", "pressmark", "build", str(corpus_folder), "--version", version, "--json"]
    command += ["--as-of", "2026-01-31", "--workers", str(workers)]
    return [*command, "--out", str(made / "dist"), "--work", str(made / "work")]


class Bench:
    """Runs ways by turns and keeps what each took."""

    def __init__(self, base: Path, rounds: int) -> None:
        self.base, self.rounds = base, rounds
        self.taken: dict[str, list[Taken]] = {}

    def run(self, ways: dict[str, Callable[[Path], list[str]]]) -> None:
        """Run every way once a round; what one writes is removed before the next."""
        for round_ in range(self.rounds):
            for name, command in ways.items():
                place = self.base / "made"
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
                environment = {"HF_HOME": str(place / "hf"), "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
                self.taken.setdefault(name, []).append(watched(command(place), self.base, environment))
                last = self.taken[name][-1]
                print(f"round {round_ + 1}: {name}: {last.seconds:.1f} s, {last.megabytes:.0f} MB", flush=True)

    def row(self, name: str, articles: int, does: str = "") -> dict[str, Any]:
        """Return what a way took, as medians, with the least and the most."""
        found = self.taken[name]
        seconds = [each.seconds for each in found]
        return {
            "way": name,
            "does": does,
            "articles": articles,
            "seconds": round(statistics.median(seconds), 2),
            "least": round(min(seconds), 2),
            "most": round(max(seconds), 2),
            "processor_seconds": round(statistics.median(each.processor_seconds for each in found), 2),
            "megabytes": round(max(each.megabytes for each in found)),
        }


def beside_peers(bench: Bench, articles: int, peers: str | None) -> list[dict[str, Any]]:
    """Measure builds with and without texts to search for, with one worker and two, and the peers."""
    open_, closed = bench.base / "open", bench.base / "closed"
    corpus(open_, articles)
    corpus(closed, articles, closed_from=CLOSED_FROM)
    source, script = open_ / "a.jsonl", str(Path(__file__).with_name("build_peers.py"))

    def peer(name: str) -> Callable[[Path], list[str]]:
        return lambda place: [sys.executable, script, name, str(source), str(place)]

    ways = {
        OURS: lambda place: build(open_, place),
        f"{OURS}, with a leak scan": lambda place: build(closed, place),
        f"{OURS}, one worker": lambda place: build(open_, place, workers=1),
        **{name: peer(name) for name in WAYS if name != DATATROVE},
    }
    bench.run(ways)
    rows = [bench.row(name, articles, WAYS[name][1] if name in WAYS else "everything") for name in ways]
    if peers:
        rows += _beside_datatrove(bench, peers)
    return rows


def _beside_datatrove(bench: Bench, python: str) -> list[dict[str, Any]]:
    folder, script = bench.base / "small", str(Path(__file__).with_name("build_peers.py"))
    corpus(folder, DATATROVE_ARTICLES)
    source = str(folder / "a.jsonl")
    name = f"{OURS}, {DATATROVE_ARTICLES:,} articles"
    bench.run(
        {
            name: lambda place: build(folder, place),
            DATATROVE: lambda place: [python, script, DATATROVE, source, str(place)],
        }
    )
    return [
        bench.row(name, DATATROVE_ARTICLES, "everything"),
        bench.row(DATATROVE, DATATROVE_ARTICLES, WAYS[DATATROVE][1]),
    ]


def next_release(base: Path, articles: int) -> dict[str, Any]:
    """Measure a release with 1 % more articles of the newest days, the same again, and verify beside hashing."""
    folder, made = base / "next", base / "next-made"
    corpus(folder, articles + articles // 100)
    made.mkdir()
    path = folder / "a.jsonl"
    # As a paper grows: what is added comes last.
    lines = sorted(path.read_bytes().splitlines(keepends=True), key=_day)
    path.write_bytes(b"".join(lines[:articles]))
    full = watched(build(folder, made), base)
    again = watched(build(folder, made), base)
    path.write_bytes(b"".join(lines))
    grown = watched(build(folder, made, "1.1.0"), base)
    release = made / "dist" / "speed" / "open" / "1.1.0"
    checked = watched([sys.executable, "-m", "pressmark", "verify", str(release)], base)
    hashed = watched([sys.executable, "-c", _HASH, str(release)], base)
    found = {"full": full, "again": again, "grown": grown, "verify": checked, "hashlib": hashed}
    return {"articles": articles, **{name: taken.told() for name, taken in found.items()}}


def _day(line: bytes) -> str:
    return str(json.loads(line)["published_at"])


def sizes(base: Path, counts: list[int]) -> list[dict[str, Any]]:
    """Measure one build of each size."""
    rows = []
    for count in counts:
        folder = base / f"size-{count}"
        corpus(folder / "corpus", count)
        rows.append({"articles": count, **watched(build(folder / "corpus", folder), base).told()})
        print(f"{count} articles: {rows[-1]}", flush=True)
        shutil.rmtree(folder)
    return rows


def main() -> None:
    """Measure, print a table, and keep the figures where that was asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--sizes", type=int, nargs="*", default=[])
    options.add_argument("--peers", help="a Python that has datatrove")
    options.add_argument("--write", action="store_true", help="keep the figures for the documentation")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        rows = beside_peers(Bench(base, chosen.rounds), chosen.articles, chosen.peers)
        figures = {
            **described(),
            "rounds": chosen.rounds,
            "ways": rows,
            "next": next_release(base, chosen.articles),
            "sizes": sizes(base, chosen.sizes),
        }
    mine = {row["articles"]: row["seconds"] for row in reversed(rows) if row["way"].startswith(OURS)}
    for row in rows:
        ratio = row["seconds"] / mine[row["articles"]]
        print(
            f"{row['way']:40} {row['seconds']:7.1f} s ({row['least']:.1f} to {row['most']:.1f})  {ratio:5.2f} of ours  "
            f"{row['processor_seconds']:7.1f} s of processor  {row['megabytes']:5} MB  {row['does']}"
        )
    print(json.dumps(figures["next"]))
    if chosen.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
