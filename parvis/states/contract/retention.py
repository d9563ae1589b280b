"""How long what a contract holds is kept: phases by kind, what becomes of it in the end, and the rule that says so."""

from typing import Annotated

from pydantic import Field

from parvis.states.contract.values import Note, Setting
from parvis.states.retention import FinalSort, Kind, Trace

Months = Annotated[int, Field(strict=True, ge=0, le=1200)]


class Phases(Setting):
    """The phases of a kind: months in use, then months in intermediate archive, then its final sort.

    `source` is the rule that says so, as it is shown to whoever approves.
    """

    active_months: Months
    intermediate_months: Months = 0
    final: FinalSort = FinalSort.DESTROYED
    source: Note = ""

    @property
    def months(self) -> int:
        """How long it is kept in all."""
        return self.active_months + self.intermediate_months


_TO_AGREE = "à arrêter avec les Archives (Code du patrimoine, art. L212-2)"


class RetentionRules(Setting):
    """How long each kind is kept; cases count from their end, which is the last payment when it comes later.

    No source fixes ten years for grants: it is the usual default, to be agreed with the Archives. The log of access is
    kept six to twelve months (CNIL 2021-122). Nothing else is fixed by law: RGPD art. 5.1.e
    asks for no longer than needed.
    """

    granted: Phases = Phases(
        active_months=24, intermediate_months=96,
        source=f"RGPD art. 5.1.e et 17.3 ; dix ans après le dernier versement, par défaut, {_TO_AGREE}",
    )  # fmt: skip
    refused: Phases = Phases(
        active_months=12, intermediate_months=48,
        source=f"RGPD art. 5.1.e et 17.3.e (recours) ; cinq ans par défaut, {_TO_AGREE}",
    )  # fmt: skip
    drafts: Phases = Phases(
        active_months=12, source="RGPD art. 5.1.e ; jamais déposé, donc jamais reçu ; un an par défaut"
    )
    agreements: Phases = Phases(
        active_months=24, intermediate_months=96,
        source=f"RGPD art. 5.1.e et 17.3 ; dix ans après la fin, par défaut, {_TO_AGREE}",
    )  # fmt: skip
    packets: Phases = Phases(
        active_months=24,
        source="RGPD art. 5.1.e ; exemplaires de travail, le procès-verbal reste ; deux ans par défaut",
    )
    people: Phases = Phases(
        active_months=24,
        source="RGPD art. 5.1.e ; deux ans après la dernière venue de qui n’est plus au contrat, par défaut",
    )
    visits: Phases = Phases(active_months=12, source="CNIL, délibération 2021-122 : six à douze mois")
    sessions: Phases = Phases(active_months=12, source="RGPD art. 5.1.e ; comme le journal des accès")
    links: Phases = Phases(active_months=1, source="RGPD art. 5.1.e ; liens, invitations et jetons périmés")
    notices: Phases = Phases(
        active_months=12,
        source="RGPD art. 5.1.e ; lettres hors dossier, boîte locale, actions groupées, adresses rétablies",
    )
    inbox: Phases = Phases(
        active_months=6, source="RGPD art. 5.1.e ; fichiers déjà importés ou refusés du dossier surveillé"
    )

    def of(self, kind: Kind | Trace) -> Phases:
        """The phases of a kind."""
        phases: Phases = getattr(self, kind.value)
        return phases
