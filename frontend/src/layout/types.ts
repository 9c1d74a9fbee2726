/** What the layout is given and what it gives back. Pixels; y grows downwards; a box is named by its top left corner. */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Box {
  readonly id: string
  readonly width: number
  readonly height: number
}

export interface Link {
  readonly id: string
  readonly from: string
  readonly to: string
  /** width of the label in the line, null for a line without one */
  readonly label: number | null
}

/** Boxes with the first trigger first; the links of a box in the order of its ports. */
export interface Drawing {
  readonly boxes: readonly Box[]
  readonly links: readonly Link[]
}

export interface Route {
  /** corners of a line of horizontal and vertical pieces, from the bottom of one box to the top of another */
  readonly points: readonly Point[]
  /** centre of the label */
  readonly label: Point | null
}

export interface Arrangement {
  readonly boxes: ReadonlyMap<string, Point>
  readonly routes: ReadonlyMap<string, Route>
}

export const LABEL_HEIGHT = 24
