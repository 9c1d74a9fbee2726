import { useEffect, useRef } from 'react'
import { stepElementId } from '../canvas/element'
import type { CanvasNode } from '../graph/document'
import { readNode, type Reading } from '../nodes/registry'
import type { Detail } from '../nodes/spec'
import type { Loaded } from '../store/journey'
import { select, useView } from '../store/view'
import { useSpeak } from '../text/context'
import { Messages } from './Messages'
import { People } from './People'
import './panel.css'

/** The step that is selected, beside the canvas: who is there, where they went, and its settings in plain words. */
export function Panel({ loaded }: { loaded: Loaded }) {
  const id = useView((view) => view.selected)
  const node = id === null ? undefined : loaded.graph.byId.get(id)
  return node === undefined ? null : <StepPanel key={node.id} node={node} loaded={loaded} />
}

function close(id: string): void {
  select(null)
  document.getElementById(stepElementId(id))?.focus({ preventScroll: true })
}

function StepPanel({ node, loaded }: { node: CanvasNode; loaded: Loaded }) {
  const speak = useSpeak()
  const { words } = speak
  const reading = readNode(node, speak)
  const panel = useRef<HTMLDivElement>(null)
  useEffect(() => panel.current?.focus({ preventScroll: true }), [])
  return (
    // The key belongs to the panel as a whole, wherever in it the focus is.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={panel}
      className="panel"
      role="dialog"
      aria-label={`${words.panel.title}${words.colon}${reading.title}`}
      tabIndex={-1}
      onKeyDown={(event) => event.key === 'Escape' && close(node.id)}
    >
      <PanelHead id={node.id} reading={reading} />
      {reading.warning !== null && <p className="notice notice-error">{reading.warning}</p>}
      <People node={node} loaded={loaded} />
      <Messages id={node.id} />
      {node.note !== '' && (
        <section className="panel-part">
          <h3>{words.panel.note}</h3>
          <p className="panel-note">{node.note}</p>
        </section>
      )}
      <Settings details={reading.details} />
    </div>
  )
}

function PanelHead({ id, reading }: { id: string; reading: Reading }) {
  const { words } = useSpeak()
  return (
    <header className="panel-head" data-tone={reading.spec.tone}>
      <span className="step-icon">{reading.spec.icon}</span>
      <div className="panel-name">
        <h2>{reading.title}</h2>
        <p>
          {reading.label}
          <code title={words.panel.id}>{id}</code>
        </p>
      </div>
      <button
        type="button"
        className="panel-close"
        aria-label={words.page.close}
        title={words.page.close}
        onClick={() => close(id)}
      >
        ×
      </button>
    </header>
  )
}

function Settings({ details }: { details: readonly Detail[] }) {
  const { words } = useSpeak()
  return (
    <section className="panel-part">
      <h3>{words.panel.settings}</h3>
      {details.length === 0 && <p className="faint">{words.panel.nothing}</p>}
      <dl className="settings">
        {details.map(({ label, value }) => (
          <div key={`${label} ${value}`}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
