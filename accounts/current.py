"""Which business is this? One context variable, set at the edge (request, task, command), read by every query."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Business, Member

_current: ContextVar["Business | None"] = ContextVar("business", default=None)


_member: ContextVar["Member | None"] = ContextVar("member", default=None)
_channel: ContextVar[str] = ContextVar("channel", default="task")


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


@contextmanager
def acting_as(member: "Member | None", channel: str = ""):
    """Run the block in the name of a member; `channel` says where it comes from: page, api or task (R53)."""
    tokens = _member.set(member), _channel.set(channel or _channel.get())
    try:
        yield
    finally:
        _member.reset(tokens[0])
        _channel.reset(tokens[1])


def member() -> "Member | None":
    """Who does this work; None for what the house does by itself."""
    return _member.get()


def channel() -> str:
    """Where this work comes from: page, api or task."""
    return _channel.get()
