"""When planning began: what limits are counted from."""

from datetime import datetime

from apps.core import clock
from apps.core.models import Event
from apps.goals.models import Goal

ASKED = ("goal.planning", "goal.replan_asked")


def planning_since(*, goal: Goal) -> datetime:
    """When this plan was asked for, also of a running goal; whoever takes over from a killed worker counts from it."""
    begun = Event.objects.filter(stream_id=goal.pk, type__in=ASKED).order_by("-seq")
    return begun.values_list("at", flat=True).first() or clock.now()
