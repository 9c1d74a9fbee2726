"""The database and the broker of a stack: real ones where the environment names them, else embedded ones."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from itinera.local.account import place, servant
from itinera.local.broker import Broker
from itinera.local.ports import any_free
from itinera.local.postgres import Cluster
from itinera.local.remembered import own_secrets
from itinera.local.screen import Stop
from itinera.local.service import Service


@dataclass(frozen=True)
class Servers:
    """`addresses` go into the environment of all that is started; `services` are what we have to run ourselves."""

    addresses: Mapping[str, str]
    services: tuple[Service, ...]


def servers(home: Path, known: Mapping[str, str], *, durable: bool = True) -> Servers:
    """Decides where database and broker are; makes the database's files at the first start.

    `known` are the addresses of the latest start: their ports are used again where they are free.
    """
    addresses: dict[str, str] = {}
    services: list[Service] = []
    if given := os.environ.get("DATABASE_URL"):
        ask_database(given)
        addresses["DATABASE_URL"] = given
    else:
        cluster = embedded_cluster(home, known, durable=durable)
        cluster.create()
        addresses |= {"DATABASE_URL": cluster.address, "POSTGRES_PORT": str(cluster.port)}
        services.append(cluster.service())
    if given := os.environ.get("BROKER_URL"):
        ask_broker(given)
        addresses["BROKER_URL"] = given
    else:
        broker = embedded_broker(home, known)
        addresses |= {"BROKER_URL": broker.address, "BROKER_PORT": str(broker.port)}
        services.append(broker.service())
    return Servers(addresses, tuple(services))


def embedded_cluster(home: Path, known: Mapping[str, str], *, durable: bool) -> Cluster:
    """The database server of a data folder."""
    where = place(home)
    account = servant(where / "postgres")
    if (where / "postgres").exists() and not account.reaches(where / "postgres"):
        raise Stop(
            f"{where / 'postgres'} 属于另一个用户。请用那个用户启动,或用 ITINERA_HOME 指向另一个目录。",
            f"{where / 'postgres'} belongs to another user. Start as that user, or set ITINERA_HOME to another folder.",
        )
    password = own_secrets(home)["POSTGRES_PASSWORD"]
    return Cluster(where, account, any_free(known.get("POSTGRES_PORT")), password, durable)


def embedded_broker(home: Path, known: Mapping[str, str]) -> Broker:
    """The broker of a data folder; it runs as the database's user."""
    where = place(home)
    account = servant(where / "postgres")
    return Broker(where, account, any_free(known.get("BROKER_PORT")), own_secrets(home)["BROKER_PASSWORD"])


def ask_database(address: str) -> None:
    """Refuses in plain words when the database that was named does not let us in."""
    try:
        with psycopg.connect(address, connect_timeout=5):
            return
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise Stop(f"DATABASE_URL 指向的数据库连不上:{reason}", f"The database of DATABASE_URL: {reason}") from None


def ask_broker(address: str) -> None:
    """Refuses in plain words when the broker that was named does not answer."""
    try:
        with Redis.from_url(address, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise Stop(
            f"BROKER_URL 指向的服务连不上:{error}", f"The broker of BROKER_URL does not answer: {error}"
        ) from None
