import type { ReactElement, ReactNode } from 'react'

/** One hand for all icons: 20 × 20, one stroke, the colour of the text around it. Emoji lack glyphs on many machines. */
export function icon(children: ReactNode): ReactElement {
  return (
    <svg
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}
