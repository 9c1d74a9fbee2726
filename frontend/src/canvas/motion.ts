const SPAN = 180

/** How long the view may move; not at all for those who asked their system for less motion. */
export function motion(): { duration: number } {
  return { duration: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : SPAN }
}
