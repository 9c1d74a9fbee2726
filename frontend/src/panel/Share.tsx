import { useSpeak } from '../text/context'

interface Props {
  readonly name: string
  /** null: not known */
  readonly n: number | null
  readonly of: number
}

/** One part of a whole, in a list of parts: its name, how many, which share, and a bar as long as that. */
export function Share({ name, n, of }: Props) {
  const { count, percent } = useSpeak()
  return (
    <>
      <span className="ways-name">{name}</span>
      {n !== null && <span className="figure ways-people">{count(n)}</span>}
      {n !== null && <span className="figure ways-share">{percent(n, of)}</span>}
      {n !== null && of > 0 && (
        <span className="ways-bar" aria-hidden="true">
          <span style={{ inlineSize: `${(100 * n) / of}%` }} />
        </span>
      )}
    </>
  )
}
