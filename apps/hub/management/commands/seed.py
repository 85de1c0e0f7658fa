"""``manage.py seed``: bring in what a new installation begins with. May be repeated."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.hub.seeding import seed


class Command(BaseCommand):
    help = "Bring in the pool, the groups, the seven gates, the method library and the crew."

    def handle(self, *args: Any, **options: Any) -> None:
        seed()
        self.stdout.write("Seeded.")
