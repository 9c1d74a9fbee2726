/** The rule builder: conditions in nested groups, or the same as JSON. The rule is the caller's; so is checking it. */

import { RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { Button, Input, Segmented } from 'antd'
import { useMemo, useState, type ReactNode } from 'react'
import { isRecord } from '../graph/document'
import { useSpeak } from '../text/context'
import type { RuleCatalogue } from './catalogue'
import { EditorProvider, offeredKinds, type RuleProblem } from './editor'
import { Group } from './Group'
import { begin, redo, undo, write, type History } from './history'
import { rooted, type Rule } from './rule'
import './rules.css'

interface Props {
  readonly rule: unknown
  readonly catalogue: RuleCatalogue
  readonly journeys?: boolean
  readonly problems?: readonly RuleProblem[]
  readonly onChange: (rule: Rule) => void
}

type View = 'form' | 'json'
const NO_PROBLEMS: readonly RuleProblem[] = []

export function RuleEditor({ rule, catalogue, journeys = false, problems = NO_PROBLEMS, onChange }: Props) {
  const [history, setHistory] = useState<History<Rule>>(() => begin(rooted(rule)))
  const [view, setView] = useState<View>('form')
  const kinds = useMemo(() => offeredKinds(catalogue, journeys), [catalogue, journeys])
  const step = (next: History<Rule>): void => {
    setHistory(next)
    onChange(next.present)
  }
  const change = (next: Rule): void => step(write(history, next, Date.now()))
  return (
    <EditorProvider value={{ root: history.present, catalogue, kinds, journeys, problems, change }}>
      <div className="rule-editor">
        <Bar history={history} step={step} view={view} setView={setView} />
        {view === 'form' ? (
          <Group rule={history.present} place={[]} />
        ) : (
          <Json rule={history.present} change={change} />
        )}
      </div>
    </EditorProvider>
  )
}

interface BarProps {
  readonly history: History<Rule>
  readonly step: (next: History<Rule>) => void
  readonly view: View
  readonly setView: (view: View) => void
}

function Bar({ history, step, view, setView }: BarProps) {
  const { builder } = useSpeak().words
  const views: { value: View; label: string }[] = [
    { value: 'form', label: builder.form },
    { value: 'json', label: builder.json },
  ]
  return (
    <div className="rule-bar">
      <Step
        label={builder.undo}
        icon={<UndoOutlined />}
        to={history.past.length > 0 ? () => step(undo(history)) : null}
      />
      <Step
        label={builder.redo}
        icon={<RedoOutlined />}
        to={history.future.length > 0 ? () => step(redo(history)) : null}
      />
      <Segmented<View> size="small" value={view} options={views} onChange={setView} />
    </div>
  )
}

function Step({
  label,
  icon,
  to,
}: {
  readonly label: string
  readonly icon: ReactNode
  readonly to: (() => void) | null
}) {
  return (
    <Button
      type="text"
      size="small"
      icon={icon}
      disabled={to === null}
      aria-label={label}
      title={label}
      onClick={() => to?.()}
    />
  )
}

/** What is typed becomes the rule as soon as it can be read. */
function Json({ rule, change }: { readonly rule: Rule; readonly change: (rule: Rule) => void }) {
  const { builder } = useSpeak().words
  const [begun] = useState(() => JSON.stringify(rule, null, 2))
  const [wrong, setWrong] = useState(false)
  return (
    <>
      <Input.TextArea
        className="rule-json"
        defaultValue={begun}
        autoSize={{ minRows: 8, maxRows: 24 }}
        spellCheck={false}
        aria-label={builder.json}
        status={wrong ? 'error' : ''}
        onChange={(event) => {
          const found = parsed(event.target.value)
          setWrong(found === null)
          if (found !== null) change(rooted(found))
        }}
      />
      {wrong && (
        <p className="rule-problem rule-error" role="alert">
          {builder.jsonWrong}
        </p>
      )}
    </>
  )
}

function parsed(text: string): Rule | null {
  try {
    const found: unknown = JSON.parse(text)
    return isRecord(found) ? found : null
  } catch {
    return null
  }
}
