"""Names for code, addresses and files out of the words of a brief: always valid, never twice, whatever the language."""

import builtins
import keyword
import re
import unicodedata

RESERVED = (
    frozenset(keyword.kwlist)
    | frozenset(keyword.softkwlist)
    | frozenset(dir(builtins))
    | frozenset({"id", "state", "store", "given", "run", "test", "self", "service", "tests", "app", "end_to_end"})
    | frozenset({"acceptance", "contract", "events", "event"})
)
# The name of a field is a key of data and an option of a command, never a name in code.
FIELD_RESERVED = frozenset(keyword.kwlist) | frozenset({"id", "state", "data", "help"})
LONGEST = 48

_LETTERS = {"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "þ": "th", "ð": "d"}


def plain(text: str) -> str:
    """ASCII letters and digits with single blanks between; what has no Latin form becomes its code point."""
    out = []
    for sign in text:
        sign = _LETTERS.get(sign, sign)
        bare = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
        if bare:
            out.append(bare)
        elif sign.isalnum():
            out.append(f"u{ord(sign):x}")
        elif not unicodedata.combining(sign):
            out.append(" ")
    return re.sub(r"[^a-z0-9]+", " ", "".join(out).lower()).strip()


def slug(text: str, fallback: str = "part") -> str:
    """`Add a note!` → `add-a-note`."""
    return plain(text).replace(" ", "-")[:LONGEST].strip("-") or fallback


def identifier(text: str, fallback: str = "part", *, reserved: frozenset[str] = RESERVED) -> str:
    """A name that Python takes: `add-note` → `add_note`, `2nd` → `n2nd`, `class` → `class_`."""
    name = plain(text).replace(" ", "_")[:LONGEST].strip("_") or fallback
    if name[0].isdigit():
        name = f"n{name}"
    return f"{name}_" if name in reserved else name


def class_name(text: str) -> str:
    return "".join(word.capitalize() for word in identifier(text).split("_") if word) or "Part"


def unique(name: str, taken: set[str], *, separator: str = "_") -> str:
    """`name`, or with the lowest number that makes it new; adds it to `taken`."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}{separator}{number}", number + 1
    taken.add(candidate)
    return candidate


IRREGULAR = {"person": "people", "child": "children", "man": "men", "woman": "women", "leaf": "leaves"}


def plural(word: str, language: str = "en") -> str:
    """The plural by rule. German has no rule, so a German word stays as it is rather than be mangled."""
    if language == "de":
        return word
    if language == "es":
        return f"{word}s" if word[-1:] in "aeiouáéíóú" else f"{word}es"
    if language == "fr":
        return word if word[-1:] in "sxz" else f"{word}s"
    last = word.rpartition("-")[2].rpartition(" ")[2]
    if last in IRREGULAR:
        return word[: len(word) - len(last)] + IRREGULAR[last]
    if re.search(r"(s|x|z|ch|sh)$", word):
        return f"{word}es"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}s"


def forms(word: str) -> set[str]:
    """A noun with its plural and singular guesses, for finding it in a title."""
    low = plain(word).replace(" ", "-")
    found = {low, plural(low)}
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("n", ""), ("en", "")):
        if low.endswith(ending) and len(low) > len(ending) + 2:
            found.add(low[: -len(ending)] + instead)
    return found


def one_line(text: str, most: int = 300) -> str:
    """Text of the brief on one line without control or invisible characters."""
    kept = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1] + "…"
