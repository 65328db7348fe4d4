"""Every page of the HTML face, found by itself: a room is a module of this package that has a ``router``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter

from app import pages


def routers() -> list[APIRouter]:
    """The routers of all rooms, in the order of their names."""
    names = sorted(found.name for found in iter_modules(pages.__path__) if found.name != "rooms")
    modules = [import_module(f"{pages.__name__}.{name}") for name in names]
    return [module.router for module in modules if isinstance(getattr(module, "router", None), APIRouter)]
