import type { Tallies } from '../api/counts'
import { useCounts } from '../store/counts'
import { useSpeak } from '../text/context'
import { Freshness } from './Freshness'
import { useFold } from './useFold'
import './figures.css'

const NO_NAMES: Readonly<Record<string, string>> = {}
const NONE: readonly string[] = []
const SENT = ['sent', 'delivered']

/** The journey as a whole. */
export function Figures() {
  const { words } = useSpeak()
  const received = useCounts((state) => state.counts)
  // Before the first publishing there is nobody to count, which is not the same as nobody.
  const counts = received?.version === null ? null : received
  const left = sum(counts?.exits)
  const older = counts?.older ?? 0
  return (
    <section className="figures" aria-label={words.panel.people}>
      <Figure
        name="inside"
        n={counts && counts.inside + older}
        note={older > 0 ? words.figures.olderVersions : undefined}
        noted={older}
      />
      <Figure name="entered" n={counts && counts.entered} />
      <Figure name="goals" n={counts && counts.goals} of={counts?.entered} />
      <Figure name="exits" n={counts && left} parts={counts?.exits} names={words.exits} />
      <Figure
        name="messages"
        n={counts && sum(counts.messages, SENT)}
        unit={words.figures.sent}
        told={SENT}
        parts={counts?.messages}
        names={words.messages}
      />
      <Freshness />
    </section>
  )
}

function sum(tallies: Tallies | undefined, keys?: readonly string[]): number {
  return Object.entries(tallies ?? {}).reduce(
    (all, [key, n]) => (keys === undefined || keys.includes(key) ? all + n : all),
    0,
  )
}

interface FigureProps {
  readonly name: 'inside' | 'entered' | 'goals' | 'exits' | 'messages'
  readonly n: number | null
  readonly of?: number | undefined
  readonly unit?: string
  readonly note?: string | undefined
  readonly noted?: number
  readonly parts?: Tallies | undefined
  readonly names?: Readonly<Record<string, string>>
  /** parts that the figure itself is made of */
  readonly told?: readonly string[]
}

function Figure({ name, n, of, unit, note, noted = 0, parts, names = NO_NAMES, told = NONE }: FigureProps) {
  const { words, count, percent } = useSpeak()
  const share = of !== undefined && n !== null ? percent(n, of) : ''
  return (
    <div className="figure-block" title={words.figureHelp[name]}>
      <span className="figure-name">{words.figures[name]}</span>
      <span className="figure-line">
        <span className="figure figure-big" data-testid={`figure-${name}`}>
          {n === null ? '–' : count(n)}
        </span>
        {unit && n !== null && <span className="figure-note">{unit}</span>}
        {share && <span className="figure figure-note">{share}</span>}
        {note && (
          <span className="figure figure-note figure-noted">
            {note} {count(noted)}
          </span>
        )}
        <Parts title={words.figures[name]} parts={parts} names={names} told={told} />
      </span>
    </div>
  )
}

interface PartsProps {
  readonly title: string
  readonly parts: Tallies | undefined
  readonly names: Readonly<Record<string, string>>
  readonly told: readonly string[]
}

/** The largest parts in the line, all of them on a click. */
function Parts({ title, parts, names, told }: PartsProps) {
  const { count } = useSpeak()
  const { open, toggle, fold } = useFold()
  const some = Object.entries(parts ?? {})
    .filter(([, n]) => n > 0)
    .sort(([, a], [, b]) => b - a)
  const untold = some.filter(([key]) => !told.includes(key))
  if (some.length === 0) return null
  return (
    <div ref={fold} className="figure-parts">
      <button type="button" aria-expanded={open} onClick={toggle}>
        <span className="visually-hidden">{title}</span>
        {untold.slice(0, 2).map(([key, n]) => (
          <span key={key}>
            {names[key] ?? key} <span className="figure">{count(n)}</span>
          </span>
        ))}
        {(untold.length === 0 || untold.length > 2) && <span aria-hidden="true">…</span>}
      </button>
      {open && (
        <dl className="parts">
          {some.map(([key, n]) => (
            <div key={key}>
              <dt>{names[key] ?? key}</dt>
              <dd className="figure">{count(n)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}
