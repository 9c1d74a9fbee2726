/** What an audience is called, of which people it is, and how often it is refreshed. */

import { Input, Select } from 'antd'
import type { ReactNode } from 'react'
import type { Draft } from '../api/audience'
import { useSpeak } from '../text/context'

interface Props {
  readonly draft: Draft
  readonly isNew: boolean
  readonly onChange: (draft: Draft) => void
}

export function Facts({ draft, isNew, onChange }: Props) {
  const { audience } = useSpeak().words
  return (
    <section className="card audience-facts">
      <Field id="name" label={audience.name} help={audience.nameHelp}>
        <Input
          id="name"
          value={draft.name}
          maxLength={120}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
        />
      </Field>
      <Field id="slug" label={audience.slug} help={audience.slugHelp}>
        <Input
          id="slug"
          value={draft.slug}
          maxLength={64}
          disabled={!isNew}
          spellCheck={false}
          onChange={(event) => onChange({ ...draft, slug: cleaned(event.target.value) })}
        />
      </Field>
      <Choices draft={draft} isNew={isNew} onChange={onChange} />
      <Field id="description" label={audience.description}>
        <Input.TextArea
          id="description"
          value={draft.description}
          maxLength={1000}
          autoSize={{ minRows: 1, maxRows: 4 }}
          onChange={(event) => onChange({ ...draft, description: event.target.value })}
        />
      </Field>
    </section>
  )
}

function Choices({ draft, isNew, onChange }: Props) {
  const { audience } = useSpeak().words
  const every = draft.every ?? ''
  const schedules = Object.entries(audience.schedules).map(([value, label]) => ({ value, label }))
  const known = every in audience.schedules
  return (
    <>
      <Field id="kind" label={audience.kind}>
        <Select
          id="kind"
          value={draft.kind}
          disabled={!isNew}
          options={Object.entries(audience.kinds).map(([value, label]) => ({ value, label }))}
          onChange={(kind) => onChange({ ...draft, kind })}
        />
      </Field>
      <Field id="every" label={audience.every}>
        <Select
          id="every"
          value={every}
          options={known ? schedules : [...schedules, { value: every, label: audience.custom(every) }]}
          onChange={(cron) => onChange({ ...draft, every: cron === '' ? null : cron })}
        />
      </Field>
    </>
  )
}

interface FieldProps {
  readonly id: string
  readonly label: string
  readonly help?: string
  readonly children: ReactNode
}

function Field({ id, label, help, children }: FieldProps) {
  return (
    <div className="audience-field">
      <label htmlFor={id}>{label}</label>
      {children}
      {help !== undefined && <small>{help}</small>}
    </div>
  )
}

/** A short name as the contract wants it, whatever is typed. */
function cleaned(typed: string): string {
  return typed
    .toLowerCase()
    .replace(/[\s.]+/g, '-')
    .replace(/[^a-z0-9_-]/g, '')
}
