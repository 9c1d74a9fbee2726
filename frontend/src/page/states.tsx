/** What stands where the journey would: loading, nothing there, something wrong. And the notices above it. */

import type { Trouble as ApiTrouble } from '../api/problem'
import { useJourney, type Loaded } from '../store/journey'
import { useSpeak } from '../text/context'

export function Loading({ words: said }: { words?: string }) {
  const { words } = useSpeak()
  return (
    <div className="loading" role="status">
      <span className="loading-lines" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <p>{said ?? words.page.loading}</p>
    </div>
  )
}

export function Empty() {
  const { words } = useSpeak()
  return (
    <div className="empty">
      <h2>{words.page.empty}</h2>
      <p>{words.page.emptyHelp}</p>
    </div>
  )
}

export function Trouble({ trouble, retry }: { trouble: ApiTrouble; retry: () => Promise<void> }) {
  const { page } = useSpeak().words
  const said = {
    signedOut: [page.signedOut, page.signedOutHelp],
    forbidden: [page.forbidden, page.forbiddenHelp],
    notFound: [page.notFound, page.notFoundHelp],
    offline: [page.offline, page.offlineHelp],
    refused: [page.failed, page.failedHelp],
    failed: [page.failed, page.failedHelp],
  }[trouble]
  const again = trouble === 'offline' || trouble === 'failed' || trouble === 'refused'
  return (
    <div className="empty" role="alert" data-trouble={trouble}>
      <h1>{said[0]}</h1>
      <p>{said[1]}</p>
      {again && (
        <button type="button" className="button button-main" onClick={() => void retry()}>
          {page.retry}
        </button>
      )}
      {(trouble === 'notFound' || trouble === 'forbidden') && (
        <a className="button" href="/journeys/">
          {page.back}
        </a>
      )}
      {trouble === 'signedOut' && (
        <button type="button" className="button button-main" onClick={() => window.location.reload()}>
          {page.logIn}
        </button>
      )}
    </div>
  )
}

export function Notices({ loaded }: { loaded: Loaded }) {
  const { words } = useSpeak()
  const failed = useJourney((state) => state.layoutFailed)
  const { troubles } = loaded
  const found = [...new Set(troubles.map((trouble) => words.troubles[trouble.code]))]
  if (!failed && found.length === 0) return null
  return (
    <div className="page-notices" role="status">
      {failed && <p>{words.page.layoutFailed}</p>}
      {found.length > 0 && (
        <p data-bad="true">
          {words.page.problems(String(troubles.length))}
          {words.colon}
          {found.join(words.sentence)}
        </p>
      )}
    </div>
  )
}
