"""The rule of a gate: who fills which seat, and what the votes decide."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.seats import ANY_GROUP, Ballot, OpenCheck, Rule, RuleError, Seat, decide, helps, latest, match

ONE = Rule((Seat("architects", frozenset({"architects"})),))
TWO = Rule((Seat("owner's group", frozenset({"owners"})), Seat("second person", frozenset({ANY_GROUP}))))
FAILED = OpenCheck("tests-pass", "2 of 40 tests fail.")


def ballot(person, verdict="approve", groups=("architects",), order=1, answers=()):
    return Ballot(person, person.title(), frozenset(groups), verdict, order, frozenset(answers))


def test_it_approves_when_the_only_seat_is_filled():
    decision = decide(ONE, [ballot("ann")])
    assert (decision.outcome, dict(decision.seats), decision.persons) == ("approve", {"architects": "ann"}, ("ann",))
    assert decision.sentence == "Approved by Ann."


def test_it_says_what_is_missing_and_from_whom():
    decision = decide(TWO, [ballot("ann", groups=["owners"])])
    assert decision.outcome == "undecided"
    assert decision.sentence == "Still needed: one vote of any person of the command group."


def test_a_vote_of_another_group_fills_no_seat():
    assert decide(ONE, [ballot("ann", groups=["quality"])]).outcome == "undecided"


def test_a_person_without_a_group_fills_not_even_an_open_seat():
    assert decide(Rule((Seat("any", frozenset({ANY_GROUP})),)), [ballot("ann", groups=[])]).outcome == "undecided"


def test_one_person_never_fills_two_seats():
    votes = [ballot("ann", groups=["owners", "architects"]), ballot("ann", groups=["architects"], order=2)]
    assert decide(TWO, votes).outcome == "undecided"


def test_the_latest_vote_of_a_person_counts():
    votes = [ballot("ann", order=1), ballot("ann", "withdraw", order=2)]
    assert decide(ONE, votes).outcome == "undecided"
    assert decide(ONE, [*votes, ballot("ann", order=3)]).outcome == "approve"


def test_one_request_for_changes_outweighs_approvals_and_one_rejection_both():
    votes = [ballot("ann"), ballot("bob", "request_changes")]
    assert decide(ONE, votes).outcome == "changes"
    decision = decide(ONE, [*votes, ballot("cyd", "reject")])
    assert (decision.outcome, decision.persons, decision.sentence) == ("reject", ("cyd",), "Rejected by Cyd.")


def test_an_objection_of_somebody_outside_the_seats_groups_decides_nothing():
    assert decide(ONE, [ballot("ann", "reject", groups=["quality"])]).outcome == "undecided"


class TestExclusion:
    RULE = Rule(TWO.seats, excluded={"ann": "Ann submitted this goal."})

    def test_the_submitter_does_not_count_towards_a_rule_of_two(self):
        decision = decide(self.RULE, [ballot("ann", groups=["owners"]), ballot("bob", groups=["owners"])])
        assert decision.outcome == "undecided"
        assert "Ann's approval does not count: Ann submitted this goal." in decision.sentence

    def test_the_submitter_may_still_ask_for_changes(self):
        assert decide(self.RULE, [ballot("ann", "request_changes", groups=["owners"])]).outcome == "changes"

    def test_a_rule_of_one_counts_everybody(self):
        assert decide(Rule(ONE.seats, excluded={"ann": "x"}), [ballot("ann")]).outcome == "approve"

    def test_solo_mode_counts_everybody(self):
        rule = Rule(TWO.seats, solo=True, excluded={"ann": "x"})
        assert decide(rule, [ballot("ann", groups=["owners"]), ballot("bob")]).outcome == "approve"


class TestFailingChecks:
    def test_a_plain_approval_does_not_count(self):
        assert decide(ONE, [ballot("ann")], [FAILED]).outcome == "undecided"

    def test_a_condition_for_each_check_counts(self):
        vote = ballot("ann", "approve_with_conditions", answers=["tests-pass"])
        assert decide(ONE, [vote], [FAILED]).outcome == "approve"
        assert decide(ONE, [vote], [FAILED, OpenCheck("contract", "no")]).outcome == "undecided"

    def test_conditions_don_t_count_where_the_rule_forbids_them(self):
        vote = ballot("ann", "approve_with_conditions", answers=["tests-pass"])
        assert decide(Rule(ONE.seats, conditions=False), [vote], [FAILED]).outcome == "undecided"

    def test_an_override_needs_two_persons(self):
        first = ballot("ann", "override")
        assert "a second person" in decide(ONE, [first], [FAILED]).sentence
        decision = decide(ONE, [first, ballot("bob", "override")], [FAILED])
        assert decision.outcome == "override"
        assert set(decision.persons) == {"ann", "bob"}

    def test_a_barred_person_s_override_is_not_one_of_the_two(self):
        rule = Rule(TWO.seats, excluded={"ann": "Ann edited the plan."})
        votes = [ballot("ann", "override", groups=["owners"]), ballot("bob", "override", groups=["owners"])]
        assert decide(rule, votes, [FAILED]).outcome == "undecided"


class TestReadingARule:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({}, "at least one seat"),
            ({"seats": []}, "at least one seat"),
            ([], "at least one seat"),
            ({"seats": [{"groups": ["a"]}]}, "needs a name"),
            ({"seats": [{"seat": "a", "groups": []}]}, "list of groups"),
            ({"seats": [{"seat": "a", "groups": "a"}]}, "list of groups"),
            ({"seats": [{"seat": "a", "groups": ["a"]}, {"seat": "a", "groups": ["b"]}]}, "same name"),
            ({"seats": [{"seat": "a", "groups": ["a"]}], "fresh_minutes": -1}, "whole number"),
            ({"seats": [{"seat": "a", "groups": ["a"]}], "excluded": ["ann"]}, "persons to reasons"),
        ],
    )
    def test_it_refuses_what_is_not_a_rule(self, data, words):
        with pytest.raises(RuleError, match=words):
            Rule.from_json(data)


GROUPS = st.sampled_from(["a", "b", "c", "d"])
SEATS = st.lists(st.frozensets(GROUPS, min_size=1, max_size=3), min_size=1, max_size=4)
VOTERS = st.lists(st.frozensets(GROUPS, max_size=3), max_size=5)


def cases(seat_groups, voter_groups):
    rule = Rule(tuple(Seat(f"s{i}", groups) for i, groups in enumerate(seat_groups)))
    return rule, [ballot(f"p{i}", groups=groups, order=i) for i, groups in enumerate(voter_groups)]


def largest(rule, ballots):
    """By trying every order of persons: greedy filling finds the maximum in at least one of them."""
    best = 0
    for order in permutations(ballots):
        free = list(order)
        filled = 0
        for seat in rule.seats:
            sitting = next((b for b in free if seat.open_to(b.groups)), None)
            if sitting:
                free.remove(sitting)
                filled += 1
        best = max(best, filled)
    return best


@given(SEATS, VOTERS)
def test_the_matching_is_maximum_and_lawful(seat_groups, voter_groups):
    rule, ballots = cases(seat_groups, voter_groups)
    found = match(rule, ballots)
    by_person = {b.person: b for b in ballots}
    seats = {seat.name: seat for seat in rule.seats}
    assert len(set(found.values())) == len(found) == largest(rule, ballots)
    assert all(seats[name].open_to(by_person[person].groups) for name, person in found.items())


@given(SEATS, VOTERS, st.randoms())
def test_the_order_of_the_clicks_does_not_matter(seat_groups, voter_groups, random):
    rule, ballots = cases(seat_groups, voter_groups)
    shuffled = list(ballots)
    random.shuffle(shuffled)
    again = [Ballot(b.person, b.name, b.groups, b.verdict, order) for order, b in enumerate(shuffled)]
    assert decide(rule, ballots) == decide(rule, again)


def test_only_the_newest_vote_of_each_person_is_kept():
    votes = [ballot("ann", order=2), ballot("ann", "reject", order=1), ballot("bob", "withdraw", order=3)]
    assert [(b.person, b.verdict) for b in latest(votes)] == [("ann", "approve")]


def test_who_helps_is_whoever_lets_one_more_seat_be_filled():
    owner = ballot("ann", groups=["owners"])
    assert decide(TWO, [owner]).missing[0].name == "second person"
    assert helps(TWO, [owner], ballot("bob", groups=["quality"]))
    other = ballot("cyd", groups=["quality"])
    assert not helps(TWO, [other], ballot("bob", groups=["quality"]))
    assert not helps(Rule(TWO.seats, excluded={"ann": "x"}), [other], owner)
