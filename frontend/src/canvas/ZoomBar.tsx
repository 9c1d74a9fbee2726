import { Panel, useReactFlow, useStore } from '@xyflow/react'
import { useSpeak } from '../text/context'
import { motion } from './motion'

export function ZoomBar({ onFit }: { onFit: () => void }) {
  const { words } = useSpeak()
  const { zoomIn, zoomOut } = useReactFlow()
  const zoom = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <Panel position="bottom-left" className="zoom-bar">
      <button
        type="button"
        aria-label={words.canvas.zoomOut}
        title={words.canvas.zoomOut}
        onClick={() => void zoomOut(motion())}
      >
        −
      </button>
      <span className="figure zoom-level">{zoom}%</span>
      <button
        type="button"
        aria-label={words.canvas.zoomIn}
        title={words.canvas.zoomIn}
        onClick={() => void zoomIn(motion())}
      >
        +
      </button>
      <button type="button" className="zoom-fit" onClick={onFit}>
        {words.canvas.fit}
      </button>
    </Panel>
  )
}
