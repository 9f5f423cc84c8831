"""What the robots.txt of a site says about a page, as evidence: it closes or changes nothing, and never opens.

Sources: RFC 9309 (groups, the longest rule wins, `*` and `$` in patterns, 500 kibibytes are read); the IETF draft
AIPREF attach (`Content-Usage` lines in groups); RSL 1.0 (`License` lines). Patterns are matched piece by piece, with no
way back, so that no file can hang a build.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from pressmark.article.reservations import signal_reserves
from pressmark.findings import RefusedInputError
from pressmark.intake.warc import Caught

READ_BYTES = 500 * 1024
"""How much of a robots.txt counts."""

COLLECTORS = (
    *("ai2bot", "amazonbot", "anthropic-ai", "applebot-extended", "archive.org_bot", "bytespider", "ccbot"),
    *("claudebot", "cohere-training-data-crawler", "diffbot", "google-extended", "gptbot", "ia_archiver"),
    *("img2dataset", "meta-externalagent", "omgili", "omgilibot", "webzio-extended"),
)
"""Crawlers that collect texts for corpora, models and archives, as their operators name them, in lower case."""

_EVERYBODY = "*"
_SHOWN_AGENTS, _MOST = 8, 50
_SAFE = "/%:?#[]@!$&'()*+,;=-._~"
_LONGEST_VALUE = 1000
_AGENT = re.compile(r"\*|[a-z0-9_.-]+")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")


@dataclass(frozen=True, slots=True)
class _Rule:
    pieces: tuple[str, ...]
    """What stands between the wildcards of its pattern."""

    is_anchored: bool
    value: str
    """`allow`, `disallow`, or preferences of AIPREF."""

    is_usage: bool

    @property
    def length(self) -> int:
        return sum(map(len, self.pieces)) + len(self.pieces) - 1 + self.is_anchored


@dataclass(slots=True)
class _Group:
    agents: list[str] = field(default_factory=list)
    rules: list[_Rule] = field(default_factory=list)


@dataclass(slots=True)
class Robots:
    """A robots.txt: the groups that speak to everybody or to collectors of texts, and links to licences."""

    groups: list[_Group] = field(default_factory=list)
    licenses: list[str] = field(default_factory=list)


def read_robots(data: bytes) -> Robots:
    """Read a robots.txt; what is no line of one is passed over, as RFC 9309 asks."""
    found, group, is_open = Robots(), _Group(), False
    for line in re.split("[\r\n]+", data[:READ_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")):
        name, _, stated = line.partition("#")[0].partition(":")
        key, value = name.strip().lower(), stated.strip()
        if key == "license":
            # An address may have a part behind `#`.
            found.licenses.append(line.partition(":")[2].strip()[:_LONGEST_VALUE])
        elif key == "user-agent":
            if not is_open:
                group, is_open = _Group(), True
                found.groups.append(group)
            token = _AGENT.match(value.lower())
            group.agents += [token[0]] if token else []
        elif key in ("allow", "disallow", "content-usage"):
            is_open = False
            group.rules += _rules(key, value)
    found.groups = [group for group in found.groups if {_EVERYBODY, *COLLECTORS}.intersection(group.agents)]
    return found


def _rules(key: str, value: str) -> Iterator[_Rule]:
    if key == "content-usage":
        first, _, rest = value.partition(" ")
        has_path = first.startswith(("/", _EVERYBODY))
        preferences = (rest if has_path else value).strip()[:_LONGEST_VALUE]
        yield _rule(first if has_path else "/", preferences, is_usage=True)
    elif value:
        yield _rule(value, key, is_usage=False)


def _rule(pattern: str, value: str, *, is_usage: bool) -> _Rule:
    pieces = re.split(r"\*+", _comparable(pattern.removesuffix("$")))
    return _Rule(tuple(pieces), pattern.endswith("$"), value, is_usage)


def _comparable(path: str) -> str:
    """Return a path or a pattern as RFC 9309 compares them: other characters escaped, what needs no escape without."""
    return _ESCAPE.sub(_unescaped, quote(path, safe=_SAFE))


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[0][1:], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


def signals(robots: Robots, url: str) -> list[dict[str, str]]:
    """Return what a site's robots.txt says about a page, as reservations of the contract.

    Args:
        robots: Of the site.
        url: Address of the page.
    """
    parts = urlsplit(url)
    path = _comparable((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    access: dict[str, list[_Rule]] = {}
    usage: dict[str, list[_Rule]] = {}
    for group in robots.groups:
        fitting = [rule for rule in group.rules if _fits(rule, path)]
        for agent in {_EVERYBODY, *COLLECTORS}.intersection(group.agents):
            access.setdefault(agent, []).extend(rule for rule in fitting if not rule.is_usage)
            usage.setdefault(agent, []).extend(rule for rule in fitting if rule.is_usage)
    shut = sorted(agent for agent, rules in access.items() if _strongest(rules) == "disallow")
    where = f"robots.txt for {', '.join(shut[:_SHOWN_AGENTS])}" if shut else "robots.txt"
    found = [{"signal": "robots", "value": "disallow" if shut else "allow", "where": where}]
    found += [
        {"signal": "aipref", "value": value, "where": f"robots.txt for {agent}"}
        for agent, rules in sorted(usage.items())
        if (value := _strongest(rules))
    ]
    found += [{"signal": "rsl", "value": address, "where": "robots.txt"} for address in robots.licenses if address]
    return found


def _strongest(rules: Sequence[_Rule]) -> str:
    """Return what the longest rule says; of two as long, what is not `disallow`, as RFC 9309."""
    best = max(rules, key=lambda rule: (rule.length, rule.value != "disallow"), default=None)
    return best.value if best else ""


def _fits(rule: _Rule, path: str) -> bool:
    first, *rest = rule.pieces
    if not rest and rule.is_anchored:
        return path == first
    if not path.startswith(first):
        return False
    at, last = len(first), rest.pop() if rest and rule.is_anchored else ""
    for piece in rest:
        at = path.find(piece, at) + len(piece)
        if at < len(piece):
            return False
    return path.endswith(last) and len(path) - len(last) >= at


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return ""


def gathered(records: Iterable[Caught], limit: int) -> dict[str, list[Robots]]:
    """Return the robots.txt files of a file of captures, by host.

    Args:
        records: Captures of any kind.
        limit: Bytes that all of them may have.

    Raises:
        RefusedInputError: they have more, and no page of the file can be read as if they were not there.
    """
    found: dict[str, dict[bytes, Robots]] = {}
    size = 0
    for each in records:
        if each.kind == "robots" and each.refusal is None:
            known, data = found.setdefault(_host(each.url), {}), each.body[:READ_BYTES]
            size += 0 if data in known else len(data)
            if size > limit:
                raise RefusedInputError("too-large", f"found robots.txt files of more than {limit} bytes together")
            known.setdefault(data, read_robots(data))
    return {host: list(known.values()) for host, known in found.items()}


def of_page(sites: Mapping[str, Sequence[Robots]], url: str | None) -> list[dict[str, str]]:
    """Return what every robots.txt of a page's site that was caught says about it, each thing once.

    Of more than can be kept, what reserves is kept.
    """
    said = [entry for robots in sites.get(_host(url), ()) for entry in signals(robots, url or "")]
    found = [entry for position, entry in enumerate(said) if entry not in said[:position]]
    return sorted(found, key=lambda entry: not signal_reserves(entry["signal"], entry["value"]))[:_MOST]
