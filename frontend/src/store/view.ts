/** What the reader has chosen: a step, and how to see the journey. */

import { create } from 'zustand'

export type Mode = 'canvas' | 'list'

interface ViewState {
  readonly selected: string | null
  readonly mode: Mode
  /** the step that the keyboard stands on: the canvas is one stop of the tab key */
  readonly current: string | null
}

export const useView = create<ViewState>(() => ({ selected: null, mode: 'canvas', current: null }))

export function select(id: string | null): void {
  useView.setState(id === null ? { selected: null } : { selected: id, current: id })
}

export function stand(id: string): void {
  useView.setState({ current: id })
}

export function show(mode: Mode): void {
  useView.setState({ mode })
}
