"""Names of articles: from the input's own id, else its address, else its path; never from the text."""

import hashlib
import re
import unicodedata
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import re2

_OWN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,58}")
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~/-]{0,58}")
_TRACKING = re2.compile(r"utm_[a-z_]+|gclid|fbclid|msclkid|spm|from_source")
_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[A-Za-z0-9/._~-]*")
"""An address that is canonical as it stands: it has nothing that could be taken off."""

_FRONT = re2.compile(r"^((www|m|mobile)\.)+")
_INDEX = re2.compile(r"/index\.(html?|php|aspx?|jsp)$")
_DIGEST_CHARACTERS = 20
_PORTS = {"http": 80, "https": 443}


def article_id(source: str, *, own: str | None = None, url: str | None = None, path: str | None = None) -> str | None:
    """Return the id of an article, or None where nothing gives one.

    An own id and a path stand as they are where they are plain ASCII of at most 59 characters; otherwise, and for an
    address, a digest of 20 hexadecimal digits stands for them. So an id never shows a headline that hides in a file
    name, nor a run of a text that would count as a leak. An own id that is of this form already, as those of a release
    are, stays what it is.

    Args:
        source: Name of the source.
        own: The input's own id within its source.
        url: Canonical address.
        path: Path below the input root, with `/`.
    """
    if own is not None:
        before, _, rest = own.partition(":")
        if before == source and _PATH.fullmatch(rest):
            return own
        return f"{source}:{own if _OWN.fullmatch(own) else 'h-' + _digest(own)}"
    if url is not None:
        return f"{source}:u-{_digest(url)}"
    if path is not None:
        stem = path.rsplit(".", 1)[0] if "." in path.rsplit("/", 1)[-1] else path
        return f"{source}:{stem if _PATH.fullmatch(stem) else 'p-' + _digest(path)}"
    return None


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:_DIGEST_CHARACTERS]


def canonical_address(url: str) -> str:
    """Return an address with what does not name the page taken off: credentials, port, fragment, tracking parameters.

    Raises:
        ValueError: it is no http or https address.
    """
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    if parts.scheme.lower() not in _PORTS or not host or any(c.isspace() for c in url.strip()):
        raise ValueError("not an http or https address")
    return urlunsplit(
        SplitResult(parts.scheme.lower(), _network_place(parts, host), parts.path or "/", _query(parts.query), "")
    )


def _network_place(parts: SplitResult, host: str) -> str:
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return host if port in (None, _PORTS[parts.scheme.lower()]) else f"{host}:{port}"


def _query(query: str) -> str:
    # The rest stays as it is written: queries come in many encodings, and decoding one wrongly would merge pages.
    return "&".join(part for part in query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0]))


def loose_address(url: str) -> str:
    """Return what an address has in common with other ways to write it.

    Without scheme, usual ports, `www.`, `m.` and `mobile.` before the host, a dot behind it, a slash or an index page
    at the end; percent signs undone, in NFC, parameters in order. Bytes that are no UTF-8 stay what they are, as lone
    surrogates. Two pages can have one, so it names none: it is for finding them again.

    Raises:
        ValueError: it is no http or https address.
    """
    parts = urlsplit(canonical_address(url))
    port = "" if parts.port in (None, *_PORTS.values()) else f":{parts.port}"
    path = _undone(_INDEX.sub("", parts.path)).rstrip("/")
    query = "&".join(sorted(_undone(part.replace("+", " ")) for part in parts.query.split("&") if part))
    host = _FRONT.sub("", _international((parts.hostname or "").rstrip(".")))
    return f"{host}{port}{path}?{query}" if query else f"{host}{port}{path}"


def _undone(quoted: str) -> str:
    return unicodedata.normalize("NFC", unquote(quoted, errors="surrogateescape"))


def _international(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:  # written in its own letters already, or no name of that kind
        return host
