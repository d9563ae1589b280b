"""The pages people read: their links lead somewhere, their French is set in type, they tell every setting."""

import re
from pathlib import Path

import pytest

from parvis.services.settings import Settings
from tests.architecture.house import ROOT, committed_files, name
from tests.architecture.typography import set_in_type

GUIDE = ROOT / "docs" / "guide"
OPERATIONS = ROOT / "docs" / "operations.md"
LARGEST_IMAGE = 300_000  # bytes

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^( *)```.*?^\1```$|`[^`\n]+`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| `PARVIS_(\w+)` \| ([^|]+) \|", re.MULTILINE)
UNSET = {"aucun", "vide"}


def markdown() -> list[Path]:
    """Every page of the repository, but the record of decision that only shows how to write one."""
    pages = [path for path in committed_files() if path.suffix == ".md"]
    return [page for page in pages if page.name != "0000-template.md"]


def french_pages() -> list[Path]:
    return [*sorted(GUIDE.glob("*.md")), OPERATIONS]


def test_links_between_pages_lead_somewhere():
    dead = []
    for page in markdown():
        text = page.read_text(encoding="utf-8")
        for link in LINK.findall(text):
            if re.match(r"https?:|mailto:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                dead.append(f"{name(page)}: {link}")

    assert dead == []


def anchors(page: Path) -> set[str]:
    """The names by which the headings of a page can be linked to."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", french_pages(), ids=name)
def test_the_prose_of_a_french_page_is_set_in_type(page: Path):
    prose = CODE.sub("", page.read_text(encoding="utf-8"))

    plain = [line for line in prose.splitlines() if set_in_type(line) != line]

    assert plain == []


def test_the_page_of_operations_tells_every_setting_and_its_default():
    told = {
        variable.lower(): default.strip() for variable, default in ROW.findall(OPERATIONS.read_text("utf-8"))
    }

    assert told.keys() == Settings.model_fields.keys()
    for field, default in told.items():
        value = Settings.model_fields[field].default
        if default in UNSET:
            assert value in {None, ""}, field
        else:
            assert default == f"`{value}`", field


def test_every_page_of_the_guide_is_found_from_its_first():
    first = (GUIDE / "README.md").read_text(encoding="utf-8")

    assert {page.name for page in GUIDE.glob("*.md")} - set(LINK.findall(first)) == {"README.md"}


def test_pictures_stay_light():
    heavy = [
        name(path) for path in (ROOT / "docs" / "images").glob("*") if path.stat().st_size > LARGEST_IMAGE
    ]

    assert heavy == []
