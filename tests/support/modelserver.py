"""A model's server over real HTTP that says what a test writes, in the shapes of three providers, or misbehaves.

A script maps the purpose of a question (facts, questions, methods, vote, trial) to reactions, one for each call; the
last one is repeated. A reaction is what the model says (a dict as JSON, or a text), or a misbehaviour below.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from apps.planning.thinking import prompts

PURPOSES = {
    "facts": prompts.FACTS,
    "questions": prompts.QUESTIONS[:60],
    "methods": prompts.METHODS,
    "vote": prompts.VOTE,
    "trial": prompts.TRIAL,
}
NOTHING: dict[str, Any] = {
    "facts": {},
    "questions": {},
    "methods": {},
    "vote": {"number": 1},
    "trial": {"word": "ready"},
}
TICK = 0.01


@dataclass(frozen=True)
class Raw:
    """Exactly these bytes as the body, with this status and these headers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Usage:
    """Says this, and claims these counts of tokens, whatever they are."""

    says: Any
    usage: Any


class Hang:
    """Takes the question and never answers."""


class Drip:
    """Answers with a byte now and then, for ever."""


class Endless:
    """Answers as fast as it can, for ever."""


class Slam:
    """Closes the connection without an answer."""


class Break:
    """Promises more than it sends, then closes."""


@dataclass(frozen=True)
class Heard:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    purpose: str


class ModelServer(ThreadingHTTPServer):
    daemon_threads = True
    # Connections are cut by clients on purpose here.
    block_on_close = False

    def __init__(self, script: Mapping[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = {**NOTHING, **script}
        self.heard: list[Heard] = []
        self.stopped = threading.Event()
        self._said: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def asked(self, purpose: str) -> list[Heard]:
        return [one for one in self.heard if one.purpose == purpose]

    def react(self, heard: Heard) -> Any:
        with self._lock:
            self.heard.append(heard)
            reactions = self.script[heard.purpose]
            if not isinstance(reactions, list):
                reactions = [reactions]
            place = min(self._said[heard.purpose], len(reactions) - 1)
            self._said[heard.purpose] += 1
        reaction = reactions[place]
        return reaction(heard) if callable(reaction) and not isinstance(reaction, type) else reaction

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        heard = Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body, _purpose(body))
        reaction = self.server.react(heard)
        if isinstance(reaction, type):
            reaction = reaction()
        self._perform(reaction)

    def do_GET(self) -> None:
        self.server.heard.append(Heard(self.path, {}, {}, "elsewhere"))
        self._send(Raw(b"{}"))

    def _perform(self, reaction: Any) -> None:
        if isinstance(reaction, Raw):
            self._send(reaction)
        elif isinstance(reaction, Hang):
            self.close_connection = True
            self.server.stopped.wait()
        elif isinstance(reaction, Drip | Endless):
            self._for_ever(b" " if isinstance(reaction, Drip) else b" " * 65536, slowly=isinstance(reaction, Drip))
        elif isinstance(reaction, Slam):
            self.close_connection = True
        elif isinstance(reaction, Break):
            self.close_connection = True
            self._head(200, {"content-length": "1000"})
            self.wfile.write(b'{"id": ')
        else:
            says, usage = (reaction.says, reaction.usage) if isinstance(reaction, Usage) else (reaction, _USAGE)
            text = says if isinstance(says, str) else json.dumps(says)
            self._send(Raw(json.dumps(_shaped(self.path, text, usage)).encode()))

    def _send(self, raw: Raw) -> None:
        self._head(raw.status, {"content-length": str(len(raw.body)), **raw.headers})
        self.wfile.write(raw.body)

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _for_ever(self, piece: bytes, *, slowly: bool) -> None:
        self.close_connection = True
        self._head(200, {"connection": "close"})
        while not self.server.stopped.wait(TICK if slowly else 0):
            self.wfile.write(piece)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


_USAGE = (120, 30)


def _purpose(body: Mapping[str, Any]) -> str:
    texts = [_text(message.get("content")) for message in body.get("messages", []) if message.get("role") == "user"]
    return next(name for name, mark in PURPOSES.items() if texts and texts[0].startswith(mark))


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return str(content)


def prompt_of(heard: Heard, place: int = -1) -> str:
    """What the user's side said, the last time or the one at ``place``."""
    return [_text(m["content"]) for m in heard.body["messages"] if m["role"] == "user"][place]


def _shaped(path: str, text: str, usage: Any) -> dict[str, Any]:
    """An answer as the provider whose path this is would write it."""
    if path.startswith("/v1/messages"):
        counts = {"input_tokens": usage[0], "output_tokens": usage[1]} if isinstance(usage, tuple) else usage
        return {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "scripted", "stop_reason": "end_turn",
            "stop_sequence": None, "content": [{"type": "text", "text": text}], "usage": counts,
        }  # fmt: skip
    counts = (
        {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": 0}
        if isinstance(usage, tuple)
        else usage
    )
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "scripted", "usage": counts,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }  # fmt: skip


@contextmanager
def model_server(**script: Any) -> Iterator[ModelServer]:
    """A server in a thread, stopped at the end of the block."""
    server = ModelServer(script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


Script = Mapping[str, Sequence[Any]]
