/** Undo and redo: the states of a value, and where one stands among them. Pure. */

export interface History<T> {
  readonly past: readonly T[]
  readonly present: T
  readonly future: readonly T[]
  /** when the present was written; quick typing is one step */
  readonly at: number
}

const MOST = 100
const TOGETHER = 600 // milliseconds

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], at: 0 }
}

export function write<T>(history: History<T>, present: T, now: number): History<T> {
  if (present === history.present) return history
  const joins = history.past.length > 0 && history.future.length === 0 && now - history.at < TOGETHER
  const past = joins ? history.past : [...history.past, history.present].slice(-MOST)
  return { past, present, future: [], at: now }
}

export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1)
  if (last === undefined) return history
  return { past: history.past.slice(0, -1), present: last, future: [history.present, ...history.future], at: 0 }
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future
  if (next === undefined) return history
  return { past: [...history.past, history.present], present: next, future, at: 0 }
}
