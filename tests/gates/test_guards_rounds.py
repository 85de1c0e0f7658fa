"""The database keeps rounds, evidence and votes as they were: tried in SQL as the application's role."""

import pytest

from apps.core import clock
from apps.gates import services
from apps.gates.models import Round, Vote
from tests.gates.support import refused, sql

pytestmark = pytest.mark.django_db


class TestRounds:
    def test_none_begins_with_a_rule_of_its_own(self, world):
        gate = world.gate(1)
        round = services.round_begin(gate=gate)
        sql("UPDATE gates_round SET outcome = 'superseded' WHERE id = %s", [round.pk])
        for rule in ({**round.rule, "seats": []}, {**round.rule, "blocking": []}, {**round.rule, "solo": True}):
            with refused("round_follows_its_definition"):
                Round.objects.create(
                    gate=gate,
                    number=2,
                    definition=round.definition,
                    rule=rule,
                    began_at=clock.now(),
                    reviewing_until=clock.now(),
                )

    @pytest.mark.parametrize(
        "change",
        [
            "rule = '{}'",
            "evidence = '{}'",
            "evidence_digest = '0'",
            "tree = ''",
            "solo = true",
            "number = 9",
        ],
    )
    def test_what_people_decide_on_stays(self, world, change):
        round = world.open_round(1)
        with refused("round_is_frozen"):
            sql(f"UPDATE gates_round SET {change} WHERE id = %s", [round.pk])

    def test_an_outcome_stays(self, world):
        round = world.open_round(1)
        services.round_supersede(round=round, why="test")
        with refused("round_is_frozen"):
            sql("UPDATE gates_round SET outcome = 'passed' WHERE id = %s", [round.pk])

    def test_a_frozen_round_is_not_deleted(self, world):
        world.open_round(1)
        with refused("round_is_frozen"):
            sql("DELETE FROM gates_round")


class TestVotes:
    def insert(self, round, person, **extra):
        given = {"verdict": "approve", "evidence_digest": round.evidence_digest, "at": clock.now(), **extra}
        return Vote.objects.create(round=round, person=person, **given)

    def test_none_before_the_gate_is_open(self, world):
        round = services.round_begin(gate=world.gate(1))
        with refused("vote_on_an_open_gate"):
            self.insert(round, world.owner)

    def test_none_after_the_decision(self, world):
        world.start()
        round = world.open_round(1)
        world.vote(world.owner, 1)
        world.settle(1)
        with refused("vote_on_an_open_gate"):
            self.insert(round, world.teammate)

    def test_none_about_other_evidence(self, world):
        round = world.open_round(1)
        with refused("vote_names_the_evidence"):
            self.insert(round, world.owner, evidence_digest="0" * 64)

    def test_none_for_a_group_of_others(self, world):
        round = world.open_round(1)
        with refused("vote_for_an_own_group"):
            self.insert(round, world.owner, group=world.architect.seat_groups.get())
