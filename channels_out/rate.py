"""How fast an account may send: a token bucket in the broker's Redis, shared by all workers."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Any

import redis
from django.conf import settings

log = logging.getLogger(__name__)

LOCAL_SHARE = 4
"""Without Redis a worker takes a quarter of the account's rate: there may be others that know as little."""
_SILENCE = 5.0
"""Seconds after which Redis is tried again."""

_TAKE = """
local now = redis.call('TIME')
local at = now[1] * 1000000 + now[2]
local rate, wanted = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(rate, (tonumber(kept[1]) or rate) + (at - (tonumber(kept[2]) or at)) * rate / 1000000)
local granted = math.min(wanted, math.floor(tokens))
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - granted), 'at', tostring(at))
redis.call('PEXPIRE', KEYS[1], 60000)
return granted
"""


@dataclass
class _Local:
    """The bucket of one account while Redis is away."""

    tokens: float
    at: float


@dataclass
class RateLimiter:
    """Grants sends. A bucket holds one second's worth, so nothing bursts beyond the rate of a second."""

    url: str = field(default_factory=lambda: str(settings.BROKER_URL))
    _away_until: float = 0.0
    _local: dict[int, _Local] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._client: Any = redis.Redis.from_url(self.url, socket_timeout=0.25, socket_connect_timeout=0.25)
        self._take = self._client.register_script(_TAKE)

    def take(self, account: int, rate: int, wanted: int) -> int:
        """How many of `wanted` messages may leave now; 0 = ask again in about `1 / rate` seconds."""
        moment = time.monotonic()
        if moment >= self._away_until:
            try:
                return int(self._take(keys=[f"itinera:rate:{account}"], args=[rate, wanted]))
            except (redis.RedisError, OSError) as gone:
                self._away_until = moment + _SILENCE
                log.warning(
                    "rates are not shared for %s s: %s; this worker keeps to 1/%s of each account's rate",
                    _SILENCE, type(gone).__name__, LOCAL_SHARE,
                )  # fmt: skip
        return self._take_locally(account, max(1.0, rate / LOCAL_SHARE), wanted, moment)

    def _take_locally(self, account: int, rate: float, wanted: int, moment: float) -> int:
        bucket = self._local.setdefault(account, _Local(0.0, moment))
        bucket.tokens = min(rate, bucket.tokens + (moment - bucket.at) * rate)
        bucket.at = moment
        granted = min(wanted, int(bucket.tokens))
        bucket.tokens -= granted
        return granted
