"""Reviews must be able to fail: each fault is put into a good tree and has to be found."""

from collections.abc import Callable

import pytest

from tests.agents.crew import briefs
from tests.agents.crew.chain import Chain


@pytest.fixture(scope="module")
def finished() -> dict[str, bytes]:
    small = {**briefs.LIBRARY_APP, "features": briefs.LIBRARY_APP["features"][:4]}
    chain = Chain(small)
    chain.run()
    return chain.tree


@pytest.fixture
def chain(finished: dict[str, bytes]) -> Chain:
    small = {**briefs.LIBRARY_APP, "features": briefs.LIBRARY_APP["features"][:4]}
    fresh = Chain(small)
    fresh.tree = dict(finished)
    return fresh


def put(path: str, old: str, new: str) -> Callable[[Chain], None]:
    def change(chain: Chain) -> None:
        text = chain.text(path)
        assert old in text, f"{path} has no {old}"
        chain.tree[path] = text.replace(old, new).encode()

    return change


def add(path: str, text: str) -> Callable[[Chain], None]:
    def change(chain: Chain) -> None:
        chain.tree[path] = chain.tree.get(path, b"") + text.encode()

    return change


def take(path: str) -> Callable[[Chain], None]:
    def change(chain: Chain) -> None:
        del chain.tree[path]

    return change


ADD = "service/features/add_a_book.py"
LIST = "service/features/list_books.py"
FAULTS = [
    (1, "code", "requirements_traced", take("requirements/requirements.json")),
    (1, "code", "acceptance_present", put("requirements/acceptance.json", '"requirement": 2', '"requirement": 99')),
    (1, "code", "questions_settled", put("requirements/requirements.json", "the default is taken: Nobody", "Somebody")),
    (2, "code", "decisions_recorded", put("docs/decisions.md", "layered", "other")),
    (2, "code", "contract_matches", put("contract/openapi.json", '"/books"', '"/tomes"')),
    (2, "code", "threats_listed", take("architecture/threats.md")),
    (2, "code", "estimate_present", take("architecture/estimate.json")),
    (3, "code", "configuration_parses", add("deploy/settings.toml", "\n[broken")),
    (3, "code", "configuration_parses", put("deploy/Dockerfile", "USER app", "# nobody")),
    (3, "code", "cost_present", take("infrastructure/cost.json")),
    (3, "security", "no_secrets", add("deploy/settings.toml", '\npassword = "correct-horse"\n')),
    (3, "security", "listens_locally", put("deploy/settings.toml", "127.0.0.1", "0.0.0.0")),
    (4, "code", "compiles", add(ADD, "\ndef broken(:\n")),
    (4, "code", "tests_pass", put(ADD, "things(store).create(given)", "{}")),
    (4, "code", "contract_matches", put(ADD, "PATH = '/books'", "PATH = '/elsewhere'")),
    (4, "code", "code_reads_well", add(ADD, "\nimport os\n")),
    (4, "code", "code_reads_well", add(ADD, "\n\ndef f():\n    try:\n        pass\n    except:\n        pass\n")),
    (4, "security", "no_secrets", add(ADD, "\nKEY = 'AKIAIOSFODNN7EXAMPLE'\n")),
    (4, "security", "no_secrets", add(ADD, "\nKEY = 'q8Zt3LxV0bN7cYkR5mWd2HsJ9fPgTe4U'\n")),
    (4, "security", "no_dangerous_calls", add(ADD, "\n\ndef f(x):\n    return eval(x)\n")),
    (4, "security", "no_dangerous_calls", add(ADD, "\nimport subprocess\nsubprocess.run('ls', shell=True)\n")),
    (
        4,
        "security",
        "no_built_queries",
        add(ADD, "\n\ndef f(c, x):\n    c.execute(f'SELECT a FROM b WHERE c = {x}')\n"),
    ),
    (4, "security", "no_built_queries", add(ADD, "\n\ndef f(c, x):\n    c.execute('DELETE FROM b WHERE c = ' + x)\n")),
    (4, "security", "licences_clear", add(ADD, "\nimport requests\n")),
    (
        4,
        "performance",
        "no_query_for_each_row",
        put(LIST, "found.every(limit, offset)", "[found.get(r['id']) for r in found.every()]"),
    ),
    (
        4,
        "performance",
        "requests_fast",
        put(LIST, "def run(store, given):", "import time\n\n\ndef run(store, given):\n    time.sleep(0.4)"),
    ),
    (5, "code", "pages_accessible", put("pages/add-a-book.html", "<label for=", "<span id=")),
    (5, "code", "pages_accessible", put("pages/index.html", ' lang="en"', "")),
    (5, "security", "pages_safe", put("pages/index.html", "</main>", "<script>alert(1)</script></main>")),
    (
        5,
        "security",
        "pages_safe",
        put("pages/index.html", "</main>", '<img alt="" src="https://x.example/p.png"></main>'),
    ),
    (6, "code", "end_to_end_passes", put("reports/integration.json", '"passed": true', '"passed": false')),
    (
        6,
        "code",
        "requirements_covered",
        put("reports/coverage.json", '"fails_without_it": true', '"fails_without_it": false'),
    ),
    (7, "code", "rollback_tried", take("reports/rollback.json")),
    (7, "code", "release_whole", take("deploy/rollback.sh")),
]


@pytest.mark.parametrize(
    ("phase", "kind", "name", "spoil"), FAULTS, ids=[f"{f[0]}-{f[2]}-{n}" for n, f in enumerate(FAULTS)]
)
def test_a_fault_is_found(chain: Chain, phase: int, kind: str, name: str, spoil: Callable[[Chain], None]):
    spoil(chain)
    failed = {check["name"]: check for check in chain.review(phase, kind) if check["result"] == "failed"}
    assert name in failed
    assert failed[name]["sentence"]
    assert failed[name]["proof"]["faults"]


def test_a_good_tree_has_no_finding(chain: Chain):
    for kind in ("code", "security", "performance"):
        assert [c for c in chain.review(6, kind) if c["result"] == "failed"] == []


def test_what_was_not_there_is_not_run_and_never_passed(chain: Chain):
    chain.tree = {"strategic_prompt.txt": b"x"}
    checks = {check["name"]: check for check in chain.review(4, "security")}
    assert checks["no_built_queries"]["result"] == "not_run"
    assert checks["no_built_queries"]["blocking"] is False


def test_a_test_that_cannot_fail_is_not_counted_as_coverage(chain: Chain):
    chain.tree["tests/test_add_a_book.py"] = (
        b"import unittest\n\n\nclass FeatureTest(unittest.TestCase):\n"
        b"    def test_it_works(self):\n        self.assertTrue(True)\n"
    )
    chain.accept("integration.coverage", phase=6, produces=["reports/coverage.json"])
    report = chain.document("reports/coverage.json")
    assert report["all_covered"] is False
    assert report["covered"] == report["testable"] - 1
