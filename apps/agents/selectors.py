"""Reading the registry: agents with what they can do, how busy they are, and what is known of their work."""

from django.db.models import Count, Prefetch, Q, QuerySet

from apps.agents.models import Agent, AgentCapability, Scorecard

# An attempt that is dispatched or running; attempts lie above this app and are reached by the relation's name.
_LIVE = Q(attempts__status__in=["dispatched", "running"])


def registry() -> QuerySet[Agent]:
    """Every agent with ``busy`` (attempts that it works on now), capabilities and scorecards: three queries."""
    return (
        Agent.objects.annotate(busy=Count("attempts", filter=_LIVE))
        .prefetch_related(
            Prefetch("capabilities", AgentCapability.objects.order_by("capability")),
            Prefetch("scorecards", Scorecard.objects.order_by("capability")),
        )
        .order_by("name")
    )


def capabilities_known() -> list[str]:
    """Every capability that some agent has, by name: one query."""
    rows = AgentCapability.objects.order_by("capability").values_list("capability", flat=True)
    return list(rows.distinct())
