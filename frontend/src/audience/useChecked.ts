/** What the server makes of a rule while it is written: what is wrong with it, and the rule in words. */

import { useEffect, useState } from 'react'
import type { Checked, RulesApi } from '../api/rules'
import type { Rule } from '../rules/rule'

const PAUSE = 300 // milliseconds after the last change
const NOTHING: Checked = { problems: [], words: '' }

export function useChecked(rules: RulesApi, rule: Rule | null): Checked {
  const [checked, setChecked] = useState<Checked>(NOTHING)
  useEffect(() => {
    if (rule === null) return undefined
    let overtaken = false
    const timer = window.setTimeout(() => {
      rules.check(rule, 'audience').then(
        (found) => !overtaken && setChecked(found),
        // Saving will say it; until then the last word stands.
        () => undefined,
      )
    }, PAUSE)
    return () => {
      overtaken = true
      window.clearTimeout(timer)
    }
  }, [rules, rule])
  return checked
}
