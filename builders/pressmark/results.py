"""What a build made."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from pressmark.findings import Finding
from pressmark.recipe import Recipe


@dataclass(frozen=True, slots=True)
class LineResult:
    """One release."""

    folder: Path
    manifest: dict[str, Any]
    unchanged: bool
    """Whether the same release was there already."""

    changes: dict[str, int] = field(default_factory=dict)
    """How many records something happened to since the release before, by what happened."""

    address: str = ""
    """Where it was uploaded, if it was; the folder is a copy then."""

    @property
    def counts(self) -> dict[str, Any]:
        """What became of the inputs, by class, and by code under `by_code`."""
        return dict(self.manifest["counts"])


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made."""

    lines: dict[str, LineResult]
    ledger: Path
    """What became of each input, one JSON object a line. Private: it is no part of a release."""

    rejected: Fraction
    """Share of the inputs that are no valid articles."""

    within_limits: bool
    """Whether that share is within the recipe's limit."""

    findings: list[Finding]
    """Recorded decisions, and ids in them, that hold no article; what of a file was passed over."""

    recipe: Recipe
    """What was built."""

    parts: int = 0
    """In how many parts the inputs were read."""

    again: int = 0
    """How many of these were taken from what an earlier build kept."""
