"""The facts of a goal as the things a program is made of: entities with fields, features with addresses."""

from dataclasses import dataclass

from apps.agents.crew import verbs

SERVICE_KINDS = frozenset({"web_application", "api_service", "mobile_client"})
COMMAND_KINDS = frozenset({"command_line_tool", "data_pipeline"})
# Kinds whose result is a document: what it is called, and where it lies.
DOCUMENTS = {
    "report": ("report", "report/report.md"),
    "event": ("event's handbook", "event/handbook.md"),
    "process_change": ("process handbook", "process/handbook.md"),
}


@dataclass(frozen=True)
class Field:
    name: str
    title: str
    kind: str  # text, number or date

    @property
    def sample(self) -> str | int:
        samples: dict[str, str | int] = {"number": 7, "date": "2026-01-15"}
        return samples.get(self.kind, f"Some {self.title}")

    @property
    def other(self) -> str | int:
        samples: dict[str, str | int] = {"number": 11, "date": "2026-02-20"}
        return samples.get(self.kind, f"Another {self.title}")


@dataclass(frozen=True)
class Entity:
    slug: str
    name: str
    module: str
    plural: str
    fields: tuple[Field, ...]
    sentence: int
    assumed: bool  # its fields are not in the brief
    many: str = ""  # its name in the plural, as prose has it


@dataclass(frozen=True)
class Feature:
    slug: str
    module: str
    title: str
    sentence: int
    verb: str
    operation: str  # empty: not built
    entity: Entity | None
    state: str
    reason: str  # why it is not built
    open_words: tuple[str, ...]  # words of its title that no operation accounts for
    assumptions: tuple[str, ...]
    method: str = ""
    path: str = ""

    @property
    def built(self) -> bool:
        return bool(self.operation)

    @property
    def entity_name(self) -> str:
        return self.entity.name if self.entity else "thing"

    @property
    def inputs(self) -> tuple[Field, ...]:
        number = Field("id", "number", "number")
        fields = self.entity.fields if self.entity else ()
        return {
            "create": fields,
            "list": (),
            "show": (number,),
            "search": (Field("q", "words to look for", "text"),),
            "update": (number, *fields),
            "delete": (number,),
            "sort": (Field("by", "field to sort by", "text"),),
            "export": (Field("format", "format, csv or json", "text"),),
            "import": (Field("text", "CSV text with a heading line", "text"),),
            "mark": (number,),
            "label": (number, Field("label", "label", "text")),
        }.get(self.operation, ())

    @property
    def meaning(self) -> str:
        if not self.built or self.entity is None:
            return f"is not built: {self.reason}"
        return verbs.MEANINGS[self.operation].format(
            entity=self.entity.name, entities=self.entity.many, state=self.state
        )

    @property
    def detail(self) -> str:
        """What building it settled beyond the brief, or nothing."""
        if not self.built or self.entity is None:
            return ""
        words = {"entity": self.entity.name, "entities": self.entity.many, "state": self.state}
        return verbs.DETAILS.get(self.operation, "").format(**words)

    @property
    def label(self) -> str:
        """The title as a button has it: without the fields that a wish to keep something names."""
        short = verbs.BEFORE_FIELDS.split(self.title, maxsplit=1)[0] if self.operation == "create" else self.title
        short = short if len(short) <= 45 else short.split(",", 1)[0]
        return short if len(short) <= 60 else f"{short[:60].rpartition(' ')[0]} …"


@dataclass(frozen=True)
class Domain:
    kind: str
    title: str
    language: str
    entities: tuple[Entity, ...]
    features: tuple[Feature, ...]

    def feature(self, slug: str) -> Feature:
        for feature in self.features:
            if slug in (feature.slug, feature.module):
                return feature
        raise LookupError(f"The goal's facts know no feature '{slug}'.")

    def entity(self, slug: str) -> Entity:
        for entity in self.entities:
            if slug in (entity.slug, entity.module):
                return entity
        raise LookupError(f"The goal's facts know no entity '{slug}'.")

    @property
    def is_service(self) -> bool:
        return self.kind in SERVICE_KINDS

    @property
    def has_code(self) -> bool:
        """Whether features become code of a service, a command or a library."""
        return self.kind not in {*DOCUMENTS, "static_site", "migration"}

    @property
    def is_migration(self) -> bool:
        return self.kind == "migration"

    @property
    def document(self) -> str:
        """The path of the document that is the result, or nothing."""
        return DOCUMENTS.get(self.kind, ("", ""))[1]

    @property
    def document_name(self) -> str:
        return DOCUMENTS.get(self.kind, ("site", ""))[0]
