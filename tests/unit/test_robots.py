"""robots.txt as evidence: groups, the longest rule, wildcards, preferences and licences."""

import re
import time
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.findings import RefusedInputError
from pressmark.intake.robots import READ_BYTES, gathered, of_page, read_robots, signals
from pressmark.intake.warc import Caught

PAGE = "https://quill.example/news/2024/ferry.html?page=2"


def said(text: str, url: str = PAGE) -> list[tuple[str, str, str]]:
    return [(each["signal"], each["value"], each["where"]) for each in signals(read_robots(text.encode()), url)]


ALLOWED = [("robots", "allow", "robots.txt")]


def closed(*agents: str) -> list[tuple[str, str, str]]:
    return [("robots", "disallow", f"robots.txt for {', '.join(agents)}")]


CASES = {
    "nothing": ("", ALLOWED),
    "comments": ("# User-agent: *\n# Disallow: /\n", ALLOWED),
    "everything": ("User-agent: *\nDisallow: /\n", closed("*")),
    "an empty rule": ("User-agent: *\nDisallow:\n", ALLOWED),
    "another path": ("User-agent: *\nDisallow: /private/\n", ALLOWED),
    "the longest rule": ("User-agent: *\nDisallow: /\nAllow: /news/\n", ALLOWED),
    "the longest rule first": ("User-agent: *\nAllow: /\nDisallow: /news/2024\n", closed("*")),
    "as long: allow": ("User-agent: *\nDisallow: /news/\nAllow: /news/\n", ALLOWED),
    "a wildcard": ("User-agent: *\nDisallow: /*/2024/\n", closed("*")),
    "an end": ("User-agent: *\nDisallow: /*.html$\n", ALLOWED),
    "an end that fits": ("User-agent: *\nDisallow: /*page=2$\n", closed("*")),
    "a query": ("User-agent: *\nDisallow: /*?page=\n", closed("*")),
    "a collector": ("User-agent: GPTBot\nDisallow: /\n", closed("gptbot")),
    "a collector with its version": ("User-agent: GPTBot/1.2\nDisallow: /\n", closed("gptbot")),
    "collectors of one group": ("User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n", closed("ccbot", "gptbot")),
    "groups of one name": ("User-agent: ccbot\nAllow: /n\n\nUser-agent: CCBot\nDisallow: /news/\n", closed("ccbot")),
    "another crawler": ("User-agent: quillbot\nDisallow: /\n", ALLOWED),
    "everybody but a collector": ("User-agent: *\nDisallow: /\nUser-agent: ccbot\nAllow: /\n", closed("*")),
    "a comment behind": ("User-agent: * # all\nDisallow: / # of it\n", closed("*")),
    "capitals and blanks": ("USER-AGENT : *\n  disallow :/\n", closed("*")),
    "line ends of all kinds": ("User-agent: *\r\rDisallow: /\r\n", closed("*")),
    "a byte order mark": ("\ufeffUser-agent: *\nDisallow: /\n", closed("*")),
    "rules before any group": ("Disallow: /\nUser-agent: *\nAllow: /\n", ALLOWED),
    "preferences": (
        "User-agent: *\nAllow: /\nContent-Usage: train-ai=n\n",
        [*ALLOWED, ("aipref", "train-ai=n", "robots.txt for *")],
    ),
    "preferences for a path": (
        "User-agent: *\nContent-Usage: train-ai=y\nContent-Usage: /news/ train-ai=n, search=y\n",
        [*ALLOWED, ("aipref", "train-ai=n, search=y", "robots.txt for *")],
    ),
    "preferences for another path": ("User-agent: *\nContent-Usage: /cartoons/ train-ai=n\n", ALLOWED),
    "a licence": (
        "License: https://quill.example/license.xml#news\nUser-agent: *\nAllow: /\n",
        [*ALLOWED, ("rsl", "https://quill.example/license.xml#news", "robots.txt")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_robots_txt_says_of_a_page(name: str) -> None:
    text, expected = CASES[name]
    assert said(text) == expected


ESCAPES = {
    "/\uc2e0\ubb38/": "/%EC%8B%A0%EB%AC%B8/",
    "/%ec%8b%a0%eb%ac%b8/": "/\uc2e0\ubb38/",
    "/a%7Eb": "/a~b",
    "/~c": "/%7ec",
}


@pytest.mark.parametrize(("rule", "path"), ESCAPES.items())
def test_escapes_are_compared_as_the_characters_that_they_are(rule: str, path: str) -> None:
    assert said(f"User-agent: *\nDisallow: {rule}\n", f"https://quill.example{path}x") == closed("*")


def test_an_escaped_slash_is_no_slash() -> None:
    assert said("User-agent: *\nDisallow: /a/b\n", "https://quill.example/a%2Fb") == ALLOWED


@given(st.text("ab*$", max_size=8), st.text("ab", max_size=8))
def test_wildcards_fit_what_an_expression_of_them_fits(pattern: str, path: str) -> None:
    # `$` is an end only where it is the last character.
    body, end = (pattern[:-1], "$") if pattern.endswith("$") else (pattern, "")
    expression = ".*".join(map(re.escape, body.split("*"))) + end
    found = said(f"User-agent: *\nDisallow: /{pattern}\n", f"https://quill.example/{path}")
    assert (found == closed("*")) == bool(re.match(f"/{expression}", f"/{path}")), expression


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_are_read(data: bytes, path: str) -> None:
    try:
        urlsplit(f"https://quill.example/{path}")
    except ValueError:
        return
    found = signals(read_robots(data), f"https://quill.example/{path}")
    assert found[0]["signal"] == "robots"


def test_a_hostile_file_takes_no_time() -> None:
    rules = b"Disallow: /" + b"a*" * 40 + b"b\n"
    data = b"User-agent: *\n" + rules * (READ_BYTES // len(rules))
    robots, start = read_robots(data), time.monotonic()
    signals(robots, "https://quill.example/" + "a" * 2000)
    assert time.monotonic() - start < 5


def caught(url: str, body: bytes, kind: str = "robots") -> Caught:
    return Caught(1, 0, kind, "", url, None, (), body)


CLOSES = b"User-agent: *\nDisallow: /\n"


def test_a_site_is_its_host() -> None:
    sites = gathered([caught("https://Quill.example/robots.txt", CLOSES)], 10**6)
    assert [each["value"] for each in of_page(sites, "http://quill.example:80/1")] == ["disallow"]
    assert of_page(sites, "https://www.quill.example/1") == []
    assert of_page(sites, None) == of_page(sites, "http://[") == []


def test_every_version_of_a_robots_txt_counts_and_each_thing_once() -> None:
    url = "https://quill.example/robots.txt"
    sites = gathered([caught(url, CLOSES), caught(url, b""), caught(url, CLOSES + b"# again")], 10**6)
    assert [each["value"] for each in of_page(sites, "https://quill.example/1")] == ["disallow", "allow"]


def test_of_more_signals_than_are_kept_those_that_reserve_are_kept() -> None:
    texts = [b"User-agent: *\nContent-Usage: a%d=y\n" % number for number in range(99)] + [CLOSES]
    sites = gathered([caught("https://quill.example/robots.txt", text) for text in texts], 10**6)
    found = of_page(sites, "https://quill.example/1")
    assert (len(found), found[0]["value"]) == (50, "disallow")


def test_more_than_can_be_held_is_refused() -> None:
    records = [caught(f"https://{number}.example/robots.txt", CLOSES) for number in range(100)]
    with pytest.raises(RefusedInputError) as refused:
        gathered(records, 1000)
    assert refused.value.code == "too-large"
