import { memo } from 'react'
import { stepElementId } from '../canvas/element'
import type { CanvasNode } from '../graph/document'
import type { Graph, Outlet } from '../graph/graph'
import { isLabelled } from '../canvas/drawing'
import { portLabel, readNode } from '../nodes/registry'
import { useFlow, useNodeCount } from '../store/counts'
import { select, useView } from '../store/view'
import { useSpeak } from '../text/context'
import './outline.css'

/** The same graph as a list, in the order in which people meet the steps: for narrow screens, screen readers and whoever likes it. */
export function Outline({ graph }: { graph: Graph }) {
  const { words } = useSpeak()
  return (
    <div className="outline">
      <div className="outline-columns" aria-hidden="true">
        <span>{words.page.steps(String(graph.nodes.length))}</span>
        <span>{words.figures.here}</span>
        <span>{words.figures.total}</span>
      </div>
      <ol aria-label={words.page.list}>
        {graph.nodes.map((node) => (
          <Step key={node.id} node={node} graph={graph} />
        ))}
      </ol>
    </div>
  )
}

const Step = memo(function Step({ node, graph }: { node: CanvasNode; graph: Graph }) {
  const speak = useSpeak()
  const { words } = speak
  const reading = readNode(node, speak)
  const selected = useView((view) => view.selected === node.id)
  const outlets = graph.outlets.get(node.id) ?? []
  const named = outlets.filter((outlet) => isLabelled(outlet, outlets) || outlet.to === null)
  return (
    <li
      className="outline-step"
      data-tone={reading.spec.tone}
      data-selected={selected}
      data-warning={reading.warning !== null}
    >
      <button
        type="button"
        id={stepElementId(node.id)}
        className="outline-main"
        aria-haspopup="dialog"
        aria-expanded={selected}
        onClick={() => select(node.id)}
      >
        <span className="step-icon">{reading.spec.icon}</span>
        <span className="outline-text">
          <span className="step-title">{reading.title}</span>
          <span className="step-summary">{reading.warning ?? reading.line}</span>
        </span>
        <Count id={node.id} of="at" label={words.figures.here} />
        <Count id={node.id} of="in" label={words.figures.total} />
      </button>
      {named.length > 0 && (
        <ul className="outline-ways">
          {named.map((outlet) => (
            <Way key={outlet.id} node={node} outlet={outlet} graph={graph} />
          ))}
        </ul>
      )}
    </li>
  )
})

function Count({ id, of, label }: { id: string; of: 'at' | 'in'; label: string }) {
  const { count } = useSpeak()
  const n = useNodeCount(id, of)
  return (
    <span className={`outline-count outline-count-${of}`}>
      <span className="visually-hidden">{label} </span>
      <span className="figure" data-testid={`${of}-${id}`}>
        {n === null ? '–' : count(n)}
      </span>
    </span>
  )
}

function Way({ node, outlet, graph }: { node: CanvasNode; outlet: Outlet; graph: Graph }) {
  const speak = useSpeak()
  const people = useFlow(outlet.from, outlet.carries)
  const target = graph.byId.get(outlet.to ?? '')
  return (
    <li>
      <span className="outline-port">{portLabel(node, outlet.port, speak)}</span>
      {target === undefined ? (
        <span className="faint">{speak.words.panel.endsHere}</span>
      ) : (
        <button type="button" className="link" onClick={() => goTo(target.id)}>
          → {readNode(target, speak).title}
        </button>
      )}
      {people !== null && (
        <span className="figure outline-flow" data-testid={`out-${outlet.id}`}>
          {speak.count(people)}
        </span>
      )}
    </li>
  )
}

function goTo(id: string): void {
  const step = document.getElementById(stepElementId(id))
  step?.scrollIntoView({ block: 'center' })
  step?.focus({ preventScroll: true })
}
