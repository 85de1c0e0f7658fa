"""Which verbs of a brief the crew knows to build, and as what."""

from apps.agents.crew.naming import plain

OPERATIONS: dict[str, str] = {
    "create": "add create record register enter post write submit save new make store insert book log capture upload "
    "collect define announce schedule order draft note anlegen erstellen eintragen erfassen hinzufügen registrieren "
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
    "restore resolve block lock unlock flag pay hide publish accept deny start stop archivieren ausleihen stornieren "
    "zurückgeben reservieren freigeben annuler archiver emprunter rendre réserver anular archivar devolver prestar "
    "reservar",
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
}

# Said in the assumptions whenever such a verb is built.
MEANINGS = {
    "create": "keeps a new {entity}",
    "list": "lists every {entity}, at most 50 at a time",
    "show": "shows one {entity} by its number",
    "search": "finds each {entity} in whose fields the words stand, whatever their case",
    "update": "changes fields of one {entity}",
    "delete": "removes one {entity} for good",
    "count": "tells how many there are of {entity}",
    "total": "tells how many there are of {entity}, and sum and mean of each field that holds numbers",
    "sort": "lists every {entity} in the order of one field",
    "export": "gives every {entity} as CSV or JSON text",
    "import": "reads each {entity} from CSV text with a heading line",
    "mark": "gives one {entity} the state '{state}'",
    "label": "gives one {entity} a label, kept as its state",
}


def operation_of(verb: str, title: str) -> str:
    """The operation that `verb` names, or an empty text when the crew does not know to build it."""
    found = VERB_OPERATION.get(verb.lower(), "")
    if not found and title:
        found = VERB_OPERATION.get(title.split()[0].lower(), "")
    return found


def state_after(verb: str, title: str) -> str:
    """`mark … as done` → done; `borrow` → borrowed."""
    words = plain(title).split()
    if "as" in words[1:-1]:
        return words[words.index("as", 1) + 1]
    if verb.lower() in PAST:
        return PAST[verb.lower()]
    low = plain(verb).replace(" ", "-") or "mark"
    if low.endswith("e"):
        return f"{low}d"
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return f"{low[:-1]}ied"
    return f"{low}ed"
