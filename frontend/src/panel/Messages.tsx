import { useCounts } from '../store/counts'
import { useSpeak } from '../text/context'
import { Share } from './Share'

/** What became of a step's messages: where they stand now, most of them first. */
export function Messages({ id }: { id: string }) {
  const { words, count } = useSpeak()
  const found = useCounts((state) => state.counts?.nodeMessages[id])
  const parts = Object.entries(found ?? {}).sort(([, a], [, b]) => b - a)
  if (parts.length === 0) return null
  const all = parts.reduce((sum, [, n]) => sum + n, 0)
  return (
    <section className="panel-part" data-testid="messages">
      <h3>
        {words.figures.messages} <span className="figure panel-sum">{count(all)}</span>
      </h3>
      <ul className="ways">
        {parts.map(([status, n]) => (
          <li key={status} data-testid={`messages-${status}`}>
            <Share name={words.messages[status] ?? status} n={n} of={all} />
          </li>
        ))}
      </ul>
    </section>
  )
}
