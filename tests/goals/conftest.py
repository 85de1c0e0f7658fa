"""Somebody who may submit, and a goal of theirs."""

import pytest

from apps.accounts import services as accounts
from apps.goals.intake import Constraints
from apps.goals.services import goal_create

BRIEF = b"Keep a list of books.\nA librarian adds a book.\n"


@pytest.fixture
def lead(db):
    accounts.groups_seed()
    return accounts.person_create(username="mara", password="a long sentence", role="lead", groups=["owners"])


@pytest.fixture
def goal(lead):
    return goal_create(person=lead, title="Books", brief=BRIEF, constraints=Constraints())
