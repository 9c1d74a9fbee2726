/** What the canvas asks of a node type. One folder per type answers; nothing else in the program knows the type. */

import type { ReactElement } from 'react'
import type { Config } from '../graph/document'
import type { Port } from '../graph/graph'
import type { Speak } from '../text/speak'

/** What a step is for; the colour of that is a token, `--step-<tone>`. */
export type Tone = 'start' | 'choose' | 'split' | 'wait' | 'reach' | 'write' | 'goal' | 'leave' | 'unknown'

/** One setting in plain words. */
export interface Detail {
  readonly label: string
  readonly value: string
}

export interface NodeSpec {
  readonly type: string
  readonly tone: Tone
  readonly icon: ReactElement
  label(config: Config, speak: Speak): string
  /** one line that says what the step does, '' when its name says it all */
  summary(config: Config, speak: Speak): string
  /** the ways out in their order, as the server counts them; without it: `next` */
  ports?(config: Config): readonly Port[]
  /** the name of a way out that the dictionary does not know */
  portLabel?(port: string, config: Config, speak: Speak): string | undefined
  details?(config: Config, speak: Speak): readonly Detail[]
}

export const NEXT: readonly Port[] = [{ id: 'next' }]

/** Leaves out what is not set. */
export function details(
  ...rows: readonly (readonly [label: string, value: string | null | undefined | false])[]
): Detail[] {
  return rows.flatMap(([label, value]) => (value ? [{ label, value }] : []))
}

/** Joins the parts of a summary that there are. */
export function phrase(speak: Speak, ...parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join(speak.words.comma)
}
