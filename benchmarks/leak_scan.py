"""What the leak scan costs: its share of a build's processor time, and whether it grows with the corpus alone.

    make bench
    python benchmarks/leak_scan.py --articles 10000 40000

Half of the articles are withheld. Times are of the processor, one worker, so that other work on the machine counts
little.
"""

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

from corpora import corpus

from pressmark import build
from pressmark.engine.local import LocalEngine
from pressmark.search import search


def measured(count: int, folder: Path) -> tuple[float, float, dict[str, int]]:
    """Build made-up articles; return seconds of the whole build, seconds of the scan, and the counts."""
    corpus(folder, count, closed_from="2016-12-31")
    start = time.process_time()
    line = build(folder, "1.0.0", out=folder / "dist", work=folder / "work", as_of=date(2026, 1, 31)).lines["open"]
    whole = time.process_time() - start
    start = time.process_time()
    with LocalEngine() as engine:
        search(engine, line.folder, folder / "work" / "speed" / "1.0.0" / "closed" / "open", folder / "scratch")
    return whole, time.process_time() - start, line.counts


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[5_000, 20_000])
    for count in parser.parse_args().articles:
        with tempfile.TemporaryDirectory() as place:
            whole, scan, counts = measured(count, Path(place) / "corpus")
        print(
            f"{count:9,} articles, {counts['withheld']:,} withheld: build {whole:6.1f} s of processor time, "
            f"scan {scan:5.1f} s ({scan / whole:.0%}), {scan / count * 1e6:,.0f} µs an article"
        )


if __name__ == "__main__":
    main()
