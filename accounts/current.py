"""Which business is this? One context variable, set at the edge (request, task, command), read by every query."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Business

_current: ContextVar["Business | None"] = ContextVar("business", default=None)


class NoBusiness(RuntimeError):
    """A row of a business was asked for, but nobody said which business this is."""


@contextmanager
def working_for(business: "Business"):
    """Run the block for one business: its rows are found, others are not, and new rows belong to it."""
    token = _current.set(business)
    try:
        yield business
    finally:
        _current.reset(token)


def business() -> "Business":
    """The business this work is for. Raises NoBusiness outside `working_for`."""
    found = _current.get()
    if found is None:
        raise NoBusiness("No current business: wrap the work in accounts.current.working_for(business).")
    return found


def has_business() -> bool:
    """Whether somebody said for which business this work is."""
    return _current.get() is not None
