"""Calls to the Hub: what went wrong in words of ours, whether to try again, and for how long.

The Hub's client retries some requests by itself and some never, among them the commit. Every call goes through here, so
that each is tried a bounded number of times, and what ends it is one kind of error.
"""

import re
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pressmark.errors import RemoteError

WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each further attempt."""

LONGEST_WAIT = 300.0
"""Seconds: the Hub counts requests in windows of five minutes, and says how long to wait for the next."""

TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same call may go well later."""

_BUSY = "in progress"
_SECRETS = re.compile(r"(hf_|local-)[A-Za-z0-9]+|(?<=[?&])[^\s\"']+|Bearer \S+")
_WORDS = 300

Result = TypeVar("Result")


class Trouble(RemoteError):  # noqa: N818 - it may pass
    """What the Hub, or the way to it, answered instead of what was asked for."""

    def __init__(self, what: str, said: str, *, status: int = 0, temporary: bool = False, after: float = 0.0) -> None:
        super().__init__(f"{what}: {said}", advice=_advice(status, temporary=temporary))
        self.status = status
        """Of HTTP; 0 where there was no answer."""

        self.temporary = temporary
        """Whether the same call may go well later. Whether it was carried out all the same is not known."""

        self.after = after
        """Seconds to wait, where the Hub said so."""


def _advice(status: int, *, temporary: bool) -> str:
    if temporary:
        return "look whether the Hub can be reached (HF_ENDPOINT says where), and run this again; nothing is done twice"
    if status in (401, 403):
        return "log in with an account that may do that: `hf auth login`, or the variable HF_TOKEN"
    return "look at the address and at your rights there"


def patiently(call: Callable[[], Result], what: str, waits: Sequence[float] = WAITS) -> Result:
    """Return what a call returns; where it fails for the time being, try again.

    Only for calls that may be made twice.

    Args:
        call: The call.
        what: What is being done, in words, for the error.
        waits: Seconds before each further attempt.

    Raises:
        Trouble: it fails for good, or has failed as often as it was tried.
    """
    for wait in waits:
        try:
            return once(call, what)
        except Trouble as trouble:
            if not trouble.temporary:
                raise
            pause(wait, trouble)
    return once(call, what)


def pause(wait: float, trouble: Trouble | None = None) -> None:
    """Wait as long as planned, or as long as the Hub asked for."""
    time.sleep(min(max(wait, trouble.after if trouble else 0.0), LONGEST_WAIT))


def once(call: Callable[[], Result], what: str) -> Result:
    """Return what a call returns.

    Raises:
        Trouble: the Hub or the way to it failed.
    """
    try:
        return call()
    except Exception as error:
        trouble = _trouble(error, what)
        if trouble is None:
            raise
        raise trouble from error


def _request(error: BaseException) -> Any:
    """Return what was asked when an error came up; the client's library raises where it does not know."""
    try:
        return getattr(error, "request", None)
    except RuntimeError:
        return None


def _trouble(error: BaseException, what: str) -> Trouble | None:
    """Return what an exception of the client means, or None where it is none of the Hub's."""
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled  # noqa: PLC0415 - it takes a second
    from huggingface_hub.utils import httpx  # type: ignore[attr-defined] # noqa: PLC0415

    if isinstance(error, HfHubHTTPError):
        status = error.response.status_code
        busy = status == 409 and _BUSY in f"{error} {error.server_message}"
        return Trouble(
            what, _said(error, status), status=status, temporary=status in TEMPORARY or busy, after=_after(error)
        )
    if isinstance(error, OfflineModeIsEnabled):
        return Trouble(what, "the client is told to stay offline (HF_HUB_OFFLINE)")
    if isinstance(error, httpx.TransportError | ConnectionError | TimeoutError):
        where = f" to {asked.url.scheme}://{asked.url.netloc.decode()}" if (asked := _request(error)) else ""
        return Trouble(what, f"the connection{where} broke ({type(error).__name__})", temporary=True)
    # Uploads wrap what went wrong.
    cause = error.__cause__ or error.__context__
    if cause is not None and (wrapped := _trouble(cause, what)):
        return wrapped
    # An answer that is not what it should be: a page of a proxy instead of JSON, or a field that is missing. And what
    # the native part of the client says of its connections.
    if isinstance(error, ValueError | KeyError | TypeError | AttributeError | RuntimeError):
        return Trouble(what, f"the answer cannot be read ({type(error).__name__})", temporary=True)
    return None


def _said(error: Exception, status: int) -> str:
    message = getattr(error, "server_message", None) or str(error).strip().splitlines()[0]
    return f"the Hub answers {status or 'nothing'} ({type(error).__name__}: {without_secrets(message)[:_WORDS]})"


def _after(error: Exception) -> float:
    response = getattr(error, "response", None)
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    return float(asked) if asked.isdigit() else 0.0


def without_secrets(words: str) -> str:
    """Return words without what could be a token or a signature in an address."""
    return _SECRETS.sub("…", words)
