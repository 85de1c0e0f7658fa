"""One pass over the segments of a brief: what each sentence says, and then what they say together."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from apps.engine.facts import entities as entity_text
from apps.engine.facts import words
from apps.engine.facts.behaviour import is_behaviour, speaks_to_the_reader
from apps.engine.facts.features import (
    asyndetic,
    prose_features,
    same_thing,
    topic_features,
    whole_sentence,
    without_umbrellas,
)
from apps.engine.facts.items import Found, item_features
from apps.engine.facts.languages import READ_LANGUAGES, detect_language
from apps.engine.facts.limits import constraints_of, doers_of, forbidden_clauses, qualities_of, users_of
from apps.engine.facts.model import WITHOUT_THINGS, Constraint, Entity, Evidence, Sentence
from apps.engine.facts.nouns import plural, singular, slug
from apps.engine.facts.phrases import find_phrases
from apps.engine.facts.sentences import Segment, tokens
from apps.engine.facts.topics import topics, wanted_parts
from apps.engine.facts.verbs import base_verb

MOST_ENTITIES = 20
LONGEST_FRAGMENT = 12  # tokens of a sentence that asks without a verb: "No third-party packages."

_ADDRESS = re.compile(r"^(?:\S*\.\./\S*|/\S+|\S*%[0-9a-f]{2}\S*|\w+://\S+)$", re.I)  # a path or link alone is no wish
_FORBIDS = re.compile(r"^(?:out of scope|not in scope|non-goals|not wanted|later)\s*:\s*(.+)$", re.I)
_BACKGROUND = re.compile(r"^(?:context|background|hintergrund|contexte|contexto)\s*:\s", re.I)
_USERS = re.compile(r"^(?:who (?:uses|will use) it|users|roles|actors|audience|readers?|nutzer)\s*:\s*(.+)$", re.I)


@dataclass
class Reading:
    """Everything found is kept with its sentence's number; :meth:`settle` adds what needs the whole brief."""

    found: list[Segment]
    sentences: list[Sentence] = field(default_factory=list)
    features: list[Found] = field(default_factory=list)
    entities: dict[str, Entity] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    qualities: dict[str, int] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    passages: list[tuple[int, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    pending: list[tuple[int, entity_text.Definition]] = field(default_factory=list)
    known: dict[tuple[str, str, str, bool], bool] = field(default_factory=dict)
    language: str = "en"
    addressed: list[int] = field(default_factory=list)  # sentences that speak to who reads, not about the goal

    def read(self) -> None:
        sizes = _list_sizes(self.found)
        cuts = [tokens(segment.text) for segment in self.found]
        for cut in cuts:
            for token in cut:
                self.counts[token.lower()] = self.counts.get(token.lower(), 0) + 1
        self.language = detect_language(self.counts)
        for number, (segment, cut, size) in enumerate(zip(self.found, cuts, sizes, strict=True), start=1):
            is_lead = segment.shape == "prose" and self._leads(number - 1)
            # What is said again word for word says nothing new; it only rests where it was said first.
            place = (segment.text, segment.shape, segment.section, is_lead)
            asks = self.known.get(place)
            if asks is None:
                asks = self._read_one(number, segment, cut, size, is_lead=is_lead)
                self.known[place] = asks
            self.sentences.append(Sentence(number, segment.text, asks))

    def _leads(self, index: int) -> bool:
        """Whether a sentence only introduces what follows it."""
        text = self.found[index].text
        follows = index + 1 < len(self.found) and self.found[index + 1].shape == "item"
        return text.endswith(":") or (follows and not text.endswith((".", "!", "?")))

    def _read_one(self, number: int, segment: Segment, cut: Sequence[str], size: int, *, is_lead: bool) -> bool:
        text = segment.text
        if (asks := self._by_place(number, segment, is_lead)) is not None:
            return asks
        constraints = list(constraints_of(text, number))
        self.constraints.extend(constraints)
        self.passages.append((number, _without(text, [c.text for c in constraints if c.kind == "must_not"])))
        for user in users_of(cut, is_lead=is_lead):
            self.users.setdefault(user, number)
        is_record = bool(_RECORD.match(text))
        for quality in [*qualities_of(cut), *(["auditable"] if is_record else [])]:
            self.qualities.setdefault(quality, number)
        if is_lead:
            return False
        if is_record or _works_somehow(cut):
            return True
        defined = entity_text.definition_of(text, data_section=segment.section == "data")
        if defined:
            self._define(defined, number)
            return True
        if self.language not in READ_LANGUAGES:
            return self._read_whole(number, segment, constraints)
        known = len(self.features)
        if segment.shape == "item":
            asks = self._read_item(number, segment, cut, constraints, size)
        else:
            asks = self._read_prose(number, text, cut, constraints)
        for user in doers_of(cut) if len(self.features) > known else ():
            self.users.setdefault(user, number)
        return asks

    def _read_whole(self, number: int, segment: Segment, constraints: list[Constraint]) -> bool:
        """A sentence in a language without lists: it asks, unless it is a question or only sets a limit.

        The first sentence of prose says what the whole is.
        """
        asks = not segment.text.rstrip().endswith(("?", "？"))
        says_whole = segment.shape == "prose" and not any(s.asks for s in self.sentences)
        if asks and not says_whole and not any(c.kind == "must_not" for c in constraints):
            self.features.append(whole_sentence(segment.text, number))
        return asks

    def _by_place(self, number: int, segment: Segment, is_lead: bool) -> bool | None:
        """What a segment is by where it stands or how it begins: whether it asks, or None to read on."""
        text = segment.text
        if segment.shape == "code":
            return False
        if speaks_to_the_reader(text):
            self.addressed.append(number)
            return False
        if segment.shape == "heading" or segment.section == "background" or _BACKGROUND.match(text):
            self.passages.append((number, text))
            return False
        if users := _USERS.match(text):
            for name in re.split(r",|;|\s(?:and|und|et|y)\s", users.group(1)):
                self._user(name, number)
            return False
        if forbidden := self._forbidden(segment, is_lead):
            self.constraints.extend(Constraint("must_not", clause, number) for clause in forbidden)
            return True
        return None

    def _forbidden(self, segment: Segment, is_lead: bool) -> list[str]:
        """What a sentence rules out by where it stands or how it begins."""
        if match := _FORBIDS.match(segment.text):
            return [part.strip(" .") for part in match.group(1).split(",") if part.strip(" .")]
        return [segment.text] if segment.section == "out_of_scope" and not is_lead else []

    def _user(self, text: str, number: int) -> None:
        parts = re.split(r"[:(,–—]|\s(?:can|may|who|-)\s", text.strip(" ."))[0].lower().split()
        name = " ".join(part for part in parts if part not in words.DETERMINERS)
        if name and len(parts) <= 4:
            self.users.setdefault(name, number)

    def _read_item(
        self, number: int, segment: Segment, cut: Sequence[str], constraints: list[Constraint], size: int
    ) -> bool:
        if segment.section == "users":
            self._user(segment.text, number)
            return False
        if segment.section in ("constraints", "data") or _only_limits(cut, constraints):
            return True
        if is_behaviour(segment.text, cut):
            return True
        if _ADDRESS.match(segment.text):
            return False
        found = [] if size > 2 else prose_features(segment.text, number)
        found = [replace(each, is_item=True) for each in found]
        self._add(found if len(found) > 1 else item_features(segment.text, number))
        return True

    def _read_prose(self, number: int, text: str, cut: Sequence[str], constraints: list[Constraint]) -> bool:
        if pending := entity_text.listed(text):
            self.pending.append((number, pending))
        if parts := wanted_parts(text):
            self._add(topic_features(parts, number))
            return True
        asks = (_asks(cut) and not self._is_signature(number, cut)) or bool(constraints)
        if asks and not is_behaviour(text, cut):
            found = prose_features(_without(text, forbidden_clauses(text)), number)
            if not found and not constraints and self._is_foreign_wish(cut):
                found = [whole_sentence(text, number)]
            self._add(found)
        return asks

    def _is_foreign_wish(self, cut: Sequence[str]) -> bool:
        """ "Die Nutzer sollen …" with a verb that no list has: the sentence itself is what is wished for."""
        lows = {token.lower() for token in cut}
        return self.language != "en" and bool(lows & words.MODALS) and not lows & (words.STATE_VERBS | words.MAKE_VERBS)

    def _is_signature(self, number: int, cut: Sequence[str]) -> bool:
        return number == len(self.found) > 2 and len(cut) <= 2 and all(part.istitle() for part in cut)

    def _add(self, found: Iterable[Found]) -> None:
        """Keeps features; a pronoun stands for what the feature before it was about."""
        for each in found:
            thing = self._meant_by(each) if each.refers else ""
            if not each.thing and each.refers and each.verb in _HANDLING and (not thing or each.verb in _AS_A_WHOLE):
                continue
            self.features.append(_with_noun(each, thing) if thing else each)

    def _meant_by(self, found: Found) -> str:
        """The thing of the last feature that the pronoun can stand for: "it" is never for several."""
        is_one = " it" in f" {found.title.lower()} " and " them" not in found.title.lower()
        for feature in reversed(self.features):
            several = f" {plural(feature.thing)}" in f" {feature.title.lower()}"
            if feature.thing and not (is_one and several):
                return feature.thing
        return ""

    def _define(self, defined: entity_text.Definition, number: int) -> None:
        if not defined.slug:
            return
        known = self.entities.get(defined.slug)
        fields = entity_text.merged(known.fields, defined.fields) if known else defined.fields
        first = known.sentence if known and known.fields else number
        self.entities[defined.slug] = Entity(defined.slug, defined.name, fields, first)

    def settle(self, kind: str, evidence: Sequence[Evidence]) -> None:
        """What can be read only once the kind is known: parts of a report, things that are kept, what asks."""
        if kind in WITHOUT_THINGS:
            self._settle_parts(kind)
        self.features = without_umbrellas(self.features)
        self._add_things(kind)
        self.features = [each for found in self.features for each in _for_each_thing(found, set(self.entities))]
        self._settle_asking(evidence)

    def _settle_parts(self, kind: str) -> None:
        """A report has topics and a site has pages; where they are listed, the rest of the prose only tells."""
        items = [f for f in self.features if f.is_item]
        listed: list[Found] = []
        for number, text in self.passages:
            segment = self.found[number - 1]
            names = topics(text) if segment.shape == "prose" and not self._leads(number - 1) else []
            listed.extend(topic_features(names, number) if not items or text.lower().startswith("include") else [])
        of_topics = {f.sentence for f in listed}
        is_listed = bool(items or listed) if kind == "static_site" else len(items) > 1
        others = [] if is_listed else self.features
        kept = [
            f for f in others if f.sentence not in of_topics and not self.sentences[f.sentence - 1].text.endswith("?")
        ]
        self.features = sorted([*(kept if others else items), *listed], key=lambda found: found.sentence)

    def _settle_asking(self, evidence: Sequence[Evidence]) -> None:
        of_features = {f.sentence for f in self.features}
        asking = {e.sentence for e in evidence} | of_features
        for number in asking - {0}:
            segment = self.found[number - 1]
            low = segment.text.lower().split()
            tells = bool(words.TELLING & set(low)) and low[0] not in words.DETERMINERS and number not in of_features
            if segment.shape != "heading" and segment.section != "background" and not tells:
                self.sentences[number - 1] = replace(self.sentences[number - 1], asks=True)
        if not any(sentence.asks for sentence in self.sentences):
            self.sentences[0] = replace(self.sentences[0], asks=True)

    def _add_things(self, kind: str) -> None:
        """What features store and nobody described is an entity too; its fields are those that the features name."""
        if kind in WITHOUT_THINGS:
            return
        verbs: dict[str, set[str]] = {}
        for found in self.features:
            verbs.setdefault(slug(found.thing), set()).add(found.verb)
        for found in self.features:
            name = slug(found.thing)
            known = same_thing(name, self.entities)
            if known and found.fields:
                entity = self.entities[known]
                self.entities[known] = replace(entity, fields=entity_text.merged(entity.fields, found.fields))
            elif (
                name
                and not known
                and len(self.entities) < MOST_ENTITIES
                and _is_kept(found, kind, len(verbs[name]), self._field_names())
            ):
                self.entities[name] = Entity(name, found.thing, found.fields, found.sentence)
        for number, definition in self.pending:
            if same_thing(definition.slug, self.entities) or definition.slug in verbs:
                self._define(definition, number)
        self.entities = dict(list(self.entities.items())[:MOST_ENTITIES])

    def _field_names(self) -> set[str]:
        return {field for entity in self.entities.values() for field in entity.fields}


def _is_kept(found: Found, kind: str, verbs: int, fields: set[str]) -> bool:
    """Whether what a feature acts on is kept: somebody adds or changes it, or in a service several features use it."""
    if found.thing in words.NOT_ENTITIES:
        return False
    if found.thing in words.EITHER_WORDS:
        is_used = kind in ("web_application", "api_service") and verbs > 1 and found.verb not in words.OVERVIEW_VERBS
        return found.verb in words.SURELY_ADDING_VERBS or is_used
    if kind == "migration" and found.verb in words.BRINGING_VERBS:
        return True
    is_served = kind in ("web_application", "api_service")
    if not is_served:
        return found.verb in words.CREATING_VERBS or (found.verb in words.STORING_VERBS and verbs > 1)
    if found.verb in words.CREATING_VERBS or (found.verb in words.STORING_VERBS and found.thing not in fields):
        return True
    return verbs > 1 and found.thing not in fields


_EITHER = re.compile(r"^(\S+) ((?:an?|the) )?([\w-]+) (?:or|and) ((?:an?|the) )?([\w-]+)\b(.*)$", re.I)


def _for_each_thing(found: Found, entities: set[str]) -> list[Found]:
    """ "Lend a costume or a prop" is one feature for each of two things that are kept."""
    match = _EITHER.match(found.title)
    if match is None or not found.verb:
        return [found]
    verb, article, first, other, second, rest = (match.group(n) or "" for n in range(1, 7))
    things = [same_thing(slug(singular(noun.lower())), entities) for noun in (first, second)]
    if not all(things) or things[0] == things[1]:
        return [found]
    titles = [f"{verb} {article}{first}{rest}", f"{verb} {other or article}{second}{rest}"]
    return [replace(found, title=t, thing=n) for t, n in zip(titles, things, strict=True)]


def _with_noun(found: Found, thing: str) -> Found:
    """ "Hand it out" about an order is "Hand the order out"."""
    parts = found.title.split()
    for index, part in enumerate(parts[1:], start=1):
        if part.lower() in ("it", "them", "one"):
            noun = plural(thing) if part.lower() == "them" else thing
            parts[index] = f"the {noun}"
            break
    return replace(found, title=" ".join(parts), thing=thing)


_HANDLING = words.word_set("read use open see import install call run")
_AS_A_WHOLE = words.word_set("import install run")  # "developers import it": the whole is meant
# "every change is recorded with who and when": a quality of all features rather than one of them
_RECORD = re.compile(r"^(?:every|all|each|any)\b.{1,60}\b(?:is|are)\s+(?:recorded|logged|traced|traceable)\b", re.I)


def _works_somehow(cut: Sequence[str]) -> bool:
    """ "Works on my phone." """
    return bool(cut) and len(cut) < 9 and cut[0].endswith("s") and base_verb(cut[0]) in words.BEHAVING_VERBS


def _list_sizes(found: Sequence[Segment]) -> list[int]:
    """For each segment, how many items its list has (0 outside a list)."""
    sizes = [0] * len(found)
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end].shape == "item":
            end += 1
        for index in range(start, end):
            sizes[index] = end - start
        start = max(end, start + 1)
    return sizes


def _without(text: str, clauses: Iterable[str]) -> str:
    for clause in clauses:
        text = text.replace(clause, " ")
    return text


def _asks(cut: Sequence[str]) -> bool:
    lows = [token.lower() for token in cut]
    first = lows[0] if lows else ""
    if first in words.MAKE_VERBS or first in words.VERBS or asyndetic(cut) or lows[:2] in (["as", "a"], ["as", "an"]):
        return True
    if words.REQUEST_WORDS & set(lows) or (find_phrases(cut) and not _past(lows)):
        return True
    return len(lows) <= LONGEST_FRAGMENT and not words.TELLING & set(lows)


def _past(lows: Sequence[str]) -> bool:
    return any(low in ("was", "were", "had", "did", "used", "waren", "war") for low in lows)


def _only_limits(cut: Sequence[str], constraints: Sequence[Constraint]) -> bool:
    """Whether an item sets limits or qualities and names nothing to do."""
    if any(c.kind == "must_not" for c in constraints):
        return True
    first = cut[0].lower() if cut else ""
    acts = (base_verb(first) and first not in ("use", "run", "support", "budget", "test", "start")) or find_phrases(cut)
    if acts:
        return False
    if constraints:
        return True
    return bool(qualities_of(cut)) and len(cut) <= 8
