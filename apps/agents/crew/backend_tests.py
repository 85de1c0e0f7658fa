"""Contract tests, written before the code: they fail until everything in the contract is there, and nothing else."""

from apps.agents.crew.assembled_tests import way_of
from apps.agents.crew.pyliteral import fill
from apps.agents.crew.work import CannotDo, Work

CONTRACTS = {"http": "contract/openapi.json", "cli": "contract/cli.json", "library": "contract/interface.json"}


def contract_tests(work: Work) -> str:
    way = way_of(work.domain)
    if not work.document(CONTRACTS[way]):
        raise CannotDo(f"{CONTRACTS[way]} is missing or is no JSON object, so nothing can be tested against it.")
    work.write(work.produces("test_contract.py", "tests/test_contract.py"), fill(f"contract_{way}"))
    work.claim("The contract tests fail now and pass once the software is assembled.")
    return "Tests that hold the software to its contract."
