"""What was learnt of every task of the active library: the default beside what was measured."""

from functools import lru_cache

from apps.engine.estimates import Lesson, lessons
from apps.engine.methods import Library
from apps.insight.estimates import measured
from apps.planning.library import load_library
from apps.planning.models import MethodLibrary


def lessons_learnt() -> list[Lesson]:
    """One lesson a task of the library, what rests on the most attempts first: two queries.

    Empty while there is no library yet (the first plan brings it in).
    """
    content = MethodLibrary.objects.filter(active=True).values_list("content", flat=True).first()
    if content is None:
        return []
    found = lessons(_library(content), measured())
    return sorted(found, key=lambda lesson: (-lesson.estimate.samples, lesson.primitive.phase, lesson.primitive.name))


@lru_cache(maxsize=4)
def _library(content: str) -> Library:
    return load_library(content)
