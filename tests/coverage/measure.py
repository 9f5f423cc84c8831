"""Which branches of a part its own tests take, and which `except` nothing comes to: `make coverage PARTS="rights"`.

Each part is measured by the tests that are about it, in processes that they start too; figures
go to `benchmarks/results/deep/coverage-PART.json`. What was measured before of the same part is added with `--add`.
"""

import argparse
import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "benchmarks")]

from soak_record import Soak  # noqa: E402 - after the path
from support import ROOT  # noqa: E402 - the same

PACKAGE = "builders/pressmark"
PARTS: dict[str, tuple[Sequence[str], str]] = {
    "intake": (
        [f"{PACKAGE}/intake/*.py"],
        """
        capture_lists captures carriers clean credits decode foreign guard html_shapes input_files json_suite languages
        malformed mapped_records moments owners page_credits page_relatives plain plain_times printed_time read_files
        robots strict_json warc
        ../test_codes ../test_html_pages ../test_pages
        ../fuzz ../end_to_end/test_all_formats ../end_to_end/test_formats
        """,
    ),
    "rights": (
        [f"{PACKAGE}/article/*.py", f"{PACKAGE}/curate/*.py", f"{PACKAGE}/decisions.py", f"{PACKAGE}/decide.py"],
        """
        captures contract contradictions copies decision_files decisions_together duplicates_splits_shards gate groups
        identity_dates imprints letters licenses near_copies owners record reservations resolve
        rights_only_close roll withdrawals_told withheld
        ../test_rights_codes
        ../end_to_end/test_laundering ../end_to_end/test_rights_commands ../end_to_end/test_stated_splits
        ../end_to_end/test_withdrawals
        """,
    ),
    "verify": (
        [f"{PACKAGE}/release/*.py"],
        """
        canonical folding markdown moved noted rows_by_column sampled smallest spilled today
        ../test_copies_of_releases ../test_kept_releases ../test_leaks ../test_mutants ../test_verify
        ../end_to_end/test_card_checked ../end_to_end/test_croissant ../end_to_end/test_versions
        """,
    ),
    "publish": (
        [f"{PACKAGE}/hub/*.py", f"{PACKAGE}/hub/takedown/*.py", f"{PACKAGE}/hub/local/*.py"],
        """
        card_home preflight retry
        ../hub ../end_to_end/test_card_on_the_hub ../end_to_end/test_fetch
        """,
    ),
}
"""Of each part, its modules and its tests, see `tests_of`."""


def tests_of(names: Sequence[str]) -> list[str]:
    """Return the files and folders of tests; a name alone is one of unit tests, and others begin with `../`.

    Such as there are not are left out.
    """
    found = []
    for name in names:
        place = TESTS / name[3:] if name.startswith("../") else TESTS / "unit" / f"test_{name}"
        path = place if place.is_dir() else place.with_suffix(".py")
        if path.exists():
            found.append(str(path.relative_to(ROOT)))
    return found


def measure(part: str, *, add: bool, wanted: str) -> None:
    """Run the tests of a part, and write down what of it they reach."""
    sources, names = PARTS[part]
    folder = ROOT / "build" / "coverage" / part
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*"):
        if not add:
            path.unlink()
    environment = {**os.environ, "COVERAGE_FILE": str(folder / "data")}
    tool = [sys.executable, "-m", "coverage"]
    settings = f"--rcfile={TESTS / 'coverage' / 'coverage.ini'}"
    chosen = ["-q", "-p", "no:cacheprovider", *tests_of(names.split()), *(["-k", wanted] if wanted else [])]
    done = subprocess.run([*tool, "run", settings, "-m", "pytest", *chosen], cwd=ROOT, env=environment, check=False)
    subprocess.run([*tool, "combine", "--append", settings, str(folder)], cwd=ROOT, env=environment, check=False)
    told = folder / "told.json"
    command = [*tool, "json", settings, "-o", str(told), f"--include={','.join(sources)}"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    figures = summed(json.loads(told.read_bytes())["files"])
    kept = Soak(f"coverage-{part}", "branches", figures["branches"])
    kept.done, kept.failed = figures["taken"], int(done.returncode != 0)
    kept.more = {"tests": "all of the part" if not wanted else f"-k {wanted}", **figures}
    kept.keep()
    print(f"{part}: {figures['taken']} of {figures['branches']} branches, {figures['percent']} %")
    for place in [*figures["handlers_not_reached"], *figures["not_taken"]]:
        print(f"  {place}")


def summed(files: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a part."""
    branches = sum(each["summary"]["num_branches"] for each in files.values())
    taken = sum(each["summary"]["covered_branches"] for each in files.values())
    handlers = [place for name, each in sorted(files.items()) for place in unreached(name, each)]
    return {
        "branches": branches,
        "taken": taken,
        "percent": round(100 * taken / branches, 1) if branches else 100.0,
        "handlers_not_reached": handlers,
        "not_taken": [
            f"{name.removeprefix('builders/')}:{start} -> {end}"
            for name, each in sorted(files.items())
            for start, end in each["missing_branches"]
        ],
    }


def unreached(name: str, told: dict[str, Any]) -> Iterator[str]:
    """Yield every `except` of a module whose first line was never run."""
    for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler) and node.body[0].lineno in told["missing_lines"]:
            yield f"{name.removeprefix('builders/')}:{node.lineno} except {ast.unparse(node.type) if node.type else ''}"


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--add", action="store_true", help="to what was measured before")
    parser.add_argument("-k", default="", help="as of pytest: some tests alone")
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    chosen = parser.parse_args()
    for part in chosen.parts:
        measure(part, add=chosen.add, wanted=chosen.k)


if __name__ == "__main__":
    main()
