/** The DOM id of a step's card or row: the focus goes there when its panel closes. */
export const stepElementId = (id: string): string => `step-${id}`
