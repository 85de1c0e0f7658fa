"""What somebody might write to act in another person's browser."""

SCRIPT = "<script>window.hostile = 'script'</script>"
IMAGE = "<img src=x onerror=\"window.hostile = 'image'\">"
BIDI = "approve\u202eevorppa"
ZERO_WIDTH = "pass\u200bword"
LINK = "[press here](javascript:window.hostile='link')"
REMOTE = "![remote](http://198.51.100.7/pixel.png)"

TITLE = f"Lending library {IMAGE}"
BRIEF = f"""We need a web application for the lending library of our reading room. {SCRIPT}

A librarian can add a book with title and author {IMAGE}.
A reader can search books by title. {LINK}
A reader can reserve a book that is lent. {BIDI}

It should answer within a second.
"""
# What an agent might say about its work.
CLAIM = f"Done {BIDI} {SCRIPT} {IMAGE} {LINK} {REMOTE} {ZERO_WIDTH}"
