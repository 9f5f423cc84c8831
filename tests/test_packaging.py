"""What is published of pressmark itself: exactly these files, the same bytes each time, and it runs where it is put."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pressmark import __version__
from support import ROOT, Corpus

PACKAGE = ROOT / "builders" / "pressmark"
SCHEMAS = sorted(path.name for path in (ROOT / "schema").iterdir())
NAME = f"pressmark-{__version__}"
INFO = f"{NAME}.dist-info"
DATA = ("findings.toml", "hub/known.toml", "page/report.css", "page/report.js", "py.typed", "wording.toml")

UNSET = ("SOURCE_DATE_EPOCH", "PYTHONPATH", "PIP_TARGET", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL")


@dataclass(frozen=True)
class Published:
    sdist: Path
    wheel: Path
    """Built from the sdist."""

    of_tree: Path
    """Built from the checkout."""


Installed = Callable[..., "subprocess.CompletedProcess[str]"]


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    chosen = kept | {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "NO_COLOR": "1"} | (env or {})
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=chosen,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def built(folder: Path, out: Path, *options: str) -> None:
    command: list[str | Path] = [sys.executable, "-m", "build", "--no-isolation", *options, "--outdir", out, folder]
    done = run(*command, cwd=out.parent)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Build what is published, once: an sdist, a wheel from it, and a wheel from the checkout."""
    base = tmp_path_factory.mktemp("published")
    built(ROOT, base / "both")
    built(ROOT, base / "tree", "--wheel")
    (sdist,), (wheel,), (of_tree,) = (
        list((base / folder).glob(ending))
        for folder, ending in (("both", "*.tar.gz"), ("both", "*.whl"), ("tree", "*.whl"))
    )
    return Published(sdist, wheel, of_tree)


@pytest.fixture(scope="module")
def site(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a folder of its own, and return that folder."""
    base = tmp_path_factory.mktemp("installed")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--target",
        base / "site",
        published.wheel,
    ]
    done = run(*command, cwd=base)
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "site"


@pytest.fixture
def installed(site: Path, tmp_path: Path) -> Installed:
    """Return Python with the installed wheel, in a folder elsewhere, from where the checkout cannot be imported."""

    def start(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        # Without the module site nobody reads the .pth file that puts builders/ on the path.
        path = os.pathsep.join([str(site), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
        command = [sys.executable, "-S", "-W", "error", *arguments]
        return run(*command, cwd=tmp_path, env={"PYTHONPATH": path, "COLUMNS": "160"})

    return start


def members_of_wheel(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def members_of_sdist(sdist: Path) -> dict[str, bytes]:
    found = {}
    with tarfile.open(sdist) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            assert stream is not None, f"{member.name} is no file"
            found[member.name] = stream.read()
    return found


def of_package(folder: str) -> dict[str, bytes]:
    """Return the files that the package has to consist of, below a folder."""
    paths = [*PACKAGE.rglob("*.py"), *(PACKAGE / name for name in DATA)]
    return {f"{folder}/{path.relative_to(PACKAGE).as_posix()}": path.read_bytes() for path in paths}


def of_schema(folder: str) -> dict[str, bytes]:
    return {f"{folder}/{name}": (ROOT / "schema" / name).read_bytes() for name in SCHEMAS}


def test_the_wheel_has_the_package_and_its_schemas_byte_for_byte_and_no_more(published: Published) -> None:
    found = members_of_wheel(published.wheel)
    expected = of_package("pressmark") | of_schema("pressmark/schema")
    about = {f"{INFO}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}
    assert sorted([*expected, *about]) == sorted(found)
    assert expected == {name: found[name] for name in expected}
    assert (ROOT / "LICENSE").read_bytes() == found[f"{INFO}/licenses/LICENSE"]


def test_the_sdist_has_what_the_wheel_is_built_from_and_no_more(published: Published) -> None:
    found = members_of_sdist(published.sdist)
    expected = of_package(f"{NAME}/builders/pressmark") | of_schema(f"{NAME}/schema")
    # Hatchling adds .gitignore, so that a wheel built from the sdist leaves out the same files.
    plain = ("CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", ".gitignore")
    expected |= {f"{NAME}/{name}": (ROOT / name).read_bytes() for name in plain}
    assert sorted([*expected, f"{NAME}/PKG-INFO"]) == sorted(found)
    assert expected == {name: found[name] for name in expected}


def test_the_schema_folder_has_nothing_but_json() -> None:
    assert [name for name in SCHEMAS if not name.endswith(".json")] == []
    assert {"article.schema.json", "manifest.schema.json", "rights-policy.json"} <= set(SCHEMAS)


def test_no_corpus_and_no_test_is_published(published: Published) -> None:
    names = [*members_of_wheel(published.wheel), *members_of_sdist(published.sdist)]
    assert [name for name in names if {"corpus", "tests", "docs", "benchmarks"} & set(name.split("/"))] == []
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


def test_the_wheel_from_the_sdist_is_the_wheel_from_the_tree(published: Published) -> None:
    assert members_of_wheel(published.of_tree) == members_of_wheel(published.wheel)
    assert published.of_tree.read_bytes() == published.wheel.read_bytes()


@pytest.mark.counted
def test_sdist_and_wheel_are_the_same_bytes_a_second_time(published: Published, tmp_path: Path) -> None:
    built(ROOT, tmp_path / "again")
    for first in (published.sdist, published.wheel):
        assert first.read_bytes() == (tmp_path / "again" / first.name).read_bytes()


def test_the_metadata_says_what_pyproject_says(published: Published) -> None:
    found = members_of_wheel(published.wheel)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    head, _, description = found[f"{INFO}/METADATA"].decode().partition("\n\n")
    fields = [line.partition(": ")[::2] for line in head.splitlines()]
    assert ("Version", __version__) in fields
    assert ("License-Expression", project["license"]) in fields
    extras = project["optional-dependencies"]
    assert [each for each in fields if each[0] == "Provides-Extra"] == [("Provides-Extra", name) for name in extras]
    needed = [*project["dependencies"], *(each for name in extras for each in extras[name])]
    assert len(needed) == len([name for name, _ in fields if name == "Requires-Dist"])
    assert (ROOT / "README.md").read_text(encoding="utf-8") == description
    assert "pressmark = pressmark.__main__:main" in found[f"{INFO}/entry_points.txt"].decode()
    assert "Root-Is-Purelib: true" in found[f"{INFO}/WHEEL"].decode()


def test_the_installed_package_runs_without_the_checkout(installed: Installed, site: Path) -> None:
    program = """
import json, sys
import pressmark
from pressmark.article.contract import schema_folder
names = sorted(entry.name for entry in schema_folder().iterdir())
print(json.dumps([pressmark.__file__, str(schema_folder()), names, sys.path]))
"""
    done = installed("-c", program)
    assert done.returncode == 0, done.stderr
    file, folder, names, path = json.loads(done.stdout)
    assert str(site / "pressmark" / "__init__.py") == file
    assert str(site / "pressmark" / "schema") == folder
    assert names == SCHEMAS
    assert str(ROOT / "builders") not in path


def test_the_installed_package_comes_before_an_editable_one(site: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import pressmark; print(pressmark.__file__)"]
    done = run(*command, cwd=tmp_path, env={"PYTHONPATH": str(site)})
    assert str(site / "pressmark" / "__init__.py") == done.stdout.strip(), done.stderr


def test_the_installed_package_explains_a_code(installed: Installed) -> None:
    done = installed("-m", "pressmark", "explain", "exact-copy")
    assert done.returncode == 0, done.stderr
    assert "What to do" in done.stdout


def test_the_installed_command_knows_its_version(site: Path, tmp_path: Path) -> None:
    done = run(site / "bin" / "pressmark", "--version", cwd=tmp_path, env={"PYTHONPATH": str(site)})
    assert done.stdout.strip() == f"pressmark, version {__version__}", done.stderr


def test_the_installed_package_checks_a_corpus(installed: Installed, corpus: Corpus) -> None:
    done = installed("-m", "pressmark", "check", corpus.folder, "--json")
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert (result["corpus"], result["sampled"], result["findings"]) == ("small", 2, [])


def test_the_installed_package_builds_the_same_bytes_as_the_checkout(
    installed: Installed, corpus: Corpus, tmp_path: Path
) -> None:
    done = installed(
        "-m", "pressmark", "build", corpus.folder, "--version", "1.0.0", "--as-of", "2026-01-31", "--workers", "1"
    )
    assert done.returncode == 0, done.stderr
    for name, line in corpus.build(out=tmp_path / "other", work=tmp_path / "elsewhere").lines.items():
        sums = tmp_path / "dist" / "small" / name / "1.0.0" / "SHA256SUMS"
        assert (line.folder / "SHA256SUMS").read_bytes() == sums.read_bytes()
