"""The parts that a report or a site is to have, where prose lists them."""

import re

from apps.engine.facts import words

_TOPICS = re.compile(
    r"(?:\b(?:should|must|shall|to|will)\s+(?:show|have|contain|include|present|cover|list)\s|:\s"
    r"|\b(?:covers?|covering|including|includes?|contains|shows?|sections? (?:on|for|about)"
    r"|chapters? (?:on|about)|pages? (?:for|about|with)|with)\s)(.{8,})$",
    re.I,
)
_COMMAS = re.compile(r",\s*(?:and\s|und\s|et\s|y\s)?|;\s")
_JOINED = re.compile(r"\s(?:and|und|et|y)\s")
MOST_WORDS = 10


def topics(text: str) -> list[str]:
    """The names of the parts, if one sentence lists at least two of them.

    >>> topics("A site for a bakery: opening hours, a list of breads and a contact page.")
    ['opening hours', 'list of breads', 'contact page']
    >>> topics("It covers the number of cafés and visitors, the prices, and how they are run.")
    ['number of cafés and visitors', 'prices', 'how they are run']
    """
    match = _TOPICS.search(re.sub(r"\([^()]*\)", "", text).rstrip(" .!"))
    if match is None:
        return []
    parts = [part.strip() for part in _COMMAS.split(match.group(1))]
    if len(parts) < 2 or (
        len(parts) == 2 and len(parts[0].split()) < 4 and not _COMMAS.findall(match.group(1))[0].strip(", ")
    ):
        parts = [piece for part in parts for piece in _JOINED.split(part)]
    elif not re.search(r",\s*(?:and|und|et|y)\s", match.group(1)):
        parts = [*parts[:-1], *_JOINED.split(parts[-1], maxsplit=1)]
    names = [" ".join(_bare(part.split())) for part in parts]
    kept = [name for name in names if name and len(name.split()) <= MOST_WORDS and name.lower() not in words.PRONOUNS]
    return kept if len(kept) >= 2 else []


def _bare(parts: list[str]) -> list[str]:
    while parts and parts[0].lower() in words.DETERMINERS | {"clear"}:
        parts = parts[1:]
    return parts


_FEATURES = re.compile(
    r"^(?:required |main )?(?:features?|functions?|requirements|functionality)[^:.]{0,30}:\s+(.{8,})$", re.I
)


def wanted_parts(text: str) -> list[str]:
    """What "Features required: registration, catalogue, fines" lists.

    >>> wanted_parts("Features required: student registration, book catalogue, fines.")
    ['student registration', 'book catalogue', 'fines']
    """
    return topics(text) if _FEATURES.match(text) else []
