"""Which verbs of a brief the crew knows to build, and as what."""

import re

from apps.agents.crew.naming import plain, plural

OPERATIONS: dict[str, str] = {
    "create": "add create record register enter post write submit save new make store insert book log capture upload "
    "collect define announce schedule order draft note anotar apuntar "
    "anlegen erstellen eintragen erfassen hinzufügen registrieren "
    "speichern ajouter créer enregistrer inscrire noter añadir agregar crear registrar guardar",
    "list": "list browse see display view auflisten anzeigen zeigen sehen afficher lister voir listar mostrar ver",
    "show": "show open read get retrieve inspect look lesen aufrufen lire consulter leer consultar describe",
    "search": "search find filter query lookup fetch suchen finden filtern chercher rechercher filtrer buscar filtrar",
    "update": "update edit change modify rename correct move ändern bearbeiten umbenennen modifier actualizar editar "
    "modificar reschedule",
    "delete": "delete remove drop discard clear withdraw löschen entfernen supprimer eliminar borrar",
    "count": "count zählen compter contar",
    "total": "total sum summarise summarize aggregate",
    "sort": "sort rank sortieren trier ordenar",
    "export": "export download exportieren exporter exportar descargar herunterladen",
    "import": "import load importieren importer importar",
    "mark": "mark complete finish close tick check approve reject archive cancel return borrow lend reserve confirm "
    "restore resolve end release offer pause hand pick block lock unlock flag pay hide publish accept deny start stop "
    "archivieren ausleihen stornieren "
    "zurückgeben reservieren freigeben annuler archiver emprunter rendre réserver anular archivar devolver prestar "
    "reservar cerrar clôturer verleihen abhaken",
    "label": "tag label categorise categorize classify assign",
    "keep": "track manage maintain organise organize handle keep verwalten gérer suivre gestionar seguir",
}
VERB_OPERATION = {verb: operation for operation, verbs in OPERATIONS.items() for verb in verbs.split()}

PAST = {
    "pay": "paid",
    "lend": "lent",
    "hide": "hidden",
    "mark": "marked",
    "tick": "ticked",
    "stop": "stopped",
    "flag": "flagged",
    "cancel": "cancelled",
    "ausleihen": "ausgeliehen",
    "archivieren": "archiviert",
    "stornieren": "storniert",
    "zurückgeben": "zurückgegeben",
    "reservieren": "reserviert",
    "freigeben": "freigegeben",
    "annuler": "annulé",
    "archiver": "archivé",
    "emprunter": "emprunté",
    "rendre": "rendu",
    "réserver": "réservé",
    "anular": "anulado",
    "archivar": "archivado",
    "devolver": "devuelto",
    "prestar": "prestado",
    "reservar": "reservado",
    "hand": "handed-out",
    "cerrar": "cerrado",
    "clôturer": "clôturé",
    "verleihen": "verliehen",
    "abhaken": "abgehakt",
}

# Said in the assumptions whenever such a verb is built.
MEANINGS = {
    "create": "keeps a new {entity}",
    "list": "lists the {entities}, at most 50 at a time",
    "show": "shows one {entity} by its number",
    "search": "finds the {entities} in whose fields the words stand, whatever their case",
    "update": "changes fields of one {entity}",
    "delete": "removes one {entity} for good",
    "count": "tells how many {entities} there are",
    "total": "tells how many {entities} there are, with sum and mean of each field that holds numbers",
    "sort": "lists the {entities} in the order of one field",
    "export": "gives the {entities} as CSV or JSON text",
    "import": "reads {entities} from CSV text with a heading line",
    "mark": "gives one {entity} the state '{state}'",
    "label": "gives one {entity} a label, kept as its state",
}
# What the building of an operation settles and no brief says: kept among the assumptions.
DETAILS = {
    "list": "at most 50 {entities} are shown at a time",
    "search": "it looks in every field, whatever the case",
    "delete": "a {entity} that was removed cannot be brought back",
    "mark": "the {entity} keeps '{state}' as its state, without person or time",
    "label": "a {entity} has one label at a time, kept as its state",
    "total": "sums and means are taken of every field that holds numbers",
    "export": "the text has every {entity} and every field, as CSV or JSON",
    "import": "the text is CSV with a heading line; a bad line keeps none of them",
}
# Doing it makes a thing of its own where such things are kept: to book a room is to keep a booking.
MADE_BY = {
    "book": "booking",
    "reserve": "reservation",
    "rent": "rental",
    "borrow": "loan",
    "lend": "loan",
    "pay": "payment",
    "order": "order",
    "note": "note",
    "réserver": "reservation",
    "reservar": "reserva",
    "ausleihen": "ausleihe",
}
# They begin a thing where nothing else makes it, and change or show it otherwise.
BEFORE_FIELDS = re.compile(r"\s+(?:with|mit|avec|con)\s", re.I)
BEGINNING = frozenset(["start", "open", "offer", "abrir", "ouvrir"])
SHOWING = frozenset(["list", "show", "search"])
_MANY = re.compile(r"\b(?:all|every|list of|which|my|open|overdue|alle|todos|todas|tous|toutes)\b", re.I)


def reading_of(verb: str, title: str, entity: str, makers: set[str]) -> tuple[str, str]:
    """The operation of a feature and what had to be assumed for it, if anything.

    `entity` is the slug of what it is about, `makers` are the entities that some other feature makes.
    """
    low = verb.lower()
    operation = operation_of(verb, title)
    if entity and MADE_BY.get(low) == entity:
        return "create", ""
    if low in BEGINNING and entity and entity not in makers:
        return "create", f"'{verb}' is read as 'add', for nothing else in the brief makes one"
    if operation == "keep":
        found = "list" if entity in makers else "create"
        return found, f"'{verb}' is read as '{'see the list of' if found == 'list' else 'add'}'"
    if operation in SHOWING and re.search(r"\bnumber of\b|\bhow many\b", title, re.I):
        return "count", ""
    is_one = operation == "show" or (operation == "search" and low in ("fetch", "lookup"))
    if is_one and (_MANY.search(title) or _names_many(title, entity)):
        return "list", ""
    return operation, ""


def _names_many(title: str, entity: str) -> bool:
    words = plain(title).split()
    return bool(entity) and plural(entity) in words and entity not in words


def operation_of(verb: str, title: str) -> str:
    """The operation that `verb` names, or an empty text when the crew does not know to build it."""
    found = VERB_OPERATION.get(verb.lower(), "")
    if not found and title:
        found = VERB_OPERATION.get(title.split()[0].lower(), "")
    return found


def state_after(verb: str, title: str) -> str:
    """`mark … as done` → done; `borrow` → borrowed."""
    words = plain(title).split()
    if verb.lower() in ("mark", "flag", "marcar") and "as" in words[1:-1]:
        return words[words.index("as", 1) + 1]
    if verb.lower() in PAST:
        return PAST[verb.lower()]
    low = plain(verb).replace(" ", "-") or "mark"
    if low.endswith("e"):
        return f"{low}d"
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return f"{low[:-1]}ied"
    return f"{low}ed"
