"""What can be wrong with a template, as sentences for the person who writes it."""

from dataclasses import dataclass

from parvis.states.words import Sentence


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """One thing to correct before a template may be saved; `line` and `column` count from 1 inside `part`.

    `part` is `subject`, `text` or `html`; the error code of every one is `template_invalid`.
    """

    part: str
    line: int
    column: int
    sentence: Sentence

    code = "template_invalid"


EMPTY = Sentence("Ce modèle est vide.", "This template is empty.")
TOO_LONG = Sentence("Ce modèle dépasse 64 ko.", "This template is over 64 kB.")
ONE_LINE = Sentence("L’objet tient sur une seule ligne.", "The subject is a single line.")
CONTROL = Sentence(
    "Ce modèle contient un caractère de commande invisible.",
    "This template contains an invisible control character.",
)
SYNTAX = Sentence(
    "La syntaxe n’est pas comprise ici (détail : {reason}).",
    "The syntax is not understood here (technical detail: {reason}).",
)
TOO_DEEP = Sentence(
    "Ce modèle est trop imbriqué ou trop compliqué.", "This template is too nested or too complicated."
)
TAG = Sentence(
    "« {word} » n’est pas permis dans une lettre ; balises permises : if, for, set.",
    "“{word}” is not allowed in a letter; allowed tags: if, for, set.",
)
EXPRESSION = Sentence("« {word} » n’est pas permis dans une lettre.", "“{word}” is not allowed in a letter.")
NAME = Sentence(
    "« {word} » n’est pas une donnée de cette lettre ; données possibles : {possible}.",
    "“{word}” is not a fact of this letter; possible facts: {possible}.",
)
PRIVATE = Sentence(
    "« {word} » : un nom ne commence pas par un tiret bas.",
    "“{word}”: a name does not begin with an underscore.",
)
TAKEN = Sentence("« {word} » a déjà un sens dans une lettre.", "“{word}” already has a meaning in a letter.")
FILTER = Sentence(
    "Le filtre « {word} » n’est pas permis ; filtres permis : {possible}.",
    "The filter “{word}” is not allowed; allowed filters: {possible}.",
)
TEST = Sentence(
    "Le test « {word} » n’est pas permis ; tests permis : {possible}.",
    "The test “{word}” is not allowed; allowed tests: {possible}.",
)
CALL = Sentence(
    "Un appel n’est permis que pour range et namespace.", "Only range and namespace may be called."
)
ELEMENT = Sentence(
    "L’élément HTML « {word} » n’est pas permis ; éléments permis : {possible}.",
    "The HTML element “{word}” is not allowed; allowed elements: {possible}.",
)
ATTRIBUTE = Sentence(
    "L’attribut HTML « {word} » n’est pas permis ici.", "The HTML attribute “{word}” is not allowed here."
)
ADDRESS = Sentence(
    "Un lien commence par https://, http://, mailto:, tel:, ou est la donnée « link » seule.",
    "A link begins with https://, http://, mailto:, tel:, or is the fact “link” alone.",
)
FACT_IN_TAG = Sentence(
    "À l’intérieur d’un élément HTML, une donnée s’écrit entre guillemets, dans href ou title.",
    "Inside an HTML element, a fact is written between quotes, in href or title.",
)
UNCLOSED = Sentence(
    "L’élément HTML « {word} » n’est pas fermé à sa place.",
    "The HTML element “{word}” is not closed in its place.",
)
TRIED = Sentence(
    "Essayé avec un exemple, ce modèle échoue : {reason}.",
    "Tried with an example, this template fails (technical detail: {reason}).",
)
LIMIT = Sentence(
    "Essayé avec un exemple, ce modèle écrit trop, ou trop longtemps.",
    "Tried with an example, this template writes too much, or for too long.",
)
SILENT = Sentence(
    "Essayé avec un exemple, ce modèle n’écrit rien.", "Tried with an example, this template writes nothing."
)
