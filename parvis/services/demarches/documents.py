"""What Démarche numérique is asked, in GraphQL: names are the platform's, aliases those of its own stored queries."""

_FILE = """
fragment FileParts on File { filename contentType checksum byteSize: byteSizeBigInt url }
"""
_CHAMP = """
fragment ChampParts on Champ {
  id
  __typename
  label
  stringValue
  ... on DateChamp { date }
  ... on CheckboxChamp { checked: value }
  ... on DecimalNumberChamp { decimalNumber: value }
  ... on IntegerNumberChamp { integerNumber: value }
  ... on MultipleDropDownListChamp { values }
  ... on PieceJustificativeChamp { files { ...FileParts } }
}
"""
_DOSSIER = f"""
fragment DossierParts on Dossier {{
  id
  number
  archived
  state
  dateDerniereModification
  dateDepot
  datePassageEnConstruction
  usager {{ email }}
  demandeur {{
    __typename
    ... on PersonnePhysique {{ nom prenom }}
    ... on PersonneMorale {{
      siret
      naf
      address {{ label }}
      entreprise {{ raisonSociale formeJuridiqueCode }}
      association {{ rna titre }}
    }}
  }}
  traitements {{ state emailAgentTraitant dateTraitement }}
  champs {{
    ...ChampParts
    ... on RepetitionChamp {{ rows {{ champs {{ ...ChampParts }} }} }}
  }}
}}
{_CHAMP}{_FILE}
"""

DOSSIERS = f"""
query parvisDossiers($demarche: Int!, $first: Int, $after: String, $since: ISO8601DateTime) {{
  demarche(number: $demarche) {{
    number
    dossiers(first: $first, after: $after, updatedSince: $since, order: ASC) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{ ...DossierParts }}
    }}
  }}
}}
{_DOSSIER}
"""

DELETED = """
query parvisDeleted($demarche: Int!, $first: Int, $after: String, $since: ISO8601DateTime) {
  demarche(number: $demarche) {
    number
    deletedDossiers(first: $first, after: $after, deletedSince: $since, order: ASC) {
      pageInfo { hasNextPage endCursor }
      nodes { number reason }
    }
  }
}
"""

DOSSIER = f"""
query parvisDossier($number: Int!) {{
  dossier(number: $number) {{ ...DossierParts }}
}}
{_DOSSIER}
"""

STATE = """
query parvisState($number: Int!) {
  dossier(number: $number) { id state messages { body } }
}
"""

FORM = """
query parvisForm($demarche: Int!) {
  demarche(number: $demarche) {
    number
    title
    publishedRevision {
      champDescriptors {
        __typename
        id
        label
        required
        ... on DropDownListChampDescriptor { options }
        ... on MultipleDropDownListChampDescriptor { options }
      }
    }
    draftRevision { champDescriptors { __typename id label required } }
    groupeInstructeurs { instructeurs { id email } }
  }
}
"""


def _mutation(name: str, answer: str = "dossier { id state }") -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"""
mutation parvis($input: {kind}!) {{
  {name}(input: $input) {{ {answer} errors {{ message }} }}
}}
"""


MUTATIONS: dict[str, str] = {
    name: _mutation(name)
    for name in ("dossierPasserEnInstruction", "dossierAccepter", "dossierRefuser", "dossierClasserSansSuite")
} | {"dossierEnvoyerMessage": _mutation("dossierEnvoyerMessage", "message { id }")}
