import type { NodeCounts } from '../api/counts'
import type { CanvasNode } from '../graph/document'
import type { Outlet } from '../graph/graph'
import { portLabel, readNode } from '../nodes/registry'
import { flow, useCounts } from '../store/counts'
import type { Loaded } from '../store/journey'
import { select } from '../store/view'
import { useSpeak } from '../text/context'
import { Share } from './Share'

interface Props {
  readonly node: CanvasNode
  readonly loaded: Loaded
}

/** Who is at a step and which ways were taken. */
export function People({ node, loaded }: Props) {
  const { words } = useSpeak()
  const figures = useCounts((state) => state.counts?.nodes[node.id])
  return (
    <section className="panel-part">
      <h3>{words.panel.people}</h3>
      {figures === undefined ? <p className="faint">{words.panel.noCounts}</p> : <Trio figures={figures} />}
      <Ways node={node} loaded={loaded} />
    </section>
  )
}

function Trio({ figures }: { figures: NodeCounts }) {
  const { words, count } = useSpeak()
  return (
    <dl className="trio">
      <div title={words.figureHelp.here}>
        <dt>{words.figures.here}</dt>
        <dd className="figure">{count(figures.at)}</dd>
      </div>
      <div title={words.figureHelp.total}>
        <dt>{words.figures.total}</dt>
        <dd className="figure">{count(figures.in)}</dd>
      </div>
      <div>
        <dt>{words.figures.left}</dt>
        <dd className="figure">{count(figures.in - figures.at)}</dd>
      </div>
    </dl>
  )
}

/** The ways out, and those who left the journey from here: together they are everybody who has left the step. */
function Ways({ node, loaded }: Props) {
  const { words } = useSpeak()
  const figures = useCounts((state) => state.counts?.nodes[node.id])
  const outlets = loaded.graph.outlets.get(node.id) ?? []
  if (outlets.length === 0) return null
  const left = figures === undefined ? 0 : figures.in - figures.at
  const gone = left - Object.values(figures?.out ?? {}).reduce((sum, n) => sum + n, 0)
  return (
    <>
      <h4>{words.figures.ways}</h4>
      <ul className="ways">
        {outlets.map((outlet) => (
          <WayOut key={outlet.id} node={node} outlet={outlet} loaded={loaded} left={left} />
        ))}
        {gone > 0 && (
          <li data-testid="gone">
            <Share name={words.panel.gone} n={gone} of={left} />
          </li>
        )}
      </ul>
    </>
  )
}

function WayOut({ node, outlet, loaded, left }: Props & { outlet: Outlet; left: number }) {
  const speak = useSpeak()
  const { words } = speak
  const people = useCounts((state) => flow(state.counts?.nodes[node.id], outlet.carries))
  const target = loaded.graph.byId.get(outlet.to ?? '')
  const folded = outlet.carries.slice(1).map((port) => portLabel(node, port, speak))
  return (
    <li>
      <Share name={portLabel(node, outlet.port, speak)} n={people} of={left} />
      {target === undefined ? (
        <span className="ways-to faint">{words.panel.endsHere}</span>
      ) : (
        <button type="button" className="ways-to link" onClick={() => select(target.id)}>
          → {readNode(target, speak).title}
        </button>
      )}
      {folded.length > 0 && <FoldedWays node={node} names={folded} ports={outlet.carries.slice(1)} />}
    </li>
  )
}

/** Ways without a line of their own: their people left by the line above, and an author wants to know how many. */
function FoldedWays({ node, names, ports }: { node: CanvasNode; names: readonly string[]; ports: readonly string[] }) {
  const { words, count } = useSpeak()
  const out = useCounts((state) => state.counts?.nodes[node.id]?.out)
  const some = ports.flatMap((port, index) =>
    (out?.[port] ?? 0) > 0 ? [`${names[index] ?? port} ${count(out?.[port] ?? 0)}`] : [],
  )
  return some.length === 0 ? null : (
    <span className="ways-folded faint">
      {some.join(words.list)}
      {words.open}
      {words.panel.foldedInto}
      {words.close}
    </span>
  )
}
