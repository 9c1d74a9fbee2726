/**
 * A rule as it is edited: plain JSON of the rule language (contract §2), and edits that give a new rule. A place is the
 * path from the root, as the server names it in a problem: ['all', 1, 'not'].
 */

import { isRecord, type Config } from '../graph/document'

export type Rule = Config
export type Place = readonly (string | number)[]
export type GroupKind = 'all' | 'any'

export const EVERYBODY: Rule = { all: [] }

export function groupKind(rule: Rule): GroupKind | null {
  if (Array.isArray(rule['all'])) return 'all'
  return Array.isArray(rule['any']) ? 'any' : null
}

export function parts(rule: Rule): readonly Rule[] {
  const kind = groupKind(rule)
  return kind === null ? [] : (rule[kind] as unknown[]).filter(isRecord)
}

/** What is under one or several "not", and whether it is negated in the end. */
export function bare(rule: Rule): { readonly rule: Rule; readonly negated: boolean } {
  let [inner, negated] = [rule, false]
  while (isRecord(inner['not'])) [inner, negated] = [inner['not'], !negated]
  return { rule: inner, negated }
}

export function negate(rule: Rule): Rule {
  return isRecord(rule['not']) ? rule['not'] : { not: rule }
}

/** Put another rule where this one stands; the way to it is copied, the rest shared. */
export function replace(root: Rule, place: Place, rule: Rule): Rule {
  return set(root, place, rule) as Rule
}

function set(node: unknown, place: Place, value: unknown): unknown {
  const [key, ...rest] = place
  if (key === undefined) return value
  if (Array.isArray(node)) return node.map((each: unknown, index) => (index === key ? set(each, rest, value) : each))
  if (!isRecord(node)) return node
  return { ...node, [key]: set(node[String(key)], rest, value) }
}

export function at(root: Rule, place: Place): Rule | null {
  let found: unknown = root
  for (const key of place) {
    if (Array.isArray(found)) found = found[Number(key)]
    else found = isRecord(found) ? found[String(key)] : undefined
  }
  return isRecord(found) ? found : null
}

export function append(root: Rule, group: Place, rule: Rule): Rule {
  const found = at(root, group)
  const kind = found && groupKind(found)
  return found && kind ? replace(root, group, { ...found, [kind]: [...parts(found), rule] }) : root
}

/** Take a part out of its group. Of a group that becomes empty the group stays: it says everybody, or nobody. */
export function remove(root: Rule, place: Place): Rule {
  const { group, index } = seat(place)
  const found = at(root, group)
  const kind = found && groupKind(found)
  if (!found || !kind || index < 0) return EVERYBODY
  return replace(root, group, { ...found, [kind]: parts(found).filter((_, each) => each !== index) })
}

export function duplicate(root: Rule, place: Place): Rule {
  const { group, index } = seat(place)
  const [found, copy] = [at(root, group), at(root, place.slice(0, group.length + 2))]
  const kind = found && groupKind(found)
  if (!found || !kind || !copy) return root
  const list = [...parts(found)]
  list.splice(index + 1, 0, copy)
  return replace(root, group, { ...found, [kind]: list })
}

/** Move a part up (-1) or down (1) within its group. */
export function move(root: Rule, place: Place, by: -1 | 1): Rule {
  const { group, index } = seat(place)
  const found = at(root, group)
  const kind = found && groupKind(found)
  if (!found || !kind) return root
  const list = [...parts(found)]
  const [self, other] = [list[index], list[index + by]]
  if (self === undefined || other === undefined) return root
  ;[list[index], list[index + by]] = [other, self]
  return replace(root, group, { ...found, [kind]: list })
}

/** Put a part into a group of its own, to join others with it. */
export function wrap(root: Rule, place: Place, kind: GroupKind): Rule {
  const found = at(root, place)
  return found ? replace(root, place, { [kind]: [found] }) : root
}

export function switchKind(root: Rule, group: Place, kind: GroupKind): Rule {
  const found = at(root, group)
  return found ? replace(root, group, { [kind]: parts(found) }) : root
}

/** The group that a part sits in and its position there; the "not" around it is passed over. */
function seat(place: Place): { group: Place; index: number } {
  let end = place.length
  while (end > 0 && place[end - 1] === 'not') end -= 1
  return { group: place.slice(0, Math.max(0, end - 2)), index: Number(place[end - 1] ?? -1) }
}

/** A rule that the editor can show: a lone leaf is put into a group. */
export function rooted(rule: unknown): Rule {
  if (!isRecord(rule) || Object.keys(rule).length === 0) return EVERYBODY
  return groupKind(rule) === null ? { all: [rule] } : rule
}

/** How the server writes a place: `all[1].not`. */
export function written(place: Place): string {
  return place.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
    '',
  )
}

export function countLeaves(rule: Rule): number {
  const inner = bare(rule).rule
  return groupKind(inner) === null ? 1 : parts(inner).reduce((sum, each) => sum + countLeaves(each), 0)
}
