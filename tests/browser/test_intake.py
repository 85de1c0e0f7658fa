"""A goal is submitted through the form. What is wrong is said beside the field, and nothing that was typed is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from apps.goals.models import Goal
from apps.goals.selectors import brief_bytes
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
BRIEF = "Build a command-line tool that counts birds.\n\nA watcher can add a sighting with species and place.\n"
LONG = "A watcher can add a sighting.\n" * 7_000
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def form_filled(desk: Desk) -> None:
    desk.go("/goals/new")
    desk.page.get_by_label("Title").fill("Bird count")
    desk.page.get_by_label("Budget in euro").fill("40")


def drop(desk: Desk, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    desk.page.locator("#brief-file").set_input_files(file)


def refused(desk: Desk, *words: str) -> None:
    """Submits; then the words stand beside the brief, and the rest of the form is as it was."""
    desk.button("Submit the goal").click()
    field = desk.page.locator(".field", has=desk.page.get_by_label("Brief", exact=True))
    for some in words:
        expect(field.locator(".field-error")).to_contain_text(some)
    expect(desk.page.get_by_label("Title")).to_have_value("Bird count")
    expect(desk.page.get_by_label("Budget in euro")).to_have_value("40")
    assert not Goal.objects.exists()


def test_what_is_wrong_with_a_brief_is_said_beside_it_and_nothing_is_lost(ada: Desk, tmp_path: Path) -> None:
    ada.expects("422")  # which the browser remarks
    brief = ada.page.get_by_label("Brief", exact=True)
    form_filled(ada)
    refused(ada, "empty")

    # A refused form can be sent again as it came back.
    drop(ada, tmp_path / "nul.txt", b"Count the birds\x00 of the lake.\n")
    refused(ada, "NUL", "UTF-8")
    expect(brief).to_have_value("Count the birds\ufffd of the lake.\n")

    form_filled(ada)
    drop(ada, tmp_path / "picture.txt", PICTURE)
    refused(ada, "NUL")

    form_filled(ada)
    brief.evaluate("(field, text) => { field.value = text; }", LONG)
    refused(ada, "205 KB", "at most 200 KB")
    expect(brief).to_have_value(LONG)

    # One that is far too large is not even sent.
    form_filled(ada)
    drop(ada, tmp_path / "novel.md", b"word " * 60_000)
    expect(ada.page.locator("[data-drop-name]")).to_contain_text("larger than 200")


def test_a_dropped_file_becomes_the_brief_byte_for_byte_and_once(ada: Desk, tmp_path: Path) -> None:
    form_filled(ada)
    content = BRIEF.replace("\n", "\r\n").encode()
    drop(ada, tmp_path / "brief.md", content)
    expect(ada.page.get_by_label("Brief", exact=True)).to_have_value(BRIEF)
    ada.button("Submit the goal").dblclick()
    ada.button("Skip: plan with the defaults").click()
    expect(ada.page.get_by_role("heading", name="Plan of “Bird count”")).to_be_visible()
    assert brief_bytes(goal=Goal.objects.get()) == content


def test_an_example_is_one_click_from_the_empty_page(ada: Desk) -> None:
    examples = ada.page.locator(".examples .example")
    expect(examples).to_have_count(3)
    examples.nth(1).click()
    expect(ada.page.get_by_label("Title")).to_have_value("Keep track of working hours")
    expect(ada.page.get_by_label("Brief", exact=True)).not_to_be_empty()


def test_what_was_understood_is_corrected_before_it_is_planned(ada: Desk) -> None:
    form_filled(ada)
    ada.page.get_by_label("Brief", exact=True).fill(BRIEF + "A watcher can delete a sighting.\n")
    ada.submits(skips=False)
    ada.button("Remove: Delete a sighting").click()
    ada.sees("The feature 'delete-sighting' is not wanted.")
    ada.page.get_by_label("One more feature").fill("Print a list of sightings")
    ada.button("Add it").click()
    ada.sees("Added by a correction, not by the brief")
    ada.page.get_by_text("Rename").first.click()
    ada.page.get_by_label(re.compile("^New name of")).first.fill("Enter a sighting")
    ada.button("Rename").click()
    ada.sees("is called 'Enter a sighting'")
    goal = Goal.objects.get()
    kept = ["Enter a sighting", "Add a sighting with species and place", "Print a list of sightings"]
    assert [item["title"] for item in goal.facts["features"]] == kept
    assert brief_bytes(goal=goal).decode().startswith(BRIEF)
    ada.button("Plan it").click()
    expect(ada.page.get_by_role("heading", name="Plan of “Bird count”")).to_be_visible()
