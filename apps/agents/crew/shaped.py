"""Tasks that people shaped in a draft: parts of a split one, ones with other outputs, ones that were added by hand.

Their packet says in ``parameters.planned`` which files the library's method makes. The capability's function is run
for those; files of other parts are put back, and what no method makes is written out of the task's own words.
"""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from apps.agents.crew import naming
from apps.agents.crew.by_hand import write_by_hand
from apps.agents.crew.packet import Packet
from apps.agents.crew.registry import Capability, function_for
from apps.agents.crew.work import CannotDo, Work


def fulfil(work: Work) -> str:
    """Do the task and leave every file that it promises, or raise CannotDo with words that say what to do."""
    function = function_for(work.packet.capability)
    planned = work.packet.planned
    summary = function(work) if planned is None else _shaped(work, function, planned)
    missing = [path for path in work.packet.produces if not work.has(path)]
    if missing:
        raise CannotDo(
            f"{', '.join(missing)} was promised and not made: what the crew does for {work.packet.capability} makes "
            "other files. Give the task a capability that makes them, or another agent, in a draft of the plan."
        )
    return summary


def _shaped(work: Work, function: Capability, planned: Collection[str]) -> str:
    packet = work.packet
    promised = packet.produces
    before = _contents(work.root)
    said = ""
    if not planned:
        said = _tried(work, function)
    elif set(planned) & set(promised):
        # The function sees what its method promises, so that it writes each file under its own name.
        said = _as(work, replace(packet, produces=tuple(planned)), function)
    made = [path for path in promised if path in planned or path in work.written]
    unwanted = set(planned) if planned else _contents(work.root).keys()
    _put_back(work, before, unwanted - set(made))
    by_hand = [path for path in promised if path not in made]
    for path in by_hand:
        write_by_hand(work, path)
    words = f"Written from the task's own words, not built: {', '.join(by_hand)}." if by_hand else ""
    return " ".join(filter(None, [said, words]))


def _tried(work: Work, function: Capability) -> str:
    """A task that was added: perhaps its files are such as the capability makes. If none is, nothing is lost."""
    about = _about(work)
    parameters = {**work.packet.parameters, **({"feature": about, "page": about} if about else {})}
    try:
        said = _as(work, replace(work.packet, produces=(), parameters=parameters), function)
    except Exception:
        if set(work.packet.produces) & set(work.written):
            raise
        return ""
    if set(work.packet.produces) & set(work.written):
        return said
    work.claims.clear()
    return ""


def _as(work: Work, packet: Packet, function: Capability) -> str:
    """Run the function with this packet instead of its own."""
    own, work.packet = work.packet, packet
    try:
        return function(work)
    finally:
        work.packet = own


def _about(work: Work) -> str:
    """The feature whose name one of the promised files has."""
    names = {naming.slug(Path(path).stem.removeprefix("test_")) for path in work.packet.produces}
    return next((one.slug for one in work.domain.features if {naming.slug(one.module), one.slug} & names), "")


def _contents(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files if "__pycache__" not in path.parts}


def _put_back(work: Work, before: dict[str, bytes], paths: Collection[str]) -> None:
    """Let these files be as they were before the task."""
    for path in paths:
        if path in before:
            if work.path(path).read_bytes() != before[path]:
                work.path(path).write_bytes(before[path])
        else:
            work.path(path).unlink(missing_ok=True)
    work.written[:] = [path for path in work.written if path not in paths]
