"""Which model helps planning: the one that is active in the admin, else the one that the environment names."""

import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings

from apps.planning.models import ThinkingModel

ADDRESSES = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "ollama": "http://127.0.0.1:11434/v1",
}
LONGEST_SECONDS = 240
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
# Secrets of this installation: naming one of them here would send it to the model's server.
_OWN = {"SECRET_KEY", "ADMIN_PASSWORD", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}


class NotUsable(ValueError):
    """The model is named, but can't be asked; the message says what to mend."""


@dataclass(frozen=True)
class ChosenModel:
    """A model with its limits: prices in euro per million tokens, the cost in euro and the seconds for one plan.

    ``secret`` is the name of the variable that holds the key, never the key.
    """

    name: str
    provider: str
    model: str
    base_url: str = ""
    secret: str = ""
    input_price: Decimal = Decimal(0)
    output_price: Decimal = Decimal(0)
    cost_limit: Decimal = Decimal(1)
    seconds_limit: float = 120

    @property
    def address(self) -> str:
        """Where it is asked, without a slash at the end. Ollama answers in OpenAI's manner under ``/v1``."""
        address = (self.base_url or ADDRESSES[self.provider]).rstrip("/")
        if self.provider == "ollama" and not urlsplit(address).path:
            return f"{address}/v1"
        return address

    @property
    def shown(self) -> str:
        """What pages and records call it."""
        return f"{self.provider}:{self.model}"


def configured() -> ChosenModel | None:
    """The model to ask, or nothing: one query."""
    row = ThinkingModel.objects.filter(active=True).first()
    return of_row(row) if row is not None else of_environment()


def of_row(row: ThinkingModel) -> ChosenModel:
    return ChosenModel(
        name=row.name,
        provider=row.provider,
        model=row.model,
        base_url=row.base_url,
        secret=row.secret,
        input_price=row.input_price,
        output_price=row.output_price,
        cost_limit=row.cost_limit,
        seconds_limit=row.seconds_limit,
    )


def of_environment() -> ChosenModel | None:
    provider, model = settings.PLANNING_MODEL
    if not provider:
        return None
    return ChosenModel(
        name="PLANNING_MODEL",
        provider=provider,
        model=model,
        base_url=settings.PLANNING_MODEL_URL,
        secret=settings.PLANNING_MODEL_SECRET,
        input_price=settings.PLANNING_MODEL_INPUT_PRICE,
        output_price=settings.PLANNING_MODEL_OUTPUT_PRICE,
        cost_limit=settings.PLANNING_MODEL_COST_LIMIT,
        seconds_limit=settings.PLANNING_MODEL_SECONDS,
    )


def wrong_address(address: str) -> str:
    """What is wrong with a server's address, in words; it may be empty.

    >>> wrong_address("http://ollama:11434"), wrong_address("https://me:pw@host")
    ('', 'The address carries a name or password: put the key into a variable and name that.')
    """
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - the property parses, and raises when the port is no number
    except ValueError:
        return "This is no address."
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "The address must begin with http:// or https:// and name a host."
    if "@" in parts.netloc:
        return "The address carries a name or password: put the key into a variable and name that."
    return "The address must end with its path, without ? and #." if parts.query or parts.fragment else ""


def wrong_secret(name: str) -> str:
    """What is wrong with the name of a variable, in words; it may be empty.

    >>> wrong_secret("OPENAI_API_KEY"), wrong_secret("SECRET_KEY")
    ('', 'SECRET_KEY is a secret of this installation and is not for a model.')
    """
    if not name:
        return ""
    if not _NAME.fullmatch(name):
        # It may be the key itself, pasted into the wrong field: it is not repeated.
        return "This is the name of a variable, in capitals, digits and underscores; never the key itself."
    return f"{name} is a secret of this installation and is not for a model." if name in _OWN else ""


def key_of(chosen: ChosenModel) -> str:
    """The key, read now; empty where the server asks for none. Raises ``NotUsable``."""
    wrong = wrong_address(chosen.base_url) or wrong_secret(chosen.secret)
    if wrong:
        raise NotUsable(wrong)
    if not chosen.secret:
        return ""
    key: str = settings.NAMED_SECRET(chosen.secret)
    if not key:
        raise NotUsable(f"The variable {chosen.secret}, which should hold the model's key, is empty.")
    if not (key.isascii() and key.isprintable()):
        raise NotUsable(f"What the variable {chosen.secret} holds can't be sent as a key.")
    return key
