"""What a store answers instead of what was asked for, in words.

Words of the store or of its client are not passed on: they may hold keys, accounts, or the address with its password.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - theirs, not Python's
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
    ResponseStreamingError,
    SSOError,
    TokenRetrievalError,
)

from pressmark.errors import RemoteError, UsageError


class GoneError(RemoteError):
    """An object is not there any more as it was when it was listed."""


_UNKNOWN = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
CUT = (ConnectionError, HTTPClientError, IncompleteReadError, ReadTimeoutError, ResponseStreamingError)
"""The way to the store does not hold."""

_MISSING = frozenset({"NoSuchBucket"})
_ELSEWHERE = frozenset({"PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "301", "307"})
_FORBIDDEN = frozenset({401, 403})
_BUSY = frozenset({408, 429, 500, 502, 503, 504})

_AGAIN = "run it again, and what is there already is not sent again; AWS_MAX_ATTEMPTS says how often a request is tried"


def code_of(error: ClientError) -> tuple[str, int]:
    """Return the code of an answer, and its status of HTTP."""
    told = error.response
    return str(told.get("Error", {}).get("Code", "")), int(told.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


@contextmanager
def told(bucket: str, what: str) -> Iterator[None]:
    """Say what went wrong in words.

    Args:
        bucket: Its name.
        what: What is being done.

    Raises:
        UsageError: there are no credentials.
        RemoteError: the store refuses, or does not answer.
    """
    try:
        yield
    except ClientError as error:
        raise _refused(bucket, what, *code_of(error)) from error
    except _UNKNOWN as error:
        raise UsageError(
            f"{what}: there are no credentials for a store that speaks S3 ({type(error).__name__})",
            advice="set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or whatever else the AWS command "
            "line takes them from",
        ) from error
    except CUT as error:
        raise RemoteError(
            f"{what}: the store does not answer, or the connection was cut ({type(error).__name__})",
            advice=f"look whether it can be reached (AWS_ENDPOINT_URL says where); {_AGAIN}",
        ) from error
    except (BotoCoreError, ValueError) as error:
        # A ValueError: an endpoint that is no address.
        raise RemoteError(
            f"{what}: the client of the store refuses ({type(error).__name__})",
            advice="look at the variables named AWS_* and at the files in ~/.aws",
        ) from error


def _refused(bucket: str, what: str, code: str, status: int) -> RemoteError:
    if code in _MISSING:
        return RemoteError(
            f"{what}: there is no bucket {bucket}",
            advice="make it, or look at its name, at AWS_ENDPOINT_URL and at AWS_REGION",
        )
    said = f"{what}: the store says {code or 'no'} (status {status})"
    if code in _ELSEWHERE:
        return RemoteError(said, advice=f"the bucket {bucket} is in another region: set AWS_REGION to it")
    if status in _FORBIDDEN:
        return RemoteError(
            said,
            advice=f"look at whose credentials are set, and that they may list, read and write in the bucket {bucket} "
            "(s3:ListBucket, s3:GetObject, s3:PutObject, and s3:DeleteObject for what is left of uploads)",
        )
    if status in _BUSY:
        return RemoteError(said, advice=f"it is busy or broken; {_AGAIN}")
    return RemoteError(said, advice="look at the bucket and at the address of the store (AWS_ENDPOINT_URL)")
