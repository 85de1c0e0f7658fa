"""Random planning domains from a random source: for Hypothesis (``st.randoms()``), for seeds and for the benchmark."""

from random import Random

from apps.engine.conditions import Condition
from apps.engine.facts import extract_facts
from apps.engine.methods import Compound, Estimate, Fit, Library, Method, Primitive, Step

FACTS = extract_facts("Notes", "A fast web app. Users can add and search notes.")
CHOICES = ("storage", "structure", "pages")
VALUES = ("a", "b")
GIVEN = "brief"


class Maker:
    """Grows one library: a tree of compound tasks, so that no task comes twice (unless ``loops`` lets tasks recur)."""

    def __init__(self, random: Random, *, layers: int, width: int, ways: int, loops: bool, free: bool) -> None:
        self.random = random
        self.layers, self.width, self.ways, self.loops, self.free = layers, width, ways, loops, free
        self.compounds: dict[str, Compound] = {}
        self.primitives: dict[str, Primitive] = {}

    def compound(self, name: str, layer: int, above: tuple[str, ...] = ()) -> str:
        number = self.random.randint(1, self.ways) if self.free else self.ways
        methods = tuple(self.method(f"{name}.{n}", f"way-{n}", layer, (*above, name)) for n in range(number))
        self.compounds[name] = Compound(name, name, methods, self.random.random() < 0.3)
        return name

    def method(self, prefix: str, name: str, layer: int, above: tuple[str, ...]) -> Method:
        steps: list[Step] = []
        for index in range(self.random.randint(0 if self.free else 1, self.width)):
            step = self.step(f"{prefix}.{index}", layer, above, steps)
            steps.append(step)
        random = self.random
        chooses = {random.choice(CHOICES): random.choice(VALUES)} if self.free and random.random() < 0.4 else {}
        if not self.free:
            chooses = {above[-1]: name}
        return Method(
            name=name,
            title=f"{above[-1]} by {name}",
            steps=tuple(steps),
            when=tuple(self.condition() for _ in range(random.choice((0, 0, 1, 2)))) if self.free else (),
            chooses=chooses,
            risk=random.randint(0, 4) / 10,
            misfit=random.randint(0, 10) / 10,
            fits=(Fit(Condition("quality", ("fast",)), random.choice((-0.2, 0.2)), "It is to be fast."),),
        )

    def step(self, name: str, layer: int, above: tuple[str, ...], before: list[Step]) -> Step:
        random = self.random
        after = tuple(each.task for each in before if self.free and random.random() < 0.2)
        if self.loops and random.random() < 0.3:
            return Step(random.choice(above), after=after)
        if layer and random.random() < 0.6:
            return Step(self.compound(name, layer - 1, above), after=after)
        each = "feature" if self.free and random.random() < 0.2 else ""
        makes = f"{{feature.module}}-{name}.txt" if each else f"{name}.txt"
        inputs = [p for step in before if step.task in self.primitives for p in self.primitives[step.task].produces]
        plain = [path for path in inputs if "{" not in path]
        consumes = (random.choice(plain),) if plain and random.random() < 0.5 else (GIVEN,)
        least = random.randint(1, 9)
        self.primitives[name] = Primitive(
            name, name, 1, "a.one", (makes,), Estimate(least, least + random.randint(0, 4), least + 9), consumes,
            acceptance=("It is there.",), cost=random.randint(0, 3) / 2,
        )  # fmt: skip
        return Step(name, each, after)

    def condition(self) -> Condition:
        random = self.random
        made = [path for primitive in self.primitives.values() for path in primitive.produces if "{" not in path]
        simple = [
            Condition("features", (2, None)),
            Condition("quality", ("fast",)),
            Condition("not", Condition("kind", ("report",))),
            Condition("chosen", ((random.choice(CHOICES), (random.choice(VALUES),)),)),
            Condition("not", Condition("chosen", ((random.choice(CHOICES), (random.choice(VALUES),)),))),
            *([Condition("artifact", (random.choice(made),))] * 3 if made else []),
        ]
        if random.random() < 0.3:
            return Condition(random.choice(("any", "all")), (random.choice(simple), random.choice(simple)))
        return random.choice(simple)


def generated(
    random: Random, *, layers: int = 2, width: int = 3, ways: int = 3, loops: bool = False, free: bool = True
) -> Library:
    """A random library. ``free``: with preconditions, choices that can contradict, ordering constraints and empty
    methods, so that some have no plan; else every combination of methods is a plan."""
    maker = Maker(random, layers=layers, width=width, ways=ways, loops=loops, free=free)
    maker.compound("root", layers)
    return Library("generated", "1", "root", maker.compounds, maker.primitives, (GIVEN,))


def coupled(random: Random, *, decisions: int = 6, ways: int = 3) -> Library:
    """A domain whose decisions depend on each other: a good way is open only after certain earlier ones, so that what
    is best for now leads astray. The last way of each decision is always open, and the dearest."""
    compounds: dict[str, Compound] = {}
    primitives: dict[str, Primitive] = {}
    for number in range(decisions):
        name = f"d{number}"
        methods = []
        for way in range(ways):
            least, dear = random.randint(1, 20), 15 * (way == ways - 1)
            done = f"{name}.{way}"
            primitives[done] = Primitive(
                done, done, 1, "a.one", (f"{done}.txt",), Estimate(least + dear, least + dear + 2, least + dear + 9),
                acceptance=("It is there.",),
            )  # fmt: skip
            earlier = random.randrange(number) if number else 0
            open_after = tuple(f"w{n}" for n in range(ways) if random.random() < 0.5)
            when = (Condition("chosen", ((f"d{earlier}", open_after),)),) if number and way < ways - 1 else ()
            methods.append(
                Method(
                    f"w{way}", f"{name} by w{way}", (Step(done),), when=when, chooses={name: f"w{way}"},
                    risk=random.randint(0, 4) / 10, misfit=random.randint(0, 10) / 10,
                )
            )  # fmt: skip
        compounds[name] = Compound(name, name, tuple(methods), number == 0)
    root = Method("all", "All", tuple(Step(f"d{number}") for number in range(decisions)))
    compounds["root"] = Compound("root", "Root", (root,))
    return Library("coupled", "1", "root", compounds, primitives, (GIVEN,))
