import { useEffect, useRef, useState, type RefObject } from 'react'

interface Fold {
  readonly open: boolean
  toggle(): void
  readonly fold: RefObject<HTMLDivElement | null>
}

/** Something that opens on a click and closes on Escape, on a click elsewhere, or when the focus leaves it. */
export function useFold(): Fold {
  const [open, setOpen] = useState(false)
  const fold = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    const leave = (event: Event): void => {
      const outside = event.target instanceof Node && !fold.current?.contains(event.target)
      if (outside || (event instanceof KeyboardEvent && event.key === 'Escape')) setOpen(false)
    }
    const names = ['pointerdown', 'keydown', 'focusin']
    for (const name of names) document.addEventListener(name, leave)
    return () => names.forEach((name) => document.removeEventListener(name, leave))
  }, [open])
  return { open, toggle: () => setOpen((before) => !before), fold }
}
