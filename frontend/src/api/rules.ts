/** What the rule builder asks of the server. */

import { isRecord, records, text } from '../graph/document'
import { readCatalogue, type Choice, type RuleCatalogue } from '../rules/catalogue'
import type { RuleProblem } from '../rules/editor'
import type { Source } from '../rules/fields/suggestions'
import type { Rule } from '../rules/rule'
import type { Client } from './client'

export interface Checked {
  readonly problems: readonly RuleProblem[]
  /** the rule in plain words; empty while it cannot be read */
  readonly words: string
}

export interface RulesApi {
  catalogue(): Promise<RuleCatalogue>
  check(rule: Rule, where: 'audience' | 'journey'): Promise<Checked>
  values(source: Source, typed: string): Promise<readonly Choice[]>
}

export function rulesApi(client: Client): RulesApi {
  return {
    catalogue: async () => readCatalogue(await client.get('/rules/catalogue')),
    check: async (rule, where) => readChecked(await client.post('/rules/check', { rule, where })),
    values: async (source, typed) => {
      if (source === null || 'values' in source) return []
      const asked = new URLSearchParams({ ...source, q: typed })
      const body = await client.get(`/rules/values?${asked.toString()}`)
      return records(isRecord(body) ? body['values'] : []).map((each) => ({
        value: text(each['value']),
        label: text(each['value']),
      }))
    },
  }
}

function readChecked(body: unknown): Checked {
  const found = isRecord(body) ? body : {}
  return { problems: readRuleProblems(found['problems']), words: text(found['words']) }
}

export function readRuleProblems(list: unknown): RuleProblem[] {
  return records(list).map((each) => ({
    path: text(each['path']),
    detail: text(each['detail']),
    severity: each['severity'] === 'warning' ? 'warning' : 'error',
  }))
}
