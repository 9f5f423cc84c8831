"""`.ci/run`: what it runs, and what it says where there is no browser or no Ray to be had."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support import ROOT

RAY = [".venv/ray", "test-ray"]
TOOLS = ("bash", "dirname", "timeout", "env")
APT = {
    "no apt-get": None,
    "apt-get that fails": "exit 100",
    "apt-get that installs": 'if [ "$2" = install ]; then cp "$0" "${0%apt-get}chromium"; fi',
}


def ran(folder: Path, apt: str | None, *, user: int = 0, has_browser: bool = False) -> tuple[int, list[str], str]:
    """Run it with nothing but some tools, and return its exit code, what `make` was asked for, and what it says."""
    stubs = {"make": 'echo "$1" >> "$0.asked"; [ "$1" != "$FAILS" ]', "id": f"echo {user}"}
    stubs |= {"apt-get": apt} if apt else {}
    stubs |= {"chromium": "true"} if has_browser else {}
    place = folder / "bin"
    place.mkdir()
    for name, words in stubs.items():
        (place / name).write_text(f"#!/bin/bash\n{words}\n", encoding="utf-8")
        (place / name).chmod(0o755)
    for name in (*TOOLS, "cp"):
        (place / name).symlink_to(str(shutil.which(name)))
    environment = {"PATH": str(place), "FAILS": os.environ.get("FAILS", "")}
    done = subprocess.run(
        [ROOT / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, (place / "make.asked").read_text(encoding="utf-8").split(), done.stdout


@pytest.mark.parametrize("name", APT)
def test_a_browser_is_installed_where_that_can_be(name: str, tmp_path: Path) -> None:
    code, asked, told = ran(tmp_path, APT[name])
    installs = name == "apt-get that installs"
    assert (code, asked) == (0, ["lint", "test", *(["test-browser"] if installs else []), *RAY]), told
    assert ("NOT RUN" in told) != installs


def test_what_is_there_is_not_installed_again(tmp_path: Path) -> None:
    assert ran(tmp_path, "exit 100", has_browser=True)[:2] == (0, ["lint", "test", "test-browser", *RAY])


def test_without_ray_nothing_fails_and_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILS", ".venv/ray")
    code, asked, told = ran(tmp_path, None, has_browser=True)
    assert (code, asked) == (0, ["lint", "test", "test-browser", ".venv/ray"])
    assert "NOT RUN: nothing was built on Ray" in told


def test_who_may_not_install_is_told(tmp_path: Path) -> None:
    code, asked, told = ran(tmp_path, "exit 0", user=1000)
    assert (code, asked) == (0, ["lint", "test", *RAY])
    assert "only root may install it" in told
    assert "NOT RUN" in told.splitlines()[-3]


@pytest.mark.parametrize("target", ["lint", "test", "test-browser", "test-ray"])
def test_what_fails_stops_it(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILS", target)
    code, asked, told = ran(tmp_path, None, has_browser=True)
    assert code != 0
    assert (asked[-1], "NOT RUN" in told) == (target, False)
