import { getViewportForBounds, useReactFlow, useStore, useStoreApi, type Viewport } from '@xyflow/react'
import { useCallback, useEffect, useRef } from 'react'
import type { Arrangement } from '../layout/types'
import { firstView } from './firstView'
import { motion } from './motion'

type Fit = 'first' | 'whole'

/** What was fitted last, and the view that came of it; none while the view is still on its way. */
interface Fitted {
  readonly fit: Fit
  readonly view: Viewport | null
}

const PADDING = 0.08

interface Fitting {
  /** the first look */
  readonly begin: () => void
  /** everything at once */
  readonly whole: () => void
}

/** Fits the view to its room, and again when the window changes: for as long as the reader has not moved it. */
export function useFitting(arrangement: Arrangement): Fitting {
  const { setViewport, getViewport, getNodes, getNodesBounds } = useReactFlow()
  const fitted = useRef<Fitted | null>(null)
  const seen = useRef('')
  const store = useStoreApi()
  const room = useStore((state) => `${state.width} ${state.height}`)

  const apply = useCallback(
    (fit: Fit, moving: { duration: number }) => {
      const { width, height, minZoom } = store.getState()
      // React Flow's own `fitView` waits for its next drawing, by whose size the window may have changed again.
      const view =
        fit === 'first'
          ? firstView(arrangement, width)
          : getViewportForBounds(getNodesBounds(getNodes()), width, height, minZoom, 1, PADDING)
      fitted.current = { fit, view: null }
      void setViewport(view, moving).then(() => (fitted.current = { fit, view: getViewport() }))
    },
    [arrangement, store, setViewport, getViewport, getNodes, getNodesBounds],
  )
  useEffect(() => {
    const size = stageSize(store.getState().domNode)
    if (size === seen.current) return // a panel came or went: what is under the pointer stays where it is
    seen.current = size
    const last = fitted.current
    if (last !== null && (last.view === null || isSame(last.view, getViewport()))) apply(last.fit, STILL)
  }, [room, apply, store, getViewport])

  const begin = useCallback(() => apply('first', STILL), [apply])
  const whole = useCallback(() => apply('whole', motion()), [apply])
  return { begin, whole }
}

const STILL = { duration: 0 }

/** Of the canvas and what stands beside it. Not of the window, which has its new size before its parts have theirs. */
function stageSize(board: HTMLElement | null): string {
  const stage = board?.closest('.stage')
  return `${stage?.clientWidth} ${stage?.clientHeight}`
}

/** The same view but for rounding. */
function isSame(one: Viewport, other: Viewport): boolean {
  return (['x', 'y', 'zoom'] as const).every((key) => Math.abs(one[key] - other[key]) < 0.01)
}
