import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CARD } from '../../src/canvas/drawing'
import { firstView } from '../../src/canvas/firstView'
import type { Arrangement } from '../../src/layout/types'

const MARGIN = 32
const columns = fc.array(fc.integer({ min: -3_000, max: 3_000 }), { minLength: 1, maxLength: 30 })
const widths = fc.integer({ min: 320, max: 3_840 })

function looked(xs: readonly number[], width: number) {
  const boxes = new Map(xs.map((x, index) => [String(index), { x, y: 0 }]))
  const arrangement: Arrangement = { boxes, routes: new Map() }
  const { x, zoom } = firstView(arrangement, width)
  const [left, right] = [Math.min(...xs), Math.max(...xs) + CARD.width]
  return { zoom, before: left * zoom + x, after: width - right * zoom - x }
}

test('a journey that fits stands in the middle, and one that does not leaves no empty side', () => {
  fc.assert(
    fc.property(columns, widths, (xs, width) => {
      const { zoom, before, after } = looked(xs, width)
      expect(zoom).toBeGreaterThanOrEqual(0.65)
      expect(zoom).toBeLessThanOrEqual(1)
      if (before + after >= 0) expect(before).toBeCloseTo(after)
      else expect(Math.max(before, after)).toBeLessThanOrEqual(MARGIN + 0.001)
    }),
  )
})

test('of a journey that is too wide the trigger is in the middle, as far as there is something on both sides', () => {
  expect(looked([-2_000, 0, 2_000], 800)).toMatchObject({ zoom: 0.65, before: 400 - 1_300 })
  expect(looked([0, 2_000], 800).before).toBeCloseTo(MARGIN)
  expect(looked([-2_000, 0], 800).after).toBeCloseTo(MARGIN)
})
