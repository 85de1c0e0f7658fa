"""Putting the features together: the service, the command-line tool or the library, with tests and what is not
built.
"""

from apps.agents.crew import naming
from apps.agents.crew.assembled_tests import assembled_code, feature_methods, way_of
from apps.agents.crew.backend import run_tests, structure_of, write_feature
from apps.agents.crew.domain import Domain, Feature
from apps.agents.crew.markdown import bullets, document, listed
from apps.agents.crew.pyliteral import doc, fill, literal
from apps.agents.crew.work import CannotDo, Work

FILES = {"http": "service/app.py", "cli": "service/cli.py", "library": "service/library.py"}


def assembly(work: Work) -> str:
    domain, structure = work.domain, structure_of(work)
    for feature in domain.features:
        if not work.has(f"service/features/{feature.module}.py"):
            if feature.sentence:
                raise CannotDo(
                    f"service/features/{feature.module}.py is missing, so '{feature.title}' cannot be assembled."
                )
            write_feature(work, feature)  # a person asked for it after the plan was made
    way = way_of(domain)
    target = work.produces(FILES[way], FILES[way])
    work.write(target, _code(domain, structure, way))
    work.write("tests/test_app.py", _tests(domain, structure, way))
    work.write("docs/not-built.md", not_built(work))
    work.progress(60, "running every test")
    ran = run_tests(work)
    if not ran["ok"]:
        raise CannotDo(f"The tests of the assembled software do not pass: {ran['output'][-700:]}")
    built = sum(feature.built for feature in domain.features)
    work.claim(f"All {ran['tests']} tests pass on the assembled software.")
    work.claim(f"{built} of {len(domain.features)} features are built; docs/not-built.md names the rest.")
    return f"{built} of {len(domain.features)} features assembled in {target}; {ran['tests']} tests pass."


def _code(domain: Domain, structure: str, way: str) -> str:
    features = _features(domain, structure, way)
    title = repr(doc(domain.title))
    if way == "http":
        client = domain.kind == "mobile_client"
        more = {name: fill(f"app_{name.lower()}{'_client' if client else ''}").rstrip() for name in ("KINDS", "POLICY")}
        more["HEADERS"] = fill(f"app_headers{'_client' if client else ''}")
        return fill("app", FEATURES=features, TITLE=title, **more)
    if way == "cli":
        return fill("cli", FEATURES=features, TITLE=title, PROGRAM=repr(naming.slug(domain.title, "tool")))
    return fill("library", FEATURES=features)


def _features(domain: Domain, structure: str, way: str) -> str:
    modules = tuple(feature.module for feature in domain.features)
    if way == "library":
        names = {naming.identifier(module): module for module in modules}
        found = 'FUNCTIONS = {name: import_module(f"service.features.{module}") for name, module in NAMES.items()}'
        return f"NAMES = {literal(names)}\n{found}"
    if structure == "contract-first" and way == "http":
        listed = (
            'CONTRACT = json.loads((ROOT / "contract" / "openapi.json").read_text(encoding="utf-8"))\n'
            'PATHS = CONTRACT["paths"].values()\n'
            'OPERATIONS = [item for path in PATHS for item in path.values() if "x-feature" in item]\n'
            "FEATURES = [import_module(f\"service.features.{item['operationId']}\") for item in OPERATIONS]"
        )
    else:
        listed = (
            f'NAMES = {literal(modules)}\nFEATURES = [import_module(f"service.features.{{name}}") for name in NAMES]'
        )
    by_slug = "\nBY_SLUG = {feature.COMMAND: feature for feature in FEATURES}" if way == "http" else ""
    return listed + by_slug


def _tests(domain: Domain, structure: str, way: str) -> str:
    methods = feature_methods(domain)
    if way == "http" and domain.features:
        methods += "\n" + _own_tests(domain)
    if not domain.features:
        methods = (
            "    def test_it_is_assembled_without_features(self):\n        self.assertEqual(self.kept('nothing'), [])\n"
        )
    return assembled_code(
        domain,
        structure,
        title=f"Tests of the assembled software: {domain.title}.",
        class_name="AppTest",
        methods=methods,
    )


def _own_tests(domain: Domain) -> str:
    writes = [feature for feature in domain.features if feature.method == "POST" and "{id}" not in feature.path]
    methods = ""
    if writes:
        taken = {feature.path for feature in domain.features if feature.method == "DELETE"}
        plain = next((f.path for f in writes if f.path not in taken), writes[0].path)
        methods = fill("test_http_own", PATH=repr(plain), POST=repr(writes[0].path))
    creates = [feature for feature in domain.features if feature.operation == "create" and feature.entity]
    for feature in creates:
        if feature.entity and feature.entity.fields[0].kind == "text":
            return methods + _form_test(feature)
    return methods


def _form_test(feature: Feature) -> str:
    assert feature.entity
    given = {field.name: field.sample for field in feature.entity.fields}
    given[feature.entity.fields[0].name] = "<script>alert(1)</script>"
    return fill(
        "test_form",
        GIVEN=literal(given),
        SLUG=naming.slug(feature.slug),
        STATUS="201",
        ENTITY=repr(feature.entity.slug),
    )


def not_built(work: Work) -> str:
    """docs/not-built.md: what was asked for and is not there, feature by feature and word by word."""
    missing = [f"{f.title} (sentence {f.sentence}): {f.reason}." for f in work.domain.features if not f.built]
    partly = [
        f"{f.title} (sentence {f.sentence}): it works for any {f.entity_name}; what "
        f"{listed([repr(word) for word in f.open_words])} would add is not built."
        for f in work.domain.features
        if f.built and f.open_words
    ]
    return document(
        f"Not built: {work.domain.title}",
        ("Features that are not built", bullets(missing)),
        ("Parts of built features that are not built", bullets(partly)),
        lead="The requirements that belong to these stay manual: a person decides at QG-PHASE6.",
    )
