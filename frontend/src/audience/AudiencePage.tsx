/** Defining an audience: what it is called, who belongs to it, and at once how many those are. */

import { useCallback, useEffect, useState } from 'react'
import type { AudienceApi, Draft, Saved } from '../api/audience'
import { ApiError, type Trouble as ApiTrouble } from '../api/problem'
import type { RulesApi } from '../api/rules'
import { Loading, Trouble } from '../page/states'
import type { RuleCatalogue } from '../rules/catalogue'
import { EVERYBODY } from '../rules/rule'
import './audience.css'
import { Editor } from './Editor'

interface Props {
  readonly audiences: AudienceApi
  readonly rules: RulesApi
  readonly slug: string
  readonly back: string
}

interface Opened {
  readonly saved: Saved | null
  readonly draft: Draft
  readonly catalogue: RuleCatalogue
}

const FRESH: Draft = { slug: '', name: '', description: '', kind: 'consumer', every: null, rule: EVERYBODY }

export function AudiencePage({ audiences, rules, slug, back }: Props) {
  const [opened, setOpened] = useState<Opened | null>(null)
  const [trouble, setTrouble] = useState<ApiTrouble | null>(null)
  const open = useCallback(
    () =>
      opening(audiences, rules, slug).then(setOpened, (error: unknown) =>
        setTrouble(error instanceof ApiError ? error.trouble : 'failed'),
      ),
    [audiences, rules, slug],
  )
  useEffect(() => void open(), [open])
  if (opened !== null) return <Editor audiences={audiences} rules={rules} back={back} {...opened} />
  if (trouble === null) return <Loading />
  const retry = (): Promise<void> => {
    setTrouble(null)
    return open()
  }
  return <Trouble trouble={trouble} retry={retry} />
}

async function opening(audiences: AudienceApi, rules: RulesApi, slug: string): Promise<Opened> {
  const [saved, catalogue] = await Promise.all([slug === '' ? null : audiences.read(slug), rules.catalogue()])
  return { saved, draft: saved ?? FRESH, catalogue }
}
