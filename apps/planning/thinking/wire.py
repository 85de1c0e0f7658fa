"""The one way to a model's server: plain HTTP, nothing followed, nothing unlimited, the key put in at the last moment.

It stands below the providers' libraries. They never hold the key, and see only answers that are strict JSON of a
bearable size; what else they would like to send (their own headers, retries, proxies of the environment) stays here.
"""

import json
from typing import Any

import httpx2

from apps.core import strictjson

MAX_BYTES = 2 * 1024 * 1024
CONNECT_SECONDS = 10.0
_SENT = ("content-type", "anthropic-version")
_STATUSES = {
    400: "It can't use the question (400).",
    401: "It does not accept the key (401).",
    403: "It does not accept the key (403).",
    404: "It has no such address or model (404).",
    429: "It asks to wait (429).",
}


class Trouble(Exception):
    """The server did not answer as it should; the message is a sentence without anything that the server wrote.

    ``free``: no answer was begun, so that nothing was spent.
    """

    def __init__(self, words: str, *, free: bool = False) -> None:
        super().__init__(words)
        self.free = free


class Wire(httpx2.AsyncBaseTransport):
    """Sends to one address and nowhere else. ``trouble`` keeps what went wrong, whatever a library makes of it."""

    def __init__(self, address: str, headers: dict[str, str], key: str, inner: httpx2.AsyncBaseTransport) -> None:
        self._address = httpx2.URL(address)
        self._headers = headers
        self._key = key
        self._inner = inner
        self.trouble: Trouble | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return await self._send(request)
        except Trouble as trouble:
            self.trouble = trouble
            raise
        except httpx2.TransportError as error:
            self.trouble = _unreached(error)
            raise self.trouble from None  # the library's error may repeat what the server sent

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _send(self, request: httpx2.Request) -> httpx2.Response:
        mine = (self._address.scheme, self._address.host, self._address.port)
        if (request.url.scheme, request.url.host, request.url.port) != mine:
            raise Trouble("The question would have gone to another address than the one that is set.")
        headers = {name: request.headers[name] for name in _SENT if name in request.headers}
        content = await request.aread()
        told = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "command-post"}
        sent = httpx2.Request(
            request.method, request.url, headers={**headers, **told, **self._headers}, content=content,
            extensions={"timeout": {"connect": CONNECT_SECONDS, "read": None, "write": None, "pool": None}},
        )  # fmt: skip
        response = await self._inner.handle_async_request(sent)
        try:
            data = await self._read(response)
        finally:
            await response.aclose()
        return httpx2.Response(
            200, headers={"content-type": "application/json"}, content=strictjson.canonical(data), request=request
        )

    async def _read(self, response: httpx2.Response) -> dict[str, Any]:
        status = response.status_code
        if 300 <= status < 400:
            raise Trouble(f"It sends us elsewhere ({status}); redirects are not followed.", free=True)
        if status != 200:
            raise Trouble(_STATUSES.get(status, f"It answers with an error ({status})."), free=True)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise Trouble("It sends compressed data, which was not asked for.")
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > MAX_BYTES:
                raise Trouble(f"Its answer does not end: more than {MAX_BYTES:,} bytes.")
        try:
            data = strictjson.loads(bytes(body), max_bytes=MAX_BYTES)
        except strictjson.NotStrictJson as error:
            raise Trouble(f"Its answer is no JSON that can be read. {_without_quotes(error)}") from None
        if not isinstance(data, dict):
            raise Trouble("Its answer is no JSON object.")
        if repeats(self._key, data):
            raise Trouble("Its answer repeats the key; it is not used.")
        return data


def client(address: str, headers: dict[str, str], key: str) -> tuple[httpx2.AsyncClient, Wire]:
    """A client for one address: no proxy of the environment, no redirect, no cookie kept, no time limit of its own."""
    inner = httpx2.AsyncHTTPTransport(trust_env=False, retries=0, http2=False)
    wire = Wire(address, headers, key, inner)
    return httpx2.AsyncClient(transport=wire, trust_env=False, follow_redirects=False, timeout=None), wire


def repeats(key: str, value: Any) -> bool:
    """Whether the key stands somewhere in a JSON value, however it was written there."""
    if not key:
        return False
    if isinstance(value, str):
        return key in value
    if isinstance(value, dict):
        return any(repeats(key, name) or repeats(key, item) for name, item in value.items())
    return isinstance(value, list) and any(repeats(key, item) for item in value)


def _unreached(error: httpx2.TransportError) -> Trouble:
    if isinstance(error, httpx2.ConnectTimeout):
        return Trouble(f"It can't be reached: no connection within {CONNECT_SECONDS:g} seconds.", free=True)
    if isinstance(error, httpx2.ConnectError):
        return Trouble("It can't be reached: the connection is refused, or there is no such host.", free=True)
    return Trouble("It ended the connection before its answer was whole.")


def _without_quotes(error: strictjson.NotStrictJson) -> str:
    """The reason without what the server wrote: a duplicate key's name or a number's digits are its words."""
    if isinstance(error.__cause__, json.JSONDecodeError):
        return "It is malformed."
    text = str(error)
    for mark, words in (("occurs twice", "A key occurs twice."), ("too large", "A number is too large.")):
        if mark in text:
            return words
    return text
