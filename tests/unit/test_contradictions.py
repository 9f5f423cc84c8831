"""What an article says of itself: it can speak against a decision, and never for one."""

from typing import Any

import pytest

from pressmark.article.rights import SourceRights
from pressmark.curate.contradictions import contradictions
from pressmark.curate.gate import Outcome
from pressmark.curate.resolve import resolve
from rights_cases import (
    CLOSENESS,
    DECIDABLE,
    DESTINATIONS,
    NOT_OWN,
    OPENING,
    RESERVATIONS,
    STATEMENTS,
    admitted,
    at,
    decided,
    resolved,
)
from strategies import ARTICLE

CLOSING = tuple(status for status in DECIDABLE if status not in OPENING)
IN_RIGHTS = ARTICLE["properties"]["rights"]["properties"]
CC = "https://creativecommons.org"


def closed(because: str, *also: str) -> Outcome:
    return Outcome(text=False, because=because, also=also)


# What an article says of itself

CODES = {
    "notice": ["notice"],
    "notice in the text": ["notice-in-text"],
    "status": ["closed-claim"],
    "not protected": ["closed-claim"],
    "orphan": ["closed-claim"],
    "conflict": ["closed-claim"],
    "no licence": ["closed-claim"],
    "statement": ["statement"],
    "statement of an orphan": ["statement"],
}
CONTRADICTED = [status for status in OPENING if status != "permission"]


@pytest.mark.parametrize("name", RESERVATIONS)
@pytest.mark.parametrize("status", CONTRADICTED)
def test_a_reservation_on_the_article_turns_an_opening_decision_into_a_conflict(status: str, name: str) -> None:
    article = resolved(decided(status), **RESERVATIONS[name])
    assert article["rights_status"] == "conflict"
    assert article["rights"]["reserved"] is True
    assert article["rights"]["conflicts"] == CODES[name]
    assert [at(article, place) for place in NOT_OWN] == [closed("rights-conflict")] * 3
    assert at(article, "local") == Outcome(text=True)


@pytest.mark.parametrize("name", RESERVATIONS)
def test_the_holders_permission_stands_above_a_reservation_on_the_article(name: str) -> None:
    article = resolved(decided("permission"), **RESERVATIONS[name])
    assert (article["rights_status"], article["rights"]["reserved"]) == ("permission", True)
    assert "conflicts" not in article["rights"]
    assert at(article) == Outcome(text=True)


@pytest.mark.parametrize("name", RESERVATIONS)
@pytest.mark.parametrize("status", CLOSING)
def test_a_reservation_leaves_a_decision_that_closes_as_it_is(status: str, name: str) -> None:
    article = resolved(decided(status), **RESERVATIONS[name])
    assert (article["rights_status"], article["rights"]["reserved"]) == (status, True)
    assert "conflicts" not in article["rights"]


def test_a_claim_of_restricted_terms_contradicts_what_would_open_wider_and_agrees_with_itself() -> None:
    claim: dict[str, Any] = {"rights_status": "restricted_license"}
    assert resolved(decided("restricted_license"), **claim)["rights_status"] == "restricted_license"
    for status in ("public_domain", "open_license"):
        assert resolved(decided(status), **claim)["rights"]["conflicts"] == ["closed-claim"]
    assert resolved(**claim)["rights"]["reserved"] is True


def test_a_notice_in_the_text_is_settled_by_a_decision_that_names_the_article() -> None:
    said: dict[str, Any] = {**RESERVATIONS["notice in the text"], "section": ["Town"]}
    for name, scope in CLOSENESS.items():
        article = resolved(decided("public_domain", scope=scope), **said)
        assert article["rights"].get("conflicts", []) == ([] if name == "article" else ["notice-in-text"])
        assert article["rights"]["reserved"] is True


@pytest.mark.parametrize("name", [name for name in RESERVATIONS if name != "notice in the text"])
def test_what_stands_around_the_text_contradicts_a_decision_that_names_the_article_too(name: str) -> None:
    article = resolved(decided("public_domain", scope=CLOSENESS["article"]), **RESERVATIONS[name])
    assert article["rights"]["conflicts"] == CODES[name]


def test_a_notice_that_was_seen_without_its_words_reserves() -> None:
    article = admitted()
    article["rights"]["evidence"] = [{"kind": "notice", "scope": "page", "where": "foot"}]
    after = resolve(article, SourceRights(decisions=(decided("public_domain"),)))
    assert (after["rights_status"], after["rights"]["conflicts"]) == ("conflict", ["notice-in-text"])
    article["rights"]["evidence"] = [{"kind": "imprint", "scope": "page", "where": "foot"}]
    after = resolve(article, SourceRights(decisions=(decided("public_domain"),)))
    assert (after["rights_status"], after["rights"]["reserved"]) == ("public_domain", False)


@pytest.mark.parametrize(("where", "code"), [("/rights/statement", "statement"), ("/rights_status", "closed-claim")])
def test_a_claim_whose_words_are_not_kept_is_one_that_cannot_be_read(where: str, code: str) -> None:
    article = admitted()
    article["rights"]["evidence"] = [{"kind": "claim", "scope": "text", "where": where}]
    after = resolve(article, SourceRights(decisions=(decided("public_domain"),)))
    assert after["rights"]["conflicts"] == [code]


def test_all_that_speaks_against_a_decision_is_told_in_one_order() -> None:
    article = resolved(
        decided("open_license"),
        decided("restricted_license"),
        license="MIT",
        rights_status="orphan",
        text="The lanterns.\n\n版权所有",
        rights={
            "notice": "All rights reserved.",
            "statement": f"{STATEMENTS}/InC/1.0/",
            "reservations": [{"signal": "tdmrep", "value": "1"}],
        },
    )
    assert article["rights"]["conflicts"] == IN_RIGHTS["conflicts"]["items"]["enum"]
    assert list(contradictions(decided("permission"), admitted(), {})) == []
    assert list(contradictions(decided("unknown"), admitted(license="NONE"), {})) == []


@pytest.mark.parametrize("status", CONTRADICTED)
def test_a_record_that_states_another_licence_is_in_conflict(status: str) -> None:
    article = resolved(decided(status), license="CC-BY-ND-4.0")
    assert article["rights_status"] == "conflict"
    assert article["rights"]["conflicts"] == ["other-licence"]
    assert article["rights"]["reserved"] is False
    assert at(article) == closed("rights-conflict")


@pytest.mark.parametrize("license_", ["CC-BY-4.0", "cc-by-4.0", "NOASSERTION"])
def test_a_record_that_states_the_same_licence_or_none_is_not(license_: str) -> None:
    assert resolved(decided("open_license"), license=license_)["rights_status"] == "open_license"


def test_a_licence_that_cannot_be_read_is_another_licence() -> None:
    for decision in (decided("open_license"), decided("open_license", license="LicenseRef-reeds")):
        assert resolved(decision, license="free to all")["rights"]["conflicts"] == ["other-licence"]


def test_a_licence_of_parentheses_alone_is_another_licence() -> None:
    assert resolved(decided("open_license"), license="()")["rights"]["conflicts"] == ["other-licence"]


@pytest.mark.parametrize("claim", [*CONTRADICTED, "permission", "unknown"])
def test_a_claim_of_an_open_status_contradicts_nothing(claim: str) -> None:
    if claim != "restricted_license":
        article = resolved(decided("public_domain"), rights_status=claim)
        assert (article["rights_status"], article["rights"]["reserved"]) == ("public_domain", False)


def test_the_holders_permission_stands_above_the_licence_that_a_record_states() -> None:
    assert resolved(decided("permission"), license="CC-BY-NC-4.0")["rights_status"] == "permission"


STATED: list[tuple[str, dict[str, Any], str, bool]] = [
    ("public_domain", {}, f"{CC}/publicdomain/zero/1.0/", True),
    ("public_domain", {}, f"{CC}/publicdomain/mark/1.0/", True),
    ("public_domain", {}, f"{CC}/licenses/by/4.0/", False),
    ("public_domain", {"license": "CC-BY-4.0"}, f"{CC}/licenses/by/4.0/", False),
    ("public_domain", {}, f"{STATEMENTS}/UND/1.0/", True),
    ("public_domain", {}, f"{STATEMENTS}/NKC/1.0/", True),
    ("public_domain", {}, f"{STATEMENTS}/NoC-CR/1.0/", False),
    ("public_domain", {}, f"{STATEMENTS}/NoC-US/1.0/", False),
    ("public_domain", {"territories": ("US",)}, f"{STATEMENTS}/NoC-US/1.0/", True),
    ("public_domain", {"territories": ("US",)}, f"{STATEMENTS}/NoC-US/1.0", True),
    ("public_domain", {"territories": ("US",)}, f"{STATEMENTS}/NoC-NC/1.0/", False),
    ("public_domain", {}, "https://reeds.example/terms", False),
    ("open_license", {}, f"{CC}/licenses/by/4.0/", True),
    ("open_license", {}, f"{CC}/licenses/by/3.0/", False),
    ("open_license", {}, f"{CC}/publicdomain/zero/1.0/", False),
    ("open_license", {"license": "CC0-1.0"}, f"{CC}/publicdomain/zero/1.0/", True),
    ("open_license", {}, f"{CC}/licenses/by-nc/4.0/", False),
    ("open_license", {}, f"{STATEMENTS}/CNE/1.0/", True),
    ("open_license", {"territories": ("US",)}, f"{STATEMENTS}/NoC-US/1.0/", False),
    ("open_license", {}, f"{STATEMENTS}/InC-NC/1.0/", False),
    ("open_license", {}, "https://reeds.example/terms", False),
    ("restricted_license", {}, f"{CC}/licenses/by-nc/4.0/", True),
    ("restricted_license", {}, f"{CC}/licenses/by/4.0/", False),
    ("restricted_license", {}, f"{STATEMENTS}/InC-NC/1.0/", True),
    ("restricted_license", {}, f"{STATEMENTS}/NoC-US/1.0/", True),
    ("restricted_license", {}, f"{STATEMENTS}/InC/1.0/", False),
]


@pytest.mark.parametrize(("status", "changes", "address", "agrees"), STATED)
def test_a_statement_of_the_record_agrees_with_a_decision_or_is_a_conflict(
    status: str,
    changes: dict[str, Any],
    address: str,
    agrees: bool,  # noqa: FBT001
) -> None:
    article = resolved(decided(status, **changes), rights={"statement": address})
    assert article["rights"].get("conflicts", []) == ([] if agrees else ["statement"])
    assert article["rights_status"] == (status if agrees else "conflict")


LIMITED = {"territories": ("US",)}


def test_an_address_that_only_ends_like_a_statement_is_a_conflict() -> None:
    stated = {"statement": "https://reeds.example/NoC-US/1.0/"}
    assert resolved(decided("public_domain", **LIMITED), rights=stated)["rights_status"] == "conflict"


def test_a_statement_in_another_language_is_the_same_statement() -> None:
    stated = {"statement": "https://rightsstatements.org/page/NoC-US/1.0/?language=ko"}
    assert resolved(decided("public_domain", **LIMITED), rights=stated)["rights_status"] == "public_domain"


@pytest.mark.parametrize(
    ("address", "reserved"),
    [
        (f"{STATEMENTS}/InC/1.0/", True),
        (f"{STATEMENTS}/NoC-US/1.0/", True),
        (f"{STATEMENTS}/UND/1.0/", False),
        (f"{CC}/licenses/by-nc/4.0/", False),
        ("https://reeds.example/terms", False),
    ],
)
def test_a_statement_reserves_where_it_is_one_of_the_twelve_and_says_so(
    address: str,
    reserved: bool,  # noqa: FBT001
) -> None:
    assert resolved(rights={"statement": address})["rights"]["reserved"] is reserved


def test_the_statement_of_a_source_is_no_claim_of_the_article() -> None:
    article = admitted()
    article["rights"]["statement"] = f"{STATEMENTS}/InC/1.0/"
    assert resolve(article, SourceRights(decisions=(decided("public_domain"),)))["rights_status"] == "public_domain"


@pytest.mark.parametrize("by", ["record", "source"])
@pytest.mark.parametrize("status", DECIDABLE)
@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_signal_contradicts_a_licence_and_leaves_permissions_and_the_public_domain_alone(
    by: str, status: str, destination: str
) -> None:
    signal = {"signal": "tdmrep", "value": "1"}
    said = {"rights": {"reservations": [signal]}} if by == "record" else {"stated": {"reservations": (signal,)}}
    article = resolved(decided(status), **said)
    conflict = status in ("open_license", "restricted_license")
    assert article["rights_status"] == ("conflict" if conflict else status)
    assert article["rights"].get("conflicts", []) == (["signal"] if conflict else [])
    assert article["rights"]["reserved"] is False
    spared = status in ("public_domain", "permission") or destination == "local"
    assert at(article, destination).text is spared


def test_a_signal_that_reserves_nothing_contradicts_nothing() -> None:
    signal = {"signal": "tdmrep", "value": "0"}
    assert resolved(decided("open_license"), rights={"reservations": [signal]})["rights_status"] == "open_license"


@pytest.mark.parametrize("notice", ["CC BY 4.0", "갈대신문 제공", "No rights are claimed."])
def test_a_notice_in_other_words_changes_nothing(notice: str) -> None:
    assert resolved(decided("public_domain"), rights={"notice": notice})["rights_status"] == "public_domain"
    assert at(resolved(rights={"notice": notice})) == closed("no-decision")
    assert resolved(rights={"notice": notice})["rights"]["reserved"] is False


@pytest.mark.parametrize(
    ("claim", "status"),
    [("CC0-1.0", "public_domain"), ("CC-PDM-1.0", "public_domain"), ("CC-BY-4.0", "conflict"), ("MIT", "conflict")],
)
def test_a_record_that_gives_its_rights_up_agrees_with_the_public_domain(claim: str, status: str) -> None:
    assert resolved(decided("public_domain"), license=claim)["rights_status"] == status
    assert resolved(decided("open_license"), license="CC0-1.0")["rights_status"] == "conflict"
