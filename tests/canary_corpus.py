"""A corpus whose every word that may be restricted holds a canary, drawn over everything that can be said of rights."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from support import AS_OF, Corpus

LINES: dict[str, dict[str, Any]] = {
    "open": {"destination": "public"},
    "half": {"destination": "public", "accepts": ["noncommercial"]},
    "tolerant": {"destination": "public", "accepts": ["noncommercial", "noderivatives"]},
    "bare": {"destination": "public", "profile": "metadata", "accepts": ["noncommercial"]},
    "asked": {"destination": "gated"},
    "own": {"destination": "private"},
    "vault": {"destination": "local"},
    "index": {"destination": "local", "profile": "metadata"},
}

PLACES: dict[str, tuple[str, int]] = {
    "text": ("text", 0),
    "subtitles": ("text", 1),
    "captions": ("text", 2),
    "image": ("text", 3),
    "title": ("headline", 4),
    "contributors": ("name", 5),
    "label": ("name", 6),
    "attribution": ("name", 7),
    "section": ("metadata", 8),
    "url": ("metadata", 9),
}
"""Fields of a record that hold a canary of their own: the class of the field, and the last digit of the canary."""

CREDITS = 9_000_000
"""Number of the first canary in the attribution of a decision."""

OPEN = ["CC0-1.0", "PDDL-1.0", "CC-BY-4.0", "CC-BY-SA-3.0", "ODC-By-1.0"]
RESTRICTED = ["CC-BY-NC-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-SA-2.5"]
OTHER = ["LicenseRef-Reeds-1", "MIT", "CC-BY-NC-SA-3.0-IGO"]
EXPRESSIONS = [
    "CC-BY-4.0 OR MIT",
    "CC-BY-4.0 AND MIT",
    "CC0-1.0 OR CC-BY-NC-4.0",
    "CC-BY-4.0 AND CC-BY-NC-4.0",
    "CC-BY-NC-4.0 OR CC-BY-ND-4.0",
    "CC-BY-NC-4.0 AND CC-BY-ND-4.0",
    "CC-BY-ND-4.0 AND (MIT OR CC0-1.0)",
    "MIT OR LicenseRef-Reeds-1",
]
LICENSES = {
    "open_license": [*OPEN, *OPEN, *RESTRICTED, *OTHER, *EXPRESSIONS],
    "restricted_license": [*RESTRICTED, *RESTRICTED, *OPEN, *OTHER, *EXPRESSIONS],
}
OPENING = ["public_domain", "open_license", "restricted_license", "permission"]
STORED = ["all_rights_reserved", "not_protected_claimed", "orphan"]
CLOSING = [*STORED, "unknown"]
REACH = ["local", "private", "gated", "public"]
COMPONENTS = ["caption", "headline", "translation", "original", "image"]

HARMLESS_SIGNALS = [
    ("robots", "allow"),
    ("tdmrep", "0"),
    ("aipref", "train-ai=y, search=y"),
    ("rsl", "permits=search,ai-train"),
    ("meta", "index, follow"),
]
RESERVING_SIGNALS = [
    ("robots", "disallow"),
    ("robots", "perhaps"),
    ("tdmrep", "1"),
    ("tdmrep", "yes"),
    ("aipref", "train-ai=n"),
    ("aipref", "search=y, train-ai=maybe"),
    ("rsl", "permits=search prohibits=ai-train"),
    ("rsl", "nothing of the kind"),
    ("meta", "index, noai"),
    ("terms", "Machines are not welcome."),
]
HARMLESS_NOTICES = ["From the archive of the town.", "Printed on blue paper."]
RESERVING_NOTICES = [
    "All rights reserved.",
    "版权所有 未经许可不得转载",
    "무단 전재 및 재배포 금지",
    "This page may not be reproduced.",
]
VOCABULARY = "https://rightsstatements.org/vocab"
STATEMENTS = [
    *(f"{VOCABULARY}/{name}/1.0/" for name in ("InC", "InC-RUU", "NoC-NC", "NoC-US", "CNE", "UND", "NKC")),
    "https://creativecommons.org/licenses/by/4.0/",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "https://reeds.example/rights",
]
FLAGS = [["minor"], ["victim"], ["court_anonymity"], ["private_person"], ["none_found"], ["not_checked", "victim"]]
EVIDENCE = [{"kind": "manual", "scope": "text", "where": "register"}]
_DATES = ("decided_on", "expires", "embargoed_until", "from", "until")


@dataclass
class World:
    """A corpus: sources by name, as their files say; decisions; records, each with its source."""

    sources: dict[str, dict[str, Any]]
    decisions: list[dict[str, Any]]
    """By the keys of a file of decisions, and `home`: the source in whose file it stands, or none for `rights/`."""

    articles: list[tuple[str, dict[str, Any]]]


def canary(number: int, place: str) -> bytes:
    """Return the canary of a field of the article with a number."""
    return f"CNRY{number * 10 + PLACES[place][1]:07d}".encode()


def made(seed: int, count: int) -> World:
    """Draw a corpus; about half of its articles have nothing that speaks against the decision on them."""
    return _Draw(random.Random(seed), count).world()


def written(world: World, corpus: Corpus) -> None:
    """Write the corpus folder: sources, inputs, and decisions in source files and below `rights/`."""
    recipe = [
        '[corpus]\nname = "canaries"\ntitle = "Canaries"\nlanguages = ["en"]\ncontact = "c@canaries.example"\n',
        *(f"[releases.{name}]\n{_toml(line)}" for name, line in LINES.items()),
        *(f'[[input]]\nfiles = "{name}/*.jsonl"\nformat = "jsonl"\nsource = "{name}"\n' for name in world.sources),
        "[splits]\ntrain = 0.8\ntest = 0.2\n",
    ]
    corpus.write("corpus.toml", "\n".join(recipe))
    for name, source in world.sources.items():
        plain = {key: value for key, value in source.items() if key != "rights"}
        own = "\n".join(_decision("rights.decisions", each) for each in world.decisions if each["home"] == name)
        corpus.write(f"sources/{name}.toml", f"{_toml(plain)}\n[rights]\n{_toml(source['rights'])}\n{own}")
        records = [json.dumps(record, ensure_ascii=False) for home, record in world.articles if home == name]
        for part in range(3):
            corpus.write(f"{name}/{part}.jsonl", "\n".join(records[part::3]) + "\n")
    apart = [_decision("decisions", each) for each in world.decisions if each["home"] is None]
    corpus.write("rights/letters.toml", "\n".join(apart[::2]))
    corpus.write("rights/deep/more.toml", "\n".join(apart[1::2]))


def _decision(table: str, decision: dict[str, Any]) -> str:
    keys = {key: value for key, value in decision.items() if key != "home"}
    return f"[[{table}]]\n{_toml({'basis': 'The register says so.', 'decided_by': 'editor', **keys})}"


def _toml(table: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(key, value)}\n" for key, value in table.items())


def _value(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{inner} = {_value(inner, each)}' for inner, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(_value('', each) for each in value)}]"
    return str(value) if key in _DATES else json.dumps(value, ensure_ascii=False)


def _day(after: int) -> str:
    """Return a day so many days after the one that counts as today."""
    return (AS_OF + timedelta(days=after)).isoformat()


class _Draw:
    """One drawing of a corpus."""

    def __init__(self, chance: random.Random, count: int) -> None:
        self.chance, self.count = chance, count
        self.decisions: list[dict[str, Any]] = []
        self.sections: list[str] = []
        self.naming: list[list[dict[str, Any]]] = []
        self.credits = CREDITS

    def world(self) -> World:
        sources = {name: self._source(name) for name in ("alder", "birch", "cedar", "dogwood", "elder", "fir")}
        self.naming = [self._letters({"ids": []}) for _ in range(max(30, self.count // 50))]
        self.sections = [f"s{number}" for number in range(max(60, self.count // 100))]
        scopes = [*map(self._section, self.sections), *self._across([*sources])]
        self.decisions = [each for scope in scopes for each in self._letters(scope)]
        for name in sources:
            self._about_a_source(name)
        articles = [self._article(number, self.one([*sources])) for number in range(self.count)]
        self.decisions += [each for letters in self.naming for each in letters if each["scope"]["ids"]]
        return World(sources, self.chance.sample(self.decisions, len(self.decisions)), articles)

    def maybe(self, share: float, value: Any) -> Any:
        return value if self.chance.random() < share else None

    def one(self, values: Sequence[Any]) -> Any:
        return self.chance.choice(values)

    def words(self, number: int, place: str, count: int) -> str:
        """Return words that no other value shares, with the canary before, between and behind them."""
        hangul = number % 4 == 3
        unique = [
            "".join(chr(0xAC00 + self.chance.randrange(11_000)) for _ in range(6))
            if hangul
            else f"{self.chance.getrandbits(40):010x}"
            for _ in range(count)
        ]
        mark = canary(number, place).decode()
        return " ".join([mark, *unique[: count // 2], mark, *unique[count // 2 :], mark])

    def _source(self, name: str) -> dict[str, Any]:
        plain = name in ("alder", "birch", "cedar")
        often = 0.0 if plain else 0.4
        rights = {
            "status": self.maybe(0.4, self.one([*OPENING, *CLOSING])),
            "statement": self.maybe(often, self.one([f"{VOCABULARY}/CNE/1.0/", f"{VOCABULARY}/UND/1.0/"])),
            "reservations": self._signals(often / 2),
            "components": self._components(often),
            "own_credits": self.maybe(0.5, [f"{name.title()} Wire"]),
        }
        return _kept(
            {
                "title": f"{name.title()} Gazette",
                "publisher": f"{name.title()} House",
                "language": "en",
                "derivation": "original" if plain else self.one(["original", "original", None, "translation"]),
                "rights": _kept(rights),
            }
        )

    def _about_a_source(self, name: str) -> None:
        if self.chance.random() < 0.7:
            decision = self._decided({"sources": [name]})
            if self.chance.random() < 0.6:
                decision["home"] = name
                del decision["scope"]
            self.decisions.append(decision)
        apart = {"home": name, "scope": {"sections": [self.one(self.sections)]}}
        self.decisions.append({**self._closing(), **apart})

    def _section(self, section: str) -> dict[str, Any]:
        scope: dict[str, Any] = {"sections": [section, *self.sections[: self.chance.random() < 0.02]]}
        if self.chance.random() < 0.1:
            scope["sources"] = ["alder", "birch", "elder"]
        if self.chance.random() < 0.1:
            scope["until"] = "2021-04-15"
        return scope

    def _across(self, names: list[str]) -> list[dict[str, Any]]:
        """Return scopes that cut through all sections."""
        ends = [f"{self.chance.randrange(100):02d}" for _ in range(4)]
        return [
            {"from": "2021-03-02", "until": "2021-03-06"},
            {"license": self.one(OPEN)},
            *({"pattern": f"{self.one(names)}:a[0-9]*{end}"} for end in ends[:2]),
            *({"pattern": f"https://[a-z]+\\.example/[0-9]*{end}/.*"} for end in ends[2:]),
        ]

    def _closing(self) -> dict[str, Any]:
        """Return a decision that only takes away."""
        kind = (
            {"privacy": self.one(FLAGS)} if self.chance.random() < 0.5 else {"embargoed_until": self._soon(-1, 0, 1, 9)}
        )
        return {"decided_on": self._soon(-400, -1, 0, 1), "evidence": EVIDENCE, "home": None, **kind}

    def _soon(self, *days: int) -> str:
        return _day(self.one(days))

    def _decided(self, scope: dict[str, Any]) -> dict[str, Any]:
        if self.chance.random() < 0.06:
            return {**self._closing(), "scope": scope}
        status = self.one([*OPENING, *OPENING, "open_license", "permission", *CLOSING, *STORED])
        stored = status in STORED and self.chance.random() < 0.7
        permission = status == "permission"
        often = self.chance.random() < 0.6
        visibility = self.one([*REACH, "public", "public"])
        license_ = self.one(LICENSES[status]) if status in LICENSES else None
        self.credits += 1
        covers = [["text", "original"], ["text", "caption", "headline"], ["original"], ["text", *COMPONENTS]]
        keys = {
            "status": status,
            "license": license_,
            "attribution": self.maybe(0.7, f"Reed House CNRY{self.credits:07d}"),
            "covers": self.maybe(0.4 * often, self.one(covers)),
            "outputs": self.maybe(
                0.7 * permission * often, self.one([["headline"], ["name"], ["headline", "name"], ["text"]])
            ),
            "visibility": self.one(["private", "local"])
            if stored
            else "public"
            if permission and not often
            else self.maybe(0.15 * often + permission, visibility),
            "purposes": self.maybe(0.2 * permission * often, ["research"]),
            "territories": self.maybe(0.2 * often, self.one([["US"], ["DE", "AT"]])),
            "expires": self.maybe(0.6 * often, self._soon(-1, -1, 0, 1, 400)),
            "decided_on": self._soon(-400, -400, -1, 0, *([1] * often)),
            "decided_as": self.maybe(0.2, "rule" if status in CLOSING else "counsel"),
            "storage_basis": "EU-DSM-3" if stored else None,
            "privacy": self.maybe(0.08 * often, self.one(FLAGS)),
            "embargoed_until": self.maybe(0.12 * often, self._soon(-1, 0, 1, 400)),
            "legal_flags": self.maybe(0.1, ["KR-CA-7(5)"]),
            "scope": scope,
            "evidence": EVIDENCE,
        }
        return {**_kept(keys), "home": None}

    def _letters(self, scope: dict[str, Any]) -> list[dict[str, Any]]:
        """Return a decision for a scope, and sometimes a second one that says the same in other limits."""
        first = self._decided(scope)
        if "status" not in first or self.chance.random() < 0.7:
            return [first]
        limits = {
            "expires": self.maybe(0.7, self._soon(-1, -1, 0, 1, 400)),
            "covers": self.maybe(0.3, self.one([["text", "original"], ["text", *COMPONENTS], ["original"]])),
            "attribution": self.maybe(0.7, first.get("attribution")),
            "decided_on": self._soon(-400, -400, -1, 0, 1),
            "visibility": first.get("visibility") if "storage_basis" in first else self.one(["public", *REACH]),
        }
        return [first, {**_kept({**first, **limits}), "home": None}]

    def _signals(self, share: float) -> list[dict[str, str]] | None:
        reserving = self.chance.random() < 0.6
        signal, value = self.one(RESERVING_SIGNALS if reserving else HARMLESS_SIGNALS)
        also = self.maybe(0.3, [dict(zip(("signal", "value"), self.one(HARMLESS_SIGNALS), strict=True))])
        found: list[dict[str, str]] | None = self.maybe(share, [*(also or []), {"signal": signal, "value": value}])
        return found

    def _components(self, share: float) -> list[dict[str, str]] | None:
        found: list[dict[str, str]] | None = self.maybe(
            share, [{"component": self.one(COMPONENTS), "holder": "Osier Wire"}]
        )
        return found

    def _article(self, number: int, source: str) -> tuple[str, dict[str, Any]]:
        chance = self.chance
        often = 0.0 if chance.random() < 0.5 else 1.0
        section = [self.one(self.sections), *([self.one(self.sections)] if chance.random() < 0.15 * often else [])]
        text = [self.words(number, "text", 14), self.words(number, "text", 14)]
        if chance.random() < 0.08 * often:
            text.insert(1, self.one(RESERVING_NOTICES))
        captions = {"text": self.words(number, "captions", 6), "image": f"{canary(number, 'image').decode()}.jpg"}
        name, label = self.words(number, "contributors", 1), self.words(number, "label", 1)
        notices = [*HARMLESS_NOTICES, *RESERVING_NOTICES]
        credits_ = ["Osier Wire", f"{source.title()} Gazette", f"{source} HOUSE", f"{source.title()} Wire"]
        rights = {
            "notice": self.maybe(0.15 * often, self.one(notices)),
            "statement": self.maybe(0.15 * often, self.one(STATEMENTS)),
            "reservations": self._signals(0.2 * often),
            "components": self._components(0.2 * often),
            "privacy": self.maybe(0.15 * often, self.one(FLAGS)),
            "embargoed_until": self.maybe(0.1 * often, self._soon(-1, 0, 1, 400)),
            "legal_flags": self.maybe(0.05, [{"code": "KR-CA-7(5)", "standing": "determined"}]),
        }
        claims = ["unknown", "all_rights_reserved", "orphan", "not_protected_claimed", "conflict", "restricted_license"]
        record = {
            "id": f"a{number}",
            "title": self.maybe(0.95, self.words(number, "title", 6)),
            "text": "\n\n".join(text),
            "subtitles": self.maybe(0.7, [self.words(number, "subtitles", 6)]),
            "captions": self.maybe(0.7, [captions]),
            "contributors": self.maybe(0.9, [{"role": "aut", "name": name, "label": label}]),
            "attribution": self.maybe(0.3, self.words(number, "attribution", 3)),
            "section": [*section, canary(number, "section").decode()],
            "url": f"https://{source}.example/{number:07d}/{canary(number, 'url').decode()}",
            "published_on": self.maybe(0.9, (date(2021, 3, 1) + timedelta(chance.randrange(90))).isoformat()),
            "derivation": self.maybe(0.15 * often, self.one(["translation", "reprint", "unknown", "original"])),
            "license": self.maybe(0.25 * often, self.one([*OPEN, "NONE", "NOASSERTION", "free to all", "MIT OR"])),
            "rights_status": self.maybe(0.12 * often, self.one(claims)),
            "rights": _kept(rights),
            "provenance": self.maybe(0.15 * often, {"syndicated_from": self.one(credits_)}),
        }
        for share in (0.25, 0.03):
            if chance.random() < share:
                self.one(self.naming)[0]["scope"]["ids"].append(self.one([f"a{number}", f"{source}:a{number}"]))
        return source, _kept(record)


def _kept(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}
