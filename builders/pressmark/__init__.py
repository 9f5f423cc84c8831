"""Packages corpora of news articles for publication.

The names below are the public interface; everything else may change between versions::

    from pressmark import build, check, explain, verify

    result = build("corpus/three-papers", "1.0.0")
    print(result.lines["open"].folder, result.lines["open"].counts)
"""

from pressmark.build import BuildResult, LineResult, build
from pressmark.check import CheckResult, check
from pressmark.decide import Proposal, propose, record
from pressmark.errors import (
    BrokenInstallationError,
    GateRefusedError,
    OutputError,
    PressmarkError,
    RecipeError,
    UsageError,
)
from pressmark.findings import Code, Finding, explain
from pressmark.hydrate import Hydration, hydrate
from pressmark.recipe import Recipe, read_recipe
from pressmark.release.verify import verify
from pressmark.search import verify_rights
from pressmark.version import __version__
from pressmark.why import Why, why

__all__ = [
    "BrokenInstallationError",
    "BuildResult",
    "CheckResult",
    "Code",
    "Finding",
    "GateRefusedError",
    "Hydration",
    "LineResult",
    "OutputError",
    "PressmarkError",
    "Proposal",
    "Recipe",
    "RecipeError",
    "UsageError",
    "Why",
    "__version__",
    "build",
    "check",
    "explain",
    "hydrate",
    "propose",
    "read_recipe",
    "record",
    "verify",
    "verify_rights",
    "why",
]
