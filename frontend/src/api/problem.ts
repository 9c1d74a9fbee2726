/** What the server says when it does not do something (`application/problem+json`), and what a reader is told. */

import { isRecord, records, text } from '../graph/document'

export interface Problem {
  readonly code: string
  readonly detail: string
  readonly node: string | null
  readonly severity: 'error' | 'warning'
}

export type Trouble = 'refused' | 'signedOut' | 'forbidden' | 'notFound' | 'offline' | 'failed'

export class ApiError extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly problems: readonly Problem[] = [],
  ) {
    super(problems[0]?.detail ?? trouble)
  }
}

export function readProblems(body: unknown): Problem[] {
  if (!isRecord(body)) return []
  const several = records(body['problems'])
  return (several.length > 0 ? several : [body]).flatMap((each) => {
    const detail = text(each['detail'])
    if (detail === '') return []
    const severity = each['severity'] === 'warning' ? 'warning' : 'error'
    return [{ code: text(each['code']), detail, node: text(each['node']) || null, severity } as const]
  })
}

export function troubleOf(status: number, problems: readonly Problem[]): Trouble {
  if (status === 401 || problems[0]?.code === 'not_authenticated') return 'signedOut'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'notFound'
  return status >= 400 && status < 500 ? 'refused' : 'failed'
}
