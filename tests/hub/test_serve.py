"""The command `hub serve`: it says how to reach it, tells of every request, and ends when it is told to."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi

from hub_client import SMALL


@contextmanager
def started(*arguments: str | Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-W", "error", "-m", "pressmark", "hub", "serve", *map(str, arguments)]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    with subprocess.Popen(command, env={**os.environ, "NO_COLOR": "1"}, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def test_it_prints_what_a_shell_needs_and_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with started(tmp_path / "hub") as process:
        assert process.stdout is not None
        lines = "".join(process.stdout.readline() for _ in range(2))
        done = subprocess.run(
            ["bash", "-c", f'{lines}echo "$HF_ENDPOINT $HF_TOKEN"'], capture_output=True, text=True, check=True
        )
        endpoint, token = done.stdout.split()
        owner = HfApi(endpoint=endpoint, token=token)
        owner.create_repo(SMALL, repo_type="dataset")
        assert owner.whoami()["name"] == "owner"
        reader = re.findall(r"local-[0-9a-f]{32}", lines)[-1]
        assert HfApi(endpoint=endpoint, token=reader).whoami()["name"] == "reader"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert re.search(r"^200 POST /api/repos/create \d+$", said, flags=re.MULTILINE)
    assert "Traceback" not in said
    assert token not in said


def test_it_prints_an_object_first_and_has_what_it_had(tmp_path: Path) -> None:
    told = []
    for _ in range(2):
        with started(tmp_path / "hub", "--json") as process:
            assert process.stdout is not None
            lines: list[str] = []
            while not lines or lines[-1] != "}\n":
                lines.append(process.stdout.readline())
            found = json.loads("".join(lines))
            owner = HfApi(endpoint=found["endpoint"], token=found["tokens"]["owner"])
            owner.create_repo(SMALL, repo_type="dataset", exist_ok=True)
            told.append((found["tokens"], owner.dataset_info(SMALL).sha))
            process.send_signal(signal.SIGTERM if told[1:] else signal.SIGINT)
            process.communicate(timeout=20)
    assert told[0] == told[1]
    assert process.returncode == 128 + signal.SIGTERM


def test_it_says_in_words_what_it_does_not_do(tmp_path: Path, pressmark: Callable[..., Any]) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    for arguments, words in (
        (("hub", "--host", "0.0.0.0"), "can be reached from other machines"),  # noqa: S104 - that is what is refused
        (("mine",), "is no folder of a Hub"),
        (("mine/file",), "the system says"),
    ):
        refused = pressmark("hub", "serve", *arguments)
        assert (refused.returncode, words in refused.stderr, "Traceback" in refused.stderr) == (2, True, False)
