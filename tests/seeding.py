"""What every test finds: a fresh installation's pool, groups, gates, method library and crew."""

from apps.hub.seeding import seed as hub_seed


def seed() -> None:
    hub_seed()
