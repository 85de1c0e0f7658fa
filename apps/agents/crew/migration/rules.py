"""What each wish of a migration means for the records: move them, merge doubles, rewrite dates, or nothing we know."""

from dataclasses import dataclass

from apps.agents.crew import naming
from apps.agents.crew.domain import Domain, Entity, Feature
from apps.agents.crew.vocabulary import word_set

MOVE_CLASS = "MoveTest"
MOVING = word_set(
    """
    migrate move transfer import copy keep bring take carry load export port preserve retain replace switch
    migrieren ubertragen uberfuhren ubernehmen umziehen migrer transferer reprendre migrar transferir trasladar
    """
)
MERGING = frozenset({"duplicate", "duplicates", "double", "doubles", "dubletten", "doublons", "duplicados"})
NUMBER_WORDS = frozenset({"number", "no", "id", "nummer", "numero", "nr", "identifier", "code", "key"})


@dataclass(frozen=True)
class Rule:
    """`kind` is move, merge, dates, or empty with the `reason`."""

    kind: str
    entity: Entity | None
    meaning: str
    acceptance: tuple[str, str, str]
    reason: str = ""


def rule_of(domain: Domain, feature: Feature) -> Rule:
    """How the migration understands a feature of the facts."""
    words = set(naming.plain(feature.title).split())
    entity = feature.entity or _only(domain)
    if entity and words & MERGING:
        return _merge(entity)
    dated = [one for one in domain.entities if any(field.kind == "date" for field in one.fields)]
    if words & {"date", "dates", "datum", "fechas"} and dated:
        return _dates(entity if entity in dated else dated[0])
    first = naming.plain(feature.verb or feature.title).split()[:1]
    if entity and (set(first) | words) & MOVING:
        return _move(entity)
    if domain.entities and (set(first) | words) & MOVING:
        return _whole(domain.entities[0])
    reason = f"the crew does not know what '{feature.verb or feature.title}' does to a record"
    return Rule("", entity, "", ("", "", ""), reason)


def _only(domain: Domain) -> Entity | None:
    return domain.entities[0] if len(domain.entities) == 1 else None


def _move(entity: Entity) -> Rule:
    return Rule(
        "move",
        entity,
        f"Each {entity.name} of the old system is in the new one with all its fields, or in the list of rejected rows.",
        (
            f"an old system with two of {entity.name} and one row that can't be read",
            "the migration runs",
            (
                "both are in the new system field by field, the third is rejected with a reason, and the old one is as "
                "before"
            ),
        ),
    )


def _whole(entity: Entity) -> Rule:
    return Rule(
        "whole",
        entity,
        "Every row of every thing of the old system is moved, merged or rejected with a reason; counts and checksums "
        "agree.",
        (
            "an old system with two rows of each thing",
            "the migration runs and is verified",
            "both rows of each are in the new system, and the old one is as before",
        ),
    )


def _merge(entity: Entity) -> Rule:
    return Rule(
        "merge",
        entity,
        f"Two of {entity.name} that agree in every field but their number become one; the report names both numbers.",
        (
            f"an old system that has one {entity.name} twice under different numbers",
            "the migration runs",
            "the new system has it once, and the report names what was merged",
        ),
    )


def _dates(entity: Entity) -> Rule:
    return Rule(
        "dates",
        entity,
        "Dates like 31.12.2024 and 31/12/2024 become 2024-12-31; what is no date is rejected.",
        (
            f"an old system with a {entity.name} whose date reads 31.12.2024",
            "the migration runs",
            "the new system has 2024-12-31",
        ),
    )


def mover_of(domain: Domain, entity: Entity) -> Feature | None:
    """The feature that moves this entity, by which its description can be tested."""
    for feature in domain.features:
        rule = rule_of(domain, feature)
        if rule.kind == "move" and rule.entity == entity:
            return feature
    return None


def moved(domain: Domain) -> list[Entity]:
    """Every entity of the old system, those first that others refer to."""
    waiting, done = list(domain.entities), list[Entity]()
    while waiting:
        free = [one for one in waiting if not set(references(domain, one).values()) & _slugs(waiting, one)]
        for one in free or waiting[:1]:
            done.append(one)
            waiting.remove(one)
    return done


def _slugs(entities: list[Entity], but: Entity) -> set[str]:
    return {entity.slug for entity in entities if entity != but}


def references(domain: Domain, entity: Entity) -> dict[str, str]:
    """Field name to the slug of the entity whose number it holds, as the words of the fields say."""
    found = {}
    for field in entity.fields:
        words = naming.plain(field.title).split()
        for other in domain.entities:
            names = naming.forms(other.slug)
            if other != entity and key_of(other) and words and _names(words, names):
                found[field.name] = other.slug
    return found


def _names(words: list[str], names: set[str]) -> bool:
    """ "member number" and "member" name the entity member; "member since" does not."""
    head = "-".join(words[:-1]) if words[-1] in NUMBER_WORDS else "-".join(words)
    return head in names


def key_of(entity: Entity) -> str:
    """The field that holds an entity's own number, or nothing."""
    for field in entity.fields:
        words = naming.plain(field.title).split()
        own = len(words) == 1 and words[0] in NUMBER_WORDS
        if own or (words[-1:] and words[-1] in NUMBER_WORDS and "-".join(words[:-1]) in naming.forms(entity.slug)):
            return field.name
    return ""


def merges(domain: Domain) -> set[str]:
    """Slugs of the entities whose doubles are merged."""
    return {
        rule.entity.slug for one in domain.features if (rule := rule_of(domain, one)).kind == "merge" and rule.entity
    }


def rewrites_dates(domain: Domain) -> bool:
    return any(rule_of(domain, one).kind == "dates" for one in domain.features)
