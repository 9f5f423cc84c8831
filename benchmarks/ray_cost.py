"""What a build on Ray costs: a cluster of one machine, corpora of several sizes, once each.

    python benchmarks/ray_cost.py --sizes 20000 100000 --write

Processor time is that of all processes that the build starts, Ray's own among them, looked at four times a second: of a
process that ends in between the last quarter of a second is missing. The process that leads the build is told apart,
for what it does nobody else does meanwhile.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

from build_speed import build
from corpora import corpus
from provenance import provenance

RESULTS = Path(__file__).parent / "results" / "ray.json"
TAG = "PRESSMARK_BENCHMARK_TAG"
_EVERY, _EVERY_LEADING, _EVERY_DISK = 0.25, 0.02, 2.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """Looks at all processes that carry a tag in their environment."""

    def __init__(self, leading: int, tag: str, work: Path) -> None:
        self.leading, self.work = leading, work
        self.spent: dict[int, float] = {}
        self.most, self.most_leading, self.most_disk = 0.0, 0.0, 0
        self._tag, self._known, self._over = f"{TAG}={tag}".encode(), dict[int, bool](), Event()
        steps = ((self._all, _EVERY), (self._lead, _EVERY_LEADING), (self._disk, _EVERY_DISK))
        self._threads = [Thread(target=self._again, args=step) for step in steps]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _again(self, step: Any, every: float) -> None:
        while not self._over.wait(every):
            step()

    def _all(self) -> None:
        held = 0.0
        for path in Path("/proc").glob("[0-9]*"):
            number = int(path.name)
            try:
                if number not in self._known:
                    self._known[number] = self._tag in (path / "environ").read_bytes()
                if self._known[number]:
                    fields = (path / "stat").read_text().rpartition(")")[2].split()
                    self.spent[number] = (int(fields[11]) + int(fields[12])) / _TICKS
                    held += _private(path)
            except OSError:  # it ended meanwhile
                continue
        self.most = max(self.most, held)

    def _lead(self) -> None:
        try:
            self.most_leading = max(self.most_leading, _private(Path("/proc", str(self.leading))))
        except OSError:
            return

    def _disk(self) -> None:
        self.most_disk = max(self.most_disk, _bytes_below(self.work))


def _private(process: Path) -> float:
    lines = (process / "status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024


def _bytes_below(folder: Path) -> int:
    """Return what a folder takes on the disk, files with several names once."""
    done = subprocess.run(["du", "-s", "-B1", str(folder)], capture_output=True, text=True, check=False)
    return int(done.stdout.split()[0]) if done.stdout else 0


def row(base: Path, articles: int, workers: int) -> dict[str, Any]:
    """Return what a build of so many articles takes."""
    folder, made, tag = base / "corpus", base / "made", secrets.token_hex(8)
    corpus(folder, articles)
    made.mkdir()
    command = [*build(folder, made, workers=workers), "--engine", "ray"]
    start = time.perf_counter()
    with (base / "printed").open("w") as printed:
        process = subprocess.Popen(command, env={**os.environ, TAG: tag}, stdout=printed, stderr=printed)
        with Watch(process.pid, tag, made / "work") as watch:
            code = process.wait()
    if code:
        raise subprocess.CalledProcessError(code, command, (base / "printed").read_text()[-2000:])
    found = {
        "articles": articles,
        "input_megabytes": round((folder / "a.jsonl").stat().st_size / 1e6, 1),
        "seconds": round(time.perf_counter() - start, 1),
        "processor_seconds": round(sum(watch.spent.values()), 1),
        "leading_seconds": round(watch.spent[process.pid], 1),
        "leading_megabytes": round(watch.most_leading, 1),
        "megabytes": round(watch.most),
        "workshop_megabytes": round(_bytes_below(made / "work") / 1e6, 1),
        "workshop_megabytes_at_most": round(watch.most_disk / 1e6, 1),
        "release_megabytes": round(_bytes_below(made / "dist") / 1e6, 1),
    }
    shutil.rmtree(folder)
    shutil.rmtree(made)
    return found


def main() -> None:
    """Measure, print, and keep the figures where that was asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="+", default=[20_000, 100_000])
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--write", action="store_true", help="keep the figures for the documentation")
    chosen = options.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as place:
        for articles in sorted(chosen.sizes):
            rows.append(row(Path(place), articles, chosen.workers))
            print(rows[-1], flush=True)
    if chosen.write:
        told = {**provenance(), "workers": chosen.workers, "rows": rows}
        RESULTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
