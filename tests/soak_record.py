"""What long runs write down: one file for each, with what was planned and done, from which they also go on."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provenance import git, provenance

from support import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "deep"
_MINUTES, _SEED = "PRESSMARK_SOAK_MINUTES", "PRESSMARK_SOAK_SEED"


def minutes() -> float:
    """Return how long a part may run."""
    return float(os.environ.get(_MINUTES, "5"))


def beginning() -> int:
    """Return the first seed."""
    return int(os.environ.get(_SEED, "1"))


def _code() -> str:
    """Return the tree of the code, or nothing where there is none or it has changes that are in no commit."""
    return "" if git("status", "--porcelain", "--", "builders") else git("rev-parse", "HEAD:builders")


@dataclass
class Soak:
    """One long run, kept after each part of it so that it can go on."""

    name: str
    unit: str
    """What is counted."""

    planned: int
    seed: int = 1
    done: int = 0
    failed: int = 0
    seconds: float = 0.0
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return RESULTS / f"{self.name}.json"

    def taken_up(self) -> "Soak":
        """Go on where the last run of the same code and seed came to, where it is known which code that is."""
        if _code() and self.path.exists():
            kept = json.loads(self.path.read_bytes())
            if (kept["code"], kept["seed"]) == (_code(), self.seed):
                self.done, self.failed, self.seconds = kept["done"], kept["failed"], kept["seconds"]
                self.more = kept["more"]
        return self

    def keep(self) -> None:
        """Write it down."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        told = {
            "name": self.name,
            **provenance(),
            "code": _code(),
            "unit": self.unit,
            "seed": self.seed,
            "planned": self.planned,
            "done": self.done,
            "failed": self.failed,
            "seconds": round(self.seconds),
            "more": self.more,
        }
        self.path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
