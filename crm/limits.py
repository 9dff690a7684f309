"""How often is too often: counters per window of time, for what scripts would otherwise do all day."""

import ipaddress
import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache

logger = logging.getLogger(__name__)

# The shared counter may be away (Redis): then each process counts for itself, a limit never just vanishes.
_own = LocMemCache("limits", {"OPTIONS": {"MAX_ENTRIES": 20_000}})


def hits(what: str, *, seconds: int) -> int:
    """Count one more of `what` and return how many there were in the present window of so many seconds."""
    key = f"limits:{what}:{int(time.time()) // seconds}"
    for store in (cache, _own):
        try:
            store.add(key, 0, seconds + 5)
            return store.incr(key)
        except Exception:  # a cache fails in the words of its own client
            logger.warning("counter %s not reached", type(store).__name__, exc_info=True)
    return 1


def seconds_left(seconds: int) -> int:
    """How long the present window of so many seconds still lasts."""
    return seconds - int(time.time()) % seconds


def client_address(request) -> str:
    """The address of whoever asks, as the outermost trusted proxy saw it; empty when there is none.

    What stands further left in X-Forwarded-For was written by the client and is not believed.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies = settings.TRUSTED_PROXIES
    found = hops[-proxies] if 0 < proxies <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return ""


def shortened(address: str) -> str:
    """An address as evidence keeps it: without the part that names one connection (IPv4 /24, IPv6 /48)."""
    if not address:
        return ""
    length = 24 if ipaddress.ip_address(address).version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False).network_address)
