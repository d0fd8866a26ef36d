"""How often one visitor may do something: exact over all processes where there is a Redis.

No address is kept: a visitor is a digest with a key of the day, and is forgotten after the window.
"""

import logging
from collections.abc import Iterable
from datetime import date
from functools import cache
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

log = logging.getLogger(__name__)


def is_over(
    limits: Iterable[RateLimitItem], request: HttpRequest, purpose: str, on: date
) -> RateLimitItem | None:
    """The limit that this visitor has used up; None counts the request and lets it pass."""
    visitor = visitor_on(request.META.get("REMOTE_ADDR", ""), purpose, on)
    try:
        return _first_used_up(_limiter(settings.REDIS_URL), limits, visitor)
    except StorageError:
        log.warning("Redis cannot be reached: visitors are counted by each process for itself.")
        return _first_used_up(_limiter(""), limits, visitor)


def visitor_on(address: str, purpose: str, on: date) -> str:
    """A digest that stands for an address on one day; an IPv6 network of one customer is one."""
    network = network_of(address)
    if network is None:
        return "unknown"
    key = f"{purpose} {on.isoformat()}"
    return salted_hmac(key, network, algorithm="sha256").hexdigest()[:32]


def network_of(address: str) -> str | None:
    """The address, of IPv6 that of the network of 64 bits, which is one customer's; None for what
    is no address: a socket file has none."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if found.version == 6:
        found = found.ipv4_mapped or ip_network((found, 64), strict=False).network_address
    return str(found)


def forget_visitors() -> None:
    """Begin anew in this process."""
    _limiter.cache_clear()


def _first_used_up(
    limiter: MovingWindowRateLimiter, limits: Iterable[RateLimitItem], visitor: str
) -> RateLimitItem | None:
    return next((limit for limit in limits if not limiter.hit(limit, visitor)), None)


@cache
def _limiter(redis_url: str) -> MovingWindowRateLimiter:
    if not redis_url:
        return MovingWindowRateLimiter(MemoryStorage())
    patience = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    return MovingWindowRateLimiter(RedisStorage(redis_url, wrap_exceptions=True, **patience))
