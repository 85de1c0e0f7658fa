"""Verbs: the base form of a word, if the lexicon has it as a verb."""

from apps.engine.facts import words

_ENDINGS = (("ies", "y"), ("ied", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ed", ""), ("ed", "e"), ("d", ""),
            ("ing", ""), ("ing", "e"))  # fmt: skip
_IRREGULAR = {
    "sent": "send", "shown": "show", "written": "write", "read": "read", "found": "find", "bought": "buy",
    "sold": "sell", "lent": "lend", "drawn": "draw", "taken": "take", "given": "give", "kept": "keep", "paid": "pay",
    "undoes": "undo", "lit": "lire", "liest": "lesen", "muestra": "mostrar", "écrit": "écrire",
    "seen": "see", "chosen": "choose", "split": "split", "made": "make", "got": "get", "met": "meet", "run": "run",
}  # fmt: skip


def base_verb(token: str) -> str:
    """The verb's base form if the lexicon has it, else nothing.

    >>> [base_verb(t) for t in ("adds", "notified", "tracking", "deleted", "planned", "notes", "löschen")]
    ['add', 'notify', 'track', 'delete', 'plan', '', 'löschen']
    """
    low = token.lower()
    if low in words.VERBS:
        return low
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    for ending, instead in _ENDINGS:
        if low.endswith(ending) and len(low) > len(ending) + 1:
            stem = low[: -len(ending)] + instead
            if stem in words.VERBS_EN:
                return stem
            if ending in ("ed", "ing") and len(stem) > 2 and stem[-1] == stem[-2] and stem[:-1] in words.VERBS_EN:
                return stem[:-1]
    return _conjugated(low)


# nouns that look like a verb's third person
_NO_VERBS = words.word_set("note reserva compra lista archivo busca envía commande")


def _conjugated(low: str) -> str:
    """The infinitive of a third person in French, Spanish or German: "affiche", "calcula", "zählt"."""
    if low in _NO_VERBS:
        return ""
    if f"{low}r" in words.VERBS_FR | words.VERBS_ES:
        return f"{low}r"
    if low.endswith("t"):
        return next((stem for stem in (f"{low[:-1]}en", f"{low[:-1]}n") if stem in words.VERBS_DE), "")
    return ""
