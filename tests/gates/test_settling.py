"""What becomes of a decision: clearances, conditions, requested changes, rejections, overrides, solo mode."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.actors import HUB
from apps.core.errors import Conflict, Invalid, NotAllowed, StaleState, Unprocessable
from apps.core.models import AuditLink
from apps.gates import services
from apps.gates.definitions import newest
from apps.gates.models import Clearance, Condition, GateDefinition
from tests.gates.conftest import solo

pytestmark = pytest.mark.django_db
FAILING = ("sentences-traced",)


class TestPassing:
    def test_nothing_happens_before_the_window_is_over(self, world):
        world.start()
        world.open_round(1)
        world.vote(world.owner, 1)
        assert services.decision_settle(gate=world.gate(1)) is None
        assert world.gate(1).status == "deciding"

    def test_it_clears_the_next_phase_with_a_seat_for_the_vote(self, world):
        world.start()
        round = world.open_round(1)
        vote = world.vote(world.owner, 1)
        decision = world.settle(1)
        clearance = Clearance.objects.get(phase=2)
        assert (decision.outcome, decision.clearance) == ("passed", clearance)
        assert [(seat.seat, seat.vote_id) for seat in clearance.seats.all()] == [("the owner's group", vote.pk)]
        assert (clearance.solo, clearance.override, clearance.rule) == (False, False, round.rule)
        assert world.gate(1).status == "passed"
        assert AuditLink.objects.filter(what="clearance.made", subject=f"clearance:{clearance.pk}").exists()

    def test_settling_twice_changes_nothing(self, world):
        world.start()
        world.open_round(1)
        world.vote(world.owner, 1)
        world.settle(1)
        assert world.settle(1) is None
        assert Clearance.objects.filter(phase=2).count() == 1

    def test_who_left_the_group_in_the_window_no_longer_counts(self, world):
        world.start()
        world.open_round(1)
        world.vote(world.owner, 1)
        world.owner.seat_groups.clear()
        assert world.settle(1) is None
        assert world.gate(1).status == "open"

    def test_all_seven_in_a_row_end_in_clearance_8(self, world):
        world.clear(7)
        world.open_round(7)
        world.vote(world.owner, 7)
        world.vote(world.teammate, 7)
        assert world.gate(7).status == "open"
        world.vote(world.quality, 7)
        assert world.settle(7).clearance.phase == 8


class TestConditions:
    @pytest.fixture
    def condition(self, world):
        world.start()
        world.open_round(1, failing=FAILING)
        item = {"text": "Trace sentence 4.", "check": FAILING[0], "due_phase": 2, "owner": "teammate"}
        world.vote(world.owner, 1, "approve_with_conditions", items=[item])
        assert not Condition.objects.exists()
        [made] = world.settle(1).conditions
        return made

    def test_it_comes_into_being_when_the_gate_passes(self, world, condition):
        assert (condition.status, condition.owner, condition.due_phase) == ("open", world.teammate, 2)

    def test_it_blocks_the_gate_of_its_due_phase_until_a_person_closes_it(self, world, condition):
        world.open_round(2)
        with pytest.raises(Unprocessable, match="Trace sentence 4"):
            world.vote(world.architect, 2)
        services.condition_close(condition=condition, person=world.owner, status="met", words="It is traced now.")
        world.vote(world.architect, 2)
        assert world.settle(2).outcome == "passed"

    def test_it_is_closed_once_and_with_words(self, world, condition):
        with pytest.raises(Invalid):
            services.condition_close(condition=condition, person=world.owner, status="met", words=" ")
        with pytest.raises(Invalid):
            services.condition_close(condition=condition, person=world.owner, status="open", words="x")
        stale = Condition.objects.get(pk=condition.pk)
        services.condition_close(condition=condition, person=world.owner, status="waived", words="Not needed.")
        with pytest.raises(StaleState):
            services.condition_close(condition=stale, person=world.owner, status="met", words="x")


class TestObjections:
    def test_requested_changes_become_items(self, world):
        world.start()
        world.open_round(1)
        items = [{"text": "Name the units.", "anchor": "requirements/requirements.md:4"}, {"text": "Add a figure."}]
        world.vote(world.owner, 1, "request_changes", items=items)
        decision = world.settle(1)
        assert [(one.number, one.anchor) for one in decision.items] == [(1, "requirements/requirements.md:4"), (2, "")]
        assert world.gate(1).status == "changes_requested"
        assert not Clearance.objects.filter(phase=2).exists()

    def test_a_rejection_says_where_to_go_back_to(self, world):
        world.clear(3)
        world.open_round(3)
        world.vote(world.operator, 3, "reject", comment="Too dear.", reason_code="cost", to_phase=1)
        decision = world.settle(3)
        assert (decision.outcome, decision.to_phase, world.gate(3).status) == ("rejected", 1, "rejected")

    def test_zero_ends_the_goal(self, world):
        world.start()
        world.open_round(1)
        world.vote(world.owner, 1, "reject", comment="No.", reason_code="obsolete", to_phase=0)
        assert world.settle(1).to_phase == 0


class TestOverride:
    def test_it_needs_two_persons_and_is_named_in_the_clearance(self, world):
        world.start()
        world.open_round(1, failing=FAILING)
        world.vote(world.owner, 1, "override", comment="We know.")
        assert world.gate(1).status == "open"
        world.vote(world.teammate, 1, "override", comment="Agreed.")
        clearance = world.settle(1).clearance
        assert clearance.override is True
        link = AuditLink.objects.get(what="checks.overridden")
        assert link.data["reasons"] == {"owner": "We know.", "teammate": "Agreed."}
        assert link.data["checks"] == ["sentences-traced"]

    def test_it_needs_a_reason_a_failed_check_and_a_fresh_sign_in(self, world):
        world.start()
        world.open_round(1, failing=FAILING)
        with pytest.raises(Invalid, match="reason for the override"):
            world.vote(world.owner, 1, "override")
        with pytest.raises(NotAllowed, match="15 minutes"):
            world.vote(world.owner, 1, "override", comment="x", signed_in_at=clock.now() - timedelta(minutes=16))
        services.round_supersede(round=world.gate(1).rounds.get(), why="test")
        world.open_round(1)
        with pytest.raises(Unprocessable, match="no failed check"):
            world.vote(world.owner, 1, "override", comment="x")


class TestSoloMode:
    def test_one_person_passes_the_last_gate_and_the_clearance_says_so(self, world):
        solo(True)
        world.start()
        for phase in range(1, 8):
            world.open_round(phase)
            world.vote(world.owner, phase)
            clearance = world.settle(phase).clearance
        assert (clearance.phase, clearance.solo, clearance.seats.get().seat) == (8, True, "solo")

    def test_the_last_gate_asks_for_a_fresh_sign_in_all_the_same(self, world):
        world.clear(7)
        solo(True)
        world.open_round(7)
        with pytest.raises(NotAllowed, match="15 minutes"):
            world.vote(world.owner, 7, signed_in_at=clock.now() - timedelta(minutes=16))

    def test_switching_applies_to_rounds_that_begin_afterwards(self, world):
        solo(True)
        world.start()
        world.open_round(1)
        services.solo_mode_switch(on=False, person=world.admin)
        assert world.gate(1).rounds.get().solo is True
        services.round_supersede(round=world.gate(1).rounds.get(), why="test")
        assert world.open_round(1).solo is False
        assert AuditLink.objects.get(what="solo_mode.switched").data == {"on": False}

    def test_it_stays_on_while_there_is_nobody_else(self, world):
        solo(True)
        for name, person in world.people.items():
            if name != "admin":
                person.seat_groups.clear()
        with pytest.raises(Conflict, match="second person"):
            services.solo_mode_switch(on=False, person=world.admin)

    def test_only_an_admin_switches(self, world):
        with pytest.raises(NotAllowed):
            services.solo_mode_switch(on=True, person=world.owner)


class TestDefinitions:
    def test_an_edit_is_a_new_version_and_running_rounds_keep_theirs(self, world):
        world.start()
        round = world.open_round(1)
        changed = services.definition_change(code="QG-PHASE1", person=world.admin, deadline_hours=48)
        assert (changed.version, newest("QG-PHASE1").deadline_hours) == (2, 48)
        assert world.gate(1).rounds.get().definition_id == round.definition_id
        link = AuditLink.objects.get(what="gate_definition.changed")
        assert link.data["changed"] == {"deadline_hours": {"was": 24, "is": 48}}

    def test_an_edit_without_a_change_makes_no_version(self, world):
        services.definition_change(code="QG-PHASE1", person=world.admin, deadline_hours=24)
        assert GateDefinition.objects.filter(code="QG-PHASE1").count() == 1

    @pytest.mark.parametrize(
        "changes",
        [{"rule": {"seats": []}}, {"undo_seconds": -1}, {"reviews": "x"}, {"title": ""}, {"phase": 3}],
    )
    def test_what_makes_no_sense_is_refused(self, world, changes):
        with pytest.raises(Invalid) as caught:
            services.definition_change(code="QG-PHASE1", person=world.admin, **changes)
        assert set(caught.value.fields) == set(changes)


class TestRevoking:
    def test_clearances_of_a_range_are_revoked_and_can_be_earned_again(self, world):
        world.clear(4)
        gone = services.clearances_revoke(goal=world.goal, from_phase=3, to_phase=4, actor=HUB, why="Rejected.")
        assert [one.phase for one in gone] == [3, 4]
        services.gates_reopen(goal=world.goal, from_phase=2, to_phase=3, actor=HUB, why="Rejected.")
        assert [world.gate(phase).status for phase in (1, 2, 3)] == ["passed", "pending", "pending"]
        world.open_round(2)
        world.vote(world.architect, 2)
        assert world.settle(2).clearance.phase == 3

    def test_starting_the_same_plan_twice_gives_one_clearance(self, world):
        assert world.start() == world.start()

    def test_a_goal_that_ended_has_its_gates_closed(self, world):
        world.open_round(1)
        services.gates_close(goal=world.goal, actor=HUB, why="Cancelled.")
        assert {gate.status for gate in world.goal.gates.all()} == {"closed"}
        assert world.gate(1).rounds.get().outcome == "superseded"
