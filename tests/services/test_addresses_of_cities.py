"""An organisation is one for all cities, and so is its address: what each reads of a correction made in another."""

from parvis.services.imports.deposit import Contact
from tests.services.desk import CONTRACT, Desk
from tests.services.test_addresses import INES, NEW, OLD, WHY, correct


def test_another_city_reads_that_the_address_changed_and_neither_who_nor_why(desk: Desk):
    zoe = (Contact(name="Zoé Martin", email=OLD),)
    case = desk.submitted_case(contacts=zoe)
    other = Desk.opened(desk.database, {**CONTRACT, "code": "autre", "calls": [
        {**CONTRACT["calls"][0], "code": "autre-2026"}]})  # fmt: skip
    theirs = other.submitted_case(call="autre-2026", contacts=zoe)

    correct(desk)

    lines = "SELECT actor, role, details::text FROM journal WHERE action = 'rectify' AND case_id = %(id)s"
    [(actor, role, said)] = desk.rows(lines, id=theirs)
    assert (actor, role, WHY in said) == ("clock", "clock", False)
    [(actor, _, said)] = desk.rows(lines, id=case)
    assert (actor, WHY in said) == (INES.actor, True)
    assert desk.rows("SELECT DISTINCT contact ->> 'email' FROM cases") == [(NEW,)], (
        "the old one opens nothing"
    )
    assert desk.rows("SELECT DISTINCT contract_id FROM data_journal") == [(desk.contract_id,)]
