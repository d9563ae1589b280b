"""Administration, what is settled elsewhere: the contract's file and its faults, the holidays the law knows."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from parvis.services import contract_files, holidays
from parvis.services.contract_files import MAX_BYTES, check_bytes
from parvis.states.words import Language
from parvis.web.pages.uploads import Uploads
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

FILE = "/administration/appels/fichier"


@router.get(FILE, name="contract_file")
def contract_file(request: Request, here: Here) -> Response:
    """Say whether the contract's file is sound and in force, and offer to check another."""
    return _show(request, here)


@router.post(FILE, name="check_contract")
def check_contract(request: Request, here: Here, sent: Uploads) -> Response:
    """Say every error of a file by its line; nothing is changed, nothing is kept."""
    upload = sent.get("fichier")
    if upload is None:
        return _show(request, here, status=HTTPStatus.UNPROCESSABLE_ENTITY, missing=True)
    return _show(
        request, here, tried=check_bytes(upload.file.read(MAX_BYTES + 1)), name=(upload.filename or "")[:120]
    )


@router.get("/administration/jours-feries", name="holidays")
def year_of_holidays(request: Request, here: Here, annee: str = "") -> Response:
    """The holidays of a year, and what they do to deadlines."""
    said = (
        int(annee) if annee.isascii() and annee.isdigit() and len(annee) == len("2026") else here.today.year
    )
    year = min(max(said, holidays.FIRST_YEAR), holidays.LAST_YEAR)
    with here.database.transaction() as session:
        days = holidays.holidays_of(
            session, here.known.contract_id or 0, year, english=here.language == Language.EN
        )
    return page(
        request, "holidays.html", days=days, year=year, today=here.today, first=holidays.FIRST_YEAR,
        last=holidays.LAST_YEAR,
    )  # fmt: skip


def _show(
    request: Request, here: Visit, *, tried: contract_files.Checked | None = None, name: str = "",
    missing: bool = False, status: HTTPStatus = HTTPStatus.OK,
) -> Response:  # fmt: skip
    with here.database.transaction() as session:
        looked = contract_files.look(session, here.site.settings.contract)
    return page(
        request, "contract_file.html", status=status, looked=looked, tried=tried, name=name, missing=missing,
        file=here.site.settings.contract.name,
    )  # fmt: skip
