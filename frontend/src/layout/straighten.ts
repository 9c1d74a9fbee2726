/**
 * A bend of a few pixels looks like a mistake. From top to bottom, what stands nearly under the place before it moves
 * right under it, if its neighbours in the row leave the room.
 */

import type { Ranks, Stop } from './ranks'
import { LABEL_HEIGHT, type Drawing } from './types'

const SLIGHT = 26
const GAP = 24

/** A thing in a row: a box, a label or a line passing by. All stops of the same thing are one place. */
interface Place {
  x: number
  readonly rank: number
  readonly half: number
  readonly above: Set<Place>
}

export function straighten(drawing: Drawing, ranks: Ranks): Ranks {
  const { places, placeOf } = placesIn(drawing, ranks)
  const rows = new Map<number, Place[]>()
  for (const place of places) rows.set(place.rank, [...(rows.get(place.rank) ?? []), place])
  for (const rank of [...rows.keys()].sort((a, b) => a - b)) {
    const row = (rows.get(rank) ?? []).sort((a, b) => a.x - b.x)
    row.forEach((place, index) => snap(place, row[index - 1], row[index + 1]))
  }
  const moved = (key: string, stop: Stop): Stop => ({ ...stop, x: placeOf.get(key)?.x ?? stop.x })
  return {
    labels: ranks.labels,
    boxes: new Map([...ranks.boxes].map(([id, stop]) => [id, moved(id, stop)])),
    links: new Map(
      drawing.links.map((link) => [
        link.id,
        (ranks.links.get(link.id) ?? []).map((stop, index, all) => moved(keyOf(link, index, all.length), stop)),
      ]),
    ),
  }
}

function snap(place: Place, left: Place | undefined, right: Place | undefined): void {
  const wish = [...place.above].map((above) => above.x - place.x).sort((a, b) => Math.abs(a) - Math.abs(b))[0]
  if (wish === undefined || wish === 0 || Math.abs(wish) > SLIGHT) return
  const x = place.x + wish
  if (left !== undefined && x - place.half < left.x + left.half + GAP) return
  if (right !== undefined && x + place.half > right.x - right.half - GAP) return
  place.x = x
}

function keyOf(link: { id: string; from: string; to: string }, index: number, count: number): string {
  if (index === 0) return link.from
  return index === count - 1 ? link.to : `${link.id} ${index}`
}

function placesIn(drawing: Drawing, ranks: Ranks): { places: Place[]; placeOf: Map<string, Place> } {
  const placeOf = new Map<string, Place>()
  const add = (key: string, stop: Stop, half: number): void =>
    void placeOf.set(key, { ...stop, half, above: new Set() })
  for (const box of drawing.boxes) add(box.id, ranks.boxes.get(box.id) ?? { x: 0, rank: 0 }, box.width / 2)
  for (const link of drawing.links) {
    const stops = ranks.links.get(link.id) ?? []
    stops.forEach((stop, index) => {
      const key = keyOf(link, index, stops.length)
      const isLabel = stop.rank === ranks.labels.get(link.id)
      if (!placeOf.has(key)) add(key, stop, isLabel ? (link.label ?? LABEL_HEIGHT) / 2 : 0)
      const before = placeOf.get(keyOf(link, index - 1, stops.length))
      if (index > 0 && before !== undefined) placeOf.get(key)?.above.add(before)
    })
  }
  return { places: [...placeOf.values()], placeOf }
}
