const THINNEST = 1.5
const THICKEST = 7

/** Pixels. By the square root, so that a way of one per cent can still be told from an empty one. */
export function lineWidth(people: number | null, most: number): number {
  if (people === null || people <= 0 || most <= 0) return THINNEST
  return THINNEST + (THICKEST - THINNEST) * Math.sqrt(Math.min(1, people / most))
}
