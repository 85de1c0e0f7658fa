"""The page 'What was learnt': empty, filled, and closed to strangers."""

from django.test import Client

from apps.planning.versions import library_seed


def test_it_says_so_when_nothing_was_measured(world, browser):
    library_seed()
    text = browser(world.owner).get("/insight").content.decode()

    assert "Nothing has been measured yet" in text
    assert "backend.feature" in text


def test_it_is_for_people_who_are_signed_in_and_only_to_look_at(world, browser):
    assert Client().get("/insight").status_code == 302
    assert browser(world.owner).post("/insight").status_code == 405
