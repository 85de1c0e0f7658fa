from tests.gates.conftest import world  # noqa: F401 - the same people, goal and gates
