"""A package of the same name elsewhere is not installed for one of the lock."""

import hashlib
import os
import re
import shlex
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from support import ROOT

NAME, VERSION = "reed-harbour", "1.0"
DECOYS = {"a newer version": "2.0", "the same version": "1.0", "a build of the same version": "1.0-1"}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def wheel(folder: Path, version: str, word: str) -> str:
    """Put a wheel of one module, which says a word, where an index has it; return its SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    release, about = version.partition("-")[0], f"reed_harbour-{version.partition('-')[0]}.dist-info"
    path = folder / f"reed_harbour-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("reed_harbour.py", f"WORD = {word!r}\n")
        made.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {release}\n")
        made.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr(f"{about}/RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "index.html").write_text(f'<a href="{path.name}#sha256={digest}">{path.name}</a>', encoding="utf-8")
    return digest


@contextmanager
def index(folder: Path) -> Iterator[str]:
    """Serve a folder as an index of packages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def pinned_as_the_makefile_says() -> list[str]:
    found = re.search(r"^PINNED := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return shlex.split(found[1])


def installed(base: Path, options: list[str], *indexes: str) -> str:
    """Install the package of a lock from one index or more; return the word that it says, or nothing."""
    target = base / "target"
    first, *others = indexes
    more = [word for other in others for word in ("--extra-index-url", other)]
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--isolated", "--no-cache-dir", "--no-deps", *options),
            *("--target", str(target), "--index-url", first, *more, "-r", str(base / "lock")),
        ],
        env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    module = target / "reed_harbour.py"
    return module.read_text(encoding="utf-8").split("'")[1] if module.exists() else ""


@pytest.mark.counted
@pytest.mark.parametrize("version", DECOYS.values(), ids=[name.replace(" ", "-") for name in DECOYS])
def test_no_package_of_another_index_is_taken_for_one_of_the_lock(version: str, tmp_path: Path) -> None:
    digest = wheel(tmp_path / "good" / NAME, VERSION, "good")
    wheel(tmp_path / "bad" / NAME, version, "bad")
    (tmp_path / "lock").write_text(f"{NAME}=={VERSION} --hash=sha256:{digest}\n", encoding="utf-8")
    with index(tmp_path / "good") as good, index(tmp_path / "bad") as bad:
        assert installed(tmp_path, pinned_as_the_makefile_says(), bad, good) == "good"
    with index(tmp_path / "bad") as bad:
        (tmp_path / "target" / "reed_harbour.py").unlink()
        assert installed(tmp_path, pinned_as_the_makefile_says(), bad) == ""


def test_without_digests_one_would_be(tmp_path: Path) -> None:
    wheel(tmp_path / "good" / NAME, VERSION, "good")
    wheel(tmp_path / "bad" / NAME, DECOYS["a build of the same version"], "bad")
    (tmp_path / "lock").write_text(f"{NAME}=={VERSION}\n", encoding="utf-8")
    with index(tmp_path / "good") as good, index(tmp_path / "bad") as bad:
        assert installed(tmp_path, ["--quiet"], good, bad) == "bad"
