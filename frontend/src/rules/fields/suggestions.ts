/** Values that people have so far, offered while one types. They help; nothing depends on them. */

import { createContext, useContext, useRef, useState } from 'react'
import type { Choice } from '../catalogue'

/** Where values come from: an attribute, a property of an event, or a fixed few. */
export type Source =
  | { readonly attribute: string }
  | { readonly event: string; readonly property: string }
  | { readonly values: readonly string[] }
  | null

export type Suggest = (source: Source, typed: string) => Promise<readonly Choice[]>

const SuggestContext = createContext<Suggest>(() => Promise.resolve([]))

export const SuggestProvider = SuggestContext.Provider
const PAUSE = 200 // milliseconds between the last key and the question

export function useSuggestions(source: Source) {
  const suggest = useContext(SuggestContext)
  const [options, setOptions] = useState<Choice[]>([])
  const asked = useRef(0)
  const search = (typed: string): void => {
    if (source === null) return
    if ('values' in source) {
      setOptions(source.values.filter((each) => each.includes(typed)).map((value) => ({ value, label: value })))
      return
    }
    asked.current += 1
    const turn = asked.current
    window.setTimeout(() => {
      if (turn !== asked.current) return
      suggest(source, typed).then(
        // An answer that was overtaken by a later question is dropped.
        (found) => turn === asked.current && setOptions([...found]),
        () => setOptions([]),
      )
    }, PAUSE)
  }
  return { options, search }
}
