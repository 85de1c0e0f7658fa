"""Artifacts that people bring along."""

import base64
import binascii

from ninja import Field, Schema

from apps.core.errors import Invalid


class SuppliedFile(Schema):
    path: str = Field(max_length=300, description="in the workspace; a name that ends in .zip is unpacked")
    content: str = Field(description="base64")

    def decoded(self) -> bytes:
        """The content. Raises ``Invalid``."""
        try:
            return base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Invalid({"supplied": f"The content of {ascii(self.path)[1:81]} is no base64."}) from error


class SupplyIn(Schema):
    """What is supplied, and the phase that the goal then starts in."""

    first_phase: int | None = Field(None, ge=1, le=7, description="null keeps the phase it has")
    files: list[SuppliedFile] = Field([], max_length=2000)
