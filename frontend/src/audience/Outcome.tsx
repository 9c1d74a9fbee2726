/** What the rule comes to: how many people it holds for, and what it says in words. */

import { useEffect, useState } from 'react'
import type { AudienceApi, Draft, Estimate } from '../api/audience'
import { useSpeak } from '../text/context'

const PAUSE = 500 // milliseconds after the last change

type Shown = Estimate | 'counting' | 'failed' | null

interface Props {
  readonly audiences: AudienceApi
  readonly draft: Draft
  readonly words: string
  /** The rule cannot be asked yet. */
  readonly blocked: boolean
}

export function Outcome({ audiences, draft, words: said, blocked }: Props) {
  const { words } = useSpeak()
  const shown = useEstimate(audiences, draft, blocked)
  return (
    <aside className="card audience-outcome" aria-live="polite">
      <h2>{words.audience.estimate}</h2>
      <Size shown={blocked ? null : shown} />
      <h2>{words.audience.inWords}</h2>
      <p className="audience-words">{said === '' ? '–' : said}</p>
    </aside>
  )
}

function Size({ shown }: { readonly shown: Shown }) {
  const speak = useSpeak()
  const { audience, builder } = speak.words
  if (shown === null) return <p className="audience-note">{builder.incomplete}</p>
  if (shown === 'counting') return <p className="audience-size audience-busy">{audience.estimating}</p>
  if (shown === 'failed') return <p className="audience-note">{audience.estimateFailed}</p>
  const how = shown.exact
    ? audience.estimateExact
    : audience.estimateSampled(speak.count(shown.low), speak.count(shown.high))
  return (
    <>
      <p className="audience-size">{(shown.exact ? '' : '≈ ') + speak.count(shown.size)}</p>
      <p className="audience-note">{how}</p>
    </>
  )
}

function useEstimate(audiences: AudienceApi, { rule, kind }: Draft, blocked: boolean): Shown {
  const [shown, setShown] = useState<Shown>('counting')
  useEffect(() => {
    if (blocked || rule === null) return undefined
    let overtaken = false
    const timer = window.setTimeout(() => {
      setShown('counting')
      audiences.estimate(rule, kind).then(
        (found) => !overtaken && setShown(found),
        () => !overtaken && setShown('failed'),
      )
    }, PAUSE)
    return () => {
      overtaken = true
      window.clearTimeout(timer)
    }
  }, [audiences, rule, kind, blocked])
  return shown
}
