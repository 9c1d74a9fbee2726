"""Generated canvases: any DAG of supported nodes in which every node can be reached."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.acceptance.generated.rules import rule, where
from tests.acceptance.generated.words import (
    ATTRIBUTES,
    CLOCKS,
    LONG,
    PROPERTIES,
    SHORT,
    SPAN,
    ZONES,
    Json,
    instant,
    value,
    written,
)

_KINDS = [
    *["condition", "branch", "split.random", "delay.for", "delay.for", "delay.until", "delay.until"],
    *["wait.event", "wait.event", "wait.event", "message", "message", "message", "set", "goal", "exit"],
]
_SPACES = ["profile", "entry", "answer"]


class Draft:
    """One canvas while it is being drawn."""

    def __init__(self, random: Random, base: datetime, slug: str) -> None:
        self.random, self.base, self.slug = random, base, slug
        self.nodes: list[Json] = []
        self.edges: list[Json] = []
        self.open: list[tuple[int, str, str]] = []

    def add(self, kind: str, config: Json, ports: list[str]) -> None:
        """Add a node, draw an edge to it from some open port of an earlier one, and open its own ports."""
        name, place = f"n{len(self.nodes)}", len(self.nodes)
        self.nodes.append(
            {"id": name, "type": kind, "name": "", "config": config, "position": {"x": 0, "y": place * 90}}
        )
        if not kind.startswith("trigger."):
            chosen = self.open.pop(self.random.randrange(len(self.open)))
            self.edges.append({"from": chosen[1], "port": chosen[2], "to": name})
        self.open += [(place, name, port) for port in ports]

    def close(self) -> None:
        """Draw most of the ports still open to later nodes; what stays open ends walks or falls back."""
        for place, name, port in self.open:
            later = self.nodes[place + 1 :]
            later = [each for each in later if not each["type"].startswith("trigger.")]
            if later and (self.random.random() < 0.7 or self.nodes[place]["type"].startswith("trigger.")):
                self.edges.append({"from": name, "port": port, "to": self.random.choice(later)["id"]})

    def _maybe(self, name: str, chosen: object, chance: float = 0.5) -> Json:
        return {name: chosen} if self.random.random() < chance else {}

    def body(self, kind: str) -> tuple[Json, list[str]]:
        """A config for a node of this type, and its ports."""
        random = self.random
        if kind == "condition":
            return {"rule": rule(random, self.base, inside=True)}, ["yes", "no"]
        if kind == "branch":
            ids = ["a", "b", "c"][: random.randrange(1, 4)]
            paths = [{"id": each, "name": each, "rule": rule(random, self.base, inside=True)} for each in ids]
            return {"paths": paths}, [*ids, "else"]
        if kind == "split.random":
            percents: list[float] = random.choice([[50, 50], [12.5, 37.5, 50], [1, 99], [33.33, 33.33, 33.34]])
            ids = [f"w{place}" for place in range(len(percents))]
            return {"ways": [{"id": i, "percent": p} for i, p in zip(ids, percents, strict=True)]}, ids
        if kind == "wait.event":
            return self._wait()
        if kind == "message":
            return self._message(), ["next", "capped", "unreachable", "failed"]
        if kind == "set":
            names = random.sample(["city", "age", "vip", "level", "score"], random.randrange(1, 3))
            return {"attributes": {name: value(random, name, ATTRIBUTES[name], self.base) for name in names}}, ["next"]
        if kind == "goal":
            return {"name": "reached"}, ["next"]
        if kind == "exit":
            return {}, []
        return self._delay(kind)

    def _delay(self, kind: str) -> tuple[Json, list[str]]:
        random = self.random
        if kind == "delay.for":
            calendar = random.random() < 0.4
            config: Json = {"duration": random.choice(["P1D", "P2D", "P1M", "P7D"] if calendar else LONG)}
            config |= {"days": "calendar"} if calendar else {}
            return {**config, **self._maybe("then_at", random.choice(CLOCKS), 0.4)}, ["next"]
        form = random.choice(["clock", "clock", "attribute", "entry"])
        time = self._maybe("time", random.choice(CLOCKS), 0.6)
        if form == "clock":
            days = sorted(random.sample(range(1, 8), random.randrange(1, 4)))
            config = {**time, **(self._maybe("weekdays", days) if time else {"weekdays": days})}
            rests = set(config.get("weekdays", [1])) <= {6, 7}
            return {**config, **self._maybe("workday", chosen=True, chance=0 if rests else 0.3)}, ["next"]
        past = self._maybe("if_past", random.choice(["proceed", "exit", "port"]))
        offset = {"offset": random.choice(["P0D", "P1D", "P7D", "PT6H"])}
        if form == "entry":
            return {"from": "entry", **offset, **time, **past}, ["next", "past"]
        offset = {"offset": random.choice(["P0D", "P1D", "-P1D", "P1M", "-P2D"])}
        return {"attribute": random.choice(["born", "joined"]), **offset, **time, **past}, ["next", "past"]

    def _wait(self) -> tuple[Json, list[str]]:
        random = self.random
        ids = ["a", "b"][: random.randrange(1, 3)]
        paths = []
        for each in ids:
            name = random.choice(list(PROPERTIES))
            paths.append({"id": each, "event": name, "where": where(random, name, self.base, _SPACES)})
        config = {
            "paths": paths,
            "timeout": random.choice(LONG),
            **self._maybe("count_from", random.choice(["entry", "arrival"])),
        }
        return config, [*ids, "timeout"]

    def _message(self) -> Json:
        random = self.random
        text = random.choice(
            [
                "hello",
                '{{ profile.city | default("?") }}',
                "{{ profile.level }}",
                '{{ entry.sku | default("-") }}/{{ answer.page | default("-") }}',
            ]
        )
        channel = random.choice(["sms", "email"])
        config: Json = {
            "channel": channel,
            "content": {"text": text} if channel == "sms" else {"subject": "you", "text": text},
        }
        config |= self._maybe("category", random.choice(["marketing", "service"]), 0.4)
        config |= self._maybe("transactional", chosen=True, chance=0.15)
        config |= self._maybe("on_quiet", random.choice(["hold", "drop"]))
        on_capped = random.choice(["continue", "hold", "hold", "exit", None])
        config |= {"on_capped": on_capped} if on_capped else {}
        return config | ({"hold_for": random.choice([*SHORT, "P2D"])} if on_capped == "hold" else {})

    def trigger(self) -> tuple[str, Json]:
        """A trigger's type and config."""
        random = self.random
        if random.random() < 0.75:
            name = random.choice(["order_paid", "order_paid", "page_view", "login"])
            return "trigger.event", {"event": name, "where": where(random, name, self.base, ["profile"])}
        asked = {"rule": rule(random, self.base, inside=False)}
        if random.random() < 0.5:
            return "trigger.schedule", {**asked, "at": written(random, instant(random, self.base))}
        line = random.choice(["0 */6 * * *", "30 9 * * 1,4", "0 0 * * *", "0 18 28 * *"])
        until = written(random, self.base + SPAN + timedelta(hours=6))
        return "trigger.schedule", {**asked, "cron": line, "from": written(random, self.base), "until": until}

    def settings(self) -> Json:
        """Settings with any of the supported options."""
        random = self.random
        policy = random.choice(["never", "always", "after_exit", "after_exit", "interval"])
        reentry: Json = {"policy": policy, **({"interval": random.choice(LONG)} if policy == "interval" else {})}
        reentry |= self._maybe("key", random.choice(["order", "sku", "page"]), 0.3)
        entry = {
            **self._maybe("filter", rule(random, self.base, inside=False), 0.3),
            **self._maybe("holdout", chosen=False),
        }
        found: Json = {"reentry": reentry, "entry": entry, "priority": random.choice([10, 50, 50, 90])}
        found |= self._maybe("zone", random.choice(ZONES))
        found |= self._maybe("category", random.choice(["marketing", "service"]), 0.3)
        found |= self._maybe("max_stay", random.choice(LONG), 0.3)
        if random.random() < 0.5:
            name = random.choice(list(PROPERTIES))
            leaf = {"event": name, "where": where(random, name, self.base, ["profile", "entry"])}
            found["goal"] = {"when": leaf, "value": None, "within": random.choice(LONG), "exit": random.random() < 0.6}
        if random.random() < 0.4:
            name = random.choice(["unsubscribed", "login"])
            found["exit_when"] = [{"event": name, "where": where(random, name, self.base, _SPACES)}]
        return found


def canvas(random: Random, base: datetime, slug: str, *, kinds: bool = False) -> Json:
    """One canvas; where there are `kinds` of people, for any one of them."""
    draft = Draft(random, base, slug)
    for _ in range(random.choice([1, 1, 1, 2])):
        kind, config = draft.trigger()
        draft.add(kind, config, ["next"])
    for _ in range(random.randrange(1, 12)):
        kind = random.choice(_KINDS)
        # Never the last open port to an exit too early: there must be something to test.
        if not draft.open or (kind == "exit" and len(draft.open) == 1):
            continue
        config, ports = draft.body(kind)
        draft.add(kind, config, ports)
    if len(draft.nodes) == 1 or not draft.edges:
        draft.add("exit", {}, [])
    draft.close()
    people = {"people": random.choice(["consumer", "staff"])} if kinds else {}
    return {
        "format": 1,
        "name": slug,
        "slug": slug,
        "settings": draft.settings() | people,
        "nodes": draft.nodes,
        "edges": draft.edges,
    }
