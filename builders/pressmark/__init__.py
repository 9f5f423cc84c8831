"""Packages corpora of news articles for publication.

The names below are the public interface; everything else may change between versions::

    from pressmark import build, check, explain, verify

    result = build("corpus/three-papers", "1.0.0")
    print(result.lines["open"].folder, result.lines["open"].counts)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pressmark.begin.corpus import Begun, Wish, begin
from pressmark.build import BuildResult, LineResult, build
from pressmark.check import CheckResult, check
from pressmark.decide import Proposal, propose, record
from pressmark.errors import (
    BrokenInstallationError,
    GateRefusedError,
    OutputError,
    PressmarkError,
    RecipeError,
    RemoteError,
    UsageError,
)
from pressmark.findings import Code, Finding, explain
from pressmark.hub.inputs import fetch_inputs
from pressmark.hub.publish import Published, publish
from pressmark.hub.rehearse import Rehearsal, rehearse
from pressmark.hydrate import Hydration, hydrate
from pressmark.purge import purge
from pressmark.rebuild import Rebuilt, rebuild
from pressmark.recipe import Recipe, read_recipe
from pressmark.release.alike import Alike, group_of
from pressmark.release.changes import Change, Changes
from pressmark.release.diff import differences
from pressmark.release.verify import verify
from pressmark.search import verify_rights
from pressmark.version import __version__
from pressmark.why import Why, why
from pressmark.withdraw import Withdrawal, plan_withdrawal, record_withdrawal, restore

__all__ = [
    "Alike",
    "Begun",
    "BrokenInstallationError",
    "BuildResult",
    "Change",
    "Changes",
    "CheckResult",
    "Code",
    "Corpus",
    "Finding",
    "GateRefusedError",
    "Hydration",
    "LineResult",
    "OutputError",
    "PressmarkError",
    "Proposal",
    "Published",
    "Rebuilt",
    "Recipe",
    "RecipeError",
    "Rehearsal",
    "Release",
    "RemoteError",
    "UsageError",
    "Why",
    "Wish",
    "Withdrawal",
    "__version__",
    "begin",
    "build",
    "check",
    "differences",
    "explain",
    "fetch_inputs",
    "group_of",
    "hydrate",
    "plan_withdrawal",
    "propose",
    "publish",
    "purge",
    "read_recipe",
    "rebuild",
    "record",
    "record_withdrawal",
    "rehearse",
    "restore",
    "verify",
    "verify_rights",
    "why",
]

# No command asks for these, and every command imports this module.
if TYPE_CHECKING:
    from pressmark.notebook.corpus import Corpus
    from pressmark.notebook.release import Release
else:
    _LATE = {"Corpus": "pressmark.notebook.corpus", "Release": "pressmark.notebook.release"}

    def __getattr__(name: str) -> Any:
        if name in _LATE:
            return getattr(import_module(_LATE[name]), name)
        raise AttributeError(f"module 'pressmark' has no attribute {name!r}")
