"""A bucket for tests, of a store on loopback."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest

from support import ROOT

NAME = "news"
SECONDS = 60.0


@dataclass(frozen=True)
class Store:
    """A store with one bucket."""

    endpoint: str
    home: Path
    """Of a user who has no settings of his own."""

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to use it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "AKIDHUSHHUSH",
            "AWS_SECRET_ACCESS_KEY": "HUSHHUSH",
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(self.home / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.home / "credentials"),
            "AWS_MAX_ATTEMPTS": "2",
        }

    @contextmanager
    def used(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        """Let this process use it, without pauses between attempts; it is empty afterwards."""
        for name, value in self.environment.items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        patch.setattr("time.sleep", lambda _: None)
        yield
        self.empty()

    @cached_property
    def client(self) -> Any:
        """A client of its own."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id="AKIDHUSHHUSH",
            aws_secret_access_key="HUSHHUSH",  # noqa: S106 - of a store on loopback that asks for none
            region_name="us-east-1",
        )

    def fails(self, *faults: dict[str, Any]) -> list[str]:
        """Give it faults instead of those that it had; return which requests it had since the last time."""
        whole = [{"method": "PUT", "path": "", "skip": 0, "times": 10**6, "code": "", **each} for each in faults]
        asked = urllib.request.Request(f"{self.endpoint}/faults", json.dumps(whole).encode())  # noqa: S310 - loopback
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - the same
            return list(json.loads(answer.read()))

    def listed(self, prefix: str = "") -> list[str]:
        """Return what is in the bucket."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=NAME, Prefix=prefix)
        return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def read(self, key: str) -> bytes:
        """Return an object."""
        return bytes(self.client.get_object(Bucket=NAME, Key=key)["Body"].read())

    def write(self, key: str, data: bytes) -> None:
        """Write an object, whatever is there."""
        self.client.put_object(Bucket=NAME, Key=key, Body=data)

    def empty(self) -> None:
        """Remove everything, and all faults."""
        self.fails()
        if keys := [{"Key": key} for key in self.listed()]:
            self.client.delete_objects(Bucket=NAME, Delete={"Objects": keys})


@contextmanager
def serving(folder: Path) -> Iterator[Store]:
    """Start a store, and end it."""
    port = folder / "port"
    command = [sys.executable, str(ROOT / "tests" / "s3_server.py"), str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "MOTO_S3_DEFAULT_MAX_KEYS": "7"})
        try:
            end = time.monotonic() + SECONDS
            while not (port.is_file() and port.read_text(encoding="ascii")):
                assert time.monotonic() < end, (folder / "log").read_text(encoding="utf-8")
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
                time.sleep(0.05)
            store = Store(f"http://127.0.0.1:{port.read_text(encoding='ascii')}", folder)
            store.client.create_bucket(Bucket=NAME)
            yield store
        finally:
            process.kill()
            process.wait()
