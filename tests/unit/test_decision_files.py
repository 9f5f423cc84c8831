"""Files of decisions, rights/NAME.toml: all that is wrong with them at once, and which source gets which."""

import shutil
from itertools import permutations
from typing import Any

import pytest

from pressmark.curate.resolve import resolve
from pressmark.errors import RecipeError
from pressmark.findings import CATALOGUE, Kind
from pressmark.recipe import read_recipe
from rights_cases import DECIDABLE, admitted
from support import JOURNAL, PAPER, RECIPE, Corpus

OPENING = """
[[decisions]]
status = "public_domain"
basis = "The register says so."
decided_by = "editor"
decided_on = 2025-01-01
evidence = [{ kind = "manual", scope = "text", where = "register" }]
"""
"""A decision in lines 2 to 7; what is added begins in line 8."""

CLOSING = OPENING.replace("public_domain", "all_rights_reserved").replace('"text"', '"site"')
ARTICLES = [("r1", "Town"), ("r1", "Quay"), ("r2", "Town"), ("r2", "Quay")]
TEXT_NEEDED = "expected evidence whose scope is text; what was said of a page or site does not open a text"
NO_LICENCE = "expected an SPDX licence expression, or LicenseRef- and a name of your own"


@pytest.fixture
def shelf(corpus: Corpus) -> Corpus:
    """Return a corpus whose source files say nothing about rights."""
    corpus.write("sources/journal.toml", JOURNAL.partition("[[rights")[0])
    return corpus


def bases(corpus: Corpus) -> dict[str, list[str]]:
    """Return the bases of the decisions of each source, in order."""
    recipe = read_recipe(corpus.folder)
    return {name: [found.basis for found in source.rights.decisions] for name, source in recipe.sources.items()}


def faults(corpus: Corpus) -> list[tuple[str, str, str, str]]:
    """Return code, file, place and detail of everything that is wrong with a recipe."""
    with pytest.raises(RecipeError) as caught:
        read_recipe(corpus.folder)
    assert {CATALOGUE[fault.code].kind for fault in caught.value.faults} == {Kind.RECIPE}
    return [(fault.code, fault.file, fault.place, fault.detail) for fault in caught.value.faults]


def fault(corpus: Corpus, added: str, base: str = OPENING) -> tuple[str, str, str]:
    """Return code, place and detail of the one thing that is wrong with a file of one decision."""
    corpus.write("rights/a.toml", base + added)
    ((code, file, place, detail),) = faults(corpus)
    assert file == "rights/a.toml"
    return code, place, detail


def on(basis: str, scope: str, base: str = OPENING) -> str:
    return base.replace("The register says so.", basis) + f"scope = {{ {scope} }}\n"


# Which source gets which


def test_a_corpus_without_files_of_decisions_has_those_of_its_sources(corpus: Corpus) -> None:
    assert bases(corpus) == {"paper": [], "journal": ["The journal gave its texts to the public."]}


def test_a_decision_reaches_the_sources_that_it_names_or_all_of_them(shelf: Corpus) -> None:
    text = on("paper", 'sources = ["paper"]') + on("both", 'sources = ["journal", "paper"]')
    shelf.write("rights/a.toml", text + on("journal", 'sources = ["journal"]') + on("all", 'ids = ["r1"]'))
    assert bases(shelf) == {"paper": ["paper", "both", "all"], "journal": ["both", "journal", "all"]}


def test_decisions_of_files_stand_after_those_of_the_source_in_the_order_of_the_files_names(corpus: Corpus) -> None:
    for name in ("b", "a", "c"):
        corpus.write(f"rights/{name}.toml", on(f"{name} 1", 'pattern = "x"') + on(f"{name} 2", 'pattern = "x"'))
    expected = ["a 1", "a 2", "b 1", "b 2", "c 1", "c 2"]
    found = bases(corpus)
    assert found == {"paper": expected, "journal": ["The journal gave its texts to the public.", *expected]}


@pytest.mark.parametrize("name", ["rights/notes.txt", "rights/a.TOML", "rights/a.toml.old", "rights/deep/a.tml"])
def test_what_else_lies_among_the_decisions_is_a_fault(shelf: Corpus, name: str) -> None:
    shelf.write(name, "")
    assert [(code, file) for code, file, *_ in faults(shelf)] == [("recipe-syntax", name)]


def test_a_link_among_the_decisions_is_a_fault(shelf: Corpus) -> None:
    shelf.write("elsewhere/a.toml", "")
    (shelf.folder / "rights").mkdir(exist_ok=True)
    (shelf.folder / "rights/link").symlink_to(shelf.folder / "elsewhere")
    assert [(code, file) for code, file, *_ in faults(shelf)] == [("recipe-syntax", "rights/link")]


def test_decisions_may_lie_in_folders_and_nowhere_else(shelf: Corpus) -> None:
    shelf.write("right/a.toml", "[")
    shelf.write("rights/deep/a.toml", on("one", 'pattern = "x"'))
    assert bases(shelf) == {"paper": ["one"], "journal": ["one"]}


def test_a_decision_knows_where_it_is_recorded(corpus: Corpus) -> None:
    corpus.write("rights/a.toml", on("one", 'pattern = "x"') + "\n" + on("two", 'pattern = "x"'))
    found = read_recipe(corpus.folder).sources["journal"].rights.decisions
    assert [decision.recorded_in for decision in found] == [
        "sources/journal.toml, line 8, rights.decisions[0]",
        "rights/a.toml, line 2, decisions[0]",
        "rights/a.toml, line 11, decisions[1]",
    ]


def test_a_decision_in_a_file_of_its_own_has_the_effect_of_one_in_the_source(corpus: Corpus) -> None:
    within = read_recipe(corpus.folder).sources["journal"].rights
    corpus.write("sources/journal.toml", JOURNAL.partition("[[rights")[0])
    without = read_recipe(corpus.folder).sources["journal"].rights
    corpus.write("rights/a.toml", on("The journal gave its texts to the public.", 'sources = ["journal"]'))
    beside = read_recipe(corpus.folder).sources["journal"].rights
    found = [resolve({**admitted(), "source": "journal"}, rights) for rights in (within, without, beside)]
    assert [article["rights_status"] for article in found] == ["public_domain", "unknown", "public_domain"]
    assert found[0] == found[2]


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_the_names_of_files_decide_nothing(shelf: Corpus, order: tuple[str, ...]) -> None:
    decisions = [
        on("one", 'sections = ["Town"]'),
        on("two", 'sections = ["Town"]', CLOSING),
        on("three", 'ids = ["r1"]').replace('"public_domain"', '"permission"\nvisibility = "public"'),
    ]
    for name, decision in zip(order, decisions, strict=True):
        shelf.write(f"rights/{name}.toml", decision)
    rights = read_recipe(shelf.folder).sources["journal"].rights
    found = [resolve(admitted(id=name, section=[section]), rights) for name, section in ARTICLES]
    assert [article["rights_status"] for article in found] == ["permission", "permission", "conflict", "unknown"]
    assert found[2]["rights"]["basis"] == "two; one"
    assert found[2]["rights"]["conflicts"] == ["decisions-differ"]


# What is wrong with them


def test_a_source_that_the_recipe_does_not_have_is_a_fault(corpus: Corpus) -> None:
    corpus.write("rights/a.toml", OPENING + 'scope = { sources = ["paper", "osiers", "reeds"] }\n')
    place = "line 8, decisions[0].scope.sources"
    assert faults(corpus) == [
        ("bad-value", "rights/a.toml", place, "found 'osiers', expected one of journal, paper"),
        ("bad-value", "rights/a.toml", place, "found 'reeds', expected one of journal, paper"),
    ]


def test_a_source_whose_own_file_has_faults_is_known_all_the_same(corpus: Corpus) -> None:
    corpus.write("sources/paper.toml", PAPER + "\ncolour = 3\n")
    corpus.write("rights/a.toml", OPENING + 'scope = { sources = ["paper"] }\n')
    assert [file for _, file, _, _ in faults(corpus)] == ["sources/paper.toml"]


@pytest.mark.parametrize(
    "broken",
    [
        RECIPE.replace('"paper"', '"papre"'),
        RECIPE.replace('"paper"', '"The Paper"'),
        RECIPE.replace("source =", "sorce ="),
        RECIPE.replace('name = "small"', "name = small"),
    ],
    ids=["no file", "no name", "no key", "no TOML"],
)
def test_decisions_are_not_faulted_where_inputs_do_not_say_which_sources_there_are(broken: str, corpus: Corpus) -> None:
    corpus.write("rights/a.toml", OPENING + 'scope = { sources = ["paper"] }\n')
    corpus.write("corpus.toml", broken)
    assert {file for _, file, _, _ in faults(corpus)} == {"corpus.toml"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [("papre", "did you mean paper?"), ("reeds", "known here: journal, paper")],
)
def test_a_source_without_a_file_is_told_where_it_is_named(name: str, meant: str, corpus: Corpus) -> None:
    corpus.write("corpus.toml", RECIPE.replace('"paper"', f'"{name}"'))
    detail = f"there is no file sources/{name}.toml; {meant}"
    assert faults(corpus) == [("recipe-missing", "corpus.toml", "line 17, input[0].source", detail)]


@pytest.mark.parametrize("value", ["3", '"pages"', "{ source = 'papre' }", "[3, ['papre']]"])
def test_inputs_that_are_no_tables_are_a_fault(value: str, corpus: Corpus) -> None:
    corpus.write("corpus.toml", f"input = {value}\n" + RECIPE.partition("[[input]]")[0])
    assert {(code, file) for code, file, _, _ in faults(corpus)} == {("bad-value", "corpus.toml")}


def test_where_there_is_no_file_of_a_source_each_input_is_told(corpus: Corpus) -> None:
    shutil.rmtree(corpus.folder / "sources")
    assert [(place, detail) for _, _, place, detail in faults(corpus)] == [
        ("line 17, input[0].source", "there is no file sources/paper.toml"),
        ("line 22, input[1].source", "there is no file sources/journal.toml"),
    ]


@pytest.mark.parametrize("name", ["osiers", "paper"])
def test_a_decision_in_a_source_file_speaks_of_no_other_source(corpus: Corpus, name: str) -> None:
    corpus.write("sources/journal.toml", JOURNAL + f'scope = {{ sources = ["journal", "{name}"] }}\n')
    place = "line 14, rights.decisions[0].scope.sources"
    assert faults(corpus) == [
        ("bad-value", "sources/journal.toml", place, f"found '{name}', expected one of journal"),
    ]


@pytest.mark.parametrize("pattern", ["(reeds", "reeds)", "[", "(?=x)", "\\1", "*"])
def test_a_pattern_that_is_none_is_a_fault(corpus: Corpus, pattern: str) -> None:
    code, place, detail = fault(corpus, f"scope = {{ pattern = '{pattern}' }}\n")
    assert (code, place) == ("bad-pattern", "line 8, decisions[0].scope.pattern")
    assert detail.startswith("not an RE2 pattern: ")


def test_the_fault_of_a_pattern_is_told_in_plain_words(corpus: Corpus) -> None:
    assert fault(corpus, "scope = { pattern = '(reeds' }\n")[2] == "not an RE2 pattern: missing ): (reeds"


@pytest.mark.parametrize("license_", ["Reed-1.0", "CC BY 4.0", "NONE", "NOASSERTION", "CC-BY-4.0 OR", "MIT NONE"])
@pytest.mark.parametrize("place", ["license", "scope.license"])
def test_a_licence_that_is_none_is_a_fault(corpus: Corpus, license_: str, place: str) -> None:
    added = {"license": f'license = "{license_}"\nscope = {{ ids = ["r1"] }}\n'}.get(place)
    code, where, detail = fault(corpus, added or f'scope = {{ license = "{license_}" }}\n')
    assert (code, where) == ("bad-value", f"line 8, decisions[0].{place}")
    assert detail == f"found {license_!r}, {NO_LICENCE}"


def test_a_licence_of_parentheses_alone_is_a_fault(corpus: Corpus) -> None:
    assert fault(corpus, 'license = "()"\nscope = { ids = ["r1"] }\n')[0] == "bad-value"


@pytest.mark.parametrize("license_", ["LicenseRef-reeds", "cc-by-4.0", "CC-BY-4.0 OR MIT", "(MIT)"])
def test_a_licence_of_the_list_or_of_ones_own_is_none(corpus: Corpus, license_: str) -> None:
    corpus.write("rights/a.toml", OPENING + f'license = "{license_}"\nscope = {{ license = "{license_}" }}\n')
    assert bases(corpus)["paper"] == ["The register says so."]


@pytest.mark.parametrize("status", ["public_domain", "open_license", "restricted_license", "permission"])
def test_a_rule_that_would_open_is_a_fault(corpus: Corpus, status: str) -> None:
    base = OPENING.replace("public_domain", status)
    added = 'decided_as = "rule"\nvisibility = "public"\nlicense = "MIT"\nscope = { ids = ["r1"] }\n'
    code, place, detail = fault(corpus, added, base)
    assert (code, place) == ("bad-value", "line 3, decisions[0].status")
    expected = "all_rights_reserved, not_protected_claimed, orphan, unknown"
    assert detail == f"found '{status}', expected one of {expected}"


@pytest.mark.parametrize("status", ["all_rights_reserved", "not_protected_claimed", "orphan", "unknown"])
def test_a_rule_may_close(corpus: Corpus, status: str) -> None:
    base = CLOSING.replace("all_rights_reserved", status)
    corpus.write("rights/a.toml", base + 'decided_as = "rule"\nscope = { ids = ["r1"] }\n')
    assert read_recipe(corpus.folder).sources["paper"].rights.decisions[0].decided_as == "rule"


def test_a_decision_without_a_scope_is_a_fault_in_a_file_of_its_own(corpus: Corpus) -> None:
    assert fault(corpus, "") == ("missing-key", "line 2, decisions[0].scope", "expected the key scope")


def test_an_empty_scope_is_a_fault(corpus: Corpus) -> None:
    assert fault(corpus, "scope = {}\n")[:2] == ("bad-value", "line 8, decisions[0].scope")


@pytest.mark.parametrize("status", ["public_domain", "open_license", "restricted_license", "permission"])
@pytest.mark.parametrize("scope", ["page", "site", "unknown"])
def test_evidence_that_does_not_speak_of_the_text_opens_nothing(corpus: Corpus, status: str, scope: str) -> None:
    base = OPENING.replace("public_domain", status).replace('"text"', f'"{scope}"')
    added = 'visibility = "public"\nlicense = "MIT"\nscope = { ids = ["r1"] }\n'
    assert fault(corpus, added, base) == ("bad-value", "line 7, decisions[0].evidence", TEXT_NEEDED)


@pytest.mark.parametrize("status", ["all_rights_reserved", "not_protected_claimed", "orphan", "unknown"])
def test_a_decision_that_closes_may_rest_on_what_was_said_of_a_site(corpus: Corpus, status: str) -> None:
    corpus.write("rights/a.toml", CLOSING.replace("all_rights_reserved", status) + 'scope = { ids = ["r1"] }\n')
    assert bases(corpus)["paper"] == ["The register says so."]


def test_one_piece_of_evidence_about_the_text_is_enough(corpus: Corpus) -> None:
    site = '{ kind = "law", scope = "site", where = "gazette" }'
    text = OPENING.replace("evidence = [{", f"evidence = [{site}, {{")
    corpus.write("rights/a.toml", text + 'scope = { ids = ["r1"] }\n')
    assert bases(corpus)["paper"] == ["The register says so."]


@pytest.mark.parametrize(("first", "last"), [("2024-02-01", "2024-01-31"), ("2025-01-01", "2024-12-31")])
def test_a_first_day_after_the_last_is_a_fault(corpus: Corpus, first: str, last: str) -> None:
    assert fault(corpus, f"scope = {{ from = {first}, until = {last} }}\n") == (
        "bad-value",
        "line 8, decisions[0].scope.from",
        f"found a first day, {first}, after the last, {last}",
    )


@pytest.mark.parametrize(
    "scope", ["from = 2024-01-31, until = 2024-01-31", "from = 2999-12-31", "until = 1600-01-01", 'ids = ["r1"]']
)
def test_a_period_of_one_day_or_without_an_end_is_none(corpus: Corpus, scope: str) -> None:
    corpus.write("rights/a.toml", OPENING + f"scope = {{ {scope} }}\n")
    assert bases(corpus)["paper"] == ["The register says so."]


def test_a_decision_without_any_effect_is_a_fault(corpus: Corpus) -> None:
    code, place, detail = fault(corpus, 'scope = { ids = ["r1"] }\n', OPENING.replace('status = "public_domain"', ""))
    assert (code, place) == ("bad-value", "line 2, decisions[0]")
    assert detail.endswith("expected status, privacy or embargoed_until")


@pytest.mark.parametrize("effect", ['privacy = ["minor"]', "embargoed_until = 2030-01-01"])
def test_a_decision_without_a_status_may_take_away(corpus: Corpus, effect: str) -> None:
    base = CLOSING.replace('status = "all_rights_reserved"', effect)
    corpus.write("rights/a.toml", base + 'scope = { sources = ["paper"] }\n')
    (decision,) = read_recipe(corpus.folder).sources["paper"].rights.decisions
    assert decision.status is None
    assert (decision.privacy, decision.embargoed_until) in ((("minor",), None), ((), "2030-01-01"))


CONDITIONS: list[tuple[str, str, str, str, str]] = [
    ("open_license", "", "missing-key", "line 2, decisions[0].license", "expected the key license"),
    ("restricted_license", "", "missing-key", "line 2, decisions[0].license", "expected the key license"),
    ("permission", "", "missing-key", "line 2, decisions[0].visibility", "expected the key visibility"),
    (
        "orphan",
        'storage_basis = "x"\n',
        "missing-key",
        "line 2, decisions[0].visibility",
        "expected the key visibility",
    ),
    (
        "orphan",
        'visibility = "gated"\nstorage_basis = "x"\n',
        "bad-value",
        "line 8, decisions[0].visibility",
        "found 'gated', expected one of private, local",
    ),
    (
        "conflict",
        "",
        "bad-value",
        "line 3, decisions[0].status",
        f"found 'conflict', expected one of {', '.join(DECIDABLE)}",
    ),
    ("orphan", "covers = []\n", "bad-value", "line 8, decisions[0].covers", "found 'list', expected at least 1 item"),
    (
        "orphan",
        "territories = ['Korea']\n",
        "bad-value",
        "line 8, decisions[0].territories[0]",
        "found 'Korea', expected a form such as KR",
    ),
    ("orphan", "colour = 3\n", "unknown-key", "line 8, decisions[0].colour", ""),
    ("orphan", "decided_for = 'article'\n", "unknown-key", "line 8, decisions[0].decided_for", ""),
    ("orphan", "visibilty = 'local'\n", "unknown-key", "line 8, decisions[0].visibilty", "did you mean visibility?"),
]


@pytest.mark.parametrize(("status", "added", "code", "place", "detail"), CONDITIONS, ids=str)
def test_a_decision_keeps_the_schema_of_decisions(
    corpus: Corpus, status: str, added: str, code: str, place: str, detail: str
) -> None:
    found = fault(corpus, added + 'scope = { ids = ["r1"] }\n', OPENING.replace("public_domain", status))
    assert found[:2] == (code, place)
    assert found[2] == detail or (not detail and found[2])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[decisions]\n", ("recipe-syntax", "", None)),
        ("", ("missing-key", "decisions", "expected the key decisions")),
        ("decisions = []\n", ("bad-value", "line 1, decisions", "found 'list', expected at least 1 item")),
        ("decisions = 3\n", ("bad-value", "line 1, decisions", "found '3', expected a list")),
        ("decisions = [3]\n", ("bad-value", "line 1, decisions[0]", "found '3', expected a table")),
        (
            f'reason = "x"\n{OPENING}scope = {{ ids = ["r1"] }}\n',
            ("unknown-key", "line 1, reason", "known here: decisions"),
        ),
    ],
)
def test_a_file_that_holds_no_decisions_is_a_fault(corpus: Corpus, text: str, expected: tuple[Any, ...]) -> None:
    code, place, detail = fault(corpus, text, "")
    assert (code, place) == expected[:2]
    assert expected[2] in (detail, None)


@pytest.mark.parametrize(
    ("written", "code", "found"),
    [
        ("2026-13-02", "recipe-syntax", "found 2026-13-02, expected {}; there is no month 13"),
        ("2026-02-30 # of the letter", "recipe-syntax", "found 2026-02-30, expected {}; 2026-02 has no day 30"),
        ("2026-1-2", "recipe-syntax", "found 2026-1-2, expected {}"),
        ("02.01.2026", "recipe-syntax", "found 02.01.2026, expected {}"),
        ('"2026-13-02"', "bad-value", "found '2026-13-02', expected {}; there is no month 13"),
        ('"2.1.2026"', "bad-value", "found '2.1.2026', expected {}"),
        ("1500-01-01", "bad-value", "found '1500-01-01', expected {}; years are 1600 to 2999"),
    ],
)
def test_a_day_that_is_none_is_told_with_the_form_of_days(corpus: Corpus, written: str, code: str, found: str) -> None:
    text = OPENING.replace("2025-01-01", written) + 'scope = { ids = ["r1"] }\n'
    place = "line 6" if code == "recipe-syntax" else "line 6, decisions[0].decided_on"
    assert fault(corpus, text, "") == (code, place, found.format("a day such as 2026-01-31"))


def test_a_quoted_day_before_another_slip_is_not_blamed_for_it(corpus: Corpus) -> None:
    text = OPENING.replace('"The register says so."', '"The register of 2026-13-02 says so.') + "scope = {}\n"
    code, place, detail = fault(corpus, text, "")
    assert (code, place) == ("recipe-syntax", "")
    assert "at line 4" in detail


def test_a_file_that_is_no_text_is_a_fault(corpus: Corpus) -> None:
    corpus.write("rights/a.toml", b"\xff\xfe")
    ((code, file, place, _),) = faults(corpus)
    assert (code, file, place) == ("recipe-syntax", "rights/a.toml", "")


def test_all_faults_are_told_at_once_in_the_order_of_files_and_decisions(corpus: Corpus) -> None:
    corpus.write("corpus.toml", RECIPE.replace("train = 0.8", "train = 0.7"))
    corpus.write("sources/paper.toml", PAPER.replace('role = "masthead"', 'role = "mast"'))
    corpus.write("rights/b.toml", OPENING)
    corpus.write("rights/c.toml", "[")
    everything = (
        'license = "Reed-1.0"\n'
        "[decisions.scope]\n"
        'sources = ["osiers"]\n'
        'pattern = "(reeds"\n'
        'license = "CC BY 4.0"\n'
        "from = 2024-02-01\n"
        "until = 2024-01-01\n"
    )
    schema = 'colour = 3\nscope = { ids = ["r1"], town = 1 }\n'
    corpus.write("rights/a.toml", OPENING.replace('"text"', '"page"') + everything + OPENING + schema)
    found = faults(corpus)
    assert [(file, place) for _, file, place, _ in found if not file.startswith("rights/")] == [
        ("sources/paper.toml", "line 14, layout.anchors[0].role"),
        ("corpus.toml", "line 24, splits"),
    ]
    assert [(code, file, place) for code, file, place, _ in found if file.startswith("rights/")] == [
        ("bad-value", "rights/a.toml", "line 7, decisions[0].evidence"),
        ("bad-value", "rights/a.toml", "line 8, decisions[0].license"),
        ("bad-value", "rights/a.toml", "line 12, decisions[0].scope.license"),
        ("bad-pattern", "rights/a.toml", "line 11, decisions[0].scope.pattern"),
        ("bad-value", "rights/a.toml", "line 13, decisions[0].scope.from"),
        ("unknown-key", "rights/a.toml", "line 22, decisions[1].colour"),
        ("unknown-key", "rights/a.toml", "line 23, decisions[1].scope.town"),
        ("bad-value", "rights/a.toml", "line 10, decisions[0].scope.sources"),
        ("missing-key", "rights/b.toml", "line 2, decisions[0].scope"),
        ("recipe-syntax", "rights/c.toml", ""),
    ]


def test_faults_are_told_beside_a_decision_without_a_scope(corpus: Corpus) -> None:
    corpus.write("rights/a.toml", OPENING + OPENING + 'scope = { pattern = "(reeds" }\n')
    assert sorted(code for code, *_ in faults(corpus)) == ["bad-pattern", "missing-key"]


@pytest.mark.parametrize("added", ['scope = { pattern = "(reeds" }\n', 'license = "Reed-1.0"\n', "colour = 3\n"])
def test_decisions_in_a_source_file_are_held_against_the_same_rules(corpus: Corpus, added: str) -> None:
    corpus.write("sources/journal.toml", JOURNAL + added)
    ((code, file, place, _),) = faults(corpus)
    assert code == {"s": "bad-pattern", "l": "bad-value", "c": "unknown-key"}[added[0]]
    assert file == "sources/journal.toml"
    assert place.startswith("line 14, rights.decisions[0].")


def test_a_decision_in_a_source_file_speaks_of_the_whole_source_where_it_has_no_scope(corpus: Corpus) -> None:
    (decision,) = read_recipe(corpus.folder).sources["journal"].rights.decisions
    assert decision.scope.about == "source"


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("//p[", "is no XPath expression: Invalid expression"),
        ("nonesuch(//p)", "is no XPath expression: Unregistered function"),
        ("$nonesuch", "is no XPath expression: Undefined variable"),
        ("//nonesuch:p", "is no XPath expression: Undefined namespace prefix"),
        ("count(//p)", "gives a number, expected elements or words"),
        ("//p = 'Reeds'", "gives true or false, expected elements or words"),
        ("//namespace::*", "gives namespaces, expected elements or words"),
        ("//a\\u0001", "is no XPath expression: All strings must be XML compatible: Unicode or ASCII, no NULL bytes"),
    ],
)
def test_an_expression_that_finds_nothing_anywhere_is_a_fault(corpus: Corpus, expression: str, fault: str) -> None:
    corpus.write("sources/journal.toml", JOURNAL + f'[html]\ntext = ["//article", "{expression}"]\n')
    ((code, file, place, detail),) = faults(corpus)
    assert (code, file) == ("bad-pattern", "sources/journal.toml")
    assert (place, detail[: len(fault)]) == ("line 15, html.text[1]", fault)
