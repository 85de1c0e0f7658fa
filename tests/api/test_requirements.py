"""GET /goals/{id}/requirements and POST …/{number}/tick."""

from apps.goals.services import requirements_store
from tests.api.conftest import is_problem


def stored(world):
    entries = [
        {"number": number, "text": f"Thing {number}", "kind": kind, "sentences": [1]}
        for number, kind in ((1, "testable"), (2, "manual"))
    ]
    requirements_store(goal=world.goal, document={"requirements": entries})
    return f"/goals/{world.goal.pk}/requirements"


def test_it_lists_and_ticks(world, owner, outsider):
    path = stored(world)
    assert [row["kind"] for row in outsider.get(path).json()["items"]] == ["testable", "manual"]
    assert owner.post(f"{path}/2/tick", {"ticked": True}).json()["ticked_by"] == "owner"
    assert owner.post(f"{path}/2/tick", {"ticked": False}).json()["ticked_at"] is None


def test_who_can_t_and_what_can_t(world, owner, outsider, owner_person, by_token):
    path = stored(world)
    is_problem(outsider.post(f"{path}/2/tick", {}), 403)
    is_problem(by_token(owner_person, "read", "operate").post(f"{path}/2/tick", {}), 403, "token")
    is_problem(owner.post(f"{path}/1/tick", {}), 409, "testable")
    for number in ("3", "x", "99999999999999999999"):
        is_problem(owner.post(f"{path}/{number}/tick", {}), 404)
