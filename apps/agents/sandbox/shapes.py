"""What goes into the sandbox and what comes out of it."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one run. Sizes in bytes. `memory_bytes` bounds each process and the tree together."""

    cpu_seconds: int = 120
    memory_bytes: int = 1024 * MIB
    file_bytes: int = 32 * MIB
    disk_bytes: int = 256 * MIB
    disk_entries: int = 20_000
    open_files: int = 256
    processes: int = 64
    output_bytes: int = 4 * MIB
    line_bytes: int = 64 * 1024
    tmp_bytes: int = 128 * MIB


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    `returncode` is the program's own, or minus the signal that ended it. `killed_reason` is empty unless we ended it:
    "time", "stopped", "output", "memory", "processes" or "disk". `stdout` and `stderr` hold first and last part when
    the program wrote more than it may.
    """

    returncode: int
    stdout: bytes
    stderr: bytes
    timed_out: bool
    isolated: bool
    killed_reason: str = ""

    @property
    def succeeded(self) -> bool:
        return self.returncode == 0 and not self.killed_reason


@dataclass(frozen=True)
class Availability:
    """Whether namespaces work here; `reason` is a sentence for a person when they do not."""

    ok: bool
    reason: str = ""


class IsolationRefused(Exception):
    """This machine does not let us make namespaces, so nothing was run."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(
            f"Nothing was run: this machine refuses the isolation that generated code needs ({detail}). "
            "To mend it, allow unprivileged user namespaces (sysctl user.max_user_namespaces above 0; on Ubuntu "
            "kernel.apparmor_restrict_unprivileged_userns=0; in a container a seccomp profile that allows "
            "unshare and mount). "
            "Setting ALLOW_UNISOLATED=1 runs such code without isolation: "
            "only where losing this machine would not matter."
        )
