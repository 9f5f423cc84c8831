"""Fuzzes the targets one after the other: `python tests/fuzz/run.py [--seconds 60] [--runs 1000000] [TARGET ...]`.

What was learnt lies in `build/fuzz/TARGET`, from which the next run goes on; finds in `tests/fuzz/finds/TARGET`,
which a test replays; figures in `benchmarks/results/deep/fuzz-TARGET.json`. A target is done once it has had its
executions.
"""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "benchmarks")]

from fuzz_targets import LARGE, TARGETS  # noqa: E402 - the same
from soak_record import Soak  # noqa: E402 - after the path
from support import ROOT  # noqa: E402 - the same

_RUNS, _LARGE_RUNS = 1_000_000, 50_000
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s+([0-9]+)")
_COVERED = re.compile(r"cov: ([0-9]+)")


def fuzz(name: str, seconds: int, runs: int | None) -> bool:
    """Fuzz a target; return whether nothing was found."""
    planned = runs or (_LARGE_RUNS if name in LARGE else _RUNS)
    kept = Soak(f"fuzz-{name}", "executions", planned).taken_up()
    left = planned - kept.done
    if left <= 0:
        print(f"{name}: {kept.done} executions were done already")
        return not kept.failed
    finds = TESTS / "fuzz" / "finds" / name
    before = set(finds.glob("*"))
    options = [f"-runs={left}", f"-max_total_time={seconds}", f"-seed={kept.seed + kept.done}", "-print_final_stats=1"]
    options += ["-timeout=20", "-rss_limit_mb=2048", "-verbosity=1"]
    command = [sys.executable, TESTS / "fuzz" / "one.py", name, ROOT / "build" / "fuzz" / name, finds, *options]
    start = time.monotonic()
    done = subprocess.run(
        [str(each) for each in command], capture_output=True, text=True, errors="replace", check=False
    )
    told = done.stdout + done.stderr
    executed, covered = _EXECUTED.search(told), _COVERED.findall(told)
    new = sorted(set(finds.glob("*")) - before)
    if executed is None and not new:
        print(told[-3000:])
        raise SystemExit(f"{name}: the fuzzer did not run")
    kept.done += int(executed[1]) if executed else 0
    kept.failed += len(new)
    kept.seconds += time.monotonic() - start
    kept.more = {"edges": int(covered[-1])} if covered else kept.more
    kept.keep()
    print(f"{name}: {kept.done} of {planned} executions, {len(new)} finds now, {kept.failed} in all")
    if new:
        print(told[-3000:])
    return not new


def main() -> None:
    """Fuzz what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--runs", type=int, help="executions of each target; a million, of large ones 50,000")
    parser.add_argument("targets", nargs="*", default=list(TARGETS))
    chosen = parser.parse_args()
    sound = [fuzz(name, chosen.seconds, chosen.runs) for name in chosen.targets]
    sys.exit(not all(sound))


if __name__ == "__main__":
    main()
