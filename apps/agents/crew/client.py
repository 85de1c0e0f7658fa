"""An installable web client for phones: manifest, icon, service worker, and what it does without a network.

The scripts are fixed text; what a goal brings is data (the list of its pages). They can't be run inside the isolation,
where there is no browser: their tests look at what is served, and the project's own tests run them in one.
"""

import hashlib
import json

from apps.agents.crew import naming
from apps.agents.crew.backend import run_tests
from apps.agents.crew.frontend import frame
from apps.agents.crew.pages_check import own_scripts, page_faults
from apps.agents.crew.pyliteral import doc, fill
from apps.agents.crew.work import CannotDo, Work

ADDED = ("read-copy.js", "outbox.js")
OFFLINE = "<p>There is no network. This page was not kept on this device: go back, or try again later.</p>"


def shell(work: Work) -> str:
    """pages/manifest.webmanifest, icon.svg, offline.html, client.js, service-worker.js and tests/test_client.py."""
    title = work.domain.title
    manifest = {
        "name": naming.one_line(title, 60),
        "short_name": naming.one_line(title, 12),
        "lang": work.domain.language if work.domain.language.isalpha() else "en",
        "start_url": "/pages/index.html",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f7f9",
        "theme_color": "#0b4f9e",
        "icons": [{"src": "/pages/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}],
    }
    work.write(
        work.produces(".webmanifest", "pages/manifest.webmanifest"), json.dumps(manifest, ensure_ascii=False, indent=2)
    )
    letter = naming.plain(title)[:1].upper() or "A"
    work.write(work.produces("icon.svg", "pages/icon.svg"), fill("client_icon", LETTER=letter))
    work.write("pages/offline.html", _offline(work))
    work.write(work.produces("client.js", "pages/client.js"), fill("client_start"))
    files = sorted({*work.files("pages/*"), "pages/client.js"} - {"pages/service-worker.js", "pages/read-copy.js"})
    copies = "importScripts('/pages/read-copy.js');" if work.has("pages/read-copy.js") else ""
    shell_list = json.dumps([f"/{name}" for name in files], indent=2)
    worker = fill("client_worker", VERSION=version_of(work, files), SHELL=shell_list, COPIES=copies)
    work.write(work.produces("service-worker.js", "pages/service-worker.js"), worker)
    test = work.produces("test_client.py", "tests/test_client.py")
    work.write(test, fill("client_test", TITLE=doc(title)))
    ran = run_tests(work, test)
    if not ran["ok"]:
        raise CannotDo(f"{test} does not pass: {ran['output'][-700:]}")
    work.claim(f"{test} passes ({ran['tests']} tests): what a phone needs to install it is served as it must be.")
    work.claim("The scripts were not run here: there is no browser inside the isolation. A person tries it on a phone.")
    return f"An installable client with {len(files)} files that open without a network."


def version_of(work: Work, files: list[str]) -> str:
    """Changes with any file of the shell, so that a phone takes the new ones."""
    digest = hashlib.sha256()
    for name in files:
        digest.update(name.encode() + b"\0" + work.text(name).encode())
    return digest.hexdigest()[:16]


def _offline(work: Work) -> str:
    text = frame(work, "No network", OFFLINE + '\n<p><a href="/pages/index.html">To the start</a></p>')
    if faults := page_faults(text, own_scripts=own_scripts(work.domain.kind)):
        raise CannotDo(f"pages/offline.html breaks a rule: {faults[0]}")
    return text


def copies(work: Work) -> str:
    """pages/read-copy.js: what was last seen, with its time, when there is no network."""
    work.write(work.produces("read-copy.js", "pages/read-copy.js"), fill("client_copies"))
    work.claim("Only answers to reading are kept, at most fifty; the page says from when they are.")
    return "What was last seen can be read without a network."


def outbox(work: Work) -> str:
    """pages/outbox.js: what is entered without a network waits on the device and is sent later."""
    work.write(work.produces("outbox.js", "pages/outbox.js"), fill("client_outbox"))
    work.claim("What was entered stays in the device's local storage until the service took it or refused it in words.")
    return "What is entered without a network is sent later."
