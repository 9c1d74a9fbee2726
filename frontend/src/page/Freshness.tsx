import { useEffect, useState } from 'react'
import type { FeedState } from '../live/feed'
import { useCounts } from '../store/counts'
import { useSpeak } from '../text/context'
import { lapse } from '../text/duration'

const OLD = 15_000

/** How old the figures are, in one glance: a dot, a word and the time. */
export function Freshness() {
  const { words, time } = useSpeak()
  const feed = useCounts((state) => state.feed)
  const at = useCounts((state) => state.counts?.at)
  const receivedAt = useCounts((state) => state.receivedAt)
  const age = useAge(receivedAt)
  const state = freshness(feed, at === undefined ? null : age)
  return (
    <div className="fresh" data-state={state} data-testid="fresh" role="status" aria-live="off">
      <span className="fresh-word">{words.live[state]}</span>
      <span className="figure fresh-time">
        {at === undefined
          ? words.live.never
          : age > OLD
            ? words.live.ago(lapse(age, words))
            : words.live.updated(time(at))}
      </span>
    </div>
  )
}

export function freshness(feed: FeedState, age: number | null): FeedState | 'stale' {
  if (feed === 'signedOut' || feed === 'forbidden') return feed
  return age !== null && age > OLD ? 'stale' : feed
}

/** Milliseconds since the figures came, looked at every few seconds. */
function useAge(receivedAt: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 3_000)
    return () => clearInterval(tick)
  }, [])
  return Math.max(0, now - receivedAt)
}
