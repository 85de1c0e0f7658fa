"""Forms about people: how somebody likes to work, a token, a new person, and what an admin changes of one."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from apps.accounts.models import ROLES, Group
from apps.accounts.policy import SCOPES
from apps.accounts.services import LONGEST_TOKEN_DAYS
from apps.core.errors import Invalid

ROLE_HELP = "Viewer looks; operator submits, helps tasks along and votes; lead also starts and cancels; admin all."
SCOPE_WORDS = {
    "read": "read everything",
    "submit": "submit goals and ask for plans",
    "operate": "pause, retry, reassign, answer",
    "registry": "change agents and the pool",
}


class Worded(forms.Form):
    """A form that takes the words of a refusal beside its fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def take_words(self, error: Invalid) -> None:
        for name, words in error.fields.items():
            self.add_error(name if name in self.fields else None, words)


class PreferencesForm(Worded):
    time_zone = forms.ChoiceField(label="Time zone", help_text="Times are shown and read in it.")
    keys_enabled = forms.BooleanField(required=False, label="Keyboard shortcuts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
        self.fields["time_zone"].choices = [(name, name) for name in ["UTC", *names]]  # type: ignore[attr-defined]


class TokenForm(Worded):
    """What a token may do is at most what its person may; none can vote, start or activate."""

    name = forms.CharField(max_length=80, label="What it is for")
    scopes = forms.MultipleChoiceField(
        choices=[(name, f"{name}: {SCOPE_WORDS.get(name, name)}") for name in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        label="It may",
    )
    days = forms.IntegerField(min_value=1, max_value=LONGEST_TOKEN_DAYS, initial=90, label="Days until it expires")


class PersonForm(Worded):
    """A new person, with a first password that an admin hands over."""

    username = forms.CharField(max_length=150, label="User name", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(
        label="First password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Hand it over in person; they can change it under their name.",
        strip=False,
    )
    email = forms.EmailField(required=False, label="E-mail")
    role = forms.ChoiceField(choices=ROLES, initial="operator", help_text=ROLE_HELP)
    groups = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Groups", help_text="For whom they vote at gates."
    )

    def __init__(self, *args: Any, groups: list[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].choices = [(one.slug, one.name) for one in groups]  # type: ignore[attr-defined]
