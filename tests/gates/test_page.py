"""What the page of a gate tells one person."""

import pytest

from apps.gates import services
from apps.gates.selectors import gate_page

pytestmark = pytest.mark.django_db


def page(world, person, phase=1):
    return gate_page(gate=world.gate(phase), person=person)


def why_not(shown):
    return {verdict: button.why_not for verdict, button in shown.buttons.items() if button.why_not}


def test_before_the_first_round_every_button_says_why_not(world):
    shown = page(world, world.owner)
    assert shown.round is None
    assert set(shown.buttons) == {
        "approve",
        "approve_with_conditions",
        "request_changes",
        "reject",
        "override",
        "withdraw",
    }
    assert all("not done yet" in button.why_not for button in shown.buttons.values())


def test_a_member_of_the_seats_group_may_decide(world):
    world.open_round(1)
    shown = page(world, world.owner)
    assert set(why_not(shown)) == {"override", "withdraw"}
    assert shown.my_vote_counts_for == "Your vote fills the seat of the owner's group."
    assert shown.fresh
    [seat] = shown.seats
    assert (seat.open_to, seat.filled_by, sorted(seat.who_can)) == ("owners", "", ["admin", "owner", "teammate"])


def test_somebody_of_another_group_is_told_so(world):
    world.open_round(1)
    shown = page(world, world.architect)
    assert "none of the groups" in shown.buttons["approve"].why_not
    assert "As viewer" in page(world, world.viewer).buttons["reject"].why_not


def test_a_failing_check_comes_first_and_disables_approval_only(world):
    world.open_round(1, failing=("questions-settled",))
    shown = page(world, world.owner)
    assert shown.checks[0].name == "questions-settled"
    assert shown.buttons["approve"].why_not == "questions-settled says so."
    assert shown.buttons["override"].enabled
    assert shown.buttons["request_changes"].enabled


def test_votes_so_far_and_who_fills_what(world):
    world.clear(7)
    world.open_round(7)
    world.vote(world.teammate, 7)
    shown = page(world, world.owner, 7)
    assert [(vote.person, vote.verdict) for vote in shown.votes] == [(world.teammate, "approve")]
    assert "teammate" in {seat.filled_by for seat in shown.seats}
    assert shown.my_vote_counts_for.startswith("Your approval does not count here: owner submitted this goal.")
    assert shown.decision.sentence.startswith("Still needed: one vote of")


def test_after_the_decision_it_says_who_and_when(world):
    world.start()
    world.open_round(1)
    world.vote(world.owner, 1)
    assert page(world, world.owner).deciding_until is not None
    world.settle(1)
    shown = page(world, world.teammate)
    assert shown.closed_words.startswith("owner approved this round on")
    assert shown.buttons["approve"].why_not == shown.closed_words


def test_the_next_round_shows_what_was_asked_and_what_changed(world):
    world.start()
    for number in range(3):
        world.open_round(1, evidence={"artifacts": {"a.md": str(number)}})
        world.vote(world.owner, 1, "request_changes", items=[{"text": f"Change {number}."}])
        [item] = world.settle(1).items
        services.change_item_answer(item=item, answer="done", proof={"path": "a.md"})
        services.gates_reopen(
            goal=world.goal, from_phase=1, to_phase=1, actor=services_actor(), why="Changes are made."
        )
    world.open_round(1, evidence={"artifacts": {"a.md": "9"}})
    shown = page(world, world.owner)
    assert [(one.text, one.answer) for one in shown.change_items] == [("Change 2.", "done")]
    assert shown.changed == [{"where": "artifacts › a.md", "what": "changed", "was": "2", "is": "9"}]
    assert (shown.changed_since, shown.propose_replan) == (3, True)


def services_actor():
    from apps.core.actors import HUB

    return HUB


def test_a_superseded_round_does_not_count_towards_the_three(world):
    for _ in range(3):
        services.round_supersede(round=world.open_round(1), why="A file changed.")
    world.open_round(1)
    assert page(world, world.owner).propose_replan is False


def test_the_number_of_queries_does_not_grow_with_votes(world, django_assert_max_num_queries):
    world.clear(7)
    world.open_round(7)
    world.vote(world.teammate, 7)
    with django_assert_max_num_queries(16):
        page(world, world.owner, 7)
    world.vote(world.owner, 7)
    with django_assert_max_num_queries(16):
        page(world, world.owner, 7)
