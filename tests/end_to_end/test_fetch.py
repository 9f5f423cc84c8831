"""Releases of the Hub are compared as folders are: fetched whole, with the Hub's own client, from the embedded Hub."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub_cases import REPO, Line, published
from hub_client import patient_client
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving


@pytest.fixture(scope="module")
def hub(line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with serving(tmp_path_factory.mktemp("hub")) as found, patient_client(xet=True):
        published(found, line.ready())
        published(found, line.ready(2))
        yield found


def environment(hub: LocalHub, home: Path) -> dict[str, str]:
    return {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(home), "HF_HUB_DISABLE_TELEMETRY": "1"}


def test_versions_of_the_hub_are_compared(
    hub: LocalHub, line: Line, tmp_path: Path, pressmark: Callable[..., Any]
) -> None:
    home = tmp_path / "home"
    told = pressmark("diff", f"{REPO}@v1.0.0", f"{REPO}@v2.0.0", "--json", env=environment(hub, home))
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    expected = pressmark("diff", line.first, line.second, "--json")
    assert found["records"] == json.loads(expected.stdout)["records"]
    assert found["asks_for"] == "MAJOR"
    assert [path for path in home.rglob("*.parquet") if path.is_file()] == []
    same = pressmark("diff", f"{REPO}@v2.0.0", line.second, env=environment(hub, home))
    assert (same.returncode, "no record changed" in same.stdout) == (0, True)


@pytest.mark.parametrize("release", [f"{REPO}@v9.9.9", "org/other@v1.0.0"])
def test_what_the_hub_does_not_have_is_said(
    hub: LocalHub, tmp_path: Path, pressmark: Callable[..., Any], release: str
) -> None:
    refused = pressmark("diff", release, release, env=environment(hub, tmp_path / "home"))
    assert refused.returncode == 4
    assert release.partition("@")[0] in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_is_neither_a_folder_nor_a_release_of_the_hub_is_said(pressmark: Callable[..., Any]) -> None:
    refused = pressmark("diff", "nowhere", "nowhere", env={"HF_HUB_OFFLINE": os.environ.get("HF_HUB_OFFLINE", "1")})
    assert refused.returncode == 2
    assert "is no folder" in refused.stderr
