"""Forms: translating what a person typed, with words beside the field."""
