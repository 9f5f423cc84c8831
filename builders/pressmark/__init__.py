"""Packages corpora of news articles for publication.

The names below are the public interface; everything else may change between versions::

    from pressmark import build, check, explain, verify

    result = build("corpus/three-papers", "1.0.0")
    print(result.lines["open"].folder, result.lines["open"].counts)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pressmark.version import __version__

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
    "verify_bytes",
    "verify_rights",
    "why",
]

# Every process that a build or a parser starts imports this module, and needs little of what it offers.
if TYPE_CHECKING:
    from pressmark.beginning.corpus import Begun, Wish, begin
    from pressmark.building import build
    from pressmark.checking import CheckResult, check
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
    from pressmark.hydration import Hydration, hydrate
    from pressmark.notebook.corpus import Corpus
    from pressmark.notebook.release import Release
    from pressmark.purging import purge
    from pressmark.reasons import Why, why
    from pressmark.rebuilding import Rebuilt, rebuild
    from pressmark.recipe import Recipe, read_recipe
    from pressmark.release.alike import Alike, group_of
    from pressmark.release.changes import Change, Changes
    from pressmark.release.diff import differences
    from pressmark.release.verify import verify, verify_bytes
    from pressmark.results import BuildResult, LineResult
    from pressmark.search import verify_rights
    from pressmark.withdraw import Withdrawal, plan_withdrawal, record_withdrawal, restore
else:
    _OFFERED = {
        "pressmark.beginning.corpus": ("Begun", "Wish", "begin"),
        "pressmark.building": ("build",),
        "pressmark.results": ("BuildResult", "LineResult"),
        "pressmark.checking": ("CheckResult", "check"),
        "pressmark.decide": ("Proposal", "propose", "record"),
        "pressmark.errors": (
            "BrokenInstallationError",
            "GateRefusedError",
            "OutputError",
            "PressmarkError",
            "RecipeError",
            "RemoteError",
            "UsageError",
        ),
        "pressmark.findings": ("Code", "Finding", "explain"),
        "pressmark.hub.inputs": ("fetch_inputs",),
        "pressmark.hub.publish": ("Published", "publish"),
        "pressmark.hub.rehearse": ("Rehearsal", "rehearse"),
        "pressmark.hydration": ("Hydration", "hydrate"),
        "pressmark.notebook.corpus": ("Corpus",),
        "pressmark.notebook.release": ("Release",),
        "pressmark.purging": ("purge",),
        "pressmark.rebuilding": ("Rebuilt", "rebuild"),
        "pressmark.recipe": ("Recipe", "read_recipe"),
        "pressmark.release.alike": ("Alike", "group_of"),
        "pressmark.release.changes": ("Change", "Changes"),
        "pressmark.release.diff": ("differences",),
        "pressmark.release.verify": ("verify", "verify_bytes"),
        "pressmark.search": ("verify_rights",),
        "pressmark.reasons": ("Why", "why"),
        "pressmark.withdraw": ("Withdrawal", "plan_withdrawal", "record_withdrawal", "restore"),
    }
    _HOME = {name: module for module, names in _OFFERED.items() for name in names}

    def __getattr__(name: str) -> Any:
        if name in _HOME:
            return getattr(import_module(_HOME[name]), name)
        raise AttributeError(f"module 'pressmark' has no attribute {name!r}")
