"""How fast a build is, beside what people do today with the same file, in one run, by turns.

    make bench                        20,000 articles, three rounds
    python benchmarks/build_speed.py --articles 100000 --rounds 5

The peer reads the same JSON Lines with `datasets`, checks each record with `jsonschema`, and writes Parquet; it decides
no rights, finds no copies, keeps no order and no account. Times are of whole processes. Quote the ratio: machines are
noisy.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RECIPE = """
[corpus]
name = "speed"
title = "Speed"
languages = ["ko-CN"]
contact = "nobody@speed.example"
[releases.open]
destination = "public"
[[input]]
files = "a.jsonl"
format = "jsonl"
source = "paper"
[splits]
train = 0.9
test = 0.1
"""
SOURCE = """
title = "Paper"
publisher = "House"
language = "ko-CN"
timezone = "Asia/Shanghai"
derivation = "original"
[[rights.decisions]]
status = "public_domain"
basis = "Made up for a benchmark."
decided_by = "nobody"
decided_on = 2025-01-01
scope = { until = 2023-12-31 }
evidence = [{ kind = "manual", scope = "text", where = "here" }]
"""
PEER = """
import json, sys
from datasets import Dataset
from jsonschema import Draft202012Validator, FormatChecker
schema = {
    "type": "object",
    "required": ["id", "text"],
    "properties": {
        "id": {"type": "string"}, "title": {"type": "string"}, "text": {"type": "string", "minLength": 1},
        "published_at": {"type": "string", "format": "date-time"},
        "section": {"type": "array", "items": {"type": "string"}},
        "contributors": {"type": "array", "items": {"type": "object", "required": ["role", "name"]}},
    },
}
valid = Draft202012Validator(schema, format_checker=FormatChecker())
def rows():
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if valid.is_valid(record):
                yield record
for name, split in Dataset.from_generator(rows, cache_dir=sys.argv[2]).train_test_split(0.1, seed=1).items():
    split.to_parquet(f"{sys.argv[2]}/{name}.parquet")
"""
WORDS = 30_000


def articles(count: int, path: Path) -> None:
    """Write made-up articles of about 900 characters, Korean-like words with the frequencies of a language."""
    chance = random.Random(7)
    words = [
        "".join(chr(chance.randrange(0xAC00, 0xD7A3)) for _ in range(chance.randrange(1, 5))) for _ in range(WORDS)
    ]
    weights = [1 / (rank + 3) for rank in range(WORDS)]
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            found = chance.choices(words, weights, k=240)
            day = f"{2010 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
            record = {
                "id": f"a{number}",
                "title": " ".join(found[:6]),
                "section": ["news"],
                "contributors": [{"role": "rpt", "name": found[6], "label": "기자"}],
                "published_at": f"{day}T0{number % 10}:30:00+08:00",
                "text": "\n\n".join(" ".join(found[start : start + 40]) + "." for start in range(0, 240, 40)),
            }
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def timed(command: list[str], folder: Path) -> float:
    """Return the seconds that a command takes from start to end."""
    environment = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print medians of both, articles per second, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    ours: list[float] = []
    peers: list[float] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "sources").mkdir()
        (folder / "corpus.toml").write_text(RECIPE, encoding="utf-8")
        (folder / "sources" / "paper.toml").write_text(SOURCE, encoding="utf-8")
        articles(chosen.articles, folder / "a.jsonl")
        for number in range(chosen.rounds):
            build = [sys.executable, "-m", "pressmark", "build", ".", "--version", "1.0.0", "--out", f"dist{number}"]
            (folder / f"peer{number}").mkdir()
            ours.append(timed(build, folder))
            peers.append(timed([sys.executable, "-c", PEER, "a.jsonl", f"peer{number}"], folder))
    for name, seconds in (("pressmark build", ours), ("datasets + jsonschema", peers)):
        median = statistics.median(seconds)
        spread = f"{min(seconds):.1f} to {max(seconds):.1f} s"
        print(f"{name:24}{median:7.1f} s median ({spread})  {chosen.articles / median:8,.0f} articles/s")
    print(f"pressmark takes {statistics.median(ours) / statistics.median(peers):.2f} of the peer's time")


if __name__ == "__main__":
    main()
