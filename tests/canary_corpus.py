"""A corpus whose every restricted word holds a canary, and what may appear of it by the rules in plain words."""

import json
import random
from dataclasses import dataclass, field
from typing import Any

from support import Corpus

AS_OF = "2026-01-31"
LINES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "open": ("public", "full", ()),
    "tolerant": ("public", "full", ("noncommercial", "noderivatives")),
    "bare": ("public", "metadata", ()),
    "asked": ("gated", "full", ()),
    "own": ("private", "full", ()),
    "vault": ("local", "full", ()),
}
REACH = ["local", "private", "gated", "public"]
OPEN = ["CC-BY-4.0", "CC-BY-SA-3.0", "ODC-By-1.0", "CC0-1.0"]
RESTRICTED = {
    "CC-BY-NC-4.0": {"noncommercial"},
    "CC-BY-ND-4.0": {"noderivatives"},
    "CC-BY-NC-ND-3.0": {"noncommercial", "noderivatives"},
}
OTHER = ["LicenseRef-Reeds-1", "MIT"]
EXPRESSIONS = ["CC-BY-4.0 OR MIT", "CC-BY-4.0 AND MIT", "CC-BY-4.0 AND CC-BY-SA-3.0", "CC-BY-NC-4.0 OR MIT"]
SIGNALS = {
    "robots": ("allow", "disallow"),
    "tdmrep": ("0", "1"),
    "aipref": ("train-ai=y", "train-ai=n"),
    "rsl": ("permits=search", "prohibits=ai-train"),
    "meta": ("index", "noai"),
    "terms": (None, "Copying is not allowed."),
}
STATEMENTS = {
    "http://rightsstatements.org/vocab/InC/1.0/": "closes",
    "https://rightsstatements.org/page/CNE/1.0/": "says nothing",
    "https://reeds.example/rights": "closes",
}


@dataclass
class Decision:
    """One decision, by the keys of a file of decisions, and how it names its articles."""

    keys: dict[str, Any]
    about: str
    """`article`, `selection`, or `nothing` for none at all."""

    section: str

    ids: list[str] = field(default_factory=list)


@dataclass
class Case:
    """One article and the decision that was taken on it."""

    number: int
    record: dict[str, Any]
    decision: Decision

    def canary(self, kind: str) -> bytes:
        place = {"text": 0, "headline": 1, "name": 2}[kind]
        return f"CNRY{self.number * 10 + place:07d}".encode()


def made(seed: int, count: int) -> list[Case]:
    """Draw articles over everything that a decision, a record or a day can say."""
    chance = random.Random(seed)
    pool = [_decision(chance, f"s{number}") for number in range(max(40, count // 20))]
    cases = []
    for number in range(1, count + 1):
        decision = chance.choice(pool)
        record = _record(chance, number, decision)
        decision.ids.append(record["id"])
        cases.append(Case(number, record, decision))
    return cases


def _maybe(chance: random.Random, share: float, value: Any) -> Any:
    return value if chance.random() < share else None


def _decision(chance: random.Random, section: str) -> Decision:
    if chance.random() < 0.1:
        return Decision({}, "nothing", section)
    status = chance.choice(
        [
            "public_domain",
            "open_license",
            "open_license",
            "restricted_license",
            "permission",
            "permission",
            "all_rights_reserved",
            "not_protected_claimed",
            "orphan",
            "unknown",
        ]
    )
    licenses = {
        "open_license": [*OPEN, *OPEN, *RESTRICTED, *OTHER, *EXPRESSIONS],
        "restricted_license": [*RESTRICTED, *RESTRICTED, *OTHER, *OPEN, *EXPRESSIONS],
    }
    stored = (
        _maybe(chance, 0.5, "EU-DSM-3")
        if status in ("all_rights_reserved", "not_protected_claimed", "orphan")
        else None
    )
    visibility = chance.choice(REACH) if status == "permission" else _maybe(chance, 0.2, chance.choice(REACH))
    keys = {
        "status": status,
        "license": chance.choice(licenses[status]) if status in licenses else None,
        "attribution": _maybe(chance, 0.7, "Reed House"),
        "covers": _maybe(
            chance,
            0.5,
            chance.choice(
                [
                    ["text", "original"],
                    ["text", "caption"],
                    ["original"],
                    ["text", "original", "caption", "headline", "translation"],
                ]
            ),
        ),
        "outputs": _maybe(chance, 0.4, chance.choice([["headline"], ["name"], ["headline", "name"], ["text"]]))
        if status == "permission"
        else None,
        "visibility": chance.choice(["private", "local"]) if stored else visibility,
        "purposes": _maybe(chance, 0.15, ["research"]) if status == "permission" else None,
        "territories": _maybe(chance, 0.15, ["US"]),
        "expires": _maybe(chance, 0.4, chance.choice(["2026-01-30", "2026-01-31", "2026-02-01", "2030-12-31"])),
        "decided_on": chance.choice(["2025-01-01", "2025-01-01", "2025-01-01", "2026-01-31", "2026-02-01"]),
        "decided_as": "rule" if status in ("all_rights_reserved", "unknown") and chance.random() < 0.3 else None,
        "storage_basis": stored,
        "privacy": _maybe(chance, 0.05, ["minor"]),
        "embargoed_until": _maybe(chance, 0.1, chance.choice(["2026-01-31", "2026-02-01"])),
    }
    about = chance.choice(["article", "selection"])
    return Decision({key: value for key, value in keys.items() if value is not None}, about, section)


def _record(chance: random.Random, number: int, decision: Decision) -> dict[str, Any]:
    def words(place: int, count: int) -> str:
        unique = " ".join(f"{chance.getrandbits(40):010x}" for _ in range(count))
        return f"CNRY{number * 10 + place:07d} {unique}"

    signal = chance.choice([*SIGNALS])
    signals = _maybe(chance, 0.2, [chance.choice(SIGNALS[signal])])
    rights = {
        "notice": _maybe(chance, 0.15, chance.choice(["All rights reserved.", "From the Reed archive."])),
        "statement": _maybe(chance, 0.15, chance.choice([*STATEMENTS])),
        "reservations": [{"signal": signal, "value": value} for value in signals or () if value],
        "components": _maybe(
            chance, 0.15, [{"component": chance.choice(["caption", "headline", "image", "translation"])}]
        ),
        "privacy": _maybe(
            chance, 0.1, chance.choice([["victim"], ["court_anonymity"], ["none_found"], ["private_person"]])
        ),
        "embargoed_until": _maybe(chance, 0.08, chance.choice(["2026-01-30", "2026-01-31", "2026-02-01"])),
    }
    record: dict[str, Any] = {
        "id": f"a{number}",
        "title": words(1, 6),
        "text": f"{words(0, 14)}\n\n{words(0, 14)}",
        "subtitles": [words(0, 6)],
        "captions": _maybe(chance, 0.6, [{"text": words(0, 8)}]),
        "contributors": [{"role": "aut", "name": words(2, 1)}],
        "published_on": f"{chance.randrange(2015, 2025)}-0{chance.randrange(1, 10)}-11",
        "section": [decision.section],
        "derivation": chance.choice(["original"] * 4 + ["translation", "reprint"]),
        "license": _maybe(chance, 0.15, chance.choice([*OPEN, "NONE", "NOASSERTION", "free to all"])),
        "rights_status": _maybe(chance, 0.1, chance.choice(["unknown", "open_license", "all_rights_reserved"])),
        "rights": {key: value for key, value in rights.items() if value},
        "provenance": {"syndicated_from": chance.choice(["Osier Wire", "The Journal"])}
        if chance.random() < 0.15
        else None,
    }
    return {key: value for key, value in record.items() if value is not None}


def write(corpus: Corpus, cases: list[Case]) -> None:
    """Write the corpus folder: one source that says nothing, records, and decisions in files of their own."""
    lines = "".join(
        f'[releases.{name}]\ndestination = "{place}"\nprofile = "{profile}"\naccepts = {json.dumps(list(accepts))}\n\n'
        for name, (place, profile, accepts) in LINES.items()
    )
    corpus.write(
        "corpus.toml",
        '[corpus]\nname = "canaries"\ntitle = "Canaries"\nlanguages = ["en"]\ncontact = "c@canaries.example"\n\n'
        f'{lines}[[input]]\nfiles = "records/*.jsonl"\nformat = "jsonl"\nsource = "journal"\n\n'
        "[splits]\ntrain = 0.8\ntest = 0.2\n",
    )
    source = 'title = "The Journal"\npublisher = "Journal House"\nlanguage = "en"\nderivation = "original"\n'
    corpus.write("sources/journal.toml", source)
    corpus.write("records/a.jsonl", "".join(json.dumps(case.record) + "\n" for case in cases))
    decisions = {case.decision.section: case.decision for case in cases if case.decision.about != "nothing"}
    text = "".join(_written(decision) for decision in decisions.values())
    corpus.write("rights/all.toml", text)


def _written(decision: Decision) -> str:
    keys = {"basis": "The register says so.", "decided_by": "editor", **decision.keys}
    scope = {"ids": decision.ids} if decision.about == "article" else {"sections": [decision.section]}
    days = ("decided_on", "expires", "embargoed_until")
    lines = [f"{key} = {value if key in days else json.dumps(value)}" for key, value in keys.items()]
    ((name, values),) = scope.items()
    evidence = 'evidence = [{ kind = "manual", scope = "text", where = "register" }]'
    return "\n".join(["[[decisions]]", *lines, f"scope = {{ {name} = {json.dumps(values)} }}", evidence, "", ""])


def may_appear(case: Case, line: str) -> set[str]:
    """Return which of text, headline and name may appear of an article, by the rules as docs/rights.md has them."""
    destination, profile, accepts = LINES[line]
    record, said = case.record, case.decision.keys
    rights = record["rights"]
    if destination == "local":
        return {"text", "headline", "name"}
    embargoes = [rights.get("embargoed_until", ""), said.get("embargoed_until", "")]
    exposed = {*rights.get("privacy", ()), *said.get("privacy", ())} & {"minor", "victim", "court_anonymity"}
    if profile == "metadata" or max(embargoes) > AS_OF or exposed or not said:
        return set()
    status = said["status"]
    if said.get("decided_as") == "rule" or said["decided_on"] > AS_OF or said.get("expires", "9999") < AS_OF:
        return set()
    if REACH.index(said.get("visibility", "public")) < REACH.index(destination):
        return set()
    if not _needed(record) <= set(said.get("covers", ["text"])) or _conflict(case):
        return set()
    reserved = any(entry["value"] != SIGNALS[entry["signal"]][0] for entry in rights.get("reservations", ()))
    if reserved and status not in ("permission", "public_domain"):
        return set()
    abroad = bool(said.get("territories")) and destination != "private"
    if status == "permission":
        limited = abroad or ("purposes" in said and destination == "public")
        outputs = set(said.get("outputs", ["text"]))
        return set() if limited else {"text", "headline", "name"} if "text" in outputs else outputs
    if status in ("all_rights_reserved", "not_protected_claimed", "orphan"):
        return {"text", "headline", "name"} if destination == "private" and "storage_basis" in said else set()
    if abroad or status == "unknown":
        return set()
    return {"text", "headline", "name"} if status == "public_domain" else _by_licence(case, destination, set(accepts))


def _needed(record: dict[str, Any]) -> set[str]:
    foreign = record.get("provenance", {}).get("syndicated_from") == "Osier Wire"
    listed = {entry["component"] for entry in record["rights"].get("components", ())} - {"image"}
    needed = {"text"} | (listed if "captions" in record else listed - {"caption"})
    return needed | ({"original"} if foreign or record["derivation"] != "original" else set())


def _conflict(case: Case) -> bool:
    """Tell whether the article speaks against a decision that would open it without the holder's permission."""
    record, said = case.record, case.decision.keys
    if said["status"] not in ("public_domain", "open_license", "restricted_license"):
        return False
    claimed = record.get("license", "NOASSERTION")
    agrees = claimed == "CC0-1.0" if said["status"] == "public_domain" else claimed == said["license"]
    return (
        record["rights"].get("notice") == "All rights reserved."
        or (claimed != "NOASSERTION" and not agrees)
        or record.get("rights_status") == "all_rights_reserved"
        or STATEMENTS.get(record["rights"].get("statement", "")) == "closes"
    )


def _by_licence(case: Case, destination: str, accepts: set[str]) -> set[str]:
    said = case.decision.keys
    license_ = said["license"]
    credited = "attribution" in said or license_ == "CC0-1.0"
    is_open = license_ in (*OPEN, "CC-BY-4.0 OR MIT", "CC-BY-4.0 AND CC-BY-SA-3.0")
    if said["status"] == "open_license":
        return {"text", "headline", "name"} if is_open and credited else set()
    if destination == "private":
        return {"text", "headline", "name"}
    terms = RESTRICTED.get(license_, {"noncommercial"} if license_ == "CC-BY-NC-4.0 OR MIT" else None)
    if not is_open and terms is None:
        return set()
    accepted = is_open or destination == "gated" or (terms or set()) <= accepts
    return {"text", "headline", "name"} if accepted and credited else {"headline"}
