import { Background, BackgroundVariant, MiniMap, ReactFlow, ReactFlowProvider } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useMemo } from 'react'
import type { Loaded } from '../store/journey'
import { select } from '../store/view'
import type { Arrangement } from '../layout/types'
import { useSpeak } from '../text/context'
import { EndMark } from './EndMark'
import { flowParts, type FlowNode } from './flow'
import { StepCard } from './StepCard'
import { useFitting } from './useFitting'
import { useSteering } from './useSteering'
import { Way } from './Way'
import { ZoomBar } from './ZoomBar'
import './canvas.css'

const nodeTypes = { step: StepCard, end: EndMark }
const edgeTypes = { way: Way }
const MAP = { width: 168, height: 118 }

interface Props {
  readonly loaded: Loaded
  readonly arrangement: Arrangement
}

export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Board {...props} />
    </ReactFlowProvider>
  )
}

/** What a reader cannot do on this canvas, and what its keyboard is handled by ourselves for. */
const READ_ONLY = {
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  disableKeyboardA11y: true,
  deleteKeyCode: null,
  selectionKeyCode: null,
  multiSelectionKeyCode: null,
  zoomOnDoubleClick: false,
} as const

function Board({ loaded, arrangement }: Props) {
  const speak = useSpeak()
  const { words } = speak
  const parts = useMemo(() => flowParts(loaded.graph, arrangement, speak), [loaded.graph, arrangement, speak])
  const { begin, whole } = useFitting(arrangement)
  const steer = useSteering(loaded.graph, arrangement, whole)
  return (
    // The arrow keys belong to the canvas as a whole; the cards in it are the interactive elements.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section className="canvas" aria-label={words.page.canvasOf(loaded.journey.name)} onKeyDown={steer}>
      <p className="visually-hidden">{words.page.keys}</p>
      <ReactFlow
        {...parts}
        {...READ_ONLY}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        minZoom={0.15}
        maxZoom={1.5}
        panOnScroll
        onInit={begin}
        onNodeClick={(_event, node) => node.type === 'step' && select(node.id)}
        onPaneClick={() => select(null)}
        ariaLabelConfig={{ 'minimap.ariaLabel': words.canvas.minimap }}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.2} color="var(--line)" />
        <Overview />
        <ZoomBar onFit={whole} />
      </ReactFlow>
    </section>
  )
}

function Overview() {
  return (
    <MiniMap<FlowNode>
      style={MAP}
      pannable
      zoomable
      position="bottom-right"
      nodeClassName={miniClass}
      nodeBorderRadius={12}
      maskColor="rgb(27 35 41 / 6%)"
      bgColor="var(--card)"
    />
  )
}

function miniClass(node: FlowNode): string {
  return node.type === 'step' ? `mini mini-${node.data.reading.spec.tone}` : 'mini'
}
