"""Setting a model up: what an admin changed is audited, and one model is active at most."""

from django.db import transaction

from apps.accounts.models import Person
from apps.core import audit
from apps.core.actors import person_actor
from apps.planning.models import ThinkingModel


@transaction.atomic
def model_set(*, row: ThinkingModel, person: Person) -> ThinkingModel:
    """Save a model; if it is active, it is the only one. The name of its key is audited, the key is known to nobody."""
    if row.active:
        others = ThinkingModel.objects.filter(active=True).exclude(pk=row.pk)
        others.update(active=False)
    row.save()
    told = {
        "name": row.name,
        "model": f"{row.provider}:{row.model}",
        "address": row.base_url,
        "secret": row.secret,
        "cost_limit": str(row.cost_limit),
        "seconds_limit": row.seconds_limit,
        "active": row.active,
    }
    audit.append(actor=person_actor(person), what="thinking_model.set", subject=f"thinking_model:{row.pk}", data=told)
    return row
