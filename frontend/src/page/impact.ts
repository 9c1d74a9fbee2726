import type { Counts } from '../api/counts'
import type { Journey, Verb } from '../api/journey'
import type { Speak } from '../text/speak'

/** What a verb would mean, in people: nobody reasons in graphs. */
export function impact(verb: Verb, journey: Journey, counts: Counts | null, speak: Speak): string[] {
  const { verbs } = speak.words
  const people = (counts?.inside ?? 0) + (counts?.older ?? 0)
  const inside = speak.count(people)
  if (verb === 'pause') return [(people > 0 ? verbs.pauseInside(inside) : verbs.pauseNobody) + verbs.pauseEffect]
  if (verb === 'resume') return [verbs.resumeEffect(inside)]
  if (journey.version === null) return [verbs.firstPublish]
  return [people > 0 ? verbs.publishInside(inside) : verbs.publishNobody]
}
