"""A person's session over the public API: what anybody's own command-line client could do, and nothing more."""

import json
import os
import urllib.error
import urllib.request
import uuid
from http import HTTPStatus
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any


class Refused(Exception):
    """The server answered with a problem (RFC 9457)."""

    def __init__(self, status: int, problem: Any) -> None:
        super().__init__(f"{status}: {problem.get('detail', problem) if isinstance(problem, dict) else problem}")
        self.status, self.problem = status, problem


class Unreachable(Exception):
    """Nothing answered; a server that is being restarted is worth another try."""


class PersonSession:
    """Signed in as one person. Methods give and take plain JSON."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self._cookies = CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies)).open
        self._csrf = ""

    def sign_in(self, username: str, password: str) -> None:
        answer = self.post("/session", {"username": username, "password": password})
        self._csrf = answer["csrf_token"]

    def get(self, path: str) -> Any:
        return json.loads(self.raw("GET", path) or b"null")

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return json.loads(self.raw("POST", path, json.dumps(body or {}).encode(), headers) or b"null")

    def raw(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        """The answer's bytes. Raises ``Refused`` or ``Unreachable``."""
        request = urllib.request.Request(f"{self.base}/api/v1{path}", data=body, method=method)
        request.add_header("Accept", "application/json")
        request.add_header("Content-Type", "application/json")
        request.add_header("Referer", self.base)
        if self._csrf:
            request.add_header("X-CSRFToken", self._csrf)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with self._open(request, timeout=30) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            text = error.read()
            if error.code == HTTPStatus.SERVICE_UNAVAILABLE:
                raise Unreachable(text.decode(errors="replace")[:200]) from error
            try:
                problem: Any = json.loads(text)
            except ValueError:
                problem = text.decode(errors="replace")[:500]
            raise Refused(error.code, problem) from error
        except (OSError, urllib.error.URLError) as error:
            raise Unreachable(str(error)) from error

    def everything(self, path: str) -> list[Any]:
        """Every item of a list, page by page."""
        items: list[Any] = []
        page = self.get(path)
        items += page["items"]
        while page["next"]:
            page = self.get(f"{path}{'&' if '?' in path else '?'}cursor={page['next']}")
            items += page["items"]
        return items


def admin_of(var_dir: Path) -> tuple[str, str]:
    """Name and password of the first admin: from the environment, else from the file that the start left."""
    name = os.environ.get("ADMIN_USERNAME", "admin")
    return name, os.environ.get("ADMIN_PASSWORD") or (var_dir / "admin_password").read_text().strip()
