/** Random drawings that look like journeys: grown by inserting steps and branches, joined again, with jumps ahead. */

import fc from 'fast-check'
import type { Box, Drawing, Link } from '../../src/layout/types'

export const CARD = { width: 240, height: 92 }

interface Growth {
  readonly at: number
  readonly ways: number
  readonly jump: number
}

export const drawings: fc.Arbitrary<Drawing> = fc
  .array(fc.record({ at: fc.nat(), ways: fc.integer({ min: 1, max: 5 }), jump: fc.nat({ max: 99 }) }), {
    minLength: 1,
    maxLength: 26,
  })
  .map(grow)

/** Each step hangs on an open way; an open way may instead join a step that comes later in the order of growth. */
export function grow(steps: readonly Growth[]): Drawing {
  const boxes: Box[] = [{ id: 'n0', ...CARD }]
  const links: Link[] = []
  let open: { from: string; port: number; label: number | null }[] = [{ from: 'n0', port: 0, label: null }]
  const join = (way: { from: string; port: number; label: number | null }, to: string): void => {
    links.push({ id: `${way.from}#${way.port}`, from: way.from, to, label: way.label })
  }
  steps.forEach((step, index) => {
    const id = `n${index + 1}`
    const way = open[step.at % open.length]
    if (way === undefined) return
    boxes.push({ id, ...CARD })
    const joined = open.filter(
      (other) => other === way || (step.jump < 40 && other.from !== way.from && other.port === step.jump % 3),
    )
    for (const each of joined) join(each, id)
    const ways = Array.from({ length: step.ways }, (_, port) => ({
      from: id,
      port,
      label: step.ways > 1 ? 96 + 20 * port : null,
    }))
    open = [...open.filter((other) => !joined.includes(other)), ...ways]
  })
  boxes.push({ id: 'end', ...CARD })
  for (const way of open) join(way, 'end')
  return { boxes, links: sortByPort(links) }
}

function sortByPort(links: readonly Link[]): Link[] {
  return [...links].sort((a, b) => (a.from === b.from ? port(a) - port(b) : 0))
}

const port = (link: Link): number => Number(link.id.split('#')[1])
