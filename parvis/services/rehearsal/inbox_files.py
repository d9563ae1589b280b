"""The files the demonstration leaves in the watched folder: two to import, one to refuse."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from parvis.services.rehearsal.applicants import proposals
from parvis.services.rehearsal.deposit_files import portal_export, sheet
from parvis.services.rehearsal.habits import USUAL
from parvis.services.rehearsal.play import association_pool
from parvis.services.rehearsal.proposals import Door, Proposal
from parvis.states.calendar import paris_day
from parvis.states.contract import Call, Contract

SEED = "inbox"
DRAWN = 40
SENT_BEFORE = timedelta(minutes=20)
SHEET, EXPORT, WRONG = "depots-du-jour.csv", "portail-du-jour.json", "depots-a-corriger.csv"


def leave_files(folder: Path, contract: Contract, call: Call | None, at: datetime) -> int:
    """Put files of deposits of the last days into `folder`; how many. None when no call is open."""
    if call is None:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(_files(contract, call, at))
    sent = (at - SENT_BEFORE).timestamp()
    for name, content in files.items():
        (folder / name).write_bytes(content)
        os.utime(folder / name, (sent, sent))
    return len(files)


def _files(contract: Contract, call: Call, at: datetime) -> Iterator[tuple[str, bytes]]:
    today = paris_day(at)
    yesterday = max(call.opens_on, today - timedelta(days=1))
    pool = association_pool(contract, DRAWN, SEED, USUAL, centres=False)
    drawn = proposals(
        contract, call, DRAWN, pool, seed=SEED, habits=USUAL.applicants, first=yesterday, last=today
    )
    in_time = [_named(one) for one in drawn if call.closes_on is None or one.deposited_on <= call.closes_on]
    sheets = [one for one in in_time if one.door is Door.SHEET]
    exported = [one for one in in_time if one.door is Door.PORTAL]
    if sheets:
        yield SHEET, sheet(sheets[:3])
    if exported:
        yield EXPORT, portal_export(contract, exported[:2])
    if len(sheets) > 3:
        yield WRONG, _spoilt(sheets[3:6])


def _named(proposal: Proposal) -> Proposal:
    """Under a number of its own: those of the demonstration are taken."""
    return replace(proposal, external_id=f"{proposal.external_id}-B")


def _spoilt(several: list[Proposal]) -> bytes:
    """A sheet with the mistakes people make: a digit of a SIRET, a day that does not exist, a sum that is wrong."""
    right = sheet(several).decode("utf-8-sig")
    first = several[0].association.siret
    wrong = right.replace(first, first[:-1] + str((int(first[-1]) + 1) % 10))
    if len(several) > 1:
        day = several[1].deposited_on
        line = next(line for line in wrong.splitlines() if line.startswith(several[1].external_id))
        wrong = wrong.replace(line, line.replace(day.strftime("%d/%m/%Y"), f"31/02/{day.year}", 1))
    return wrong.encode("utf-8-sig")
