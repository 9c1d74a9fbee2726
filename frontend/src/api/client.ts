/** Calls to our own API, in the session of the page. */

import { ApiError, readProblems, troubleOf } from './problem'

const TIMEOUT = 20_000

export interface Client {
  get(path: string): Promise<unknown>
  post(path: string, body?: unknown): Promise<unknown>
  /** Change what has this revision; refused if somebody else has changed it meanwhile. */
  patch(path: string, body: unknown, revision: number): Promise<unknown>
}

export function client(base: string, csrf: string): Client {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<unknown> => {
    const answer = await send(`${base}${path}`, {
      method,
      credentials: 'same-origin',
      headers: method === 'GET' ? { Accept: 'application/json' } : { ...writeHeaders(csrf), ...more },
      signal: AbortSignal.timeout(TIMEOUT),
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    const content = await readJson(answer)
    if (answer.ok) return content
    const problems = readProblems(content)
    throw new ApiError(troubleOf(answer.status, problems), problems)
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (path, body, revision) => call('PATCH', path, body, { 'If-Match': `"${revision}"` }),
  }
}

/** A verb that is sent again after a lost answer must not be done twice: each click has its key. */
function writeHeaders(csrf: string): Record<string, string> {
  return {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'X-CSRFToken': csrf,
    'Idempotency-Key': Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join(''),
  }
}

async function send(address: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, options)
  } catch {
    throw new ApiError('offline')
  }
}

async function readJson(answer: Response): Promise<unknown> {
  if (answer.status === 204) return null
  try {
    return await answer.json()
  } catch {
    if (answer.ok) throw new ApiError('failed')
    return null
  }
}
