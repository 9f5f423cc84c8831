"""What went wrong with a call to the Hub: tried again or not, for how long, and in which words."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.utils import httpx  # type: ignore[attr-defined]

from pressmark.hub.retry import Trouble, once, patiently, without_secrets

ADDRESS = "https://hub.example/api/datasets/org/name?signature=0123abcd"


def answered(status: int, message: str = "said", **headers: str) -> Callable[[], Any]:
    def call() -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = httpx.Response(status, headers=named, request=httpx.Request("GET", ADDRESS))
        raise HfHubHTTPError(f"{status} for {ADDRESS}", response=response, server_message=message)

    return call


def raising(error: BaseException, cause: BaseException | None = None) -> Callable[[], Any]:
    def call() -> None:
        raise error from cause

    return call


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr("pressmark.hub.retry.time.sleep", found.append)
    return found


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_status_that_passes_is_tried_as_often_as_there_are_waits(status: int, slept: list[float]) -> None:
    with pytest.raises(Trouble) as found:
        patiently(answered(status), "looking", (1.0, 2.0))
    assert (found.value.temporary, found.value.status, slept) == (True, status, [1.0, 2.0])
    assert found.value.exit_code == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 413])
def test_a_status_that_does_not_pass_is_tried_once(status: int, slept: list[float]) -> None:
    with pytest.raises(Trouble) as found:
        patiently(answered(status), "looking", (1.0, 2.0))
    assert (found.value.temporary, slept) == (False, [])


def test_a_commit_in_progress_is_waited_for(slept: list[float]) -> None:
    with pytest.raises(Trouble) as found:
        patiently(answered(409, "Another commit operation is in progress for this repository"), "committing", (1.0,))
    assert found.value.temporary


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("0", 1.0), ("86400", 300.0), ("soon", 1.0)])
def test_the_hub_says_how_long_to_wait_up_to_a_limit(asked: str, waited: float, slept: list[float]) -> None:
    with pytest.raises(Trouble):
        patiently(answered(429, Retry_After=asked), "looking", (1.0,))
    assert slept == [waited]


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadError("reset"),
        httpx.ConnectTimeout("slow"),
        ConnectionResetError(),
        json.JSONDecodeError("no JSON", "<html>", 0),
        KeyError("sha"),
    ],
)
def test_a_broken_connection_or_answer_passes(error: Exception) -> None:
    with pytest.raises(Trouble) as found:
        once(raising(error), "looking")
    assert found.value.temporary


def test_what_an_upload_wraps_decides() -> None:
    try:
        answered(403)()
    except HfHubHTTPError as error:
        wrapped = error
    with pytest.raises(Trouble) as found:
        once(raising(RuntimeError("Error while uploading"), wrapped), "sending")
    assert (found.value.status, found.value.temporary) == (403, False)
    assert "log in" in found.value.advice


def test_a_client_that_is_told_to_stay_offline_is_not_asked_again() -> None:
    with pytest.raises(Trouble, match="HF_HUB_OFFLINE") as found:
        once(raising(OfflineModeIsEnabled("offline")), "looking")
    assert not found.value.temporary


@pytest.mark.parametrize("error", [FileNotFoundError("shard"), PermissionError("shard"), MemoryError()])
def test_what_is_none_of_the_hubs_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)):
        once(raising(error), "sending")


def test_a_call_that_goes_well_later_returns(slept: list[float]) -> None:
    left: list[Callable[[], Any]] = [answered(503), answered(500), lambda: "there"]

    def call() -> Any:
        return left.pop(0)()

    assert patiently(call, "looking", (0.5, 0.5, 0.5)) == "there"
    assert slept == [0.5, 0.5]


def test_no_secret_stands_in_an_error() -> None:
    with pytest.raises(Trouble) as found:
        once(answered(400, f"bad token hf_abcdefABCDEF0123 at {ADDRESS}"), "looking")
    assert "0123" not in str(found.value)
    assert without_secrets("Bearer abc, local-0123abcd and ?x=1") == "… … and ?…"
