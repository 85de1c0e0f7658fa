"""Finds code that writes a status past ``core.transitions``."""

import ast
import re
from collections.abc import Iterator

STATEFUL = {"Goal", "Plan", "Task", "Attempt", "Gate", "Condition", "Agent", "Escalation"}
# Methods of query sets and managers that write the fields they are given.
WRITERS = {"update", "bulk_update", "update_or_create", "get_or_create", "bulk_create", "save", "asave", "aupdate"}
_SQL = re.compile(r"\bSET\s+(?:[^;]*?,\s*)?\"?status\"?\s*=", re.IGNORECASE | re.DOTALL)


def status_writes(tree: ast.AST) -> Iterator[int]:
    """The lines that assign a status, write one through a query set, in SQL, or make a row past its beginning."""
    for node in ast.walk(tree):
        if (
            (isinstance(node, ast.Attribute) and node.attr == "status" and isinstance(node.ctx, ast.Store))
            or (isinstance(node, ast.Call) and (_writes(node) or _sets(node) or _makes(node)))
            or (isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.search(node.value))
        ):
            yield node.lineno


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _writes(call: ast.Call) -> bool:
    if _method(call) not in WRITERS:
        return False
    if _method(call) == "update" and any(keyword.arg == "status" for keyword in call.keywords):
        return True
    if _method(call) in {"update_or_create", "get_or_create", "bulk_create"}:
        # What identifies a row is looked for, not written.
        given: list[ast.AST] = [one.value for one in call.keywords if one.arg in _WRITTEN]
    else:
        given = [*call.args, *(one.value for one in call.keywords)]
    return any(_names_status(node) for one in given for node in ast.walk(one))


_WRITTEN = {"defaults", "create_defaults", "update_fields"}


def _names_status(node: ast.AST) -> bool:
    """``{"status": …}``, or ``["status", …]`` as the name of a field."""
    if isinstance(node, ast.Dict):
        return any(isinstance(key, ast.Constant) and key.value == "status" for key in node.keys)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return any(isinstance(one, ast.Constant) and one.value == "status" for one in node.elts)
    return False


def _sets(call: ast.Call) -> bool:
    named = len(call.args) > 1 and isinstance(call.args[1], ast.Constant) and call.args[1].value == "status"
    return named and isinstance(call.func, ast.Name | ast.Attribute) and _last(call.func) in {"setattr", "__setattr__"}


def _last(function: ast.Name | ast.Attribute) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr


def _makes(call: ast.Call) -> bool:
    """``Goal(status=…)`` or ``Goal.objects.create(status=…)`` with anything but the lifecycle's beginning."""
    parts = set(ast.unparse(call.func).split("."))
    if not parts & STATEFUL or (_method(call) and _method(call) not in {"create", "acreate"}):
        return False
    for keyword in call.keywords:
        if keyword.arg == "status" and not ast.unparse(keyword.value).endswith(".initial"):
            return True
    return False
