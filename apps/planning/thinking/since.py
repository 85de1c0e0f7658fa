"""When planning began: what limits are counted from."""

from datetime import datetime

from apps.core import clock
from apps.core.models import Event
from apps.goals.models import Goal


def planning_since(*, goal: Goal) -> datetime:
    """When the goal began to be planned this time; whoever takes over from a killed worker does not begin anew."""
    begun = Event.objects.filter(stream_id=goal.pk, type="goal.planning").order_by("-seq")
    return begun.values_list("at", flat=True).first() or clock.now()
