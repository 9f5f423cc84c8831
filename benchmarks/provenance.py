"""Says of figures when they were made, of what, and on what kind of machine: the same of benchmarks and of soaks."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]
_MADE_OF = ("builders", "schema", "tests", "benchmarks/*.py", "pyproject.toml", "requirements.lock")
"""What figures are made of; the figures themselves are not."""


def git(*words: str, root: Path = _ROOT) -> str:
    """Return what git says, and nothing where there is none."""
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False).stdout.strip()


def provenance(root: Path = _ROOT) -> dict[str, Any]:
    """Return when, of what and where figures are: a `+` behind the commit is for changes that are in none."""
    changed = git("status", "--porcelain", "--", *_MADE_OF, root=root)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": (git("rev-parse", "--short", "HEAD", root=root) or "unknown") + ("+" if changed else ""),
        "machine": f"{platform.system()} {platform.machine()}",
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
    }
