"""Packages corpora of news articles for publication.

The names below are the public interface; everything else may change between versions::

    from pressmark import build, check, explain, verify

    result = build("corpus/three-papers", "1.0.0")
    print(result.lines["open"].folder, result.lines["open"].counts)
"""

from pressmark.build import BuildResult, LineResult, build
from pressmark.check import CheckResult, check
from pressmark.errors import (
    BrokenInstallationError,
    OutputError,
    PressmarkError,
    RecipeError,
    UsageError,
)
from pressmark.findings import Code, Finding, explain
from pressmark.recipe import Recipe, read_recipe
from pressmark.release.verify import verify
from pressmark.version import __version__

__all__ = [
    "BrokenInstallationError",
    "BuildResult",
    "CheckResult",
    "Code",
    "Finding",
    "LineResult",
    "OutputError",
    "PressmarkError",
    "Recipe",
    "RecipeError",
    "UsageError",
    "__version__",
    "build",
    "check",
    "explain",
    "read_recipe",
    "verify",
]
