"""Voting at a gate: who may, on what, and what they are told when they may not."""

from datetime import timedelta

import pytest
from django.db import connection

from apps.accounts.models import Group
from apps.core import clock
from apps.core.errors import Conflict, Invalid, NotAllowed, StaleEvidence, Unprocessable
from apps.core.models import AuditLink, Event
from apps.gates import services
from apps.gates.models import Vote

pytestmark = pytest.mark.django_db
FAILING = ("sentences-traced",)


@pytest.fixture
def first(world):
    world.start()
    return world.open_round(1)


def test_the_seats_member_approves_and_the_gate_is_deciding(world, first):
    vote = world.vote(world.owner, 1)
    gate = world.gate(1)
    gate_round = gate.rounds.get()
    assert (gate.status, vote.group.slug) == ("deciding", "owners")
    assert gate_round.deciding_until - vote.at == pytest.approx(timedelta(seconds=10), abs=timedelta(seconds=1))


def test_a_vote_is_a_link_in_the_audit_chain_and_an_event(world, first):
    world.vote(world.owner, 1, comment="Good.")
    link = AuditLink.objects.get(what="vote.cast")
    assert link.actor["id"] == str(world.owner.pk)
    assert link.data["evidence_digest"] == first.evidence_digest
    assert Event.objects.filter(stream_id=world.goal.pk, type="vote.cast").count() == 1


class TestWho:
    def test_nobody_without_a_session(self, world, first):
        with pytest.raises(NotAllowed, match="own session"):
            world.vote(world.owner, 1, signed_in_at=None)

    def test_nobody_through_a_token_whatever_its_scopes(self, world, first):
        world.owner.acting_scopes = frozenset({"read", "submit", "operate", "registry", "gate.vote"})
        with pytest.raises(NotAllowed, match="A token can't vote"):
            world.vote(world.owner, 1)
        assert not Vote.objects.exists()

    def test_no_viewer_even_of_the_right_group(self, world, first):
        with pytest.raises(NotAllowed, match="As viewer"):
            world.vote(world.viewer, 1)

    @pytest.mark.parametrize("verdict", ["approve", "request_changes", "reject"])
    def test_nobody_of_another_group(self, world, first, verdict):
        with pytest.raises(NotAllowed, match="only members of owners vote"):
            world.vote(world.architect, 1, verdict, comment="x", reason_code="other")

    def test_nobody_for_a_group_of_others(self, world, first):
        with pytest.raises(NotAllowed, match="not a member of Architects"):
            world.vote(world.owner, 1, group=Group.objects.get(slug="architects"))

    def test_a_sign_in_of_yesterday_has_to_be_repeated(self, world, first):
        with pytest.raises(NotAllowed, match="Sign in again") as caught:
            world.vote(world.owner, 1, signed_in_at=clock.now() - timedelta(hours=13))
        assert caught.value.extra["sign_in_again"] is True

    def test_the_last_gate_asks_for_a_sign_in_within_15_minutes(self, world):
        world.clear(7)
        world.open_round(7)
        with pytest.raises(NotAllowed, match="more than 15 minutes ago"):
            world.vote(world.teammate, 7, signed_in_at=clock.now() - timedelta(minutes=16))
        assert world.vote(world.teammate, 7, signed_in_at=clock.now() - timedelta(minutes=14)).pk


class TestWhat:
    def test_not_on_evidence_that_has_changed_and_the_difference_is_told(self, world, first):
        services.round_supersede(round=first, why="A file changed.")
        world.open_round(1, evidence={"artifacts": {"a.md": "2" * 64}, "phase": 1, "number": 1})
        with pytest.raises(StaleEvidence) as caught:
            world.vote(world.owner, 1, evidence_digest=first.evidence_digest)
        [change] = caught.value.extra["difference"]
        assert (change["where"], change["what"]) == ("artifacts › a.md", "changed")
        assert caught.value.status == 409

    @pytest.mark.parametrize("digest", ["", "0" * 64])
    def test_not_on_evidence_nobody_has_seen(self, world, first, digest):
        with pytest.raises(StaleEvidence):
            world.vote(world.owner, 1, evidence_digest=digest)

    def test_not_approved_while_a_blocking_check_has_not_passed(self, world):
        world.start()
        world.open_round(1, failing=FAILING)
        with pytest.raises(Unprocessable, match="sentences-traced says so") as caught:
            world.vote(world.owner, 1)
        assert (caught.value.status, caught.value.extra["checks"]) == (422, ["sentences-traced"])

    def test_not_approved_while_a_blocking_check_was_not_run(self, world):
        world.start()
        round = services.round_begin(gate=world.gate(1))
        services.evidence_freeze(round=round, evidence={"a": 1}, tree="")
        with pytest.raises(Unprocessable, match="was not run"):
            world.vote(world.owner, 1)

    def test_conditions_have_to_answer_for_each_failing_check(self, world):
        world.start()
        world.open_round(1, failing=FAILING)
        with pytest.raises(Unprocessable, match="Name a condition"):
            world.vote(world.owner, 1, "approve_with_conditions", items=[{"text": "Something else."}])
        item = {"text": "Trace sentence 4.", "check": FAILING[0]}
        assert world.vote(world.owner, 1, "approve_with_conditions", items=[item]).items[0]["due_phase"] == 2

    def test_no_conditions_at_the_last_gate(self, world):
        world.clear(7)
        world.open_round(7, failing=("rollback-tried",))
        with pytest.raises(Unprocessable, match="can't be approved with conditions"):
            world.vote(world.teammate, 7, "approve_with_conditions", items=[{"text": "x", "check": "rollback-tried"}])

    @pytest.mark.parametrize(
        ("verdict", "extra", "field"),
        [
            ("maybe", {}, "verdict"),
            ("request_changes", {}, "items"),
            ("request_changes", {"items": [{"text": " "}]}, "items"),
            ("reject", {"comment": "No."}, "reason_code"),
            ("reject", {"reason_code": "risk"}, "comment"),
            ("reject", {"reason_code": "risk", "comment": "No.", "to_phase": 2}, "to_phase"),
            ("reject", {"reason_code": "risk", "comment": "No.", "to_phase": -1}, "to_phase"),
            ("approve", {"comment": "a\x00b"}, "comment"),
            ("approve_with_conditions", {"items": []}, "conditions"),
            ("approve_with_conditions", {"items": [{"text": "x", "due_phase": 1}]}, "conditions"),
            ("approve_with_conditions", {"items": [{"text": "x", "owner": "nobody"}]}, "conditions"),
        ],
    )
    def test_what_is_missing_is_said_beside_its_field(self, world, first, verdict, extra, field):
        with pytest.raises(Invalid) as caught:
            world.vote(world.owner, 1, verdict, **extra)
        assert field in caught.value.fields


class TestChangingOnesMind:
    def test_withdrawing_takes_the_gate_back_to_open(self, world, first):
        world.vote(world.owner, 1)
        world.vote(world.owner, 1, "withdraw")
        gate = world.gate(1)
        assert (gate.status, gate.rounds.get().deciding_until) == ("open", None)

    def test_there_is_nothing_to_withdraw_before_voting(self, world, first):
        with pytest.raises(Conflict, match="no vote to take back"):
            world.vote(world.owner, 1, "withdraw")

    def test_a_changed_vote_begins_the_window_anew(self, world, first):
        world.vote(world.owner, 1)
        with clock.at(clock.now() + timedelta(seconds=8)):
            world.vote(world.owner, 1, "request_changes", comment="Wait.")
            until = world.gate(1).rounds.get().deciding_until
            assert until == clock.now() + timedelta(seconds=10)
        assert Vote.objects.count() == 2

    def test_a_later_approval_learns_who_decided(self, world, first):
        world.vote(world.owner, 1)
        with pytest.raises(Conflict, match=r"Approved by owner\. That was on"):
            world.vote(world.teammate, 1)

    def test_somebody_else_may_still_object_in_the_window(self, world, first):
        world.vote(world.owner, 1)
        world.vote(world.teammate, 1, "reject", comment="No.", reason_code="risk")
        assert world.settle(1).outcome == "rejected"

    def test_after_the_window_everybody_learns_who_decided_and_when(self, world, first):
        world.vote(world.owner, 1)
        world.settle(1)
        with pytest.raises(Conflict, match=r"closed\. owner approved this round on"):
            world.vote(world.teammate, 1, "reject", comment="No.", reason_code="risk")


def test_a_gate_that_is_not_open_says_why(world):
    with pytest.raises(Conflict, match="not done yet"):
        world.vote(world.owner, 1)
    services.round_begin(gate=world.gate(1))
    with pytest.raises(Conflict, match="being reviewed"):
        world.vote(world.owner, 1)


def test_the_audit_chain_stays_whole(world, first):
    from apps.core import audit

    world.vote(world.owner, 1)
    world.settle(1)
    checked = audit.verify()
    assert checked.bad is None
    assert checked.checked >= 4
    assert connection.in_atomic_block
