"""Who can read a repository, and who may."""

from pressmark.errors import UsageError
from pressmark.hub.ready import WIDTHS, Ready
from pressmark.hub.remote import Standing


def openness(standing: Standing) -> str:
    """Return `public`, `gated` or `private`."""
    if standing.private:
        return "private"
    # Where a machine lets everybody in who asks, everybody is in.
    return "gated" if standing.gated == "manual" else "public"


def refuse_openness(ready: Ready, standing: Standing) -> None:
    """Refuse a repository that more people can read than may read the release.

    Raises:
        UsageError: it is one.
    """
    found, allowed = openness(standing), ready.manifest["destination"]
    if WIDTHS[found] > WIDTHS[allowed]:
        raise UsageError(
            f"the repository is {found}, and the release may be {allowed} at most",
            advice="publish to another repository, or close this one: private, or gated with manual approval",
        )
