"""People, the groups they vote for, and their tokens."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models

ROLES = [("admin", "admin"), ("lead", "lead"), ("operator", "operator"), ("viewer", "viewer")]


class Group(models.Model):
    """For whom a person votes: the seats of a gate's rule name groups."""

    slug = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Person(AbstractUser):
    """Somebody who signs in. The role says which pages and actions; the groups say for whom they vote."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=12, choices=ROLES, default="viewer")
    seat_groups = models.ManyToManyField(Group, related_name="people", blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    keys_enabled = models.BooleanField(default=True, help_text="keyboard shortcuts")
    # The scopes of the token through which this person acts; None for a session. Set by whoever authenticates a
    # request, read by the policy, never stored.
    acting_scopes: frozenset[str] | None = None

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Token(models.Model):
    """A bearer token: stored hashed, scoped, expiring, revocable. No token can vote, start or activate."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
