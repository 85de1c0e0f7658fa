"""A goal that starts in a later phase: agents begin there, people decide on what was supplied first."""

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import Person
from apps.core import clock
from apps.core.errors import Conflict, Invalid, NotAllowed, Unprocessable
from apps.delivery import workspaces
from apps.delivery.records import gate_records, provenance_records
from apps.gates.guards import verify_now
from apps.gates.models import Round
from apps.gates.results import CheckResult
from apps.gates.services import checks_store, evidence_freeze, round_begin
from apps.goals.models import Goal
from apps.goals.services import Constraints
from apps.hub import actions, decisions, evidence
from apps.hub.advance import advance
from apps.hub.allocation import allocate
from apps.hub.checks import completion
from apps.hub.material import gather
from apps.planning import services as planning
from apps.tasks.models import Artifact, Attempt, Plan, Pool, Task
from apps.tasks.services.pool import slots_ensure
from apps.tasks.supplied import supplied_phases
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

BRIEF = b"A web application for a library. A librarian adds a book. A librarian removes a book."
NEEDED = (
    *("architecture/specification.md", "contract/openapi.json", "deploy/settings.toml", "infrastructure/plan.md"),
    *("requirements/acceptance.json", "requirements/requirements.json"),
)
REQUIREMENTS = b"""{"requirements": [{"number": 1, "text": "Books are added.", "kind": "manual", "sentences": [2],
 "feature": "", "why": ""}], "assumptions": [], "questions": [], "rejected_readings": [], "untraced": []}"""


def supplied() -> dict[str, bytes]:
    return {path: REQUIREMENTS if path.endswith("requirements.json") else b"{}" for path in NEEDED}


@pytest.fixture
def person() -> Person:
    return factories.person("lena", groups=["owners"])


def submit(person: Person, **given: Any) -> Goal:
    made = actions.goal_submit(person=person, title="Books", brief=BRIEF, constraints=Constraints(), **given)
    planning.goal_plan(goal_id=made.pk)
    made.refresh_from_db()
    return made


def test_agents_have_nothing_to_do_before_the_phase_and_the_notes_say_why(person: Person) -> None:
    goal = submit(person, first_phase=4, supplied=supplied())
    plan = Plan.objects.get(goal=goal, status="proposed")
    assert set(Task.objects.filter(plan=plan).values_list("phase", flat=True)) == {4, 5, 6, 7}
    assert "supplied by people (6 files)" in plan.notes["1"]


def test_the_first_commit_holds_what_was_supplied_and_requirements_are_read(person: Person) -> None:
    goal = submit(person, first_phase=4, supplied=supplied())
    actions.goal_start(goal=goal, person=person)
    goal.refresh_from_db()
    assert set(workspaces.workspace_files(goal=goal, commit=goal.head)) == {"strategic_prompt.txt", *NEEDED}
    assert len(workspaces.open_workspace(goal).log()) == 1
    assert set(Artifact.objects.filter(goal=goal, current=True).values_list("path", flat=True)) >= set(NEEDED)
    assert goal.requirements.get().text == "Books are added."


def test_earlier_gates_open_one_after_the_other_and_nothing_later_starts(person: Person) -> None:
    slots_ensure(pool=Pool.objects.get(name="main"))
    goal = submit(person, first_phase=4, supplied=supplied())
    actions.goal_start(goal=goal, person=person)
    verify_now()
    advance(goal_id=goal.pk)
    statuses = [gate.status for gate in goal.gates.order_by("phase")]
    assert statuses[0] in ("reviewing", "open")
    assert set(statuses[1:]) == {"pending"}
    assert set(Task.objects.filter(goal=goal, kind="work").values_list("status", flat=True)) == {"blocked"}
    assert not [attempt for attempt in allocate() if attempt.phase > 1]


def test_what_is_missing_is_named_and_can_be_supplied_later(person: Person) -> None:
    some = supplied()
    del some["contract/openapi.json"]
    goal = submit(person, first_phase=4, supplied=some)
    assert goal.status == "failed"
    assert "must be supplied: contract/openapi.json (for" in goal.failure
    files = {"contract/openapi.json": b"{}"}
    assert actions.goal_supply(goal=goal, person=person, files=files).status == "planning"
    planning.goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    assert (goal.status, goal.supplied.count()) == ("proposed", 6)


def test_the_phase_can_be_taken_back(person: Person) -> None:
    goal = submit(person, first_phase=4, supplied=supplied())
    actions.goal_supply(goal=goal, person=person, files={}, first_phase=1)
    planning.goal_plan(goal_id=goal.pk)
    plan = Plan.objects.get(goal=goal, status="proposed")
    assert Task.objects.filter(plan=plan, phase=1).exists()
    assert not {"1", "2"} & set(plan.notes)


def test_refused_where_it_runs_for_who_may_not_and_with_words(person: Person) -> None:
    goal = submit(person)
    with pytest.raises(NotAllowed):
        actions.goal_supply(goal=goal, person=factories.person(role="viewer"), files={"a.txt": b""})
    with pytest.raises(Invalid) as refused:
        actions.goal_supply(goal=goal, person=person, files={"a.txt": b""}, first_phase=9)
    assert "first_phase" in refused.value.fields
    with pytest.raises(Invalid, match="could leave the workspace"):
        actions.goal_supply(goal=goal, person=person, files={"../a.txt": b""})
    actions.goal_start(goal=goal, person=person)
    with pytest.raises(Conflict, match="its artifacts are made by its tasks, none is supplied"):
        actions.goal_supply(goal=goal, person=person, files={"a.txt": b""})
    verify_now()


def test_an_addition_leaves_the_brief_of_the_workspace_as_it_was_submitted(person: Person) -> None:
    goal = submit(person)
    actions.goal_start(goal=goal, person=person)
    verify_now()
    actions.goal_replan(goal=goal, person=person, addition="A reader borrows a book.")
    goal.refresh_from_db()
    live = round_begin(gate=goal.gates.get(phase=1))
    gathered = gather(goal=goal, round_=live, head=goal.head)
    assert gathered.files["strategic_prompt.txt"] == gathered.brief == BRIEF
    assert gathered.additions == b"\n\nA reader borrows a book."
    assert not [
        one
        for one in completion.validate_completion(gathered)
        if one.name == "brief-unchanged" and one.result != "passed"
    ]


class TestSuppliedAnew:
    """Nobody's task made what was supplied: people change it themselves, until its gate has passed."""

    @pytest.fixture
    def goal(self, person: Person) -> Goal:
        made = submit(person, first_phase=4, supplied=supplied())
        actions.goal_start(goal=made, person=person)
        verify_now()
        made.refresh_from_db()
        return made

    def open_gate(self, goal: Goal, phase: int) -> Round:
        live = round_begin(gate=goal.gates.get(phase=phase))
        checks = [CheckResult(name, "passed", "Seen.") for name in live.rule["blocking"]]
        checks_store(round=live, checks=checks)
        frozen = evidence.evidence_for(goal=goal, round=live, checks=checks, tree=goal.head)
        return evidence_freeze(round=live, evidence=frozen, tree=goal.head)

    def vote(self, live: Round, person: Person, verdict: str, **more: Any) -> None:
        actions.gate_vote(
            person=person, gate=live.gate, verdict=verdict, evidence_digest=live.evidence_digest,
            signed_in_at=clock.now(), **more,
        )  # fmt: skip

    def pass_gate(self, goal: Goal, person: Person, phase: int) -> None:
        self.vote(self.open_gate(goal, phase), person, "approve")
        with clock.at(clock.now() + timedelta(seconds=3700)):
            assert decisions.settle(goal=goal, phase=phase)

    def test_changes_are_refused_with_what_can_be_done_instead(self, goal: Goal, person: Person) -> None:
        live = self.open_gate(goal, 1)
        with pytest.raises(Unprocessable, match=r"were supplied by people.*Supply a changed file instead, or reject"):
            self.vote(live, person, "request_changes", items=[{"text": "Add loans.", "anchor": ""}])
        assert not live.votes.exists()
        self.vote(live, person, "reject", comment="It is wrong.", reason_code="quality", to_phase=1)

    def test_a_changed_file_makes_new_evidence_and_a_new_round(self, goal: Goal, person: Person) -> None:
        live = self.open_gate(goal, 1)
        self.vote(live, person, "approve")
        path, changed = "requirements/requirements.json", REQUIREMENTS.replace(b"Books are added", b"Books are lent")
        before = goal.head
        again = actions.goal_supply(goal=goal, person=person, files={path: changed})
        live.refresh_from_db()
        assert (live.outcome, goal.gates.get(phase=1).status) == ("superseded", "pending")
        assert not decisions.settle(goal=goal, phase=1)
        assert goal.requirements.get().text == "Books are lent."
        assert workspaces.workspace_files(goal=goal, commit=again.head)[path] == changed
        assert workspaces.open_workspace(goal).contains(again.head, before)
        assert Artifact.objects.get(goal=goal, path=path, current=True).sha256 == goal.supplied.get(path=path).blob_id
        fresh = self.open_gate(again, 1)
        assert fresh.evidence_digest != live.evidence_digest
        assert not Attempt.objects.filter(goal=goal, status__in=["dispatched", "running"], phase__gt=1).exists()

    def test_what_a_gate_has_agreed_to_stays(self, goal: Goal, person: Person) -> None:
        self.pass_gate(goal, person, 1)
        live = self.open_gate(goal, 2)
        with pytest.raises(Conflict, match=r"QG-PHASE1 has passed with requirements/acceptance.json as it is"):
            actions.goal_supply(goal=goal, person=person, files={"requirements/acceptance.json": b"[]"})
        live.refresh_from_db()
        assert live.outcome == ""
        actions.goal_supply(goal=goal, person=person, files={"contract/openapi.json": b"[]"})
        live.refresh_from_db()
        assert live.outcome == "superseded"

    def test_refused_for_what_a_task_makes_for_nothing_new_and_for_another_phase(
        self, goal: Goal, person: Person
    ) -> None:
        with pytest.raises(Conflict, match="is made by"):
            actions.goal_supply(goal=goal, person=person, files={"service/app.py": b""})
        with pytest.raises(Conflict, match="just as they were"):
            actions.goal_supply(goal=goal, person=person, files={"contract/openapi.json": b"{}"})
        with pytest.raises(Conflict, match="chosen before"):
            actions.goal_supply(goal=goal, person=person, files={"contract/openapi.json": b"[]"}, first_phase=3)
        with pytest.raises(Invalid, match="Choose a file"):
            actions.goal_supply(goal=goal, person=person, files={})
        with pytest.raises(NotAllowed):
            actions.goal_supply(goal=goal, person=factories.person(role="viewer"), files={"contract/openapi.json": b""})
        assert Artifact.objects.get(goal=goal, path="contract/openapi.json").current

    def test_each_file_belongs_to_the_gate_of_its_phase(self, goal: Goal, person: Person) -> None:
        assert supplied_phases(goal) == {
            "architecture/specification.md": 2, "contract/openapi.json": 2, "deploy/settings.toml": 3,
            "infrastructure/plan.md": 3, "requirements/acceptance.json": 1, "requirements/requirements.json": 1,
        }  # fmt: skip
        tree = workspaces.open_workspace(goal).read_tree(goal.head)
        told = {row["path"]: row for row in provenance_records(goal, tree, gate_records(goal))}
        assert {path: row["gates"] for path, row in told.items()} == {
            "strategic_prompt.txt": ["QG-PHASE1"],
            **{path: [f"QG-PHASE{phase}"] for path, phase in supplied_phases(goal).items()},
        }
        assert told["contract/openapi.json"]["origin"] == "supplied"
