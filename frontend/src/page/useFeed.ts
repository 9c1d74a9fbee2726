import { useEffect } from 'react'
import type { JourneyApi } from '../api/journey'
import { Feed } from '../live/feed'
import { takeCounts, takeFeedState } from '../store/counts'
import { useJourney } from '../store/journey'

/** Keeps the figures coming while the page is open. Somebody else's publishing or pausing is noticed by them and reloaded. */
export function useFeed(api: JourneyApi, slug: string, reload: () => Promise<void>): void {
  useEffect(() => {
    const feed = new Feed({
      open: () => new WebSocket(socketAddress(slug)),
      ask: () => api.counts(),
      onCounts: (counts) => {
        takeCounts(counts, Date.now())
        const journey = useJourney.getState().loaded?.journey
        if (journey !== undefined && (journey.version !== counts.version || journey.status !== counts.status))
          void reload()
      },
      onState: takeFeedState,
    })
    const wake = (): void => {
      if (document.visibilityState === 'visible') feed.hurry()
    }
    feed.start()
    document.addEventListener('visibilitychange', wake)
    window.addEventListener('online', wake)
    return () => {
      feed.stop()
      document.removeEventListener('visibilitychange', wake)
      window.removeEventListener('online', wake)
    }
  }, [api, slug, reload])
}

function socketAddress(slug: string): string {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  return `${scheme}://${window.location.host}/ws/journeys/${encodeURIComponent(slug)}/`
}
