"""Configuration that parses, and a monthly cost from a price list, everything assumed labelled so."""

import tomllib
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.agents.crew.backend import STORES, storage_of
from apps.agents.crew.markdown import bullets, document, safe, table
from apps.agents.crew.naming import slug
from apps.agents.crew.work import CannotDo, Work

# Per month, in the currency of the installation. Assumed; context.constraints.prices replaces any of them.
PRICES = {"server": "6.00", "storage_gb": "0.10", "backup_gb": "0.05", "traffic_gb": "0.01"}
RECORD_KB, ANSWER_KB = 2, 20


def configuration(work: Work) -> str:
    domain, storage = work.domain, storage_of(work)
    how = STORES[storage][0]
    data = "data" if storage == "files" else "data.db" if storage == "sqlite" else "data.json"
    name = slug(domain.title, "service")
    settings = (
        "# Assumption: one process on one machine, reached from that machine only.\n"
        f'name = "{name}"\n\n[service]\nhost = "127.0.0.1"\nport = 8000\n\n'
        f'[storage]\nkind = "{storage}" # {how}\npath = "{data}"\n'
    )
    if domain.is_migration:
        settings = (
            "# Assumption: the old system gives CSV files or a SQLite file; the new one is a SQLite file.\n"
            f'name = "{name}"\n\n[source]\npath = "old"\naccess = "read only"\n\n'
            '[target]\nkind = "sqlite"\npath = "new.db"\n\n[backup]\npath = "new.db.before"\n'
        )
    try:
        tomllib.loads(settings)
    except tomllib.TOMLDecodeError as error:
        raise CannotDo(f"The settings do not parse: {error}.") from error
    work.write(work.produces("settings.toml", "deploy/settings.toml"), settings)
    if domain.is_migration:
        work.claim("deploy/settings.toml parses. Where the old system really lies is for a person to fill in.")
        return "Settings of the migration: where the old system is read, where the new one is written."
    work.write(work.produces("Dockerfile", "deploy/Dockerfile"), _dockerfile(domain.is_service))
    work.claim("deploy/settings.toml parses. The Dockerfile was not built: there is no Docker inside the isolation.")
    return f"Settings for {how}, and a Dockerfile that was not built."


def _dockerfile(is_service: bool) -> str:
    lines = [
        "# Not built here. Assumption: the official Python image.",
        "FROM python:3.11-slim",
        "RUN useradd --create-home app",
        "WORKDIR /app",
        "COPY . /app",
        "RUN chown -R app /app",
        "USER app",
    ]
    if is_service:
        lines += ["EXPOSE 8000", 'CMD ["sh", "deploy/start.sh"]']
    else:
        lines += ['ENTRYPOINT ["sh", "deploy/start.sh"]']
    return "\n".join(lines)


def cost(work: Work) -> str:
    sizes = work.document("architecture/estimate.json").get("sizes", {})
    prices, given = _prices(work)
    lines = _lines(sizes, prices, is_service=work.domain.is_service)
    total = sum((line["amount"] for line in lines), Decimal(0))
    budget = money_of(work.packet.constraints.get("budget"))
    found = {
        "monthly": f"{total:.2f}",
        "assumed": True,
        "prices": {name: {"price": f"{price}", "assumed": name not in given} for name, price in prices.items()},
        "sizes": sizes,
        "lines": [{**line, "amount": f"{line['amount']:.2f}"} for line in lines],
        "budget": f"{budget}" if budget is not None else None,
        "within_budget": None if budget is None else total <= budget,
    }
    work.write_json(work.produces("cost.json", "infrastructure/cost.json"), found)
    work.write(work.produces("plan.md", "infrastructure/plan.md"), _plan(work, found))
    work.claim(f"The monthly cost is {total:.2f}, from prices of which {len(prices) - len(given)} are assumed.")
    return f"About {total:.2f} a month."


def _prices(work: Work) -> tuple[dict[str, Decimal], set[str]]:
    listed = work.packet.constraints.get("prices")
    given = {name for name in PRICES if isinstance(listed, dict) and money_of(listed.get(name)) is not None}
    prices = {name: Decimal(price) for name, price in PRICES.items()}
    for name in given:
        value = money_of(listed[name])  # type: ignore[index]  # only a dictionary has given names
        prices[name] = value if value is not None else prices[name]
    return prices, given


def money_of(value: Any) -> Decimal | None:
    try:
        amount = Decimal("".join(sign for sign in str(value) if sign in "0123456789."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _size(sizes: dict[str, Any], name: str, default: int) -> int:
    entry = sizes.get(name)
    value = entry.get("value") if isinstance(entry, dict) else None
    return value if isinstance(value, int) else default


def _lines(sizes: dict[str, Any], prices: dict[str, Decimal], *, is_service: bool) -> list[dict[str, Any]]:
    if not is_service:
        text = "It runs on the machine of whoever uses it; there is nothing to rent."
        return [{"what": "no server", "quantity": "0", "amount": Decimal(0), "why": text}]
    storage = Decimal(1) + Decimal(_size(sizes, "records", 1000) * RECORD_KB) / Decimal(1024 * 1024)
    traffic = Decimal(_size(sizes, "requests_a_day", 500) * 30 * ANSWER_KB) / Decimal(1024 * 1024)
    servers = 1 + _size(sizes, "requests_a_day", 500) // 1_000_000
    return [
        _line("server", Decimal(servers), prices["server"], "one small machine for each million requests a day"),
        _line("storage_gb", storage, prices["storage_gb"], f"1 GB for the software, {RECORD_KB} KB for each record"),
        _line("backup_gb", storage, prices["backup_gb"], "one copy of the storage"),
        _line("traffic_gb", traffic, prices["traffic_gb"], f"{ANSWER_KB} KB for each request"),
    ]


def _line(what: str, quantity: Decimal, price: Decimal, why: str) -> dict[str, Any]:
    return {"what": what, "quantity": f"{quantity:.3f}", "amount": quantity * price, "why": f"Assumption: {why}."}


def _plan(work: Work, found: dict[str, Any]) -> str:
    rows = [(line["what"], line["quantity"], line["amount"], line["why"]) for line in found["lines"]]
    sizes = [
        f"{name.replace('_', ' ')}: {item.get('value')}, {'assumed' if item.get('assumed') else 'from the brief'}"
        for name, item in found["sizes"].items()
        if isinstance(item, dict)
    ]
    verdict = {
        True: "The cost is within the budget.",
        False: "The cost is above the budget: a person decides.",
        None: "No budget was given.",
    }
    return document(
        f"Infrastructure: {work.domain.title}",
        ("Cost a month", f"{table(['What', 'Quantity', 'Amount', 'Why'], rows)}\n\nTotal: {safe(found['monthly'])}."),
        ("Sizes", bullets(sizes)),
        ("Budget", verdict[found["within_budget"]]),
        lead="Prices are assumptions unless they were given with the goal; the list is in infrastructure/cost.json.",
    )
