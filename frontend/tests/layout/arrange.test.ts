import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { arrange } from '../../src/layout/arrange'
import type { Arrangement, Drawing, Point } from '../../src/layout/types'
import { CARD, drawings } from './drawings'

interface Piece {
  readonly link: string
  readonly from: Point
  readonly to: Point
}

function pieces(arrangement: Arrangement): Piece[] {
  return [...arrangement.routes].flatMap(([link, { points }]) =>
    points.slice(1).map((to, index) => ({ link, from: points[index] ?? to, to })),
  )
}

function behindCards(drawing: Drawing, arrangement: Arrangement): string[] {
  return pieces(arrangement).flatMap((piece) =>
    drawing.boxes
      .filter((box) => {
        const at = arrangement.boxes.get(box.id)
        if (at === undefined) return true
        const [left, right] = [Math.min(piece.from.x, piece.to.x), Math.max(piece.from.x, piece.to.x)]
        const [top, bottom] = [Math.min(piece.from.y, piece.to.y), Math.max(piece.from.y, piece.to.y)]
        return left < at.x + box.width && right > at.x && top < at.y + box.height && bottom > at.y
      })
      .map((box) => `${piece.link} behind ${box.id}`),
  )
}

interface Case {
  readonly drawing: Drawing
  readonly arrangement: Arrangement
}

let cases: Case[] = []
beforeAll(() => {
  cases = fc.sample(drawings, { numRuns: 100, seed: 20 }).map((drawing) => ({ drawing, arrangement: arrange(drawing) }))
}, 120_000)

describe('an arrangement of any journey', () => {
  test('draws no line behind a card', () => {
    for (const { drawing, arrangement } of cases) expect(behindCards(drawing, arrangement)).toEqual([])
  })

  test('keeps the ways of a branch in the order of its ports, from left to right', () => {
    for (const {
      drawing,
      arrangement: { routes },
    } of cases) {
      drawing.links.slice(1).forEach((link, index) => {
        const before = drawing.links[index]
        if (before?.from !== link.from) return
        expect(routes.get(before.id)?.label?.x).toBeLessThan(routes.get(link.id)?.label?.x ?? 0)
      })
    }
  })

  test('lays no box on another and no label on a box', () => {
    for (const {
      drawing,
      arrangement: { boxes, routes },
    } of cases) {
      const areas = [
        ...drawing.boxes.map((box) => ({ id: box.id, ...(boxes.get(box.id) ?? { x: NaN, y: NaN }), ...CARD })),
        ...drawing.links.flatMap((link) => {
          const label = routes.get(link.id)?.label
          return label && link.label !== null
            ? [{ id: link.id, x: label.x - link.label / 2, y: label.y - 12, width: link.label, height: 24 }]
            : []
        }),
      ]
      for (const [index, a] of areas.entries())
        for (const b of areas.slice(index + 1)) {
          const apart =
            a.x + a.width <= b.x + 1 || b.x + b.width <= a.x + 1 || a.y + a.height <= b.y || b.y + b.height <= a.y
          expect(apart, `${a.id} on ${b.id}`).toBe(true)
        }
    }
  })

  test('draws every line from the foot of its source to the head of its target, in level and upright pieces', () => {
    for (const {
      drawing,
      arrangement: { boxes, routes },
    } of cases) {
      for (const link of drawing.links) {
        const points = routes.get(link.id)?.points ?? []
        const [source, target] = [boxes.get(link.from), boxes.get(link.to)]
        expect(points[0]).toEqual({ x: (source?.x ?? 0) + CARD.width / 2, y: (source?.y ?? 0) + CARD.height })
        expect(points.at(-1)).toEqual({ x: (target?.x ?? 0) + CARD.width / 2, y: target?.y })
        points.slice(1).forEach((point, index) => {
          const before = points[index]
          expect(point.x === before?.x || point.y === before?.y).toBe(true)
          expect(point.y).toBeGreaterThanOrEqual(before?.y ?? 0)
        })
      }
    }
  })

  test('is the same every time, with the trigger at the middle', () => {
    for (const { drawing, arrangement } of cases.slice(0, 40)) {
      expect(arrangement.boxes.get('n0')).toEqual({ x: -CARD.width / 2, y: 0 })
      expect(arrange(drawing)).toEqual(arrangement)
    }
  })

  test('lays no two lines of different ends on each other', () => {
    let [shared, all] = [0, 0]
    for (const { drawing, arrangement } of cases) {
      const byId = new Map(drawing.links.map((link) => [link.id, link]))
      const list = pieces(arrangement)
      all += list.length
      for (const [index, a] of list.entries())
        for (const b of list.slice(index + 1)) {
          const [p, q] = [byId.get(a.link), byId.get(b.link)]
          if (p?.from !== q?.from && p?.to !== q?.to && onEachOther(a, b)) shared += 1
        }
    }
    expect([shared, all > 5_000]).toEqual([0, true])
  })
})

function onEachOther(a: Piece, b: Piece): boolean {
  const level = a.from.y === a.to.y && b.from.y === b.to.y && a.from.y === b.from.y
  const upright = a.from.x === a.to.x && b.from.x === b.to.x && a.from.x === b.from.x
  return (level && over(a.from.x, a.to.x, b.from.x, b.to.x)) || (upright && over(a.from.y, a.to.y, b.from.y, b.to.y))
}

test('nothing to draw is drawn as nothing', () => {
  expect(arrange({ boxes: [], links: [] }).boxes.size).toBe(0)
})

const over = (p: number, q: number, r: number, s: number): boolean =>
  Math.min(Math.max(p, q), Math.max(r, s)) - Math.max(Math.min(p, q), Math.min(r, s)) > 1
