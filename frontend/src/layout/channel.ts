/**
 * The gap between two ranks is a channel: lines come down into it from above, go sideways on a track of their own and
 * leave below. Lines that share an end (the ways out of a branch, the ways into a step) share a track and look like one.
 */

/** Columns where a bundle of lines enters the channel from above and leaves it below. */
export interface Net {
  readonly above: readonly number[]
  readonly below: readonly number[]
}

/** Verticals nearer than this look like one line. */
const TOUCH = 12
const OVERLAP_COST = 1000

const low = (net: Net): number => Math.min(...net.above, ...net.below)
const high = (net: Net): number => Math.max(...net.above, ...net.below)
export const isStraight = (net: Net): boolean => high(net) - low(net) < 1

function countInside(columns: readonly number[], net: Net): number {
  const [left, right] = [low(net), high(net)]
  return columns.filter((x) => x > left && x < right).length
}

function touching(a: readonly number[], b: readonly number[]): boolean {
  return a.some((x) => b.some((y) => Math.abs(x - y) < TOUCH))
}

/** What it costs to lay `upper` above `lower`: crossings, and dearly verticals that would lie on each other. */
function cost(upper: Net, lower: Net): number {
  const crossings = countInside(lower.above, upper) + countInside(upper.below, lower)
  return crossings + (touching(upper.below, lower.above) ? OVERLAP_COST : 0)
}

const overlaps = (a: Net, b: Net): boolean => low(a) < high(b) + TOUCH && low(b) < high(a) + TOUCH

/** The track of each net, 0 on top; a net that goes straight down needs none and gets 0. */
export function assignTracks(nets: readonly Net[]): number[] {
  const bent = nets.flatMap((net, index) => (isStraight(net) ? [] : [{ net, index }]))
  const order = settle(bent.sort((a, b) => low(a.net) - low(b.net)))
  const tracks = nets.map(() => 0)
  order.forEach(({ net, index }, place) => {
    for (const before of order.slice(0, place)) {
      const apart = overlaps(before.net, net) || cost(before.net, net) !== cost(net, before.net)
      if (apart) tracks[index] = Math.max(tracks[index] ?? 0, (tracks[before.index] ?? 0) + 1)
    }
  })
  return tracks
}

/** Moves each net to the place where it costs least, until nothing moves; a handful of nets, so plain search is enough. */
function settle<T extends { net: Net }>(nets: readonly T[]): T[] {
  let order = [...nets]
  for (let round = 0; round < 4; round += 1) {
    const before = order
    for (const item of nets) order = reinsert(order, item)
    if (order.every((item, place) => item === before[place])) break
  }
  return order
}

function reinsert<T extends { net: Net }>(order: readonly T[], item: T): T[] {
  const rest = order.filter((other) => other !== item)
  let price = rest.reduce((sum, other) => sum + cost(item.net, other.net), 0)
  let [best, bestPrice] = [0, price]
  rest.forEach((other, place) => {
    price += cost(other.net, item.net) - cost(item.net, other.net)
    if (price < bestPrice) [best, bestPrice] = [place + 1, price]
  })
  return [...rest.slice(0, best), item, ...rest.slice(best)]
}
