"""Staying with a running sandbox: feeds it, reads it, counts what it uses, ends it in time."""

import os
import selectors
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from apps.agents.sandbox import watch
from apps.agents.sandbox.shapes import Limits, Outcome

TICK = 0.1
DISK_TICK = 1.0
HANDSHAKE_SECONDS = 20.0
CHUNK = 65536


class _Tail:
    """Keeps the first three quarters and the last quarter of what passes through, `most` bytes in all."""

    def __init__(self, most: int) -> None:
        self.head_room, self.tail_room = most * 3 // 4, most // 4
        self.head, self.tail, self.total = bytearray(), bytearray(), 0

    def add(self, part: bytes) -> None:
        self.total += len(part)
        room = self.head_room - len(self.head)
        self.head += part[:room] if room > 0 else b""
        self.tail += part[max(0, room) :]
        if len(self.tail) > self.tail_room:
            del self.tail[: len(self.tail) - self.tail_room]

    def value(self) -> bytes:
        left_out = self.total - len(self.head) - len(self.tail)
        middle = f"\n... {left_out} bytes left out ...\n".encode() if left_out else b""
        return bytes(self.head) + middle + bytes(self.tail)


class _Lines:
    """Cuts a stream into lines; one that is too long is cut off, the rest of it is dropped."""

    def __init__(self, most: int, on_line: Callable[[bytes], None] | None) -> None:
        self.most, self.on_line, self.open = most, on_line, bytearray()

    def add(self, part: bytes) -> None:
        if self.on_line is None:
            return
        *whole, rest = part.split(b"\n")
        for line in whole:
            self._extend(line)
            self.on_line(bytes(self.open))
            self.open.clear()
        self._extend(rest)

    def _extend(self, part: bytes) -> None:
        self.open += part[: max(0, self.most - len(self.open))]

    def finish(self) -> None:
        if self.on_line is not None and self.open:
            self.on_line(bytes(self.open))


class Supervision:
    def __init__(
        self, process: "subprocess.Popen[bytes]", status: int, limits: Limits, workdir: Path, *, isolated: bool
    ) -> None:
        self.process, self.status, self.limits, self.workdir, self.isolated = process, status, limits, workdir, isolated
        self._status_rest = b""
        self._words: list[str] = []
        self._killed = ""
        self._status_open = True

    def next_status(self) -> str:
        """The next line from inside, or an empty one when there is none in time."""
        deadline = time.monotonic() + HANDSHAKE_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self.status, selectors.EVENT_READ)
            while not self._words and self._status_open:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    return ""
                self._read_status()
        return self._words.pop(0) if self._words else ""

    def _read_status(self) -> None:
        part = os.read(self.status, 4096)
        if not part:
            self._status_open = False
            return
        *lines, self._status_rest = (self._status_rest + part).split(b"\n")
        self._words.extend(line.decode("utf-8", "replace") for line in lines)

    def until_ended(
        self,
        *,
        stdin: bytes,
        timeout_seconds: float,
        on_line: Callable[[bytes], None] | None,
        stop: Callable[[], bool] | None,
    ) -> Outcome:
        assert self.process.stdin
        assert self.process.stdout
        assert self.process.stderr
        out, err = _Tail(self.limits.output_bytes), _Tail(self.limits.output_bytes // 4)
        lines = _Lines(self.limits.line_bytes, on_line)
        deadline = time.monotonic() + timeout_seconds
        next_look = next_disk = 0.0
        pending = memoryview(stdin)
        with selectors.DefaultSelector() as selector:
            for stream in (self.process.stdout, self.process.stderr):
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ)
            selector.register(self.status, selectors.EVENT_READ)
            if pending:
                os.set_blocking(self.process.stdin.fileno(), False)
                selector.register(self.process.stdin, selectors.EVENT_WRITE)
            else:
                self.process.stdin.close()
            while selector.get_map():
                for key, _ in selector.select(TICK):
                    if key.fileobj is self.process.stdin:
                        pending = self._feed(selector, pending)
                    elif key.fileobj == self.status:
                        self._read_status()
                        if not self._status_open:
                            selector.unregister(self.status)
                    elif key.fileobj is self.process.stdout:
                        self._drain(selector, self.process.stdout.fileno(), key.fileobj, out, lines)
                    else:
                        self._drain(selector, self.process.stderr.fileno(), key.fileobj, err, None)
                now = time.monotonic()
                if now >= next_look:
                    next_look = now + TICK
                    reason = self._reason_to_end(now >= deadline, stop, out.total + err.total, disk=now >= next_disk)
                    next_disk = now + DISK_TICK if now >= next_disk else next_disk
                    if reason:
                        self._end(reason)
                        self._drain_rest(out, err, lines)
                        break
        lines.finish()
        self.process.wait()
        # A last look at the disk: what was written in the final second counts as well.
        if not self._killed and self._too_much_disk():
            self._killed = "disk"
        return Outcome(
            returncode=self._returncode(),
            stdout=out.value(),
            stderr=err.value(),
            timed_out=self._killed == "time",
            isolated=self.isolated,
            killed_reason=self._killed,
        )

    def _feed(self, selector: selectors.BaseSelector, pending: memoryview) -> memoryview:
        assert self.process.stdin
        try:
            pending = pending[os.write(self.process.stdin.fileno(), pending[:CHUNK]) :]
        except BlockingIOError:
            return pending
        except BrokenPipeError:
            pending = pending[:0]
        if not pending:
            selector.unregister(self.process.stdin)
            self.process.stdin.close()
        return pending

    def _drain(
        self, selector: selectors.BaseSelector, descriptor: int, stream: object, kept: _Tail, lines: _Lines | None
    ) -> None:
        try:
            part = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return
        if not part:
            selector.unregister(stream)  # type: ignore[arg-type]  # the stream that was registered
            return
        kept.add(part)
        if lines:
            lines.add(part)

    def _drain_rest(self, out: _Tail, err: _Tail, lines: _Lines) -> None:
        """What was still in the pipes when the tree ended, without waiting for a writer that is gone."""
        assert self.process.stdout
        assert self.process.stderr
        for stream, kept in ((self.process.stdout, out), (self.process.stderr, err)):
            for _ in range(32):
                try:
                    part = os.read(stream.fileno(), CHUNK)
                except BlockingIOError:
                    break
                if not part:
                    break
                kept.add(part)
                if kept is out:
                    lines.add(part)

    def _reason_to_end(self, late: bool, stop: Callable[[], bool] | None, written: int, *, disk: bool) -> str:
        if stop is not None and stop():
            return "stopped"
        if late:
            return "time"
        if written > self.limits.output_bytes:
            return "output"
        living = watch.descendants(self.process.pid)
        if len(living) > self.limits.processes + 2:
            return "processes"
        if watch.memory_bytes(living) > self.limits.memory_bytes:
            return "memory"
        if disk and self._too_much_disk():
            return "disk"
        return ""

    def _too_much_disk(self) -> bool:
        size, entries = watch.disk_use(self.workdir, most_entries=self.limits.disk_entries)
        return size > self.limits.disk_bytes or entries > self.limits.disk_entries

    def _end(self, reason: str) -> None:
        self._killed = reason
        watch.end_tree(self.process.pid)

    def _returncode(self) -> int:
        while self._status_open:
            self._read_status()
        for word in self._words:
            kind, _, value = word.partition(" ")
            if kind == "ended":
                return int(value)
            if kind == "failed":
                return 127
        return -9

    def close(self) -> None:
        """Leaves nothing behind, whatever happened before."""
        if self.process.poll() is None:
            watch.end_tree(self.process.pid)
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        os.close(self.status)
