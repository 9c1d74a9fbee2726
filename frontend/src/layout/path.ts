import type { Point } from './types'

/** An SVG path through the points, corners rounded by at most `radius`. */
export function roundedPath(points: readonly Point[], radius = 8): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const parts = [`M${first.x},${first.y}`]
  rest.forEach((point, index) => {
    const [before, after] = [points[index], rest[index + 1]]
    if (before === undefined || after === undefined) {
      parts.push(`L${point.x},${point.y}`)
      return
    }
    const bend = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2)
    const [from, to] = [towards(point, before, bend), towards(point, after, bend)]
    parts.push(`L${from.x},${from.y}`, `Q${point.x},${point.y} ${to.x},${to.y}`)
  })
  return parts.join('')
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to) || 1
  return { x: from.x + ((to.x - from.x) / whole) * length, y: from.y + ((to.y - from.y) / whole) * length }
}
