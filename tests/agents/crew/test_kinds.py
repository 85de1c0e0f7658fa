"""Each kind of goal from its brief to a deliverable that passes every gate's checks, in each of its approaches."""

import pytest

from tests.agents.crew.planned import Crew, Goal

GOALS = {
    "event": Goal(
        "Summer festival of the library",
        "Organise a summer festival for the town library on 12 June 2027 from 10:00 to 18:00 in the library garden.\n"
        "We expect 200 guests. The budget is 3,000 euro.\n"
        "The programme includes a reading by a local author, a workshop for children, a panel on digital books and a "
        "concert in the evening.\nInvite the members of the friends' association, the mayor and the local press.\n"
        "Volunteers set up the tents and serve drinks. It must be accessible for wheelchairs. There must be no "
        "alcohol.\n",
        "event",
    ),
    "migration": Goal(
        "Members register to the new database",
        "Migrate our members register from an old Access export to a new SQLite database.\n"
        "The old system has members and payments. A member has a number, a name, an e-mail address and a joining date. "
        "A payment has a member number, an amount and a date.\nMove all members. Move all payments.\n"
        "Merge duplicate members. Convert dates to ISO format.\nThe old system must not be changed. "
        "It must be possible to go back within an hour. Frighten the moths.\n",
        "migration",
    ),
    "process_change": Goal(
        "Invoice approval",
        "Change our process for approving invoices.\nToday an invoice arrives by post, the secretary copies it, the "
        "head "
        "of department signs it and accounting pays it. That takes 14 days.\nIn future invoices arrive by e-mail, "
        "accounting checks them, the head of department approves them in the system and accounting pays within 5 "
        "days.\n"
        "Train the heads of department and the secretaries. Run a pilot in the department of works.\n"
        "Measure the time from arrival to payment. The change must be done by 1 March 2027.\n",
        "process_change",
    ),
    "mobile_client": Goal(
        "Field notes for foresters",
        "A mobile app for foresters that works offline in the woods.\nForesters can add observations, list "
        "observations "
        "and search observations. An observation has a species, a place, a date and a count.\n"
        "Observations can be marked as reported.\n",
        "mobile_client",
    ),
}
MAIN = {"event": "form", "migration": "move", "process_change": "rollout", "mobile_client": "offline"}
WAYS = [
    ("event", "single-stage"),
    ("event", "parallel"),
    ("event", "open-space"),
    ("migration", "all-at-once"),
    ("migration", "by-entity"),
    ("migration", "side-by-side"),
    ("process_change", "pilot"),
    ("process_change", "waves"),
    ("process_change", "cutover"),
    ("mobile_client", "shell"),
    ("mobile_client", "read-copy"),
    ("mobile_client", "outbox"),
]


@pytest.mark.parametrize(("kind", "way"), WAYS)
def test_a_brief_becomes_a_deliverable_that_passes_every_gate(kind: str, way: str):
    goal = GOALS[kind]
    crew = Crew(goal, goal.approach(**{MAIN[kind]: way}))
    crew.work()

    assert crew.document("reports/integration.json")["passed"] is True
    assert crew.document("reports/coverage.json")["all_covered"] is True
    assert crew.document("reports/rollback.json")["passed"] is True
    for phase in range(1, 8):
        bad = [(one.name, one.sentence) for one in crew.gate(phase) if one.blocking and one.result != "passed"]
        assert bad == [], f"gate {phase}"
