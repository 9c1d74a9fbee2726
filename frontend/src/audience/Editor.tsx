/** The form of an audience, with its rule on the left and what it comes to on the right. */

import { Alert, App, Button } from 'antd'
import { useEffect, useState } from 'react'
import type { AudienceApi, Draft, Saved } from '../api/audience'
import { ApiError } from '../api/problem'
import type { RulesApi } from '../api/rules'
import type { RuleCatalogue } from '../rules/catalogue'
import { RuleEditor } from '../rules/RuleEditor'
import { useSpeak } from '../text/context'
import { Facts } from './Facts'
import { Outcome } from './Outcome'
import { useChecked } from './useChecked'

interface Props {
  readonly audiences: AudienceApi
  readonly rules: RulesApi
  readonly catalogue: RuleCatalogue
  readonly saved: Saved | null
  readonly draft: Draft
  readonly back: string
}

export function Editor({ audiences, rules, catalogue, saved, draft: first, back }: Props) {
  const { words } = useSpeak()
  const [draft, setDraft] = useState(first)
  const checked = useChecked(rules, draft.rule)
  const dirty = draft !== first
  useLeaving(dirty, words.audience.leave)
  const { save, saving, told } = useSaving(audiences, saved, draft, back)
  const errors = checked.problems.filter((each) => each.severity === 'error')
  const ready = draft.name.trim() !== '' && draft.slug !== '' && errors.length === 0
  return (
    <div className="audience">
      <Head title={saved?.name ?? words.audience.newTitle} back={back} ready={ready} saving={saving} save={save} />
      {told.length > 0 && (
        <Alert type="error" showIcon title={words.audience.problems} description={<Told told={told} />} />
      )}
      <div className="audience-body">
        <div className="audience-form">
          <Facts draft={draft} isNew={saved === null} onChange={setDraft} />
          <section className="card audience-rule">
            <h2>{words.audience.rule}</h2>
            {draft.rule === null ? (
              <p className="rule-empty">{words.audience.readOnly}</p>
            ) : (
              <RuleEditor
                rule={draft.rule}
                catalogue={catalogue}
                problems={checked.problems}
                onChange={(rule) => setDraft((before) => ({ ...before, rule }))}
              />
            )}
          </section>
        </div>
        <Outcome audiences={audiences} draft={draft} words={checked.words} blocked={errors.length > 0} />
      </div>
    </div>
  )
}

interface HeadProps {
  readonly title: string
  readonly back: string
  readonly ready: boolean
  readonly saving: boolean
  readonly save: (refresh: boolean) => Promise<void>
}

function Head({ title, back, ready, saving, save }: HeadProps) {
  const { audience } = useSpeak().words
  return (
    <header className="audience-head">
      <h1>{title}</h1>
      <div className="audience-verbs">
        <Button href={back}>{audience.cancel}</Button>
        <Button disabled={!ready || saving} onClick={() => void save(false)}>
          {audience.save}
        </Button>
        <Button type="primary" loading={saving} disabled={!ready} onClick={() => void save(true)}>
          {audience.saveAndRefresh}
        </Button>
      </div>
    </header>
  )
}

function Told({ told }: { readonly told: readonly string[] }) {
  return (
    <ul className="audience-told">
      {told.map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  )
}

function useSaving(audiences: AudienceApi, saved: Saved | null, draft: Draft, back: string) {
  const { words } = useSpeak()
  const { message } = App.useApp()
  const [saving, setSaving] = useState(false)
  const [told, setTold] = useState<readonly string[]>([])
  const save = async (refresh: boolean): Promise<void> => {
    setSaving(true)
    try {
      const kept = saved === null ? await audiences.create(draft) : await audiences.change(draft, saved.revision)
      if (refresh) await audiences.refresh(kept.slug)
      void message.success(words.audience.saved)
      window.onbeforeunload = null
      window.location.assign(`${back}${kept.slug}/`)
    } catch (error) {
      setSaving(false)
      setTold(reasons(error, words.audience.changed))
    }
  }
  return { save, saving, told }
}

function reasons(error: unknown, changed: string): string[] {
  if (!(error instanceof ApiError)) throw error
  if (error.problems.some((each) => each.code === 'changed_meanwhile')) return [changed]
  return error.problems.length > 0 ? error.problems.map((each) => each.detail) : [error.message]
}

/** The browser asks before a page with unsaved work is left. */
function useLeaving(dirty: boolean, words: string): void {
  useEffect(() => {
    window.onbeforeunload = dirty ? () => words : null
    return () => {
      window.onbeforeunload = null
    }
  }, [dirty, words])
}
