"""Opens buckets. The client is imported where a bucket is asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

from pressmark.errors import UsageError

if TYPE_CHECKING:
    from pressmark.stores.bucket import Bucket

EXTRA = {"boto3", "botocore"}
"""Modules of the extra."""


def opened(bucket: str) -> "Bucket":
    """Return a bucket.

    Raises:
        UsageError: the client is not installed.
        RemoteError: the address of the store cannot be used.
    """
    try:
        found: Bucket = import_module("pressmark.stores.bucket").Bucket(bucket)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in EXTRA:
            raise
        advice = "install the extra: `pip install 'pressmark[s3]'`, or `pip install -e '.[s3]'` in a clone"
        raise UsageError(f"s3://{bucket} needs boto3, which is not installed", advice=advice) from error
    return found
