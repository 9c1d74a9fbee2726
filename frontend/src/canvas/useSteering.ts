import { useReactFlow, useStore, useStoreApi } from '@xyflow/react'
import { useCallback, useEffect, type KeyboardEvent } from 'react'
import type { Graph } from '../graph/graph'
import { directionOf, steer } from '../graph/steering'
import type { Arrangement } from '../layout/types'
import { select, stand, useView } from '../store/view'
import { CARD } from './drawing'
import { motion } from './motion'
import { stepElementId } from './element'

const EDGE = 24

/** The canvas by keyboard: one stop of the tab key, arrows along the lines, Enter to open, "1" to see everything. */
export function useSteering(
  graph: Graph,
  arrangement: Arrangement,
  seeWhole: () => void,
): (event: KeyboardEvent) => void {
  const reveal = useReveal(arrangement)
  const selected = useView((view) => view.selected)
  const room = useStore((state) => state.width)
  useEffect(() => {
    if (selected !== null) reveal(selected)
  }, [selected, room, reveal])
  return useCallback(
    (event) => {
      const current = useView.getState().current
      const direction = directionOf(event.key)
      if (event.ctrlKey || event.metaKey || event.altKey || current === null) return
      if (event.key === '1') seeWhole()
      if (!(event.target instanceof HTMLElement) || event.target.id !== stepElementId(current)) return
      if (event.key === 'Enter' || event.key === ' ') select(current)
      else if (direction === null) return
      else moveTo(steer(graph, arrangement.boxes, current, direction), reveal)
      event.preventDefault()
    },
    [graph, arrangement, seeWhole, reveal],
  )
}

function moveTo(id: string | null, reveal: (id: string) => void): void {
  if (id === null) return
  stand(id)
  document.getElementById(stepElementId(id))?.focus({ preventScroll: true })
  reveal(id)
}

/** Moves the view just so far that the whole card can be seen. */
function useReveal(arrangement: Arrangement): (id: string) => void {
  const { getViewport, setViewport } = useReactFlow()
  const store = useStoreApi()
  return useCallback(
    (id) => {
      const at = arrangement.boxes.get(id)
      if (at === undefined) return
      const { x, y, zoom } = getViewport()
      const { width, height } = store.getState()
      const dx = shortfall(at.x * zoom + x, CARD.width * zoom, width)
      const dy = shortfall(at.y * zoom + y, CARD.height * zoom, height)
      if (dx !== 0 || dy !== 0) void setViewport({ x: x + dx, y: y + dy, zoom }, motion())
    },
    [arrangement, getViewport, setViewport, store],
  )
}

function shortfall(start: number, size: number, room: number): number {
  if (start < EDGE) return EDGE - start
  return start + size > room - EDGE ? Math.min(room - EDGE - start - size, 0) : 0
}
