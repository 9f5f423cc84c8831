"""Reads a release back with the client that readers use: in a fresh process, with an empty cache."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pressmark.errors import PressmarkError
from pressmark.findings import Finding
from pressmark.press.columns import features

_TIMEOUT_SECONDS = 600
_PROGRAM = """
import json, os, sys
from datasets import get_dataset_config_names, load_dataset
folder = sys.argv[1]
for config in get_dataset_config_names(folder):
    for split, rows in load_dataset(folder, config).items():
        print(json.dumps([config, split, rows.num_rows, rows.features.to_dict()]))
sys.stdout.flush()
os._exit(0)
"""
# The end: threads that the client leaves behind can abort a process that ends in order, after all is read.
# The clients read these when they are imported, so they are set for a process of their own.
_ENVIRONMENT = {
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """One split as `load_dataset` gives it."""

    config: str
    split: str
    rows: int
    columns: int


def load_back(release: Path | str) -> tuple[list[Loaded], list[Finding]]:
    """Load every configuration and split of a release folder with `datasets.load_dataset`.

    Returns:
        What was loaded, and a finding for each difference from the manifest or the contract.

    Raises:
        PressmarkError: the client failed altogether.
    """
    folder = Path(release).resolve()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    loaded, findings = [], []
    for config, split, rows, found in _load(folder):
        loaded.append(Loaded(config, split, rows, len(found)))
        expected = manifest["configs"].get(config, {}).get("splits", {}).get(split, {}).get("rows")
        if rows != expected:
            findings.append(Finding("load-differs", config, split, f"loaded {rows} rows, expected {expected}"))
        if found != features(config):
            findings.append(Finding("load-differs", config, split, "loaded other features than the contract's"))
    stated = {(config, split) for config, entry in manifest["configs"].items() for split in entry["splits"]}
    missing = stated - {(each.config, each.split) for each in loaded}
    findings += [Finding("load-differs", config, split, "was not loaded") for config, split in sorted(missing)]
    return loaded, findings


def _load(folder: Path) -> Iterator[list[Any]]:
    with tempfile.TemporaryDirectory(prefix="pressmark-load-") as home:
        environment = {**os.environ, **_ENVIRONMENT, "HF_HOME": home}
        done = subprocess.run(  # noqa: S603 - our own program, a folder as its argument
            [sys.executable, "-c", _PROGRAM, str(folder)],
            env=environment,
            cwd=home,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    if done.returncode:
        raise PressmarkError(f"load_dataset failed: {done.stderr.strip().splitlines()[-1:]}")
    for line in done.stdout.splitlines():
        yield json.loads(line)
