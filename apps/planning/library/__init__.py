"""The method library: YAML files beside this module, read into the engine's types and checked field by field."""

from apps.planning.library.loader import DEFAULT_PATH, load_library
from apps.planning.library.reader import InvalidLibrary, Problem

__all__ = ["DEFAULT_PATH", "InvalidLibrary", "Problem", "load_library"]
