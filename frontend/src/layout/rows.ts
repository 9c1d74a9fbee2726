/** Heights: a row per rank, as high as its highest box; between two rows a channel, as high as its tracks need. */

import { assignTracks, isStraight, type Net } from './channel'
import { groupBy } from '../graph/group'
import type { Ranks, Stop } from './ranks'
import { LABEL_HEIGHT, type Drawing, type Link } from './types'

export interface Row {
  readonly top: number
  readonly height: number
}

export interface Rows {
  readonly rows: readonly Row[]
  /** y of the sideways piece of a link below a rank */
  trackOf(link: string, rank: number): number
}

const CLEARANCE = 18
const TRACK = 12

/** A link's passage through the channel below `rank`, and the bundle that it belongs to. */
interface Passage {
  readonly link: string
  readonly rank: number
  readonly bundle: string
  readonly above: number
  readonly below: number
}

export function layRows(drawing: Drawing, ranks: Ranks): Rows {
  const heights = rowHeights(drawing, ranks)
  const channels = groupBy(
    drawing.links.flatMap((link) => passages(link, ranks)),
    (passage) => passage.rank,
  )
  const rows: Row[] = []
  const tracks = new Map<string, number>()
  let top = 0
  heights.forEach((height, level) => {
    rows.push({ top, height })
    const used = layChannel(channels.get(level) ?? [], top + height, tracks)
    top += height + 2 * CLEARANCE + Math.max(0, used - 1) * TRACK
  })
  return { rows, trackOf: (link, level) => tracks.get(`${level} ${link}`) ?? 0 }
}

function rowHeights(drawing: Drawing, ranks: Ranks): number[] {
  const count = 1 + Math.max(0, ...[...ranks.boxes.values()].map((stop) => stop.rank))
  const heights = Array.from({ length: count }, () => 0)
  const raise = (level: number, height: number): void => {
    heights[level] = Math.max(heights[level] ?? 0, height)
  }
  for (const box of drawing.boxes) raise(ranks.boxes.get(box.id)?.rank ?? 0, box.height)
  for (const level of ranks.labels.values()) raise(level, LABEL_HEIGHT)
  return heights
}

/** Leaving a box, a line bundles with the others that leave it; entering one, with those that enter; else it is alone. */
function passages(link: Link, ranks: Ranks): Passage[] {
  const stops = ranks.links.get(link.id) ?? []
  return stops.slice(0, -1).map((stop, index) => {
    const next: Stop = stops[index + 1] ?? stop
    const enters = index === stops.length - 2
    const bundle =
      enters && !(index === 0 && link.label !== null)
        ? `to ${link.to}`
        : index === 0
          ? `from ${link.from}`
          : `by ${link.id}`
    return { link: link.id, rank: stop.rank, bundle, above: stop.x, below: next.x }
  })
}

/** Puts the channel's bundles on tracks below `bottom`; returns how many tracks it took. */
function layChannel(list: readonly Passage[], bottom: number, tracks: Map<string, number>): number {
  const bundles = [...groupBy(list, (passage) => passage.bundle).values()]
  const nets: Net[] = bundles.map((bundle) => ({
    above: bundle.map((p) => p.above),
    below: bundle.map((p) => p.below),
  }))
  const assigned = assignTracks(nets)
  bundles.forEach((bundle, index) => {
    for (const { link, rank } of bundle)
      tracks.set(`${rank} ${link}`, bottom + CLEARANCE + (assigned[index] ?? 0) * TRACK)
  })
  return Math.max(0, ...nets.map((net, index) => (isStraight(net) ? 0 : (assigned[index] ?? 0) + 1)))
}
