"""The cast of the stories: two people at their browsers, and the hub's real processes behind them."""

from collections.abc import Iterator

import pytest

from apps.gates.services import definition_change
from tests.environment import TestEnvironment
from tests.flows.people import GATES, PersonAtWork
from tests.support.processes import hub_processes


@pytest.fixture(scope="package")
def hub(services: TestEnvironment, django_db_setup: None) -> Iterator[None]:
    """A real Celery worker and a real sweeper, for the stories of this folder: never two of one name at once."""
    with hub_processes(services):
        yield


@pytest.fixture
def ada(transactional_db: None, hub: None) -> PersonAtWork:
    """The first person: an admin, alone at first, so the installation is in solo mode.

    She shortens the windows in which a decision can be taken back, as an admin may; stories about them set their own.
    """
    ada = PersonAtWork.arrives("ada", role="admin")
    for code in GATES:
        definition_change(code=code, person=ada.person, undo_seconds=1)
    return ada


@pytest.fixture
def ben(ada: PersonAtWork) -> PersonAtWork:
    """A second person, a lead who is in every group."""
    return PersonAtWork.arrives("ben", role="lead")
