"""Facts of a brief: what kind of thing is wanted, what it must do, for whom, and within which limits.

Careful text work without a model. Every fact carries the number of the sentence it rests on, so that a requirement can
be traced to it; what the text does not say becomes a question with a default, never an invented fact.
"""

from apps.engine.facts.corrections import BadCorrection, Correction, corrected, parsed, understand
from apps.engine.facts.extract import EmptyBrief, extract_facts
from apps.engine.facts.model import (
    CONSTRAINT_KINDS,
    KINDS,
    Constraint,
    Entity,
    Evidence,
    Facts,
    Feature,
    Quality,
    Question,
    Sentence,
    User,
)

__all__ = [
    "CONSTRAINT_KINDS",
    "KINDS",
    "BadCorrection",
    "Constraint",
    "Correction",
    "EmptyBrief",
    "Entity",
    "Evidence",
    "Facts",
    "Feature",
    "Quality",
    "Question",
    "Sentence",
    "User",
    "corrected",
    "extract_facts",
    "parsed",
    "understand",
]
