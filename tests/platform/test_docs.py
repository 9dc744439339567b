"""What the documents name exists, and what the code cites is in the documents."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.places import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = ("backend", "scheduling", "billing", "front", "demo", "tests")
TOPS = "|".join((*CODE, "docs", "requirements"))
# A path in backticks: from the root, with a folder at least.
PATH = re.compile(rf"`((?:{TOPS})/[^`\s…*{{}}]*)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
SCENARIO = re.compile(r"(?<![A-Za-z0-9])(F[1-9][0-9]{0,2})(?![0-9A-Za-z-])")
PROMISE = re.compile(r"\bpromises? ([0-9]+(?:(?:, | and | to )[0-9]+)*)")

by_name = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def sources() -> Iterator[str]:
    """Our Python and templates, without the codes in comments to linters."""
    for folder in CODE:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".html", ".txt"}:
                yield re.sub(r"# noqa.*", "", path.read_text())


def cited(pattern: re.Pattern[str]) -> set[str]:
    """What `pattern` finds in the sources; names of tests end in `_F12`."""
    return {found for text in sources() for found in pattern.findall(text.replace("_F", " F").replace("_", " "))}


@by_name
def test_every_path_that_a_document_names_exists(path: Path):
    named = set(PATH.findall(path.read_text()))

    assert {one for one in named if not (ROOT / one).exists()} == set()


@by_name
def test_every_link_of_a_document_leads_somewhere(path: Path):
    linked = set(LINK.findall(path.read_text()))

    assert {one for one in linked if not (path.parent / one).exists()} == set()


def test_every_scenario_that_the_code_cites_is_described():
    described = set(re.findall(r"^\| (F[0-9]+) \|", (ROOT / "docs/scenarios.md").read_text(), re.MULTILINE))

    assert cited(SCENARIO) - described == set()


def test_every_promise_that_the_code_cites_is_described():
    described = set(re.findall(r"^## ([0-9]+)\. ", (ROOT / "docs/promises.md").read_text(), re.MULTILINE))
    numbers = {number for text in cited(PROMISE) for number in re.findall(r"[0-9]+", text)}

    assert numbers - described == set()


def test_the_map_in_the_readme_names_every_folder_of_the_apps():
    drawn = (ROOT / "README.md").read_text().split("## Where things are")[1].split("```")[1]
    inner = ("scheduling/availability", "scheduling/queries", "scheduling/operations")
    parents = ("backend", "scheduling", "billing", *inner)
    folders = {path.parent.name for parent in parents for path in (ROOT / parent).glob("*/__init__.py")}
    told = set(re.findall(r"\b([a-z_]+)/", drawn))

    assert folders - {"migrations"} - told == set()
