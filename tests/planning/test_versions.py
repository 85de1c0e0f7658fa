"""Saving, going back, two people at once, and a trial on a brief."""

import threading

import pytest
from django.db import connection, transaction

from apps.agents.crew.registry import FUNCTIONS
from apps.core import audit
from apps.core.errors import Conflict, Invalid, NotAllowed, NotThere
from apps.core.models import AuditLink, Event
from apps.planning import trial, versions
from apps.planning.models import MethodLibrary
from apps.tasks.models import Exploration
from tests import factories

BRIEF = "A command-line tool that counts words. Users can add texts and list texts. A text has a name and a body."


@pytest.fixture
def admin(db):
    factories.agent("all", capabilities=tuple(FUNCTIONS))
    versions.library_seed()
    return factories.person("boss", role="admin")


def active():
    return MethodLibrary.objects.get(active=True)


def changed(old="Build a command-line tool", new="Make a command-line tool"):
    text = active().content
    assert old in text
    return text.replace(old, new)


def test_saving_makes_the_next_version_and_is_audited(admin):
    first = active()
    made = versions.library_save(person=admin, content=changed(), note="  shorter words ", base=first.version)

    assert (made.version, made.active, made.changed_by, made.note) == (first.version + 1, True, admin, "shorter words")
    assert active() == made
    first.refresh_from_db()
    assert first.active is False
    link = AuditLink.objects.get(what="library.changed")
    assert link.data == {
        "version": made.version,
        "digest": made.digest,
        "note": "shorter words",
        "before": first.version,
    }
    assert audit.verify().bad is None
    assert Event.objects.filter(type="library.changed", subject=f"library:{made.version}").exists()


def test_what_a_person_saved_stays_when_the_installation_is_seeded_again(admin):
    made = versions.library_save(person=admin, content=changed(), note="mine", base=active().version)

    assert versions.library_seed() == made


@pytest.mark.parametrize("role", ["viewer", "operator", "lead"])
def test_only_an_admin_saves_goes_back_and_tries(admin, role):
    other = factories.person("other", role=role)
    for act in (
        lambda: versions.library_save(person=other, content=changed(), note="x", base=1),
        lambda: versions.library_return(person=other, version=1, base=1),
        lambda: trial.library_try(person=other, content=active().content, title="", brief=BRIEF),
    ):
        with pytest.raises(NotAllowed, match="change the method library"):
            act()
    assert MethodLibrary.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "note", "field", "words"),
    [
        ("name: [", "x", "content", "it is no YAML"),
        ("", "x", "content", "it is empty"),
        ("a: " + "b" * 400_001, "x", "content", "may have 400000"),
        ("name: small", "x", "content", "And 2 more"),
        (None, "", "note", "Say what was changed"),
        (None, "x" * 301, "note", "1 to 300"),
    ],
)
def test_what_cannot_be_saved_says_why(admin, content, note, field, words):
    with pytest.raises(Invalid) as error:
        versions.library_save(person=admin, content=changed() if content is None else content, note=note, base=1)

    assert words in error.value.fields[field]
    assert MethodLibrary.objects.count() == 1


def test_a_library_with_an_input_that_nobody_makes_is_refused(admin):
    text = changed("consumes: [strategic_prompt.txt]", "consumes: [nowhere.txt]")
    with pytest.raises(Invalid, match=r"no task produces nowhere\.txt"):
        versions.library_save(person=admin, content=text, note="x", base=1)


def test_a_stale_save_says_who_was_faster(admin):
    other = factories.person("rival", role="admin")
    base = active().version
    mine = changed("Build a web application", "Make a web application")
    versions.library_save(person=other, content=changed(), note="faster", base=base)

    with pytest.raises(Conflict, match=rf"Version {base + 1} was saved by .*rival.*“faster”") as error:
        versions.library_save(person=admin, content=mine, note="slower", base=base)
    assert error.value.extra["active"] == base + 1


def test_saving_the_same_is_refused(admin):
    with pytest.raises(Conflict, match="Nothing differs from version 1"):
        versions.library_save(person=admin, content=active().content.replace("\n", "\r\n"), note="x", base=1)


def test_going_back_makes_a_new_version_with_the_old_content(admin):
    first = active()
    versions.library_save(person=admin, content=changed(), note="worse", base=first.version)
    made = versions.library_return(person=admin, version=first.version, base=first.version + 1)

    assert (made.version, made.content, made.note) == (first.version + 2, first.content, "back to version 1")
    assert made.digest == first.digest
    with pytest.raises(NotThere):
        versions.library_return(person=admin, version=99, base=made.version)


@pytest.mark.django_db(transaction=True)
def test_two_people_save_at_once_and_one_is_told():
    factories.agent("all", capabilities=tuple(FUNCTIONS))
    versions.library_seed()
    people = [factories.person(name, role="admin") for name in ("one", "two")]
    texts = [changed(new=f"Make {n} command-line tools") for n in (1, 2)]
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def save(person, text):
        try:
            with transaction.atomic():
                together.wait(10)
                versions.library_save(person=person, content=text, note="mine", base=1)
            outcomes.append("saved")
        except Conflict as error:
            outcomes.append(error.detail)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=pair) for pair in zip(people, texts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(word == "saved" for word in outcomes) == [False, True], outcomes
    assert next(word for word in outcomes if word != "saved").startswith("Version 2 was saved by")
    assert MethodLibrary.objects.count() == 2


def test_a_trial_shows_what_differs_and_stores_nothing(admin):
    text = changed(
        "steps: [foundation, {task: store-entity, for_each: entity}, {task: feature",
        "steps: [foundation, {task: feature",
    )
    tried = trial.library_try(person=admin, content=text, title="Counter", brief=BRIEF)

    assert tried.kind == "command_line_tool"
    assert len(tried.draft.approaches) >= 3
    assert all(one["tasks"] for one in tried.draft.approaches)
    assert tried.changes is not None
    assert MethodLibrary.objects.count() == 1
    assert not Exploration.objects.exists()


def test_a_trial_of_a_library_without_a_way_says_so(admin):
    text = changed(
        "when: [{kind: [command_line_tool, data_pipeline]}]\n        steps: [choose",
        "when: [{kind: [library]}]\n        steps: [choose",
    )
    tried = trial.library_try(person=admin, content=text, title="Counter", brief=BRIEF)

    assert tried.draft.words
    assert (tried.draft.approaches, tried.changes) == ((), None)
    assert tried.active.approaches


@pytest.mark.parametrize(
    ("content", "brief", "field"),
    [(None, " ", "brief"), (None, "x" * 200_001, "brief"), (None, "a\x00b", "brief"), ("name: [", BRIEF, "content")],
)
def test_a_trial_needs_a_brief_and_a_sound_draft(admin, content, brief, field):
    with pytest.raises(Invalid) as error:
        trial.library_try(person=admin, content=active().content if content is None else content, title="", brief=brief)

    assert field in error.value.fields
