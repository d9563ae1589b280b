"""The answers of the register of companies and associations, kept by SIRET."""

from parvis.models.session import Session
from parvis.states.sirene import Notice


def notice_of(session: Session, siret: str) -> Notice | None:
    """The last answer about a SIRET, if the register was ever asked."""
    row = session.exec_driver_sql(
        "SELECT siret, there, asked_at, name, form, ceased, address FROM sirene_notices WHERE siret = %(siret)s",
        {"siret": siret},
    ).one_or_none()
    return Notice(*row) if row else None


def keep_notice(session: Session, notice: Notice) -> None:
    """Keep an answer in place of the last one."""
    session.exec_driver_sql(
        """
        INSERT INTO sirene_notices (siret, there, asked_at, name, form, ceased, address)
        VALUES (%(siret)s, %(there)s, %(at)s, %(name)s, %(form)s, %(ceased)s, %(address)s)
        ON CONFLICT (siret) DO UPDATE
           SET there = excluded.there, asked_at = excluded.asked_at, name = excluded.name, form = excluded.form,
               ceased = excluded.ceased, address = excluded.address
        """,
        {"siret": notice.siret, "there": notice.there, "at": notice.asked_at, "name": notice.name,
         "form": notice.form, "ceased": notice.ceased, "address": notice.address},
    )  # fmt: skip
