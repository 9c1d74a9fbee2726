import type { NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { useNodeCount } from '../store/counts'
import { useView } from '../store/view'
import { useSpeak } from '../text/context'
import { stepElementId } from './element'
import { Ends } from './Ends'
import type { StepNode } from './flow'

/** A step: what it does and who is there. It is told everything by its spec and knows no type. */
export const StepCard = memo(function StepCard({ data: { id, reading } }: NodeProps<StepNode>) {
  const { words } = useSpeak()
  const selected = useView((view) => view.selected === id)
  const line = reading.warning ?? reading.line
  const isStop = useView((view) => view.current === id)
  return (
    <div
      id={stepElementId(id)}
      className="step"
      data-tone={reading.spec.tone}
      data-selected={selected}
      data-warning={reading.warning !== null}
      role="button"
      tabIndex={isStop ? 0 : -1}
      aria-haspopup="dialog"
      aria-expanded={selected}
    >
      <Ends />
      <span className="step-icon" title={reading.label}>
        {reading.spec.icon}
      </span>
      <span className="step-text">
        <span className="step-title" title={reading.title}>
          {reading.title}
        </span>
        {line !== '' && (
          <span className="step-summary" title={line}>
            {line}
          </span>
        )}
      </span>
      <span className="step-figures">
        <Figure id={id} of="at" label={words.figures.here} />
        <Figure id={id} of="in" label={words.figures.total} />
      </span>
    </div>
  )
})

function Figure({ id, of, label }: { id: string; of: 'at' | 'in'; label: string }) {
  const { count } = useSpeak()
  const n = useNodeCount(id, of)
  return (
    <span className={`step-figure step-figure-${of}`} data-some={(n ?? 0) > 0}>
      <span className="step-figure-label">{label}</span>{' '}
      <span className="figure" data-testid={`${of}-${id}`}>
        {n === null ? '–' : count(n)}
      </span>
    </span>
  )
}
