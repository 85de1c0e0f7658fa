"""``make bench-hub``: the hub beside plain Celery with counters in Redis, in turns, in the same run.

An installation of its own is started; both sides use its Redis and ten threads. Prints one table; a row that misses its
aim is printed as missed, and the exit code stays 0: a benchmark measures, tests assert.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.graphs import Graph, fan, layers
from tests.support.installation import ROOT, Installation, installation

AIM = 0.5
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="cp-bench-"))
    try:
        with installation(folder / "var") as target:
            _measure(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _measure(target: Installation) -> None:
    os.environ.update(target.addresses())
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings")
    django.setup()
    from tests.benchmarks import hub_side, peer

    hub_side.agent_ensure()
    worker = _peer_worker()
    try:
        peer.run_graph(layers(2, 10))
        hub_side.run_graph(layers(2, 10))
        print(f"{'graph':<26} {'hub, tasks/s':>13} {'Celery, tasks/s':>16} {'ratio':>6}   aim ≥ {AIM}")
        for graph in (fan(), layers()):
            _row(graph, hub_side.run_graph, peer.run_graph)
    finally:
        worker.terminate()
        worker.wait(20)


def _row(graph: Graph, hub: object, peer: object) -> None:
    assert callable(hub)
    assert callable(peer)
    pairs = [(graph.nodes / hub(graph), graph.nodes / peer(graph)) for _ in range(ROUNDS)]
    ours = statistics.median(pair[0] for pair in pairs)
    theirs = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
    verdict = "met" if ratio >= AIM else "missed"
    print(f"{graph.name:<26} {ours:>13.0f} {theirs:>16.0f} {ratio:>6.2f}   {verdict}", flush=True)


def _peer_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "tests.benchmarks.peer:app", "worker", "--queues", "peer"),
            *("--pool", "threads", "--concurrency", "10", "--loglevel", "ERROR", "--without-gossip"),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit(main())
