"""Roles and scopes as data: every action, every role, every scope."""

from types import SimpleNamespace

import pytest

from apps.accounts import policy
from apps.accounts.policy import ACTIONS, ROLES, SCOPES, SESSION_ONLY, Refused, allows, require
from apps.core.errors import NotAllowed


def somebody(role="viewer", scopes=None, active=True, pk=1):
    return SimpleNamespace(is_authenticated=True, is_active=active, role=role, acting_scopes=scopes, pk=pk)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_it_answers_for_every_role_as_the_table_says(role, action):
    answer = allows(somebody(role), action)
    assert bool(answer) == (action in ROLES[role])
    if isinstance(answer, Refused):
        assert role in answer.sentence
        assert ACTIONS[action] in answer.sentence


@pytest.mark.parametrize("action", sorted(SESSION_ONLY))
def test_it_refuses_people_s_decisions_to_a_token_with_every_scope(action):
    answer = allows(somebody("admin", scopes=frozenset(SCOPES)), action)
    assert isinstance(answer, Refused)
    assert "token" in answer.sentence


def test_people_s_decisions_are_in_no_scope():
    assert not SESSION_ONLY & frozenset().union(*SCOPES.values())


def test_voting_starting_and_activating_belong_to_sessions():
    assert {"gate.vote", "goal.start", "plan.activate"} <= SESSION_ONLY


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("action", sorted(set(ACTIONS) - SESSION_ONLY))
def test_a_token_may_do_what_its_scopes_name(scope, action):
    assert bool(allows(somebody("admin", scopes=frozenset({scope})), action)) == (action in SCOPES[scope])


def test_a_scope_gives_no_more_than_the_role():
    assert not allows(somebody("viewer", scopes=frozenset({"submit"})), "goal.submit")


def test_a_token_without_scopes_may_nothing():
    assert not any(allows(somebody("admin", scopes=frozenset()), action) for action in ACTIONS)


def test_an_unknown_scope_gives_nothing():
    assert not allows(somebody("admin", scopes=frozenset({"everything"})), "look")


def test_it_refuses_strangers_and_people_who_were_switched_off():
    stranger = SimpleNamespace(is_authenticated=False)
    assert "Sign in" in str(allows(stranger, "look"))
    assert "switched off" in str(allows(somebody("admin", active=False), "look"))


def test_an_unknown_role_may_nothing():
    assert not any(allows(somebody("emperor"), action) for action in ACTIONS)


def test_an_unknown_action_is_an_error():
    with pytest.raises(KeyError):
        allows(somebody("admin"), "goal.destroy")


def test_somebody_else_s_token_is_for_admins_only():
    token = SimpleNamespace(person_id=2)
    assert not allows(somebody("lead", pk=1), "token.manage", token)
    assert allows(somebody("lead", pk=2), "token.manage", token)
    assert allows(somebody("admin", pk=1), "token.manage", token)


def test_require_raises_the_sentence():
    with pytest.raises(NotAllowed, match=r"As viewer you may not start a plan\. A lead or an admin can\."):
        require(somebody("viewer"), "goal.start")


def test_may_lists_every_action():
    assert policy.may(somebody("admin")) == dict.fromkeys(ACTIONS, True)
    assert policy.may(somebody("viewer"))["goal.submit"] is False
