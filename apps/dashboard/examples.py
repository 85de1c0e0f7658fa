"""Example goals for the empty page: each is a brief that a first person can submit with one click."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """An example goal. ``icon`` is one of the sprite, ``line`` a sentence that says what will come of it."""

    key: str
    icon: str
    kind: str
    title: str
    line: str
    brief: str


EXAMPLES = (
    Example(
        "web",
        "device-desktop",
        "Web application",
        "A lending library for the reading room",
        "Pages, a service and tests: seven phases, all seven gates.",
        """We need a web application for the lending library of our reading room.

A librarian can add a book with title, author and shelf.
A librarian can lend a book to a reader and take it back.
A reader can search books by title and author.
A reader can reserve a book that is lent.
The librarian can list the loans that are overdue.

Each loan lasts four weeks. A book can be lent to one reader at a time.
The pages must be usable on a phone.
All data stays on our own machine.
""",
    ),
    Example(
        "tool",
        "keyboard",
        "Command-line tool",
        "Keep track of working hours",
        "No pages to build: the frontend phase says so and passes on.",
        """Build a command-line tool that keeps track of working hours.

A user can start a timer for a project and stop it.
A user can list the entries of a day.
A user can correct the times of an entry.
A user can export a month as a CSV file.

Times are shown in hours and minutes. The tool must work without a network.
Data is kept in one file in the home folder.
""",
    ),
    Example(
        "report",
        "file-text",
        "Report",
        "Moving the archive to open formats",
        "Sections with sources instead of software.",
        """Write a report on moving our archive of documents to open formats.

Describe which formats an archive should keep for text, tables and images.
Compare at least three formats for each of them.
Explain the risks of a conversion and how to detect losses.
Propose a plan in steps for an archive of 40,000 documents.
Estimate the effort of each step.

The report is for the board, which has no technical background. Say clearly what is an assumption.
""",
    ),
)


def example(key: str) -> Example | None:
    return next((one for one in EXAMPLES if one.key == key), None)
