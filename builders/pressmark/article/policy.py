"""The decision table, `schema/rights-policy.json`: what may appear of an article, by rights status and destination."""

import json
from functools import cache
from typing import Any

from pressmark.article.contract import schema_bytes

REACH = ("local", "private", "gated", "public")
"""Destinations from the narrowest to the widest. `gated` means that a person approves each reader."""

OPENING = frozenset({"public_domain", "open_license", "restricted_license", "permission"})
"""The statuses that can open a text for others. A decision alone can give them."""


@cache
def policy() -> dict[str, Any]:
    """Return the decision table. It is the same object each time: do not change it."""
    return dict(json.loads(schema_bytes("rights-policy.json")))
