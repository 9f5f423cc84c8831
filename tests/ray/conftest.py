"""Workers find what tests send them: modules of `tests`, by their names."""

import os
from collections.abc import Iterator

import pytest

from support import ROOT


@pytest.fixture(scope="session", autouse=True)
def _found_by_workers() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT / "tests"), prepend=os.pathsep)
        yield
