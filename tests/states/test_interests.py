"""What a member and a case have in common is found whatever the accents and the case; what proves nothing is not."""

import pytest

from parvis.states.interests import GROUND_WORDS, Ground, Member, Party, address_key, conflict

ASSO = Party(
    name="Association Les Ateliers d’Étouvie",
    siret="41816609600051",
    email="contact@ateliers-etouvie.example",
    address="12 bis, av. de Picardie\n80000 Amiens",
    contact_name="Mme LEFÈBVRE Éloïse",
    contact_email="eloise@gmail.com",
)


def member(**known: object) -> Member:
    fields = {"person_id": 1, "name": "Paul Petit", "email": "paul@ville.example", **known}
    return Member(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "ground", "detail"),
    [
        ({"organisations": ("418 166 096 00051",)}, Ground.ORGANISATION, "SIRET 41816609600051"),
        ({"organisations": ("418166096",)}, Ground.ORGANISATION, "SIRET"),
        ({"organisations": ("les ateliers d'etouvie",)}, Ground.ORGANISATION, "Ateliers d’Étouvie"),
        ({"organisations": ("ATELIERS ÉTOUVIE (association)",)}, Ground.ORGANISATION, "Ateliers"),
        ({"email": "Jean@Ateliers-Etouvie.example"}, Ground.ORGANISATION, "@ateliers-etouvie.example"),
        ({"name": "Eloise Lefebvre"}, Ground.LEADER, "LEFÈBVRE Éloïse"),
        ({"name": "Dr Lefèbvre Éloïse"}, Ground.LEADER, "LEFÈBVRE"),
        ({"email": "Eloise@gmail.com"}, Ground.LEADER, "Eloise@gmail.com"),
        ({"address": "12 BIS avenue de Picardie, 80000 AMIENS"}, Ground.ADDRESS, "av. de Picardie"),
    ],
)
def test_what_they_have_in_common_is_found_and_said_in_words(known, ground, detail):
    found = conflict(member(**known), [ASSO])

    assert found is not None
    assert found[0] == ground
    assert detail in found[1]
    said = GROUND_WORDS[ground].fill(detail=found[1])
    assert found[1] in said.fr
    assert found[1] in said.en


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"email": "someone@gmail.com"},
        {"name": "Éloïse"},
        {"name": "Éloïse Lefebvre-Martin"},
        {"address": "80000 Amiens"},
        {"address": "12 avenue de Picardie, 80000 Amiens"},
        {"organisations": ("association",)},
        {"organisations": ("41816609600069",)},
    ],
)
def test_what_proves_nothing_is_not_proposed(known):
    assert conflict(member(**known), [ASSO]) is None


def test_a_partner_counts_as_the_applicant_does():
    partner = Party(name="MJC du Nord", siret="77562527600018")

    found = conflict(member(organisations=("M.J.C. du nord", "mjc du nord")), [ASSO, partner])

    assert found == (Ground.ORGANISATION, "MJC du Nord")


def test_half_an_address_is_none():
    assert address_key("Amiens") == address_key("12 rue") == address_key("") == ""
    assert address_key("Résidence A, 3 R. de l'Église 80000") == "3 rue de l eglise 80000"
