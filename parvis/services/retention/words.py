"""How the states of batches and the lines of the register of data are called."""

from collections.abc import Mapping

from parvis.states.words import Sentence

STATE_WORDS: Mapping[str, Sentence] = {
    "proposed": Sentence("proposé", "proposed"),
    "approved": Sentence("approuvé", "approved"),
    "cancelled": Sentence("abandonné", "given up"),
    "finished": Sentence("fait", "done"),
    "done": Sentence("anonymisé", "anonymised"),
    "left": Sentence("laissé : plus au terme de sa durée", "left: not at the end of its time any more"),
    "failed": Sentence("en échec", "failed"),
}
SUBJECT_WORDS: Mapping[str, Sentence] = {
    "batch": Sentence("lot n° {number}", "batch no. {number}"),
    "case": Sentence("dossier n° {number}", "case no. {number}"),
    "agreement": Sentence("convention n° {number}", "agreement no. {number}"),
    "committee": Sentence("séance n° {number}", "session no. {number}"),
    "person": Sentence("personne n° {number}", "person no. {number}"),
    "organisation": Sentence("organisme n° {number}", "organisation no. {number}"),
}


def named(subject: str) -> Sentence:
    """An opaque name of the register, like `case:40`, in words."""
    kind, _, number = subject.partition(":")
    words = SUBJECT_WORDS.get(kind)
    return words.fill(number=number) if words else Sentence("une adresse", "an address")


EVENT_WORDS: Mapping[str, Sentence] = {
    "propose": Sentence("lot proposé", "batch proposed"),
    "approve": Sentence("lot approuvé", "batch approved"),
    "give_up": Sentence("lot abandonné", "batch given up"),
    "hold": Sentence("élément retenu", "item held back"),
    "let_go": Sentence("élément rendu", "item let go"),
    "finish": Sentence("lot terminé", "batch finished"),
    "anonymise": Sentence("anonymisé", "anonymised"),
    "export": Sentence("données remises à la personne", "data given to the person"),
    "rectify": Sentence("données rectifiées", "data rectified"),
}
