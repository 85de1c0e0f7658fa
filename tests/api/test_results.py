"""GET /goals/{id}/deliverable, /report, /metrics; GET /metrics at the root."""

import asyncio
import hashlib
from typing import Any

import pytest
from django.test import AsyncClient, RequestFactory

from apps.api.metrics import metrics
from apps.delivery import selectors as delivery
from tests.api.conftest import ROOT, is_problem


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """Stands for a packed deliverable: what packing does is tested with it."""
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK" * 300_000)

    class Packed:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()

    monkeypatch.setattr(delivery, "deliverable_file", lambda *, goal: (Packed, path))
    return path


def test_before_it_is_delivered_it_is_409(world, owner):
    is_problem(owner.get(f"/goals/{world.goal.pk}/deliverable"), 409, "QG-PHASE7")
    is_problem(owner.get(f"/goals/{world.goal.pk}/report"), 409)


def test_the_zip_is_sent_as_a_file(world, outsider, archive):
    response = outsider.get(f"/goals/{world.goal.pk}/deliverable")
    content = b"".join(response.streaming_content)
    assert content == archive.read_bytes()
    assert response["Content-Type"] == "application/zip"
    assert "final_deliverable.zip" in response["Content-Disposition"]
    assert response["X-Content-SHA256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.django_db(transaction=True)
def test_it_is_streamed_under_asgi_too(world, owner, archive):
    async def download():
        client = AsyncClient()
        client.cookies = owner.client.cookies
        response: Any = await client.get(f"{ROOT}/goals/{world.goal.pk}/deliverable")
        return response, b"".join([piece async for piece in response.streaming_content])

    response, content = asyncio.run(download())
    assert content == archive.read_bytes()
    assert response["Content-Length"] == str(len(content))


def test_the_report_as_html_and_markdown(world, outsider, monkeypatch):
    monkeypatch.setattr(delivery, "report_html", lambda *, goal: f"<h1>{goal}</h1>")
    monkeypatch.setattr(delivery, "report_markdown", lambda *, goal: f"# {goal}")
    path = f"/goals/{world.goal.pk}/report"
    response = outsider.get(path)
    assert (response["Content-Type"], response.content) == ("text/html; charset=utf-8", b"<h1>Books</h1>")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "sandbox" in response["Content-Security-Policy"]
    response = outsider.get(f"{path}?format=markdown")
    assert (response["Content-Type"], response.content) == ("text/markdown; charset=utf-8", b"# Books")
    is_problem(outsider.get(f"{path}?format=pdf"), 422)


def test_metrics_say_when_there_is_not_enough_data(world, outsider):
    body = outsider.get(f"/goals/{world.start().goal.pk}/metrics").json()
    assert body["parallelization"]["value"] is None
    assert "not enough data" in body["parallelization"]["words"]
    assert body["attempts"] == {}


@pytest.mark.parametrize("what", ["deliverable", "report", "metrics"])
def test_strangers_and_missing_goals(world, owner, stranger, what):
    is_problem(stranger.get(f"/goals/{world.goal.pk}/{what}"), 401)
    is_problem(owner.get(f"/goals/00000000-0000-0000-0000-000000000009/{what}"), 404)
    is_problem(owner.post(f"/goals/{world.goal.pk}/{what}", {}), 405)


def test_figures_for_a_monitoring_system(world):
    world.start().attempt()
    response = metrics(RequestFactory().get("/metrics"))
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = response.content.decode().splitlines()
    assert 'commandpost_goals{status="running"} 1' in lines
    assert "commandpost_slots 10" in lines
    assert "commandpost_slots_held 1" in lines
    assert "Books" not in response.content.decode()
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    assert metrics(RequestFactory().post("/metrics")).status_code == 405
