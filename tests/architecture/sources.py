"""The project's own files, and their syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# What is made on the spot, and what others wrote.
NOT_OURS = {".git", ".venv", "var", "vendor", "node_modules", "__pycache__"}
NOT_OURS |= {".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"}
BINARY = {".png", ".ico", ".woff2", ".zip", ".pyc", ".db"}
APPS = sorted(path.parent.name for path in PROJECT.glob("apps/*/apps.py"))


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project: those that git knows or would add, or, outside a repository, all but the caches."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=PROJECT, capture_output=True
    )
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    found = [PROJECT / name for name in names if name] or sorted(PROJECT.rglob("*"))
    return tuple(
        path for path in found if path.is_file() and not NOT_OURS.intersection(path.relative_to(PROJECT).parts)
    )


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def texts(*suffixes: str, under: str = "") -> Iterator[tuple[str, str]]:
    """Name and text of the files with these suffixes; of all that are text, where none is given."""
    for path in files():
        name = name_of(path)
        if path.suffix in BINARY or not name.startswith(under) or (suffixes and path.suffix not in suffixes):
            continue
        yield name, path.read_text(encoding="utf-8")


@cache
def tree_of(name: str) -> ast.Module:
    return ast.parse((PROJECT / name).read_text(encoding="utf-8"), filename=name)


def modules(under: str) -> Iterator[tuple[str, ast.Module]]:
    """Name and syntax tree of the Python files in a folder."""
    for name, _ in texts(".py", under=under):
        yield name, tree_of(name)


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The modules that are imported anywhere in the tree, with the line; ``from a import b`` gives a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of nested attributes; empty where it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""
