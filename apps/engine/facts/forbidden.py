"""What a must-not clause rules out: which of its words it really forbids to use.

"No database" rules a database out. "Must not depend on a database server" rules out the server, and a database in one
file is still allowed; "must not delete the database" is about what is done to one, and rules nothing out.
"""

import re

from apps.engine.facts import words

# a word before one of these only says which server, framework or account is meant
_HEADS = words.word_set(
    """
    server servers service services cluster clusters framework frameworks administrator administrators licence license
    vendor vendors provider providers installation account accounts subscription daemon host hosts cloud product
    products plugin plugins dump dumps password passwords
    """
)
# a word behind one of these is forbidden in that shape only
_NARROWING = words.word_set(
    """
    external remote hosted cloud separate managed paid commercial central shared additional second other third-party
    online proprietary distributed relational big heavy networked dedicated externe externen gehostete zentrale externo
    externa alojada distant distante payante
    """
)
# what must not be done to a thing that is there
_DOING_TO = re.compile(
    r"\b(?:not|never|nicht|no|pas)\s+(?:be\s+able\s+to\s+)?(?:delete|lose|change|overwrite|touch|drop|expose|corrupt|modify"
    r"|break|leak|share|alter|damage|empty|erase|block|lock|crash|löschen|ändern|borrar|perder|effacer)\b",
    re.I,
)
_GERMAN_SERVER = re.compile(r"^(.{4,})(?:server|servers|dienst|dienste|cluster)$")


def ruled_out(clause: str) -> frozenset[str]:
    """The words of a must-not clause, in small letters, that stand for what may not be used.

    >>> sorted(ruled_out("No database") & {"database"}), "database" in ruled_out("it must not need a database server")
    (['database'], False)
    >>> "server" in ruled_out("it must not need a database server"), ruled_out("must not delete the database")
    (True, frozenset())
    >>> "database" in ruled_out("no external database"), "sql" in ruled_out("no SQL, no database cluster")
    (False, True)
    """
    if _DOING_TO.search(clause):
        return frozenset()
    parts = "".join(c if c.isalnum() or c == "-" else " " for c in clause.lower()).split()
    found: set[str] = set()
    for before, part, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        if after not in _HEADS and before not in _NARROWING and not _GERMAN_SERVER.match(part):
            found.update((part, *part.split("-")))
    return frozenset(found)
