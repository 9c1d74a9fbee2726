/** Where everything goes. Deterministic: the same drawing gives the same picture; the first box stands at x = 0. */

import { rank, type Ranks } from './ranks'
import { straighten } from './straighten'
import { layRows, type Rows } from './rows'
import { LABEL_HEIGHT, type Arrangement, type Box, type Drawing, type Link, type Point, type Route } from './types'

export function arrange(drawing: Drawing): Arrangement {
  const first = drawing.boxes[0]
  if (first === undefined) return { boxes: new Map(), routes: new Map() }
  const ranks = straighten(drawing, rank(drawing))
  const rows = layRows(drawing, ranks)
  const origin = ranks.boxes.get(first.id)?.x ?? 0
  const boxes = new Map(drawing.boxes.map((box) => [box.id, corner(box, ranks, rows, origin)]))
  const byId = new Map(drawing.boxes.map((box) => [box.id, box]))
  const routes = new Map(drawing.links.map((link) => [link.id, route(link, { ranks, rows, origin, boxes, byId })]))
  return { boxes, routes }
}

function corner(box: Box, ranks: Ranks, rows: Rows, origin: number): Point {
  const stop = ranks.boxes.get(box.id)
  const row = rows.rows[stop?.rank ?? 0]
  return { x: Math.round((stop?.x ?? 0) - origin - box.width / 2), y: Math.round(row?.top ?? 0) }
}

interface Placing {
  readonly ranks: Ranks
  readonly rows: Rows
  readonly origin: number
  readonly boxes: ReadonlyMap<string, Point>
  readonly byId: ReadonlyMap<string, Box>
}

function route(link: Link, { ranks, rows, origin, boxes, byId }: Placing): Route {
  const stops = ranks.links.get(link.id) ?? []
  const column = (index: number): number => Math.round((stops[index]?.x ?? 0) - origin)
  const bottom = (boxes.get(link.from)?.y ?? 0) + (byId.get(link.from)?.height ?? 0)
  const points: Point[] = [{ x: column(0), y: bottom }]
  for (let index = 0; index < stops.length - 1; index += 1) {
    const [here, next] = [column(index), column(index + 1)]
    const y = rows.trackOf(link.id, stops[index]?.rank ?? 0)
    if (here !== next) points.push({ x: here, y }, { x: next, y })
  }
  points.push({ x: column(stops.length - 1), y: boxes.get(link.to)?.y ?? 0 })
  return { points, label: labelPoint(link, ranks, rows, column) }
}

function labelPoint(link: Link, ranks: Ranks, rows: Rows, column: (index: number) => number): Point | null {
  const level = ranks.labels.get(link.id)
  if (level === undefined) return null
  const index = (ranks.links.get(link.id) ?? []).findIndex((stop) => stop.rank === level)
  return { x: column(index), y: (rows.rows[level]?.top ?? 0) + LABEL_HEIGHT / 2 }
}
