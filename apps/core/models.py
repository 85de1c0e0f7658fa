"""Streams of events, the audit chain and idempotency keys: what everything else writes down in."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from apps.engine.lifecycle import Lifecycle

# Things that belong to no goal (agents, the pool, people) tell their events in this stream.
SYSTEM_STREAM = uuid.UUID(int=0)


def status_choices(lifecycle: Lifecycle) -> list[tuple[str, str]]:
    return [(status, status.replace("_", " ")) for status in lifecycle.statuses]


class Stateful(models.Model):
    """A model whose ``status`` follows a lifecycle, and is written by ``core.transitions`` alone."""

    lifecycle: ClassVar[Lifecycle]
    status = models.CharField(max_length=24)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.status:
            # The only status given outside ``transitions``: the lifecycle's own beginning.
            setattr(self, "status", self.lifecycle.initial)  # noqa: B010
        if not self._state.adding:
            kwargs["update_fields"] = self._fields_to_save(kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def _fields_to_save(self, asked: Iterable[str] | None) -> list[str]:
        """All but the status: saving what was read a while ago must not undo a move that was made meanwhile."""
        if asked is not None:
            names = list(asked)
            if "status" in names:
                raise ValueError(f"The status of a {self.lifecycle.thing} is written by core.transitions alone.")
            return names
        away = {"status", *self.get_deferred_fields()}
        fields = [field for field in self._meta.concrete_fields if not field.primary_key]
        return [field.name for field in fields if not {field.name, field.attname} & away]

    @property
    def stream_id(self) -> uuid.UUID:
        """The stream in which this thing tells its events: its goal's, or the system's."""
        goal_id: uuid.UUID | None = getattr(self, "goal_id", None)
        return goal_id or SYSTEM_STREAM

    @classmethod
    def stream_column(cls) -> str | None:
        """The column that holds the stream's id; None stands for the system stream."""
        names = {field.name for field in cls._meta.get_fields()}
        return "goal_id" if "goal" in names else None


class Stream(models.Model):
    """One sequence of events. The row is locked while numbers are taken, so numbers commit in order."""

    id = models.UUIDField(primary_key=True)
    last_seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.id} at {self.last_seq}"


class Event(models.Model):
    """Something that happened, told once: ``seq`` has no gaps within its stream."""

    append_only = True
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="events")
    seq = models.BigIntegerField()
    type = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, help_text="kind:id of what it is about")
    actor = models.JSONField()
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_once_per_seq")]
        indexes = [models.Index(fields=["subject", "seq"], name="event_by_subject")]

    def __str__(self) -> str:
        return f"{self.seq} {self.type} {self.subject}"


class AuditLink(models.Model):
    """One link of the audit chain: append-only, each digest covers the one before (gates.md, guard rail 9)."""

    append_only = True
    seq = models.BigIntegerField(primary_key=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    actor = models.JSONField()
    what = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    data = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "seq"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.seq} {self.what} {self.subject}"


class IdempotencyKey(models.Model):
    """The answer given to a creating POST, kept 24 hours so that a repeat gets the same answer."""

    key = models.CharField(max_length=200)
    actor = models.CharField(max_length=80)
    route = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "route", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class InstallationSetting(models.Model):
    """A switch of the whole installation, changed by an admin (solo mode, price list)."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name
