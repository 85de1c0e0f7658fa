"""Gates, their rounds, what people voted, and the clearances that let a phase run.

Votes, seats, clearances and revocations are append-only; triggers in the migrations refuse a clearance whose seats
are not filled, and an attempt whose clearance is revoked (design, promise 1).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Group
from apps.core.models import Stateful, status_choices
from apps.engine.lifecycle import CONDITION, GATE
from apps.goals.models import Goal

VERDICTS = ("approve", "approve_with_conditions", "request_changes", "reject", "override", "withdraw")


class GateDefinition(models.Model):
    """What a gate asks, checks and needs: data, versioned, editable by an admin. The newest version is in force."""

    append_only = True  # an edit is a new version; rounds keep the one they began with

    code = models.CharField(max_length=12)
    version = models.PositiveIntegerField(default=1)
    phase = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    question = models.CharField(max_length=160)
    blocking_checks = models.JSONField(default=list)
    advisory_checks = models.JSONField(default=list)
    reviews = models.JSONField(default=list, help_text="capabilities of the governance agents")
    required_artifacts = models.JSONField(default=list)
    rule = models.JSONField(help_text='{"seats": [{"seat": "architects", "groups": ["architects"]}], …}')
    review_minutes = models.PositiveSmallIntegerField(default=10)
    deadline_hours = models.PositiveSmallIntegerField(default=24)
    undo_seconds = models.PositiveSmallIntegerField(default=10)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["phase", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="definition_once_per_version")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Gate(Stateful):
    """The checkpoint at the end of a phase of one goal."""

    lifecycle = GATE
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="gates")
    phase = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    status = models.CharField(max_length=24, choices=status_choices(GATE))

    class Meta:
        ordering = ["goal", "phase"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "phase"], name="gate_once_per_phase"),
            models.CheckConstraint(condition=Q(phase__range=(1, 7)), name="gate_phase_1_to_7"),
            models.CheckConstraint(condition=Q(status__in=GATE.statuses), name="gate_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.goal_id}"


class Round(models.Model):
    """One time through a gate. It keeps its outcome; its evidence is frozen before people are asked."""

    OUTCOMES = [(o, o.replace("_", " ")) for o in ("", "passed", "changes_requested", "rejected", "superseded")]
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    definition = models.ForeignKey(GateDefinition, on_delete=models.PROTECT, related_name="rounds")
    rule = models.JSONField(help_text="frozen from the definition, with solo mode and undo window")
    solo = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    reviewing_until = models.DateTimeField()
    evidence = models.JSONField(null=True)
    evidence_digest = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    deciding_until = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=OUTCOMES, default="", blank=True)
    tree = models.CharField(max_length=64, blank=True, help_text="workspace commit that the evidence was taken from")

    class Meta:
        ordering = ["gate", "number"]
        constraints = [
            models.UniqueConstraint(fields=["gate", "number"], name="round_once_per_number"),
            models.UniqueConstraint(fields=["gate"], condition=Q(outcome=""), name="one_live_round_per_gate"),
        ]

    def __str__(self) -> str:
        return f"round {self.number} of {self.gate_id}"


class Check(models.Model):
    """One result that bears on a round."""

    RESULTS = [(r, r.replace("_", " ")) for r in ("passed", "failed", "not_run")]
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="checks")
    name = models.CharField(max_length=80)
    blocking = models.BooleanField()
    result = models.CharField(max_length=8, choices=RESULTS)
    sentence = models.TextField()
    proof = models.JSONField(default=dict)
    source = models.CharField(max_length=80, help_text="hub, or the reviewing agent's slug")

    class Meta:
        ordering = ["-blocking", "name"]
        constraints = [models.UniqueConstraint(fields=["round", "name", "source"], name="check_once_per_round")]

    def __str__(self) -> str:
        return f"{self.name}: {self.result}"


class Vote(models.Model):
    """What one person decided about a round. Append-only; a person's newest counts."""

    append_only = True
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="votes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="votes")
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=24, choices=[(v, v.replace("_", " ")) for v in VERDICTS])
    comment = models.TextField(blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    to_phase = models.PositiveSmallIntegerField(null=True, help_text="reject: back to this phase; 0 ends the goal")
    items = models.JSONField(default=list, help_text="what is to change, or the conditions")
    evidence_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="vote_verdict_known")]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.person_id}"


class ChangeItem(models.Model):
    """One thing that a person asked to be changed, and what came of it."""

    ANSWERS = [(a, a.replace("_", " ")) for a in ("open", "done", "not_done")]
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="change_items")
    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    anchor = models.CharField(max_length=300, blank=True, help_text="path:line, requirement:n, check:name or task:key")
    task_id = models.UUIDField(null=True, help_text="the task that was reopened for it")
    answer = models.CharField(max_length=8, choices=ANSWERS, default="open")
    proof = models.JSONField(default=dict)

    class Meta:
        ordering = ["round", "number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="change_item_once")]

    def __str__(self) -> str:
        return self.text[:60]


class Condition(Stateful):
    """What was demanded with a conditional approval; it blocks the gate of its due phase until met or waived."""

    lifecycle = CONDITION
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="conditions")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="conditions")
    status = models.CharField(max_length=24, choices=status_choices(CONDITION))
    text = models.TextField()
    check_name = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_phase = models.PositiveSmallIntegerField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CONDITION.statuses), name="condition_status_known"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Clearance(models.Model):
    """Phase n of this goal may run; 8 means deliver. Phase 1 by a person's start, n + 1 by gate n passing."""

    append_only = True
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="clearances")
    phase = models.PositiveSmallIntegerField()
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="clearances")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    plan_id = models.UUIDField(null=True, help_text="the plan that was started (phase 1)")
    rule = models.JSONField(default=dict)
    solo = models.BooleanField(default=False)
    override = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["goal", "phase", "made_at"]
        constraints = [
            # The target of the composite foreign keys of attempts and deliverables.
            models.UniqueConstraint(fields=["id", "goal", "phase"], name="clearance_goal_phase"),
            models.CheckConstraint(
                condition=Q(phase=1, round__isnull=True, started_by__isnull=False, plan_id__isnull=False)
                | Q(phase__range=(2, 8), round__isnull=False, started_by__isnull=True),
                name="clearance_has_its_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"clearance {self.phase} of {self.goal_id}"


class ClearanceSeat(models.Model):
    """A seat of the frozen rule, and the vote that fills it."""

    append_only = True
    clearance = models.ForeignKey(Clearance, on_delete=models.PROTECT, related_name="seats")
    seat = models.CharField(max_length=60)
    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clearance", "seat"], name="seat_once_per_clearance"),
            models.UniqueConstraint(fields=["clearance", "person"], name="person_once_per_clearance"),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: vote {self.vote_id}"


class Revocation(models.Model):
    """This clearance no longer holds."""

    append_only = True
    clearance = models.OneToOneField(Clearance, on_delete=models.PROTECT, related_name="revocation")
    by = models.JSONField()
    why = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"revocation of {self.clearance_id}"
