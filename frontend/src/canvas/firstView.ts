import type { Viewport } from '@xyflow/react'
import type { Arrangement } from '../layout/types'
import { CARD } from './drawing'

const MARGIN = 32
const SMALLEST = 0.65

/**
 * The first look: as wide as the journey if it can still be read, beginning at the trigger. A whole tall journey squeezed
 * into the window would be a picture of dots. One that is too wide still fills the window from side to side.
 */
export function firstView(arrangement: Arrangement, width: number): Viewport {
  const columns = [...arrangement.boxes.values()].map((point) => point.x)
  const [left, right] = [Math.min(...columns), Math.max(...columns) + CARD.width]
  const zoom = Math.min(1, Math.max(SMALLEST, (width - 2 * MARGIN) / (right - left)))
  const fits = (right - left) * zoom <= width
  const [leftmost, rightmost] = [width - MARGIN - right * zoom, MARGIN - left * zoom]
  const x = fits ? (width - (left + right) * zoom) / 2 : Math.min(Math.max(width / 2, leftmost), rightmost)
  return { x, y: MARGIN, zoom }
}
