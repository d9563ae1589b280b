"""A mapping is proposed from the fields of a form, and what is proposed can be kept as it is."""

import json

import yaml

from parvis.services.demarches.proposing import propose
from parvis.states.contract import Contract
from parvis.states.contract.demarche import Demarche, FormField
from tests.services.demarches.there import REAL, served
from tests.services.desk import CONTRACT

OPTIONS = ["Première demande", "Renouvellement"]
NATURE = "Première demande ou renouvellement ?"


def test_the_fields_of_the_real_form_find_their_meaning_and_the_others_are_listed():
    champs = json.loads(REAL.read_text(encoding="utf-8"))["champs"]
    kinds = {"LinkedDropDownListChamp": "TextChamp", "AddressChamp": "TextChamp", "CheckboxChamp": "TextChamp",
             "RepetitionChamp": "TextChamp", "IntegerNumberChamp": "DecimalNumberChamp"}  # fmt: skip
    contract = Contract.model_validate(CONTRACT)
    with served() as there:
        there.fields = [
            {
                "__typename": f"{kinds.get(c['__typename'], c['__typename'])}Descriptor", "id": c["id"],
                "label": c["label"], "required": False, "options": OPTIONS,
            }
            for c in champs
        ] + [
            {"__typename": "DropDownListChampDescriptor", "id": "N", "label": NATURE, "required": True,
             "options": OPTIONS},
            {"__typename": "PieceJustificativeChampDescriptor", "id": "R", "label": "Votre RIB", "required": True},
        ]  # fmt: skip
        form = there.platform().form(11223344)

    proposal = propose(form, contract, contract.calls[0].required_documents)

    kept = Demarche.model_validate(yaml.safe_load(proposal.yaml)["demarche"])
    labels = {each.id: each.label for each in form.fields}
    assert {field.value: labels[named] for field, named in kept.fields.items()} == {
        "title": "Intitulé du projet", "summary": "Présentation de l'opération",
        "requested": "Je demande ce montant de subventions",
        "total_cost": "Coût total de l'opération (en euros HT)",
        "starts_on": "Date de commencement de l'opération",
        "ends_on": "Date prévisionnelle d'achèvement de l'opération",
        "nature": NATURE, "phone": "Téléphone", "contact": labels[kept.fields[FormField.CONTACT]],
    }  # fmt: skip
    assert (kept.documents["rib"], kept.write_back) == ("R", False)
    assert dict(kept.natures) == {"Première demande": "new", "Renouvellement": "renewal"}
    assert "Couleur du ciel" in proposal.unused
    assert "# Couleur du ciel" in proposal.yaml
    assert '# instructor: "I1"  # ines@ville.example' in proposal.yaml
