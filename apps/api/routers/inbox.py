"""The inbox: everything that needs a person, in the order in which waiting costs most."""

from ninja import Router

router = Router(tags=["inbox"])
