"""The yardstick: plain Celery tasks that count their dependencies in Redis. Fast, and nothing of it is durable."""

import json
import os
import time
import uuid

import redis
from celery import Celery

from orchestrator_site import connections
from tests.benchmarks.graphs import Graph

URL = os.environ["REDIS_URL"]
app = Celery("peer", broker=connections.broker_url(URL))
app.conf.update(
    task_ignore_result=True, task_default_queue="peer", worker_prefetch_multiplier=1, worker_hijack_root_logger=False
)
store = redis.Redis.from_url(connections.redis_url(URL, connections.CACHE))


@app.task(name="peer.node")
def node(run: str, number: int) -> None:
    successors = json.loads(store.hget(f"peer:{run}:after", str(number)) or b"[]")
    with store.pipeline(transaction=False) as pipe:
        for successor in successors:
            pipe.hincrby(f"peer:{run}:left", str(successor), -1)
        pipe.hincrby(f"peer:{run}", "done", 1)
        *left, _ = pipe.execute()
    for successor, count in zip(successors, left, strict=True):
        if count == 0:
            node.apply_async([run, successor])


def run_graph(graph: Graph, seconds: float = 120) -> float:
    """Run the graph; returns how long it took, in seconds."""
    run = uuid.uuid4().hex
    needs = graph.predecessors()
    store.hset(f"peer:{run}:after", mapping={str(key): json.dumps(value) for key, value in graph.successors().items()})
    store.hset(f"peer:{run}:left", mapping={str(key): value for key, value in needs.items()})
    began = time.perf_counter()
    for number, count in needs.items():
        if count == 0:
            node.apply_async([run, number])
    while int(store.hget(f"peer:{run}", "done") or 0) < graph.nodes:
        if time.perf_counter() - began > seconds:
            raise TimeoutError(f"the yardstick did not finish {graph.name}")
        time.sleep(0.005)
    took = time.perf_counter() - began
    store.delete(f"peer:{run}:after", f"peer:{run}:left", f"peer:{run}")
    return took
