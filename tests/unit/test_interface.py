"""The public interface is imported when it is asked for, whatever was imported before."""

import subprocess
import sys

import pytest

import pressmark

_ALL = """
import importlib, pkgutil, sys
import pressmark
from pressmark.engine.choice import EXTRA
for found in pkgutil.walk_packages(pressmark.__path__, "pressmark."):
    if found.name.endswith("__main__"):
        continue
    try:
        importlib.import_module(found.name)
    except ModuleNotFoundError as error:
        assert found.name.startswith("pressmark.engine.") and error.name in EXTRA, (found.name, error.name)
for name in pressmark.__all__:
    assert getattr(pressmark, name).__class__.__name__ != "module", name
"""


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_name_is_there_and_no_module_hides_one() -> None:
    python(_ALL)


def test_a_name_that_there_is_not_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'publsih'"):
        pressmark.publsih  # type: ignore[attr-defined]  # noqa: B018 - that is the test


def test_help_and_completion_import_no_command() -> None:
    code = """
import sys
from click.testing import CliRunner
from pressmark.cli import main
assert CliRunner().invoke(main, ["--help"]).exit_code == 0
asked = {"_PRESSMARK_COMPLETE": "bash_complete", "COMP_WORDS": "pressmark w", "COMP_CWORD": "1"}
print(CliRunner().invoke(main, env=asked, prog_name="pressmark").output.split())
print(sorted(name for name in sys.modules if name.startswith(("pressmark.cli_", "pyarrow"))))
"""
    found, imported = python(code).splitlines()
    assert found == "['plain,why', 'plain,withdraw']"
    assert imported == "['pressmark.cli_options', 'pressmark.cli_order']"


def test_what_starts_a_parser_imports_no_more_than_that() -> None:
    code = "import sys, pressmark.intake.guard; print('pyarrow' in sys.modules, 'pressmark.building' in sys.modules)"
    assert python(code).strip() == "False False"
