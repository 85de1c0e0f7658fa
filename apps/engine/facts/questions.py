"""The points that a brief leaves open, each with the default that is taken. Where a key is a choice of the method
library, an answer pins a method; :mod:`apps.engine.asking` asks people only about those that change the plan."""

from collections.abc import Iterator, Sequence

from apps.engine.facts import words
from apps.engine.facts.languages import LANGUAGE_NAMES
from apps.engine.facts.model import KINDS, WITHOUT_THINGS, Constraint, Entity, Facts, Feature, Question, User
from apps.engine.facts.nouns import with_article

STORING_KINDS = ("web_application", "api_service", "command_line_tool", "data_pipeline")
SERIOUS = 3  # and with more than such a score: one word such as "CSV" makes no second kind
CLOSE = 0.6  # a second kind with more than this share of the best score makes the kind a question

_ANYBODY = words.word_set("everyone anyone everybody anybody user users person people public team family")
_KIND_WORDS = {
    "web_application": "a web application", "api_service": "a service with an API", "command_line_tool":
    "a command-line tool", "library": "a Python library", "static_site": "a static site", "data_pipeline":
    "a data pipeline", "report": "a written report", "mobile_client": "a mobile client", "migration":
    "the migration of an existing system", "event": "an event", "process_change": "a change of a process",
}  # fmt: skip


def find_questions(kind: str, scores: dict[str, int], facts: Facts) -> tuple[Question, ...]:
    """The points that a brief leaves open, in the order in which their answers would change most.

    ``scores`` are those of the kinds, empty where a person said the kind.
    """
    return (*_about_kind(kind, scores), *points_left_open(facts))


def about_addressed(sentences: Sequence[int]) -> Iterator[Question]:
    """What is said of sentences that speak to whoever reads the brief."""
    if sentences:
        which = f"Sentence {sentences[0]}" if len(sentences) == 1 else f"{len(sentences)} sentences"
        speak = "speaks" if len(sentences) == 1 else "speak"
        text = f"{which} {speak} to the reader rather than about the goal. Is anything of it wanted?"
        yield Question("addressed", text, "nothing of it", "the features", sentences[0])


def points_left_open(facts: Facts) -> tuple[Question, ...]:
    """What is open beside the kind."""
    return (
        *_about_storage(facts.kind, facts.constraints, facts.entities),
        *_about_fields(facts.kind, facts.entities),
        *_about_pages(facts.kind, facts.features),
        *_about_audience(facts.kind, facts.users),
        *_about_language(facts),
    )


def _about_kind(kind: str, scores: dict[str, int]) -> Iterator[Question]:
    if not scores:
        return
    best = scores[kind]
    rivals = sorted(
        (k for k in scores if k != kind and scores[k] > max(best * CLOSE, SERIOUS)), key=lambda k: -scores[k]
    )
    if best == 0:
        text = "What kind of thing do you want? The brief does not say."
        rivals = [k for k in KINDS if k != kind]
    elif rivals:
        text = f"Do you want {_KIND_WORDS[kind]} or {_KIND_WORDS[rivals[0]]}? The brief speaks for both."
    else:
        return
    yield Question("kind", text, kind, "which phases have tasks, and what each produces", 1, (kind, *rivals))


def _about_storage(kind: str, constraints: Sequence[Constraint], entities: Sequence[Entity]) -> Iterator[Question]:
    if not entities and kind not in ("web_application", "api_service"):
        return  # a tool that keeps nothing has nothing to put anywhere
    named = {c.text.lower() for c in constraints if c.kind == "technology"}
    if kind not in STORING_KINDS or named & {"sqlite", "sql", "postgres", "postgresql", "mysql"}:
        return
    yield Question(
        "storage",
        "Where should the data be kept: in a database file (sqlite), in plain files (files), or in memory with "
        "snapshots (memory)?",
        "sqlite",
        "the store of phase 4, the configuration of phase 3 and the rollback of phase 7",
        1,
        ("sqlite", "files", "memory"),
    )


def _about_fields(kind: str, entities: Sequence[Entity]) -> Iterator[Question]:
    for entity in entities:
        if kind not in WITHOUT_THINGS and not entity.fields:
            text = f"What belongs to {with_article(entity.name)}? The brief names no fields."
            yield Question(
                f"fields-{entity.slug}",
                text,
                "name, text",
                f"the store and the tests of {entity.name}",
                entity.sentence,
            )
            return


def _about_pages(kind: str, features: Sequence[Feature]) -> Iterator[Question]:
    if kind in ("web_application", "static_site") and 1 < len(features) <= 8:
        yield Question(
            "pages",
            "One page for each feature (page-per-feature) or everything on a single page (single-page)?",
            "page-per-feature",
            "the number of tasks in phase 5",
            features[0].sentence,
            ("page-per-feature", "single-page"),
        )


def _about_audience(kind: str, users: Sequence[User]) -> Iterator[Question]:
    if kind == "report" and not users:
        yield Question(
            "audience", "Who will read the report?", "the people who commissioned it", "its tone and length", 1
        )
    elif kind in ("web_application", "api_service") and len(_roles(users)) > 1:
        names = [with_article(name) for name in _roles(users)]
        text = f"May {', '.join(names[:-1])} and {names[-1]} do different things, or may everybody do everything?"
        yield Question(
            "roles", text, "everybody may do everything", "whether each feature checks who asks", users[0].sentence
        )


def _about_language(facts: Facts) -> Iterator[Question]:
    """What is said where sentences were taken whole: in a language without lists, or because no verb was known."""
    whole = [feature for feature in facts.features if not feature.verb and facts.language != "en"]
    if whole and facts.kind not in WITHOUT_THINGS:
        name = LANGUAGE_NAMES.get(facts.language, facts.language)
        text = (
            f"The brief is in {name}, and {len(whole)} of its sentences could not be taken apart. "
            "Is each of them one feature?"
        )
        default = "each of them is one feature"
        yield Question("language", text, default, "the features, and with them the tasks", whole[0].sentence)


def _roles(users: Sequence[User]) -> list[str]:
    """The names that tell people apart: "manager" goes where there is a "props manager"."""
    names = {user.name for user in users} - _ANYBODY
    return sorted(name for name in names if not any(other.endswith(f" {name}") for other in names))
