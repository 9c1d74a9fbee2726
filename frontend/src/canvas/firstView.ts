import type { Viewport } from '@xyflow/react'
import type { Arrangement } from '../layout/types'
import { CARD } from './drawing'

const MARGIN = 32
const SMALLEST = 0.65

/**
 * The first look: as wide as the journey if it can still be read, beginning at the trigger. A whole tall journey squeezed
 * into the window would be a picture of dots.
 */
export function firstView(arrangement: Arrangement, width: number): Viewport {
  const columns = [...arrangement.boxes.values()].map((point) => point.x)
  const [left, right] = [Math.min(...columns), Math.max(...columns) + CARD.width]
  const zoom = Math.min(1, Math.max(SMALLEST, (width - 2 * MARGIN) / (right - left)))
  const fits = (right - left) * zoom <= width
  const middle = fits ? (left + right) / 2 : 0
  return { x: width / 2 - middle * zoom, y: MARGIN, zoom }
}
