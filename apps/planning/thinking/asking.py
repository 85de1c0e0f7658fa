"""One call of a model through pydantic-ai. This module, and no other, imports it: it takes seconds to load.

:mod:`apps.planning.thinking` imports this module only when a model is configured and about to be asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI
from pydantic_ai.direct import model_request
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.ollama import OllamaProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

from apps.planning.thinking import wire
from apps.planning.thinking.chosen import ADDRESSES, ChosenModel
from apps.planning.thinking.limits import plausible, tokens_of
from apps.planning.thinking.within import OutOfTime, within

# The libraries want a key; the true one is put in by the wire, below them.
_PLACEHOLDER = "kept-elsewhere"


class NoReply(Exception):
    """No usable answer came. ``outcome`` is one of ModelCall's; the message is a sentence for people.

    ``free``: it is known that nothing was spent.
    """

    def __init__(self, outcome: str, words: str, *, free: bool = False) -> None:
        super().__init__(words)
        self.outcome, self.free = outcome, free


@dataclass(frozen=True)
class Reply:
    """The text of an answer, and the tokens that it took."""

    text: str
    input_tokens: int
    output_tokens: int


def ask(
    chosen: ChosenModel, key: str, instructions: str, said: Sequence[str], *, longest: int, seconds: float
) -> Reply:
    """Ask once. ``said``: our question, its answer, our next question, and so on; ``longest`` in tokens.

    Raises ``NoReply``, and nothing else, whatever the server does.
    """
    try:
        return within(seconds, lambda: _ask(chosen, key, instructions, said, longest))
    except OutOfTime as error:
        raise NoReply("timed out", str(error)) from None
    except NoReply:
        raise
    except Exception as error:
        # Not chained: the libraries' errors carry what the server wrote.
        raise NoReply("failed", f"Its answer can't be understood ({type(error).__name__}).") from None


async def _ask(chosen: ChosenModel, key: str, instructions: str, said: Sequence[str], longest: int) -> Reply:
    client, line = wire.client(chosen.address, _credentials(chosen.provider, key), key)
    async with client:
        try:
            response = await model_request(
                _model(chosen, client),
                _messages(instructions, said),
                model_settings=_settings(chosen, longest),
                model_request_parameters=ModelRequestParameters(output_mode="text", allow_text_output=True),
                instrument=False,
            )
        except Exception:
            if line.trouble is not None:
                raise NoReply("failed", str(line.trouble), free=line.trouble.free) from None
            raise
    return _reply(response, instructions, said, longest)


def _credentials(provider: str, key: str) -> dict[str, str]:
    if not key:
        return {}
    return {"x-api-key": key} if provider == "anthropic" else {"authorization": f"Bearer {key}"}


def _model(chosen: ChosenModel, client: httpx2.AsyncClient) -> Model:
    if chosen.provider == "anthropic":
        anthropic = AsyncAnthropic(
            api_key=_PLACEHOLDER, base_url=chosen.address, http_client=client, max_retries=0, timeout=None
        )
        return AnthropicModel(chosen.model, provider=AnthropicProvider(anthropic_client=anthropic))
    openai = AsyncOpenAI(api_key=_PLACEHOLDER, base_url=chosen.address, http_client=client, max_retries=0, timeout=None)
    provider = OllamaProvider if chosen.provider == "ollama" else OpenAIProvider
    return OpenAIChatModel(chosen.model, provider=provider(openai_client=openai))


def _messages(instructions: str, said: Sequence[str]) -> list[ModelMessage]:
    turns: list[ModelMessage] = []
    for place, text in enumerate(said):
        if place % 2:
            turns.append(ModelResponse(parts=[TextPart(text)]))
        else:
            turns.append(ModelRequest(parts=[UserPromptPart(text)], instructions=instructions))
    return turns


def _settings(chosen: ChosenModel, longest: int) -> ModelSettings:
    settings = ModelSettings(max_tokens=longest)
    if chosen.provider != "anthropic":
        body: dict[str, Any] = {"response_format": {"type": "json_object"}}
        if chosen.address != ADDRESSES["openai"]:
            body["max_tokens"] = longest  # the older name of the limit, which other servers know; OpenAI refuses both
        settings["extra_body"] = body
    return settings


def _reply(response: ModelResponse, instructions: str, said: Sequence[str], longest: int) -> Reply:
    text = "".join(part.content for part in response.parts if isinstance(part, TextPart))
    sent = tokens_of(size(instructions, *said))
    usage: Any = response.usage
    return Reply(
        text=text,
        input_tokens=plausible(usage.input_tokens, at_least=sent // 4, at_most=4 * sent + 1000),
        output_tokens=plausible(usage.output_tokens, at_least=tokens_of(size(text)) // 4, at_most=4 * longest),
    )


def size(*texts: str) -> int:
    """Bytes of UTF-8."""
    return sum(len(text.encode("utf-8", "replace")) for text in texts)
