"""How fast a build is and what it needs, beside what people do today with the same file: in one run, by turns.

    make bench                                                    10,000 articles, three rounds
    python benchmarks/build_speed.py --articles 100000 --rounds 5 --sizes 10000 100000 1000000 --write
    python benchmarks/build_speed.py --rounds 5 --peers .venv-peers/bin/python --write

Each way runs in fresh processes. Seconds and processor seconds are of whole commands, memory is the most private memory
of all their processes together. Quote ratios of medians: machines are noisy. `--write` keeps the figures of each part
when it is done, in `benchmarks/results/build.json`, from which `make docs` writes docs/performance.md. With `--peers`
that part alone is measured which needs them.
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
from provenance import provenance
from watched import Taken, watched

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


def beside_peers(bench: Bench, articles: int) -> list[dict[str, Any]]:
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
    return [bench.row(name, articles, WAYS[name][1] if name in WAYS else "everything") for name in ways]


def beside_datatrove(bench: Bench, python: str) -> list[dict[str, Any]]:
    """Measure a build beside datatrove, which takes minutes for what the others do in seconds: on fewer articles."""
    folder, script = bench.base / "small", str(Path(__file__).with_name("build_peers.py"))
    corpus(folder, DATATROVE_ARTICLES)
    source = str(folder / "a.jsonl")
    bench.run(
        {
            OURS: lambda place: build(folder, place),
            DATATROVE: lambda place: [python, script, DATATROVE, source, str(place)],
        }
    )
    return [
        bench.row(OURS, DATATROVE_ARTICLES, "everything"),
        # Of its processes nobody learns what they took: it does not wait for their end.
        {**bench.row(DATATROVE, DATATROVE_ARTICLES, WAYS[DATATROVE][1]), "processor_seconds": None},
    ]


def growing(base: Path, articles: int) -> dict[str, Any]:
    """Measure a build, the same again, one with 1 % more articles of the newest days, and verify beside hashing."""
    folder, made = base / "next", base / "next-made"
    corpus(folder, articles + articles // 100)
    made.mkdir()
    path = folder / "a.jsonl"
    # As a paper grows: what is added comes last.
    lines = sorted(path.read_bytes().splitlines(keepends=True), key=_day)
    path.write_bytes(b"".join(lines[:articles]))
    release = made / "dist" / "speed" / "open" / "1.1.0"
    found: dict[str, Any] = {"articles": articles}
    for name, command in {
        "full": build(folder, made),
        "again": build(folder, made),
        "grown": build(folder, made, "1.1.0"),
        "verify": [sys.executable, "-m", "pressmark", "verify", str(release)],
        "quick": [sys.executable, "-m", "pressmark", "verify", "--quick", str(release)],
        "hashlib": [sys.executable, "-c", _HASH, str(release)],
    }.items():
        if name == "grown":
            path.write_bytes(b"".join(lines))
            lines.clear()
        found[name] = watched(command, base).told()
        print(f"{articles:,} articles, {name}: {found[name]}", flush=True)
    shutil.rmtree(folder)
    shutil.rmtree(made)
    return found


def _day(line: bytes) -> str:
    return str(json.loads(line)["published_at"])


def main() -> None:
    """Measure, print tables, and keep the figures of each part where that was asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--sizes", type=int, nargs="*", default=[10_000])
    options.add_argument("--only-sizes", action="store_true", help="do not run the peers")
    options.add_argument("--peers", help="a Python that has datatrove")
    options.add_argument("--write", action="store_true", help="keep the figures for the documentation")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(Path(place), chosen.rounds)
        if chosen.peers:
            rows = beside_datatrove(bench, str(Path(chosen.peers).absolute()))
            _told(rows)
            _keep({"datatrove": {**provenance(), "rounds": chosen.rounds, "ways": rows}}, write=chosen.write)
            return
        if not chosen.only_sizes:
            rows = beside_peers(bench, chosen.articles)
            _told(rows)
            _keep({"peers": {**provenance(), "rounds": chosen.rounds, "ways": rows}}, write=chosen.write)
        grown = []
        for count in sorted(chosen.sizes):
            grown.append(growing(bench.base, count))
            _keep({"sizes": {**provenance(), "rows": grown}}, write=chosen.write)


def _told(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        print(
            f"{row['way']:40} {row['seconds']:7.1f} s ({row['least']:.1f} to {row['most']:.1f})  "
            f"{row['seconds'] / rows[0]['seconds']:5.2f} of ours  "
            f"{row['processor_seconds'] or 0:7.1f} s of processor  {row['megabytes']:5} MB  {row['does']}"
        )


def _keep(part: dict[str, Any], *, write: bool) -> None:
    if write:
        RESULTS.parent.mkdir(exist_ok=True)
        kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        RESULTS.write_text(json.dumps({**kept, **part}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
