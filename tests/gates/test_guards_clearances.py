"""The database refuses a clearance that is not earned: tried in SQL as the application's role."""

import pytest

from apps.core import clock
from apps.core.actors import HUB
from apps.gates import services
from apps.gates.models import Clearance, Condition, Round, Vote
from tests.gates.support import SEAT, force_passed, insert_clearance, other_goal, refused, sql, verify

pytestmark = pytest.mark.django_db


class TestClearances:
    @pytest.fixture
    def open_one(self, world):
        world.start()
        return world.open_round(1)

    def test_it_is_made_when_its_seat_is_filled(self, world, open_one):
        vote = world.vote(world.owner, 1)
        force_passed(open_one)
        insert_clearance(open_one, seats=[(SEAT, vote)])
        verify()

    def test_none_without_seats(self, world, open_one):
        world.vote(world.owner, 1)
        force_passed(open_one)
        with refused("clearance_seats_filled"):
            insert_clearance(open_one)

    def test_none_before_its_gate_has_passed(self, world, open_one):
        vote = world.vote(world.owner, 1)
        with refused("clearance_after_its_decision"):
            insert_clearance(open_one, seats=[(SEAT, vote)])

    def test_none_with_a_vote_that_was_changed_since(self, world, open_one):
        old = world.vote(world.owner, 1)
        world.vote(world.owner, 1, "withdraw")
        force_passed(open_one)
        with refused("seat_vote_is_latest"):
            insert_clearance(open_one, seats=[(SEAT, old)])

    def test_none_with_a_vote_that_does_not_approve(self, world, open_one):
        vote = world.vote(world.owner, 1)
        vote = world.vote(world.owner, 1, "withdraw")
        force_passed(open_one)
        with refused("seat_vote_approves"):
            insert_clearance(open_one, seats=[(SEAT, vote)])

    def test_none_against_somebodys_objection(self, world, open_one):
        vote = world.vote(world.owner, 1)
        world.vote(world.teammate, 1, "request_changes", comment="No.")
        force_passed(open_one)
        with refused("clearance_without_objection"):
            insert_clearance(open_one, seats=[(SEAT, vote)])

    def test_none_with_a_vote_about_an_earlier_round(self, world, open_one):
        old = world.vote(world.owner, 1)
        services.round_supersede(round=open_one, why="test")
        second = world.open_round(1)
        force_passed(second)
        with refused("seat_vote_of_this_round"):
            insert_clearance(second, seats=[(SEAT, old)])

    def test_none_with_somebody_elses_name_on_the_vote(self, world, open_one):
        vote = world.vote(world.owner, 1)
        force_passed(open_one)
        vote.person_id = world.teammate.pk
        with refused("seat_vote_of_this_round"):
            insert_clearance(open_one, seats=[(SEAT, vote)])

    def test_none_with_a_person_who_has_left_the_group(self, world, open_one):
        vote = world.vote(world.owner, 1)
        force_passed(open_one)
        world.owner.seat_groups.clear()
        with refused("seat_person_in_group"):
            insert_clearance(open_one, seats=[(SEAT, vote)])

    def test_none_with_a_person_of_another_group(self, world, open_one):
        vote = Vote.objects.create(
            round=open_one,
            person=world.architect,
            verdict="approve",
            evidence_digest=open_one.evidence_digest,
            at=clock.now(),
        )
        force_passed(open_one)
        with refused("seat_person_in_group"):
            insert_clearance(open_one, seats=[(SEAT, vote)])

    def test_none_with_a_seat_that_the_rule_does_not_have(self, world, open_one):
        vote = world.vote(world.owner, 1)
        force_passed(open_one)
        with refused("clearance_seats_filled"):
            insert_clearance(open_one, seats=[("a seat of my own", vote)])

    def test_no_seat_is_added_later(self, world, open_one):
        vote = world.vote(world.owner, 1)
        other = world.vote(world.owner, 1, comment="again")
        clearance = world.settle(1).clearance
        with refused("clearance_seats_filled"):
            sql(
                "INSERT INTO gates_clearanceseat (clearance_id, seat, vote_id, person_id) VALUES (%s, 'x', %s, %s)",
                [clearance.pk, vote.pk, world.teammate.pk],
            )
        assert clearance.seats.get().vote_id == other.pk

    def test_none_with_an_easier_rule_than_its_round_had(self, world, open_one):
        vote = world.vote(world.owner, 1)
        force_passed(open_one)
        with refused("clearance_keeps_the_rule"):
            insert_clearance(open_one, seats=[(SEAT, vote)], rule={"seats": []})
        with refused("clearance_keeps_the_rule"):
            insert_clearance(open_one, seats=[(SEAT, vote)], solo=True)

    def test_none_for_another_phase_or_goal(self, world, open_one):
        vote = world.vote(world.owner, 1)
        force_passed(open_one)
        with refused("clearance_of_its_gate"):
            insert_clearance(open_one, phase=3, seats=[(SEAT, vote)])
        goal, _, _ = other_goal(world)
        with refused("clearance_of_its_gate"):
            insert_clearance(open_one, goal=goal, seats=[(SEAT, vote)])

    def test_none_when_the_phase_before_is_not_cleared(self, world, open_one):
        vote = world.vote(world.owner, 1)
        force_passed(open_one)
        services.clearances_revoke(goal=world.goal, from_phase=1, to_phase=1, actor=HUB, why="test")
        with refused("clearance_follows_the_one_before"):
            insert_clearance(open_one, seats=[(SEAT, vote)])

    def test_only_one_in_force_for_a_phase(self, world, open_one):
        world.vote(world.owner, 1)
        world.settle(1)
        with refused("one_clearance_in_force"):
            insert_clearance(Round.objects.get(pk=open_one.pk), seats=[])

    def test_none_while_a_condition_that_is_due_is_open(self, world, open_one):
        world.vote(world.owner, 1, "approve_with_conditions", items=[{"text": "Name the units.", "due_phase": 2}])
        world.settle(1)
        second = world.open_round(2)
        vote = Vote.objects.create(
            round=second,
            person=world.architect,
            verdict="approve",
            evidence_digest=second.evidence_digest,
            at=clock.now(),
        )
        force_passed(second)
        with refused("clearance_conditions_closed"):
            insert_clearance(second, phase=3, seats=[("architects", vote)])


class TestChecks:
    @pytest.fixture
    def failing(self, world):
        world.start()
        return world.open_round(1, failing=("sentences-traced",))

    def raw_vote(self, round, person, verdict="approve", items=()):
        return Vote.objects.create(
            round=round,
            person=person,
            verdict=verdict,
            items=list(items),
            evidence_digest=round.evidence_digest,
            at=clock.now(),
        )

    def test_none_while_a_blocking_check_is_unanswered(self, world, failing):
        vote = self.raw_vote(failing, world.owner)
        force_passed(failing)
        with refused("clearance_checks_answered"):
            insert_clearance(failing, seats=[(SEAT, vote)])

    def test_a_condition_answers_for_it_only_as_a_row_and_in_the_vote(self, world, failing):
        items = [{"check": "sentences-traced", "text": "Trace it.", "due_phase": 2, "owner": ""}]
        vote = self.raw_vote(failing, world.owner, "approve_with_conditions", items)
        force_passed(failing)
        with refused("clearance_checks_answered"):
            insert_clearance(failing, seats=[(SEAT, vote)])
        Condition.objects.create(
            goal=world.goal, round=failing, text="t", check_name="sentences-traced", owner=world.owner, due_phase=2
        )
        insert_clearance(failing, seats=[(SEAT, vote)])
        verify()

    def test_an_override_needs_two_persons_and_its_name(self, world, failing):
        vote = self.raw_vote(failing, world.owner, "override")
        force_passed(failing)
        with refused("clearance_names_its_override"):
            insert_clearance(failing, seats=[(SEAT, vote)], override=True)

    def test_an_override_is_named_in_the_clearance(self, world, failing):
        vote = self.raw_vote(failing, world.owner, "override")
        self.raw_vote(failing, world.teammate, "override")
        force_passed(failing)
        with refused("clearance_names_its_override"):
            insert_clearance(failing, seats=[(SEAT, vote)], override=False)
        insert_clearance(failing, seats=[(SEAT, vote)], override=True)
        verify()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE gates_check SET result = 'passed'",
            "UPDATE gates_check SET blocking = false",
            "DELETE FROM gates_check",
            "INSERT INTO gates_check (round_id, name, blocking, result, sentence, proof, source)"
            " SELECT id, 'x', false, 'passed', '', '{}', 'y' FROM gates_round",
        ],
    )
    def test_checks_are_frozen_with_the_evidence(self, world, failing, statement):
        with refused("check_is_frozen"):
            sql(statement)


class TestRuleOfTwo:
    @pytest.fixture
    def seventh(self, world):
        world.clear(7)
        return world.open_round(7)

    def test_one_person_does_not_sit_twice(self, world, seventh):
        vote = world.vote(world.teammate, 7)
        force_passed(seventh)
        with refused("person_once_per_clearance"):
            insert_clearance(seventh, phase=8, seats=[(SEAT, vote), ("a second person", vote)])

    def test_one_person_does_not_sit_twice_under_two_names(self, world, seventh):
        vote = world.vote(world.teammate, 7)
        force_passed(seventh)
        with refused("clearance_persons_distinct"):
            clearance = insert_clearance(seventh, phase=8, seats=[(SEAT, vote)])
            sql(
                "INSERT INTO gates_clearanceseat (clearance_id, seat, vote_id, person_id) VALUES (%s, %s, %s, %s)",
                [clearance.pk, "a second person", vote.pk, world.quality.pk],
            )

    def test_one_seat_is_not_enough(self, world, seventh):
        vote = world.vote(world.teammate, 7)
        force_passed(seventh)
        with refused("clearance_seats_filled"):
            insert_clearance(seventh, phase=8, seats=[(SEAT, vote)])

    def test_the_submitter_does_not_count(self, world, seventh):
        mine, other = world.vote(world.owner, 7), world.vote(world.quality, 7)
        force_passed(seventh)
        with refused("seat_person_counts"):
            insert_clearance(seventh, phase=8, seats=[(SEAT, mine), ("a second person", other)])


class TestStarts:
    def test_none_of_a_plan_that_is_not_active(self, world):
        with refused("start_of_the_active_plan"):
            Clearance.objects.create(
                goal=world.goal, phase=1, started_by=world.owner, plan_id=world.plan.pk, made_at=clock.now()
            )

    def test_none_of_another_goals_plan(self, world):
        _, plan, _ = other_goal(world)
        with refused("start_of_the_active_plan"):
            Clearance.objects.create(
                goal=world.goal, phase=1, started_by=world.owner, plan_id=plan.pk, made_at=clock.now()
            )

    def test_none_by_nobody(self, world):
        with refused("clearance_has_its_cause"):
            Clearance.objects.create(goal=world.goal, phase=1, plan_id=world.plan.pk, made_at=clock.now())

    def test_none_of_a_later_phase_without_a_round(self, world):
        with refused("clearance_has_its_cause"):
            Clearance.objects.create(goal=world.goal, phase=4, started_by=world.owner, made_at=clock.now())
