"""A million articles: builds that are killed at 24 random moments and taken up each time, and the memory of it all.

It goes on from where the last run came to, so that it can be run in pieces: `make soak-deep PART=million`. First a part
of a tenth is built for the memory that it takes; then come the kills, in what a build of all of them takes; then
a build that ends, and is looked at from outside: every input is in the ledger once, the counts of the release are those
of the ledger, its files are those of its sums, and nothing is left over.

What it works on lies in `build/million`, or where PRESSMARK_SOAK_FOLDER says; PRESSMARK_SOAK_ARTICLES and
PRESSMARK_SOAK_KILLS make it smaller.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from corpora import Mix, corpus
from watched import watched

from soak_cases import release_faults
from soak_figures import FIGURES, figures
from soak_record import Soak, beginning, minutes
from support import ROOT

Told = Callable[[str, object], None]
PLANNED_KILLS, PLANNED_ARTICLES = 24, 1_000_000
ARTICLES = int(os.environ.get("PRESSMARK_SOAK_ARTICLES", PLANNED_ARTICLES))
KILLS = int(os.environ.get("PRESSMARK_SOAK_KILLS", PLANNED_KILLS))
FOLDER = Path(os.environ.get("PRESSMARK_SOAK_FOLDER", ROOT / "build" / "million"))
MIX = Mix(words=80)
FLAT = 1.1
"""How many times the memory of a tenth of the articles all of them may take."""

_STARTS = 5.0
"""Seconds that a build has at least before it is killed: it has to be at work."""


def build_of(folder: Path) -> list[str]:
    program = [sys.executable, "-m", "pressmark", "build", str(folder / "corpus"), "--version", "1.0.0"]
    places = ["--out", str(folder / "dist"), "--work", str(folder / "work")]
    return [*program, "--as-of", "2026-01-31", "--workers", "2", *places]


def made(folder: Path, articles: int) -> Path:
    """Write a corpus of so many articles, if it is not there."""
    if not (folder / "corpus" / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        corpus(folder / "corpus", articles, mix=MIX)
        (folder / "corpus" / "whole").touch()
    return folder


def killed_after(folder: Path, seconds: float) -> bool:
    """Build, and kill all of it after so many seconds; tell whether it was still at work."""
    with (folder / "printed").open("w") as printed:
        process = subprocess.Popen(build_of(folder), stdout=printed, stderr=printed, cwd=folder, start_new_session=True)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return True
    assert process.returncode == 0, (folder / "printed").read_text(encoding="utf-8")[-2000:]
    return False


def whole(folder: Path, articles: int) -> list[str]:
    """Return what does not close after a build that ended."""
    faults = release_faults(folder / "dist")
    seen, became = bytearray(articles + 1), Counter[str]()
    with (folder / "work" / "speed" / "1.0.0" / "ledger.jsonl").open(encoding="utf-8") as ledger:
        for line in ledger:
            row = json.loads(line)
            faults += [f"line {row['line']} is there twice"] if seen[row["line"]] else []
            seen[row["line"]] = 1
            became[row["became"]["open"]["class"]] += 1
    faults += [] if sum(seen) == articles else [f"{sum(seen)} of {articles} inputs are in the ledger"]
    counts = json.loads((folder / "dist" / "speed" / "open" / "1.0.0" / "manifest.json").read_bytes())["counts"]
    told = {name: count for name, count in counts.items() if name not in ("inputs", "by_code") and count}
    faults += [] if told == became and counts["inputs"] == articles else [f"the release counts {counts}"]
    faults += [f"left over: {path}" for path in folder.glob("work/speed/staging-*")]
    return faults + [f"left over: {path}" for path in folder.glob("dist/*/*/.building")]


def gone_on(kept: Soak, folder: Path, until: float) -> list[str]:
    """Go on until the end of the time or of the work, and return what is wrong."""
    small = made(folder / "tenth", ARTICLES // 10)
    if "tenth_seconds" not in kept.more:
        taken = watched(build_of(small), small)
        kept.more |= {"tenth_mb": round(taken.megabytes), "tenth_seconds": round(taken.seconds, 1)}
        kept.keep()
    large = made(folder / "whole", ARTICLES)
    while kept.done < KILLS and time.monotonic() < until:
        chance = random.Random(f"{kept.seed}/{kept.done}/{kept.more.get('late', 0)}")  # noqa: S311 - a seed, no secret
        longest = max(10 * kept.more["tenth_seconds"] / (1 + kept.more.get("late", 0)), 2 * _STARTS)
        after = chance.uniform(_STARTS, longest)
        start = time.monotonic()
        if killed_after(large, after):
            kept.done += 1
        else:
            # It was sooner than was thought: all of it again, reading too, with earlier moments.
            kept.more["late"] = kept.more.get("late", 0) + 1
            shutil.rmtree(large / "dist")
            shutil.rmtree(large / "work")
        kept.seconds += time.monotonic() - start
        print(f"{kept.seed}/{kept.done}: {after:.0f} seconds, {kept.more}")
        faults = release_faults(large / "dist")
        if faults:
            return faults
        kept.keep()
    if kept.done < KILLS or "whole_mb" in kept.more:
        return []
    taken = watched(build_of(large), large)
    kept.more |= {"whole_mb": round(taken.megabytes), "whole_seconds": round(taken.seconds, 1)}
    # What was kept of what killed builds read was not read again; memory is measured where all of it is.
    shutil.rmtree(large / "dist")
    faults = whole_again(kept, large)
    kept.keep()
    return faults


def whole_again(kept: Soak, large: Path) -> list[str]:
    """Build all of it from nothing, hold it against the one that went on, and look at its memory."""
    before = (large / "work" / "speed" / "1.0.0" / "ledger.jsonl").read_bytes()
    taken = watched([*build_of(large), "--no-cache"], large)
    kept.more["whole_mb"] = max(kept.more["whole_mb"], round(taken.megabytes))
    faults = whole(large, ARTICLES)
    if (large / "work" / "speed" / "1.0.0" / "ledger.jsonl").read_bytes() != before:
        faults.append("the ledger of the build that went on is another")
    # Of fewer articles a tenth is not enough to fill a task, and says nothing of what memory comes to.
    if ARTICLES >= PLANNED_ARTICLES and kept.more["whole_mb"] > FLAT * kept.more["tenth_mb"]:
        faults.append(f"{kept.more['whole_mb']} MB for all, {kept.more['tenth_mb']} MB for a tenth")
    return faults


@pytest.mark.soak
def test_a_million_articles_survive_kills_in_the_same_memory(record_property: Told) -> None:
    is_whole = (ARTICLES, KILLS) == (PLANNED_ARTICLES, PLANNED_KILLS)
    name = "million" if is_whole else f"million-{ARTICLES}"
    kept = Soak(name, f"kills of builds of {ARTICLES:,} articles", KILLS, beginning()).taken_up()
    faults = gone_on(kept, FOLDER, time.monotonic() + 60 * minutes())
    kept.failed += bool(faults)
    kept.keep()
    gaps = {} if is_whole else {f"tried with {ARTICLES:,} articles and {KILLS} kills alone": PLANNED_KILLS}
    also = {key: int(value) for key, value in kept.more.items()}
    done = kept.done if is_whole else 0
    record_property(FIGURES, figures("million", seed=kept.seed, done=done, faults=faults, gaps=gaps, also=also))
    assert faults == []
