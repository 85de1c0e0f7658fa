"""People, a goal with its seven gates, and short ways to bring a gate to where a test needs it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest

from apps.accounts.models import Group, Person
from apps.accounts.services import groups_seed
from apps.core import clock
from apps.core.models import InstallationSetting
from apps.core.transitions import move
from apps.gates import services
from apps.gates.definitions import definitions_seed
from apps.gates.models import Clearance, Gate, Round, Vote
from apps.gates.results import CheckResult
from apps.goals.models import Goal
from apps.tasks.models import Plan


@dataclass
class World:
    """The owner submitted the goal; architect, quality and second sit on seats; outsider is in no group."""

    people: dict[str, Person] = field(default_factory=dict)
    goal: Any = None
    plan: Any = None

    def __getattr__(self, name: str) -> Person:
        try:
            return cast(Person, self.__dict__["people"][name])
        except KeyError:
            raise AttributeError(name) from None

    def gate(self, phase: int) -> Gate:
        return Gate.objects.get(goal=self.goal, phase=phase)

    def start(self) -> Clearance:
        """The plan is active and phase 1 cleared."""
        if self.plan.status == "proposed":
            move(self.plan, "active")
        return services.clearance_for_start(goal=self.goal, plan_id=self.plan.pk, person=self.people["owner"])

    def open_round(self, phase: int, *, failing: tuple[str, ...] = (), evidence: dict[str, Any] | None = None) -> Round:
        """A round whose evidence is frozen; all blocking checks passed but those named."""
        round = services.round_begin(gate=self.gate(phase))
        checks = [
            CheckResult(name, "failed" if name in failing else "passed", f"{name} says so.")
            for name in round.rule["blocking"]
        ]
        services.checks_store(round=round, checks=checks)
        default = {"artifacts": {"a.md": "1" * 64}, "phase": phase, "number": round.number}
        return services.evidence_freeze(round=round, evidence=evidence or default, tree="c" * 40)

    def vote(self, person: Person, phase: int, verdict: str = "approve", **extra: Any) -> Vote:
        gate = self.gate(phase)
        live = gate.rounds.filter(outcome="").first() or gate.rounds.order_by("-number").first()
        given = {"evidence_digest": live.evidence_digest if live else "", "signed_in_at": clock.now(), **extra}
        return services.vote_cast(person=person, gate=gate, verdict=verdict, **given)

    def settle(self, phase: int) -> Any:
        """Settle as if the window were over."""
        with clock.at(clock.now() + timedelta(seconds=3700)):
            return services.decision_settle(gate=self.gate(phase))

    def clear(self, phase: int) -> Clearance:
        """Clearances up to ``phase``, as people would make them."""
        clearance = self.start()
        seats = {1: "owner", 2: "architect", 3: "operator", 4: "engineer", 5: "designer", 6: "quality"}
        for number in range(1, phase):
            self.open_round(number)
            self.vote(self.people[seats[number]], number)
            clearance = self.settle(number).clearance
        return clearance


def person(username: str, role: str = "lead", *groups: str) -> Person:
    made = Person.objects.create(username=username, role=role)
    made.seat_groups.set(Group.objects.filter(slug__in=groups))
    return made


def solo(on: bool) -> None:
    InstallationSetting.objects.update_or_create(name="solo_mode", defaults={"value": on})


def make_world() -> World:
    groups_seed()
    definitions_seed()
    solo(False)
    world = World()
    world.people = {
        "owner": person("owner", "lead", "owners"),
        "teammate": person("teammate", "lead", "owners"),
        "architect": person("architect", "lead", "architects"),
        "operator": person("operator", "operator", "operations"),
        "engineer": person("engineer", "lead", "engineering"),
        "designer": person("designer", "lead", "design"),
        "quality": person("quality", "lead", "quality"),
        "outsider": person("outsider", "lead"),
        "viewer": person("viewer", "viewer", "owners"),
        "admin": person("admin", "admin", "owners", "architects", "operations", "engineering", "design", "quality"),
    }
    world.goal = Goal.objects.create(
        title="A library of seeds",
        owner=world.people["owner"],
        group=Group.objects.get(slug="owners"),
        created_at=clock.now(),
    )
    world.plan = Plan.objects.create(goal=world.goal, version=1, slots=5, created_at=clock.now())
    move(world.plan, "proposed")
    services.gates_create(goal=world.goal)
    return world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    """The same, committed: for tests with more than one connection."""
    return make_world()
