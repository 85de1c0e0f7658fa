"""What people asked for: what of it can be done by rule, and a truthful answer for each item in the files touched."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from apps.agents.crew import naming, verbs
from apps.agents.crew.packet import Feedback

if TYPE_CHECKING:
    from apps.agents.crew.work import Work

QUOTES = "\"'“”‘’„«»"
_RENAME = re.compile(
    r"\b(?:rename|replace|change)\s+(?:the\s+)?(?:word\s+)?(.{1,60}?)\s+(?:to|with|by|into)\s+(.{1,60}?)(?:[.;,]|$)",
    re.I,
)
_USE = re.compile(
    r"\b(?:use|say)\s+(?:the\s+word\s+)?(.{1,60}?)\s+(?:instead\s+of|rather\s+than|for|not)\s+(.{1,60}?)(?:[.;,]|$)",
    re.I,
)
_FIELD = re.compile(
    r"\badd\s+(?:a\s+|the\s+)?field\s+(.{1,40}?)\s+(?:to|for)\s+(?:the\s+|each\s+)?(.{1,40}?)(?:[.;,]|$)", re.I
)
_SUPPORT = re.compile(
    r"\b(?:also\s+)?(?:support|allow|offer)\s+(?:to\s+)?([a-z]+?)(?:ing)?\s+(?:for\s+)?(?:the\s+|an?\s+)?(.{1,40}?)(?:[.;,]|$)",
    re.I,
)
_MENTION = re.compile(
    r"\b(?:mention|state|say that|write that|add that|note that)\s+(?:that\s+)?(.{3,400})", re.I | re.S
)

MACHINE_READ = (".csv", ".ics", ".js", ".svg", ".webmanifest")
# Keys of JSON files whose values are prose; everything else is read by programs and stays as it is.
PROSE_KEYS = frozenset({"text", "title", "summary", "description", "given", "when", "then", "why", "sentence", "name"})
FIELD_CAPABILITIES = (
    "requirements.analysis",
    "architecture.specification",
    "architecture.contract",
    "backend.foundation",
    "frontend.page",
)


@dataclass
class Action:
    """One item of feedback. `kind`: replace, field, feature, mention or text."""

    item: Feedback
    kind: str
    first: str = ""
    second: str = ""
    amendment: dict[str, str] = field(default_factory=dict)
    outcome: str = ""  # "done: …" or "not done: …"


def actions_from(item: Feedback) -> list[Action]:
    """How an item is understood; what no rule understands is one action of kind text."""
    text = " ".join(item.text.split())
    if found := _FIELD.search(text):
        name, entity = _bare(found[1]), naming.slug(_bare(found[2]))
        amendment = {"kind": "field", "field": name, "entity": entity}
        return [Action(item, "field", name, entity, amendment)]
    if found := _RENAME.search(text):
        return [Action(item, "replace", _bare(found[1]), _bare(found[2]))]
    if found := _USE.search(text):
        return [Action(item, "replace", _bare(found[2]), _bare(found[1]))]
    if (found := _SUPPORT.search(text)) and (verb := _known_verb(found[1])):
        thing = _bare(found[2])
        amendment = {
            "kind": "feature",
            "slug": naming.slug(f"{verb} {thing}"),
            "title": f"{verb.capitalize()} {thing}",
            "verb": verb,
            "entity": naming.slug(thing),
        }
        return [Action(item, "feature", verb, thing, amendment)]
    if found := _MENTION.search(text):
        words = found[1].strip()
        return [Action(item, "mention", words, amendment={"kind": "statement", "text": naming.one_line(words, 600)})]
    return [Action(item, "text")]


def _bare(text: str) -> str:
    return text.strip().strip(QUOTES).strip()


def _known_verb(word: str) -> str:
    low = word.lower()
    for candidate in (low, f"{low}e", low[:-1] if low[-1:] == low[-2:-1] else low):
        if candidate in verbs.VERB_OPERATION:
            return candidate
    return ""


def answer(work: "Work") -> None:
    """Applies what can be applied to the files this attempt wrote and writes into each how every item was answered."""
    if not work.actions:
        return
    for action in work.actions:
        action.outcome = _apply(work, action)
        work.claim(f"{_short(action.item.text)}: {action.outcome}" if action.outcome else "")
    work.claims[:] = [_ordered(claim) for claim in work.claims if claim]
    for name in list(work.written):
        _append(work, name)


def _ordered(claim: str) -> str:
    """ "done:" or "not done:" comes first, so that a reader can count them."""
    text, found, rest = claim.partition(": not done: ")
    if found:
        return f"not done: {text}: {rest}"
    text, found, rest = claim.partition(": done: ")
    return f"done: {text}: {rest}" if found else claim


def _short(text: str) -> str:
    return naming.one_line(text, 120)


def _apply(work: "Work", action: Action) -> str:
    if action.kind == "replace":
        return _replace(work, action.first, action.second)
    if action.kind == "mention":
        if (
            any(name.endswith((".md", ".html")) for name in work.written)
            or work.packet.capability == "requirements.analysis"
        ):
            return "done: the statement stands in the file as asked, as text that nothing was derived from."
        return "not done: this task writes no prose; the statement was taken in as text only."
    if action.kind == "field":
        if not any(action.second in naming.forms(entity.slug) for entity in work.domain.entities):
            return f"not done: nothing called '{action.second}' is kept here."
        if work.packet.capability in FIELD_CAPABILITIES:
            return f"done: the field '{action.first}' was added to '{action.second}'."
        return "not done: fields are kept in service/store.py, which the task backend.foundation writes."
    if action.kind == "feature":
        if work.packet.capability in {"requirements.analysis", "requirements.acceptance"}:
            return (
                f"done: '{action.amendment['title']}' is a requirement now; it is built when the service is assembled."
            )
        if work.packet.capability in {"architecture.contract", "architecture.specification", "backend.assembly"}:
            return f"done: '{action.amendment['title']}' is part of it."
        return f"not done: '{action.amendment['title']}' belongs to the requirements; this task makes something else."
    return "not done: no rule of the crew understands it; it was taken in as text, not implemented."


def _replace(work: "Work", old: str, new: str) -> str:
    count = 0
    pattern = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.I)
    for name in work.written:
        if name.endswith((".md", ".html")):
            text, found = pattern.subn(lambda match: new, work.text(name))
            if found:
                work.write(name, text)
            count += found
        elif name.endswith(".json"):
            document = work.document(name)
            changed, found = _replace_prose(document, pattern, new)
            if found:
                work.write_json(name, changed)
            count += found
    if count:
        return f"done: '{old}' became '{new}' in {count} place{'s' if count > 1 else ''}."
    return (
        f"not done: '{old}' does not stand in the prose of this task's files; names in code stay as the plan has them."
    )


def _replace_prose(value: Any, pattern: "re.Pattern[str]", new: str, key: str = "") -> tuple[Any, int]:
    if isinstance(value, dict):
        pairs = {name: _replace_prose(item, pattern, new, name) for name, item in value.items()}
        return {name: pair[0] for name, pair in pairs.items()}, sum(pair[1] for pair in pairs.values())
    if isinstance(value, list):
        items = [_replace_prose(item, pattern, new, key) for item in value]
        return [item[0] for item in items], sum(item[1] for item in items)
    if isinstance(value, str) and key in PROSE_KEYS:
        return pattern.subn(lambda match: new, value)
    return value, 0


def _append(work: "Work", name: str) -> None:
    lines = [f"round {a.item.round}: {naming.one_line(a.item.text, 600)} ({a.outcome})" for a in work.actions]
    mentions = [a.first for a in work.actions if a.kind == "mention"]
    text = work.text(name).rstrip("\n")
    if name.endswith(".md"):
        if mentions:
            text += "\n\n## Additions asked for\n\n" + "\n".join(f"- {naming.one_line(m, 600)}" for m in mentions)
        text += "\n\n## Feedback answered\n\n" + "\n".join(f"- {line}" for line in lines)
    elif name.endswith(".json"):
        document = work.document(name)
        if not document:
            return
        document["feedback_answered"] = lines
        work.write_json(name, document)
        return
    elif name.endswith(".html"):
        safe = [line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in [*mentions, *lines]]
        items = "".join(f"<li>{line}</li>" for line in safe)
        block = f"<details><summary>Feedback answered</summary><ul>{items}</ul></details>\n"
        text = text.replace("</main>", f"{block}</main>") if "</main>" in text else text
    elif name.endswith(".css"):
        safe_css = [line.replace("*/", "* /") for line in lines]
        text += "\n\n/* Feedback answered\n" + "\n".join(f" * {line}" for line in safe_css) + "\n */"
    elif name.endswith(MACHINE_READ):
        return  # a program reads every line of it; the answer stands in the claims
    else:
        text += "\n\n# Feedback answered\n" + "\n".join(f"# - {line}" for line in lines)
    work.write(name, text)
