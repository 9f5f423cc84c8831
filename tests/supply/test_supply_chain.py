"""What pressmark is made with: pinned by digest, under licences that were looked at, listed; and no secret goes out."""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from supply_lock import LOCK, pinned, shipped
from support import ROOT

PACKAGES = pinned()
TABLE: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "licenses.toml").read_text(encoding="utf-8"))
LOCKS = sorted([LOCK, *ROOT.glob("*/*.lock"), *ROOT.glob("tests/*/*.lock")])
FAMILIES = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
SILENT = {"mlcroissant", "ply"}
"""Their metadata name no licence by which it could be told; their repositories do."""

MODULES = sorted((ROOT / "builders").rglob("*.py"))
BANNED_MODULES = {"marshal", "shelve", "dill", "xml.etree", "xml.sax", "xml.dom", "xml.etree.ElementTree", "xmlrpc"}
BANNED_CALLS = {"eval", "exec", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load", "yaml.full_load"}
PICKLES = {"pressmark/engine/ray.py"}
"""Tasks and results of workers of ours, which whoever runs the cluster has to trust: see SECURITY.md."""

SECRETS = {
    "hub token": r"\bhf_[A-Za-z0-9]{30,}",
    "cloud key": r"\bAKIA[0-9A-Z]{16}\b",
    "forge token": r"\b(gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_-]{20,}|pypi-[A-Za-z0-9_-]{50,})",
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "signed token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "password in an address": r"://[^/\s:@'\"{}]+:[^/\s:@'\"{}]{6,}@",
}


@pytest.mark.parametrize("path", LOCKS, ids=[str(path.relative_to(ROOT)) for path in LOCKS])
def test_every_package_of_every_lock_is_pinned_with_digests(path: Path) -> None:
    found = pinned(path)
    assert found
    assert all(each.digests for each in found)
    assert not re.search(r"https?://|^-i |index-url|find-links", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_licence_is_one_that_was_looked_at() -> None:
    assert TABLE["packages"].keys() == {each.name for each in PACKAGES}
    for name, licence in TABLE["packages"].items():
        ids = set(re.findall(r"[A-Za-z0-9.-]+", licence)) - {"AND", "OR", "WITH"}
        assert ids <= TABLE["allowed"].keys() or name in TABLE["exceptions"], f"{name}: {licence}"
    used = {each for licence in TABLE["packages"].values() for each in re.findall(r"[A-Za-z0-9.-]+", licence)}
    assert TABLE["allowed"].keys() <= used


@pytest.mark.parametrize("name", sorted(TABLE["packages"]))
def test_a_licence_is_what_the_package_says(name: str) -> None:
    try:
        stated = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        assert any(each.marker for each in PACKAGES if each.name == name)
        return
    licence, expression = TABLE["packages"][name], "".join(stated.get_all("License-Expression", []))
    kinds = [each.rpartition(" :: ")[2] for each in stated.get_all("Classifier") or [] if each.startswith("License ::")]
    if expression:
        assert licence == expression
    elif kinds:
        assert licence.startswith(FAMILIES[kinds[-1]])
    else:
        assert name in SILENT or stated["License"].startswith(licence[:3])


def test_the_bill_of_materials_is_that_of_the_lock() -> None:
    told: dict[str, Any] = json.loads((ROOT / "docs" / "sbom.cdx.json").read_bytes())
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    with_us = shipped(PACKAGES)
    expected = {
        (each.name, each.version): (
            "required" if each.name in with_us else "excluded",
            sorted(each.digests) if each.name in with_us else [],
        )
        for each in PACKAGES
    }
    found = {
        (each["name"], each["version"]): (
            each["scope"],
            sorted(said["value"] for said in each.get("properties", ()) if said["name"] == "pressmark:artefact-sha256"),
        )
        for each in told["components"]
    }
    assert found == expected, "the lock has changed: run `make sbom`"
    assert {"pyarrow", "lxml", "huggingface-hub"} <= with_us
    assert not {"pytest", "hypothesis", "ruff"} & with_us
    assert "timestamp" not in told["metadata"]


def names_in(tree: ast.AST) -> set[str]:
    """Return what a module imports and calls, and how it starts other programs."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call):
            found.add(ast.unparse(node.func))
            found |= {"shell=True" for word in node.keywords if ast.unparse(word) == "shell=True"}
    return found


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT / "builders")) for path in MODULES])
def test_nothing_that_runs_what_it_reads(path: Path) -> None:
    found = names_in(ast.parse(path.read_text(encoding="utf-8")))
    assert not found & (BANNED_MODULES | BANNED_CALLS | {"shell=True"})
    assert not [name for name in found if name.endswith(".extractall")]
    if path.relative_to(ROOT / "builders").as_posix() not in PICKLES:
        assert not found & {"pickle", "cPickle", "cloudpickle"}


def test_such_a_thing_would_be_seen() -> None:
    bad = (
        "import pickle\nfrom xml import etree\nimport yaml\nsubprocess.run('x', shell=True)\neval('1')\nyaml.load(x)\n"
    )
    found = names_in(ast.parse(bad))
    assert {"pickle", "xml.etree", "shell=True", "eval", "yaml.load"} <= found


def secrets_in(text: str) -> list[str]:
    """Return the kinds of secrets that a text holds."""
    return [name for name, pattern in SECRETS.items() if re.search(pattern, text)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hub token", "hf_" + "aB3" * 12),
        ("cloud key", "AKIA" + "ABCDEFGH12345678"),
        ("forge token", "ghp_" + "a1B2" * 9),
        ("private key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
        ("signed token", ".".join(["eyJ" + "hbGciOiJIUzI1", "eyJ" + "zdWIiOiIxMjM0", "c2lnbmF0dXJl"])),
        ("password in an address", "https://someone:" + "hunter22@host.example/"),
    ],
)
def test_a_secret_would_be_seen(name: str, text: str) -> None:
    assert secrets_in(f"x = '{text}'") == [name]


def test_no_secret_is_in_the_wheel_nor_in_what_is_kept(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
        held = {name: opened.read(name).decode("utf-8", "replace") for name in names}
    assert len(held) > 200
    assert {name: found for name, text in held.items() if (found := secrets_in(text))} == {}
    assert not [name for name in names if re.search(r"(^|/)(\.env|\.git|private|.*\.(pem|key|pyc))(/|$)", name)]
