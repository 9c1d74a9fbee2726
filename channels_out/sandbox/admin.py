"""The sandbox's own switches and questions, under `/__admin/`, and the page that shows what arrives."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from channels_out.sandbox.faults import KINDS, BadFault, Faults
from channels_out.sandbox.ledger import Ledger

_HERE = Path(__file__).parent / "page"
_PAGE = 200
"""Deliveries in one answer, unless the caller asks for another number."""
_FRAME_SECONDS = 0.5
"""The page gets news at most this often, however fast messages arrive."""
_SHOWN = 60
"""Latest deliveries that a page gets when it opens, or after a burst."""
_POLICY = "default-src 'self'; img-src data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


class Admin:
    """Deliveries, faults, clock, page."""

    def __init__(self, ledger: Ledger, faults: Faults) -> None:
        self.ledger, self.faults = ledger, faults

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.get("/page/{name}", self.page),
            web.get("/stream", self.stream),
            web.get("/__admin/deliveries", self.deliveries),
            web.delete("/__admin/deliveries", self.clear),
            web.get("/__admin/faults", self.list_faults),
            web.post("/__admin/faults", self.add_fault),
            web.delete("/__admin/faults", self.remove_faults),
            web.delete("/__admin/faults/{id:\\d+}", self.remove_faults),
            web.get("/__admin/clock", self.clock),
            web.put("/__admin/clock", self.set_clock),
        ]

    async def deliveries(self, request: web.Request) -> web.Response:
        """Filters: channel, to, ref, contains, after (a number). `limit` 0 gives only the counts."""
        try:
            found = self.ledger.find(request.query)
            limit = int(request.query.get("limit", _PAGE))
        except ValueError:
            return web.json_response({"error": "after and limit are numbers"}, status=400)
        answer = {
            "count": len(found),
            "counts": self.ledger.counts,
            "duplicates": self.ledger.duplicates(),
            "deliveries": found[:limit],
        }
        return web.json_response(answer)

    async def clear(self, request: web.Request) -> web.Response:
        self.ledger.clear()
        return web.json_response({"count": 0})

    async def list_faults(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": self.faults.listed(), "kinds": KINDS})

    async def add_fault(self, request: web.Request) -> web.Response:
        try:
            asked = json.loads(await request.read())
            fault = self.faults.add(asked if isinstance(asked, dict) else {})
        except BadFault as bad:
            return web.json_response({"error": str(bad)}, status=400)
        except ValueError:
            return web.json_response({"error": "the body is not JSON"}, status=400)
        return web.json_response({"id": fault.id}, status=201)

    async def remove_faults(self, request: web.Request) -> web.Response:
        number = request.match_info.get("id")
        self.faults.remove(int(number) if number else None)
        return web.json_response({"faults": self.faults.listed()})

    async def clock(self, request: web.Request) -> web.Response:
        return web.json_response({"now": self.ledger.clock.now().isoformat()})

    async def set_clock(self, request: web.Request) -> web.Response:
        """{"now": instant} puts it there, {"advance": seconds} moves it, {} puts it right again."""
        try:
            asked = json.loads(await request.read() or b"{}")
            if "now" in asked:
                self.ledger.clock.set(datetime.fromisoformat(asked["now"]).astimezone())
            elif "advance" in asked:
                self.ledger.clock.shift += timedelta(seconds=float(asked["advance"]))
            else:
                self.ledger.clock.shift = timedelta()
        except (ValueError, TypeError):
            return web.json_response({"error": "now is an instant, advance a number of seconds"}, status=400)
        return await self.clock(request)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The page and its two files; nothing is loaded from anywhere else."""
        name = request.match_info.get("name", "index.html")
        kinds = {"index.html": "text/html", "page.css": "text/css", "page.js": "text/javascript"}
        if name not in kinds:
            raise web.HTTPNotFound
        text = (_HERE / name).read_text(encoding="utf-8")
        headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
        return web.Response(text=text, content_type=kinds[name], headers=headers)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: counts and what is new since the last frame."""
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await answer.prepare(request)
        shown = max(0, len(self.ledger.deliveries) - _SHOWN)
        while True:
            changed = self.ledger.changed
            if shown > len(self.ledger.deliveries):
                shown = 0
            news = self.ledger.deliveries[max(shown, len(self.ledger.deliveries) - _SHOWN) :]
            shown = len(self.ledger.deliveries)
            frame = {"counts": self.ledger.counts, "total": shown, "news": news}
            try:
                await answer.write(f"data: {json.dumps(frame, ensure_ascii=False)}\n\n".encode())
            except ConnectionResetError:  # the page was closed
                return answer
            await asyncio.sleep(_FRAME_SECONDS)
            await changed.wait()
