"""A file that a person put into the plan and no method makes: the task's own words, and what was not built."""

import csv
import io
import json
import shlex
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.frontend import frame, listing
from apps.agents.crew.markdown import bullets, document, safe
from apps.agents.crew.pyliteral import doc, literal
from apps.agents.crew.work import CannotDo, Work

SENTENCES = 12
NOTHING_BUILT = "A person put this task into the plan. It is written out of its own words; nothing of it was built."


def write_by_hand(work: Work, path: str) -> None:
    """Write this promised file. Raises CannotDo for a kind of file that words can't fill."""
    ending = PurePosixPath(path).suffix.lower()
    if ending not in WRITERS:
        raise CannotDo(
            f"The crew can't make {path}: it writes {', '.join(sorted(WRITERS))} only. Give the task to an agent that "
            f"can, or let it make {PurePosixPath(path).with_suffix('.md')} instead, in a draft of the plan."
        )
    work.write(path, WRITERS[ending](work))
    for line in _not_built(work):
        work.claim(f"{path}: {line}")


def _criteria(work: Work) -> list[str]:
    return list(work.packet.acceptance) or [work.packet.title]


def _not_built(work: Work) -> list[str]:
    return [
        f"“{naming.one_line(line, 300)}” was not built: a person or another agent does it." for line in _criteria(work)
    ]


def _what(work: Work) -> str:
    return work.packet.description or "The plan says no more than its title."


def _sentences(work: Work) -> list[str]:
    """The goal's own words: the sentences that share a word with the task; without such, those that ask."""
    task = " ".join([work.packet.title, work.packet.description, *work.packet.acceptance])
    words = {word for word in naming.plain(task).split() if len(word) > 3}
    found = work.listed("sentences")
    near = [one for one in found if words & set(naming.plain(str(one.get("text"))).split())]
    chosen = near or [one for one in found if one.get("asks")]
    return [f"Sentence {one.get('number')}: {one.get('text')}" for one in chosen[:SENTENCES]]


def _inputs(work: Work) -> list[str]:
    return [f"{path}, {len(work.text(path).splitlines())} lines" for path in work.packet.consumes]


def _facts(work: Work) -> dict[str, Any]:
    return {
        "title": work.packet.title,
        "goal": work.packet.goal_title,
        "description": _what(work),
        "brief": _sentences(work),
        "inputs": list(work.packet.consumes),
        "acceptance": _criteria(work),
        "not_built": _not_built(work),
    }


def _markdown(work: Work) -> str:
    return document(
        work.packet.title,
        ("What it is", safe(_what(work), 4000)),
        ("What the goal says about it", bullets(_sentences(work), "Nothing.")),
        ("What it rests on", bullets(_inputs(work), "Nothing.")),
        ("How one sees that it is done", bullets(_criteria(work))),
        ("Not built", bullets(_not_built(work))),
        lead=f"Part of “{safe(work.packet.goal_title)}”. {NOTHING_BUILT}",
    )


def _lines(work: Work) -> list[str]:
    """The same as plain lines, for files that have comments."""
    parts = [work.packet.title, NOTHING_BUILT, _what(work), *_sentences(work), *_not_built(work)]
    return [naming.one_line(part, 600) for part in parts]


def _text(work: Work) -> str:
    return "\n\n".join(_lines(work))


def _module(work: Work) -> str:
    constants = "\n".join(f"{name.upper()} = {literal(value)}" for name, value in _facts(work).items())
    return f'"""{doc(work.packet.title)}: not built. NOT_BUILT says what is asked for."""\n\n{constants}'


def _json(work: Work) -> str:
    return json.dumps(_facts(work), ensure_ascii=False, indent=2)


def _page(work: Work) -> str:
    parts = (("What the goal says about it", _sentences(work)), ("Not built", _not_built(work)))
    body = "\n".join(f"<section>\n<h2>{title}</h2>\n{listing(lines)}\n</section>" for title, lines in parts if lines)
    return frame(work, work.packet.title, f"{listing([NOTHING_BUILT, _what(work)])}\n{body}")


def _block(work: Work) -> str:
    return "\n".join(["/*", *(f" * {line.replace('*/', '* /')}" for line in _lines(work)), " */"])


def _commented(sign: str) -> Callable[[Work], str]:
    return lambda work: "\n".join(f"{sign} {line}" for line in _lines(work))


def _script(work: Work) -> str:
    """A script that says so when it is run, and fails."""
    words = shlex.quote(f"{naming.one_line(work.packet.title, 200)}: not built.")
    return f"#!/bin/sh\n{_commented('#')(work)}\nprintf '%s\\n' {words} >&2\nexit 1"


def _rows(work: Work) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([("criterion", "state"), *((line, "not built") for line in _criteria(work))])
    return out.getvalue()


WRITERS: dict[str, Callable[[Work], str]] = {
    ".md": _markdown,
    ".txt": _text,
    ".rst": _text,
    ".py": _module,
    ".json": _json,
    ".html": _page,
    ".css": _block,
    ".js": _block,
    ".sh": _script,
    ".sql": _commented("--"),
    ".csv": _rows,
    **dict.fromkeys((".toml", ".yaml", ".yml", ".ini", ".cfg", ".conf"), _commented("#")),
}
