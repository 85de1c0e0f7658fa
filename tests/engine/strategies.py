"""Random scheduling problems and random method libraries, for Hypothesis."""

from hypothesis import strategies as st

from apps.engine.conditions import Condition
from apps.engine.methods import Compound, Estimate, Library, Method, Primitive, Step
from apps.engine.work import Job, Work, Worker

CAPABILITIES = ("a.one", "a.two", "a.three")
CONDITIONS = (
    Condition("features", (2, None)),
    Condition("features", (3, None)),
    Condition("quality", ("fast",)),
    Condition("artifact", ("brief",)),
    Condition("artifact", ("task-0-0-0-p0.txt",)),
)


@st.composite
def works(draw, most=8, phases=1, with_workers=True):
    size = draw(st.integers(1, most))
    jobs = tuple(
        Job(f"j{n}", float(draw(st.integers(0, 9))), draw(st.integers(1, phases)), draw(st.sampled_from(CAPABILITIES)))
        for n in range(size)
    )
    needs = {}
    for n, job in enumerate(jobs):
        earlier = [other.key for other in jobs[:n] if other.phase <= job.phase]
        needs[job.key] = tuple(draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3))) if earlier else ()
    workers: tuple[Worker, ...] = ()
    if with_workers:
        kinds = draw(st.lists(st.sets(st.sampled_from(CAPABILITIES), min_size=1), max_size=3))
        workers = tuple(Worker(f"w{n}", frozenset(kind), draw(st.integers(1, 2))) for n, kind in enumerate(kinds))
    return Work(jobs, needs, draw(st.integers(1, 4)), workers)


@st.composite
def libraries(draw):
    """Layered domains: a compound task uses those of the layer below, so that every decomposition ends."""
    layers = draw(st.integers(1, 3))
    primitives: dict[str, Primitive] = {}
    compounds: dict[str, Compound] = {}
    below: list[str] = []
    for layer in range(layers):
        names = []
        for number in range(draw(st.integers(1, 2))):
            name = f"task-{layer}-{number}"
            methods = tuple(
                _method(draw, f"way-{index}", f"{name}-{index}", below, primitives)
                for index in range(draw(st.integers(1, 3)))
            )
            compounds[name] = Compound(name, name, methods, draw(st.booleans()))
            names.append(name)
        below = names
    root = Method("all", "All", tuple(Step(name) for name in below))
    compounds["root"] = Compound("root", "Root", (root,))
    return Library("random", "1", "root", compounds, primitives, given=("brief",))


def _method(draw, name, prefix, below, primitives):
    steps = []
    for index in range(draw(st.integers(0, 3))):
        own = f"{prefix}-p{index}"
        earlier = [p for p in primitives.values() if p.name.startswith(prefix)]
        inputs = [path for p in earlier for path in p.produces]
        consumes = tuple(draw(st.lists(st.sampled_from(inputs), unique=True, max_size=2))) if inputs else ("brief",)
        least = draw(st.integers(1, 5))
        primitives[own] = Primitive(
            name=own,
            title=own,
            phase=1 + min(6, max([p.phase for p in earlier], default=1) - 1 + draw(st.integers(0, 1))),
            capability="a.one",
            produces=(f"{own}.txt",),
            consumes=consumes,
            estimate=Estimate(least, least + draw(st.integers(0, 3)), least + 5),
            acceptance=("It is there.",),
        )
        steps.append(Step(own))
    steps += [Step(each) for each in (draw(st.lists(st.sampled_from(below), unique=True, max_size=2)) if below else [])]
    when = draw(st.sampled_from([(), (), (), *((condition,) for condition in CONDITIONS)]))
    chooses = {f"choice-{prefix}": name} if draw(st.booleans()) else {}
    risk, misfit = draw(st.integers(0, 5)) / 10, draw(st.integers(0, 10)) / 10
    return Method(name, name, tuple(steps), when=when, chooses=chooses, risk=risk, misfit=misfit)
