"""The first process of a sandbox: makes the namespaces, builds the root, drops every right, runs the command, reaps.

Run by path with `python -I -S`: it must import nothing but the standard library's light modules, because each
attempt pays for its start. Two descriptors come as arguments: one to read the order from (JSON), one to report on
(lines). See namespaces(7), user_namespaces(7), pivot_root(2), capabilities(7).
"""

# Pathlib and contextlib would double the time of the start.
# ruff: noqa: PTH102, PTH103, PTH110, PTH112, PTH114, PTH115, PTH120, PTH123, PTH211, SIM105, S108, S606
import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
from typing import Any

NEW_NAMESPACES = 0x10000000 | 0x20000000 | 0x00020000 | 0x08000000 | 0x04000000  # user, pid, mount, ipc, uts
NEW_NETWORK = 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
AT_FDCWD, AT_RECURSIVE, SYS_MOUNT_SETATTR = -100, 0x8000, 442
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_SECUREBITS, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 24, 28, 36, 38
SECURE_NOROOT_LOCKED = 0b11 | 0b1100  # no root powers by uid, no keeping of capabilities, both locked
SYSTEM = (
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/share/zoneinfo",
    "/usr/local/bin",
    "/usr/local/lib",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
)
DEVICES = ("null", "zero", "full", "random", "urandom")
LAST_CAPABILITY = 63

libc = ctypes.CDLL(None, use_errno=True)


class SetupFailed(Exception):
    """A step of building the sandbox was refused by the kernel."""


def _call(what: str, result: int) -> None:
    if result != 0:
        raise SetupFailed(f"{what}: {os.strerror(ctypes.get_errno())}")


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    result = libc.mount(
        source.encode(), os.fsencode(target), kind.encode() or None, ctypes.c_ulong(flags), options.encode() or None
    )
    _call(f"mount {kind or 'bind'} on {target}", result)


def _seal(target: str, *, recursive: bool, readonly: bool) -> None:
    """Adds nosuid and nodev, and read-only where wanted, to a mount and those below it."""
    attributes = struct.pack("QQQQ", ATTR_NOSUID | ATTR_NODEV | (ATTR_RDONLY if readonly else 0), 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    if libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, os.fsencode(target), flags, attributes, len(attributes)) == 0:
        return
    # Kernels before 5.12. Flags that the mount already has must be repeated, they are locked.
    have = os.statvfs(target).f_flag & (MS_RDONLY | MS_NOSUID | MS_NODEV | 8 | 1024 | 2048)
    wanted = MS_NOSUID | MS_NODEV | (MS_RDONLY if readonly else 0)
    _mount("none", target, "", MS_REMOUNT | MS_BIND | have | wanted)


def _bind(source: str, target: str, *, readonly: bool, devices: bool = False) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    _mount(source, target, "", MS_BIND | MS_REC)
    if not devices:
        _seal(target, recursive=True, readonly=readonly)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _system(root: str, extra: list[str]) -> None:
    for path in SYSTEM:
        if os.path.islink(path) and path.count("/") == 1:
            os.symlink(os.readlink(path), root + path)
        elif os.path.exists(path):
            _bind(path, root + path, readonly=True)
    for path in extra:
        if not os.path.exists(path):
            raise SetupFailed(f"{path} is not there to be shown inside")
        _bind(path, root + path, readonly=True)


def _devices(root: str) -> None:
    os.makedirs(root + "/dev/shm", exist_ok=True)
    for name in DEVICES:
        _bind(f"/dev/{name}", f"{root}/dev/{name}", readonly=False, devices=True)
    _mount("tmpfs", root + "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,mode=1777")
    for name, target in (
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
    ):
        os.symlink(target, f"{root}/dev/{name}")


def _build_root(order: dict[str, Any]) -> None:
    """A root of its own, as a whitelist: what is not bound here does not exist for the command."""
    root = order["root"]
    _mount("none", "/", "", MS_REC | MS_PRIVATE)
    _mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=4m,nr_inodes=4000,mode=755")
    for name in ("proc", "tmp", "etc", "job", "usr", "dev"):
        os.mkdir(f"{root}/{name}", 0o755)
    # Before what is shown: an installation that itself lies under /tmp would be covered otherwise.
    _mount(
        "tmpfs",
        root + "/tmp",
        "tmpfs",
        MS_NOSUID | MS_NODEV,
        f"size={order['limits']['tmp_bytes']},nr_inodes=20000,mode=1777",
    )
    _system(root, order["readonly"])
    _devices(root)
    _bind(order["workdir"], root + "/job", readonly=False)
    _write(root + "/etc/hosts", "127.0.0.1 localhost\n")
    _write(root + "/etc/passwd", f"agent:x:{order['uid']}:{order['uid']}:agent:/tmp:/bin/sh\n")
    if order["network"]:
        for path in ("/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/ssl/certs"):
            if os.path.exists(path):
                _bind(os.path.realpath(path), root + path, readonly=True)
    try:
        _mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV | 8)
    except SetupFailed:
        pass  # containers that mask parts of /proc refuse a fresh one; without any the command sees even less
    os.chdir(root)
    _call("pivot_root", libc.pivot_root(b".", b"."))
    _call("leave the old root", libc.umount2(b".", MNT_DETACH))
    os.chdir("/")
    _seal("/", recursive=False, readonly=True)


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running


def _no_more_namespaces() -> None:
    try:
        _write("/proc/sys/user/max_user_namespaces", "0")
    except OSError:
        pass  # without /proc, or a kernel that forbids it: nested namespaces would gain nothing outside these


def _limit(limits: dict[str, int]) -> None:
    for name, key in (
        (resource.RLIMIT_CPU, "cpu_seconds"),
        (resource.RLIMIT_AS, "memory_bytes"),
        (resource.RLIMIT_FSIZE, "file_bytes"),
        (resource.RLIMIT_NOFILE, "open_files"),
        (resource.RLIMIT_NPROC, "processes"),
    ):
        hard = resource.getrlimit(name)[1]
        value = limits[key] if hard == resource.RLIM_INFINITY else min(limits[key], hard)
        resource.setrlimit(name, (value, value))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _drop(uid: int) -> None:
    """Gives up every capability for good, whatever is executed afterwards."""
    for capability in range(LAST_CAPABILITY + 1):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    _call("securebits", libc.prctl(PR_SET_SECUREBITS, SECURE_NOROOT_LOCKED, 0, 0, 0))
    if uid != 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    header = struct.pack("Ii", 0x20080522, 0)
    _call("capset", libc.capset(header, struct.pack("6I", *[0] * 6)))
    _call("no_new_privs", libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def _command(order: dict[str, Any], status: int) -> None:
    try:
        os.setsid()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        if order["isolated"]:
            os.chdir("/job")
            _limit(order["limits"])
            _drop(order["uid"])
        else:
            os.chdir(order["workdir"])
            _limit(order["limits"])
        os.umask(0o022)
        os.execvpe(order["command"][0], order["command"], order["env"])
    except (OSError, ValueError, SetupFailed) as error:
        os.write(status, f"failed {error}\n".encode())
    os._exit(127)


def _reap(main: int, status: int) -> None:
    """Waits for the command, and for orphans that are handed to us; leaving ends the whole process namespace."""
    while True:
        pid, code = os.wait()
        if pid == main:
            os.write(status, f"ended {os.waitstatus_to_exitcode(code)}\n".encode())
            return


def _end_orphans() -> None:
    """Without a process namespace nobody ends what the command left running, so we do, as their subreaper."""
    while True:
        try:
            with open(f"/proc/{os.getpid()}/task/{os.getpid()}/children", encoding="ascii") as file:
                children = [int(word) for word in file.read().split()]
            for child in children:
                os.kill(child, signal.SIGKILL)
            os.wait()
        except (ChildProcessError, FileNotFoundError):
            return
        except ProcessLookupError:
            continue


def _first(order: dict[str, Any], status: int) -> None:
    """Process 1 of the namespace."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    try:
        _build_root(order)
        if not order["network"]:
            _loopback_up()
        socket.sethostname("sandbox")
        _no_more_namespaces()
    except (OSError, SetupFailed) as error:
        os.write(status, f"failed {error}\n".encode())
        os._exit(126)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.write(status, b"ready\n")
    main = os.fork()
    if main == 0:
        _command(order, status)
    for descriptor in (0, 1, 2):
        os.close(descriptor)
    _reap(main, status)
    os._exit(0)


def _read_all(descriptor: int) -> bytes:
    parts = []
    while part := os.read(descriptor, 65536):
        parts.append(part)
    os.close(descriptor)
    return b"".join(parts)


def main(orders: int, status: int, wish: str) -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.set_inheritable(orders, False)
    os.set_inheritable(status, False)
    if wish == "open":
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        order = json.loads(_read_all(orders))
        child = os.fork()
        if child == 0:
            _command(order, status)
        os.close(1)
        _reap(child, status)
        _end_orphans()
        return
    flags = NEW_NAMESPACES | (NEW_NETWORK if wish == "closed" else 0)
    if libc.unshare(flags) != 0:
        os.write(status, f"refused {os.strerror(ctypes.get_errno())}\n".encode())
        return
    os.write(status, b"unshared\n")
    text = _read_all(orders)  # the parent has written our uid map by the time it sends the order
    if not text:
        return
    child = os.fork()
    if child == 0:
        _first(json.loads(text), status)
    os.close(1)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
