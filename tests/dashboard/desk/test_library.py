"""The method library: reading it, the editor, and what an admin alone may do with it."""

import pytest

from apps.agents.crew.registry import FUNCTIONS
from apps.agents.models import AgentCapability
from apps.core import clock
from apps.goals.models import Brief
from apps.planning import versions
from apps.planning.models import MethodLibrary
from tests import factories

BRIEF = "A command-line tool that counts words. Users can add texts and list texts. A text has a name and a body."


@pytest.fixture
def admin(world):
    factories.agent("all", capabilities=tuple(FUNCTIONS))
    versions.library_seed()
    return factories.person("boss", role="admin")


@pytest.fixture
def desk(admin, browser):
    return browser(admin)


def active():
    return MethodLibrary.objects.get(active=True)


def text_of(answer):
    return answer.content.decode()


def post(desk, do, **given):
    data = {
        "do": do,
        "content": active().content,
        "base": active().version,
        "note": "",
        "title": "",
        "brief": "",
        "goal": "",
    }
    return desk.post("/library/edit", data | given)


def test_anybody_reads_every_method_with_its_tasks_and_capabilities(admin, browser):
    viewer = browser(factories.person("guest", role="viewer"))
    page = text_of(viewer.get("/library"))

    for words in (
        "Hold an event",
        "A pilot first",
        "Side by side",
        "migration.engine",
        "kind: event",
        "for each feature",
    ):
        assert words in page
    assert "As viewer you may not change the method library. An admin can." in page
    assert "/library/edit" not in page
    assert "no agent" not in page


def test_a_capability_without_an_agent_is_marked(world, browser):
    versions.library_seed()
    AgentCapability.objects.filter(capability="event.frame").delete()
    page = text_of(browser(factories.person("guest", role="viewer")).get("/library"))

    assert "no agent" in page


def test_the_page_takes_a_fixed_number_of_queries(admin, desk, django_assert_max_num_queries):
    desk.get("/library")
    with django_assert_max_num_queries(12):
        desk.get("/library")


def test_a_stranger_signs_in_first(client, db):
    for path in ("/library", "/library/edit", "/library/versions/1", "/library/versions/1/download"):
        assert client.get(path).status_code == 302


@pytest.mark.parametrize("role", ["viewer", "operator", "lead"])
def test_the_wrong_person_is_told_and_nothing_is_saved(admin, browser, role):
    other = browser(factories.person("other", role=role))
    text = active().content.replace("Build a library", "Make a library")

    for answer in (
        other.get("/library/edit", follow=True),
        other.post("/library/edit", {"do": "save", "content": text, "base": 1, "note": "x"}, follow=True),
        other.post("/library/versions/1/back", {"base": 1}, follow=True),
    ):
        assert "you may not change the method library" in text_of(answer)
    assert MethodLibrary.objects.count() == 1


def test_checking_a_good_text(desk):
    page = text_of(post(desk, "check"))

    assert "It can be used" in page
    assert "fit together" in page


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "steps: [choose-move, requirements",
            "steps: [chose-move, requirements",
            "the task &#x27;chose-move&#x27; is not defined",
        ),
        ("capability: event.frame", "capability: event.fram", "no agent has the capability &#x27;event.fram&#x27;"),
        ("root: reach-goal", "root: [", "it is no YAML"),
        ("root: reach-goal", "root: &a [*a]", "an alias refers to what it stands in"),
        ("root: reach-goal", "root: <script>alert(1)</script>", "&lt;script&gt;"),
        ("root: reach-goal", "root: reach-goal\x00", "it is no YAML"),
    ],
)
def test_checking_a_bad_text_names_the_place_and_keeps_the_text(desk, old, new, words):
    text = active().content
    assert old in text
    answer = post(desk, "check", content=text.replace(old, new))

    assert answer.status_code == 200
    assert words in text_of(answer)
    assert "Line " in text_of(answer) or "\x00" in new
    assert "<script>alert(1)" not in text_of(answer)
    assert MethodLibrary.objects.count() == 1


def test_a_dry_run_on_a_pasted_brief_shows_approaches_and_the_difference(desk):
    text = active().content.replace("{task: store-entity, for_each: entity}, ", "")
    page = text_of(post(desk, "try", content=text, brief=BRIEF, title="Counter"))

    assert "Command line tool, as the brief asks for" in page
    assert "The best approach against version 1" in page
    assert "Layered modules" in page
    assert BRIEF in page


def test_a_dry_run_on_a_goal(world, desk):
    raw = BRIEF.encode()
    Brief.objects.create(
        goal=world.goal, number=9, content=raw, sha256="0" * 64, added_by=world.goal.owner, added_at=clock.now()
    )
    answer = post(desk, "try", goal=str(world.goal.pk))

    assert answer.status_code == 200
    assert "The same tasks." in text_of(answer)
    assert "There is no such goal." in text_of(post(desk, "try", goal="x"))
    assert "Choose a goal or paste a brief" in text_of(post(desk, "try"))


def test_saving_and_going_back(desk, admin):
    text = active().content.replace("Build a library", "Make a library")
    answer = post(desk, "save", content=text.replace("\n", "\r\n"), note="shorter")
    assert answer.status_code == 302
    assert (active().version, active().content, active().changed_by) == (2, text, admin)

    page = text_of(desk.get("/library"))
    assert "shorter" in page
    old = text_of(desk.get("/library/versions/1"))
    assert "Go back to version 1" in old
    assert "Against the active version" in old
    desk.post("/library/versions/1/back", {"base": 2})
    assert (active().version, active().note) == (3, "back to version 1")


def test_a_save_that_came_too_late_keeps_the_text_and_says_who_was_faster(desk, browser):
    rival = factories.person("rival", role="admin")
    versions.library_save(
        person=rival, content=active().content.replace("Build a library", "Make a library"), note="faster", base=1
    )
    mine = active().content.replace("Write a report", "Compose a report")
    answer = post(desk, "save", content=mine, note="slower", base=1)

    page = text_of(answer)
    assert answer.status_code == 409
    assert "Not saved." in page
    assert "rival" in page
    assert "faster" in page
    assert "Compose a report" in page
    assert active().version == 2
    assert 'name="base" value="2"' in page


def test_saving_a_bad_text_or_without_a_note_says_why(desk):
    bad = post(desk, "save", content="name: [", note="x")
    assert bad.status_code == 422
    assert "it is no YAML" in text_of(bad)
    silent = post(desk, "save", content=active().content + "# more\n")
    assert silent.status_code == 422
    assert "Say what was changed" in text_of(silent)
    assert MethodLibrary.objects.count() == 1


def test_the_text_can_be_downloaded(desk):
    answer = desk.get("/library/versions/1/download")

    assert answer["Content-Disposition"] == 'attachment; filename="method-library-1.yaml"'
    assert answer.content.decode() == active().content


@pytest.mark.parametrize(
    "path", ["/library/versions/7", "/library/versions/7/download", "/library/versions/99999999999999999999"]
)
def test_a_version_that_is_not_there(desk, path):
    assert desk.get(path).status_code == 404


def test_a_version_that_cannot_be_read_any_more_is_shown_with_words(desk):
    MethodLibrary.objects.update(content="name: [")

    assert "This version can" in text_of(desk.get("/library"))
    assert desk.get("/library/edit").status_code == 200
