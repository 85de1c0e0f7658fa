"""Words by which the kind of a field is told, and words of a title that say nothing to build."""


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBERS = word_set(
    """
    amount price cost count quantity number total age year pages stock minutes hours weight score rating points seats
    percentage percent betrag preis anzahl menge jahr montant prix quantite annee precio cantidad importe ano
    """
)
DATES = word_set("date deadline due day birthday datum fecha")
SMALL_WORDS = word_set(
    """
    a an the of to in on at by with for from and or as all any every each their his her its new one some single into
    per it them this that me my our your be is are can own details list record records
    entry entries not no longer that which who they i we you us need
    der die das den dem ein eine einen und oder mit von zu fur nach alle le la les un une des de et ou avec pour par du
    toutes tous el los las una y o con para por del
    """
)
