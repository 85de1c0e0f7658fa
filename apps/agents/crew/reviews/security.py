"""The security auditor: secrets, dangerous calls, built queries, unsafe pages, foreign licences."""

import ast
import functools
import math
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from apps.agents.crew.pages_check import own_scripts, page_faults
from apps.agents.crew.reviews.checks import Check, check, leave, not_run
from apps.agents.crew.work import Work

SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "an access key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a code host": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_-]{20,})"),
    "a token of a chat": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a secret key of a payment service": re.compile(r"\bsk_live_[A-Za-z0-9]{16,}"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "a password": re.compile(
        r"(?i)\b(?:password|passwd|secret|api_?key|token)\b[\"']?\s*[:=]\s*[\"'][^\"'\s]{6,}[\"']"
    ),
    "credentials in an address": re.compile(r"\b[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s:@]{3,}@"),
}
QUOTED = re.compile(r"[\"']([A-Za-z0-9+/=_-]{32,})[\"']")
LIVELY = 4.3  # bits for each sign; English prose has about 4.1 and no digits among it
CALLS = {
    "eval": "evaluates text as code",
    "exec": "runs text as code",
    "compile": "compiles text as code",
    "__import__": "imports by name",
    "os.system": "runs a shell line",
    "os.popen": "runs a shell line",
    "pickle.loads": "loads objects that can run code",
    "pickle.load": "loads objects that can run code",
    "marshal.loads": "loads code",
    "yaml.load": "loads objects that can run code",
    "tempfile.mktemp": "makes a name that others can take",
}
SQL = re.compile(
    r"(?i)\b(?:select\s.+\sfrom|insert\s+into|update\s.+\sset|delete\s+from|create\s+table|drop\s+table)\b", re.S
)
BINARY_FREE = (
    ".py",
    ".json",
    ".md",
    ".toml",
    ".html",
    ".css",
    ".sh",
    ".txt",
    ".yaml",
    ".yml",
    ".cfg",
    ".ini",
    ".env",
    "Dockerfile",
)


def review(work: Work) -> str:
    made: list[Callable[[Work], Check | None]] = [no_secrets, plain_files]
    if work.packet.phase >= 3:
        made += [local_only]
    if work.packet.phase >= 4:
        made += [no_dangerous_calls, no_built_queries, only_standard_library]
    if work.packet.phase >= 5:
        made += [pages_safe]
    return leave(work, "security", [functools.partial(maker, work) for maker in made])


def no_secrets(work: Work) -> Check:
    faults, files = [], 0
    for name in work.files("**/*"):
        if not name.endswith(BINARY_FREE) or name.startswith("reviews/"):
            continue
        files += 1
        for number, line in enumerate(work.text(name).splitlines()[:20_000], 1):
            faults += [f"{name}:{number} looks like {what}." for what in secrets_in(line[:4000])]
    return check(
        "no_secrets", faults, f"No secret in {files} files.", tool="patterns and entropy", proof={"files": files}
    )


def secrets_in(line: str) -> list[str]:
    """What in a line looks like a secret, by pattern or because it is too lively for a word."""
    found = [what for what, pattern in SECRETS.items() if pattern.search(line)]
    for token in QUOTED.findall(line):
        mixed = any(c.isdigit() for c in token) and any(c.isupper() for c in token) and any(c.islower() for c in token)
        if mixed and entropy(token) > LIVELY:
            found.append("a random key")
    return found


def entropy(text: str) -> float:
    """Shannon's entropy in bits for each sign."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def plain_files(work: Work) -> Check:
    faults = [
        f"{path.relative_to(work.root).as_posix()} is a link or no plain file."
        for path in work.root.rglob("*")
        if path.is_symlink() or not (path.is_file() or path.is_dir())
    ]
    return check("plain_files", faults, "The tree has plain files only.", tool="lstat")


def local_only(work: Work) -> Check:
    text = work.text("deploy/settings.toml")
    if not text:
        return not_run("listens_locally", "There are no settings.", tool="settings.toml")
    faults = ["The service would listen on every address without a sign-in."] if "0.0.0.0" in text else []
    return check("listens_locally", faults, "The service listens on the local machine only.", tool="settings.toml")


def _trees(work: Work, pattern: str) -> list[tuple[str, ast.Module]]:
    found = []
    for name in work.files(pattern):
        try:
            found.append((name, ast.parse(work.text(name))))
        except (SyntaxError, ValueError):
            continue
    return found


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return ""


def no_dangerous_calls(work: Work) -> Check:
    trees = _trees(work, "**/*.py")
    if not trees:
        return not_run("no_dangerous_calls", "There is no code.", tool="ast")
    faults = []
    for file, tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = _name(node.func)
            if name in CALLS:
                faults.append(f"{file}:{node.lineno} {name} {CALLS[name]}.")
            if any(
                k.arg == "shell" and not (isinstance(k.value, ast.Constant) and not k.value.value)
                for k in node.keywords
            ):
                faults.append(f"{file}:{node.lineno} {name} runs a shell line.")
    return check("no_dangerous_calls", faults, f"No dangerous call in {len(trees)} files.", tool="ast")


def no_built_queries(work: Work) -> Check:
    trees = [*_trees(work, "service/**/*.py"), *_trees(work, "migration/**/*.py")]
    if not trees:
        return not_run("no_built_queries", "There is no code.", tool="ast")
    faults = [f"{file}:{line} builds a query out of parts." for file, tree in trees for line in _built(tree)]
    return check("no_built_queries", faults, "Every query is fixed text with parameters.", tool="ast")


def _built(tree: ast.Module) -> list[int]:
    lines = []
    for node in ast.walk(tree):
        text = ""
        if isinstance(node, ast.JoinedStr) and any(isinstance(part, ast.FormattedValue) for part in node.values):
            text = " x ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        elif (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Mod | ast.Add)
            and isinstance(node.left, ast.Constant)
        ):
            text = f"{node.left.value!r} x "
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            text = str(node.func.value.value) if isinstance(node.func.value, ast.Constant) else ""
        if SQL.search(text):
            lines.append(getattr(node, "lineno", 0))
    return lines


def only_standard_library(work: Work) -> Check:
    trees = _trees(work, "**/*.py")
    if not trees:
        return not_run("licences_clear", "There is no code.", tool="ast")
    own = {"service", "tests", "migration"} | {Path(name).stem for name, _ in trees}
    faults = []
    for file, tree in trees:
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            foreign = {name.split(".")[0] for name in names} - own - set(sys.stdlib_module_names)
            faults += [f"{file} imports {name}, whose licence nobody has looked at." for name in sorted(foreign)]
    return check("licences_clear", faults, "Only Python's standard library is used.", tool="ast")


def pages_safe(work: Work) -> Check:
    files = work.files("pages/*.html")
    if not files:
        return not_run("pages_safe", "There are no pages.", tool="html.parser")
    words = ("script", "unsafe", "outside")
    faults = [
        f"{name}: {fault}"
        for name in files
        for fault in page_faults(work.text(name), own_scripts=own_scripts(work.domain.kind))
        if any(word in fault for word in words)
    ]
    return check(
        "pages_safe",
        faults,
        f"{len(files)} pages run no script but their own files and load nothing from outside.",
        tool="html.parser",
    )
