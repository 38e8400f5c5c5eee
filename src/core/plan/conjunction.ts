import type { Checked } from '../query/checked.ts'
import { balanced } from '../query/expression.ts'

/** All of them joined by `and`; nothing for none. */
export function conjunction(conditions: readonly Checked[]): Checked | undefined {
  return balanced<Checked>(conditions, (left, right) =>
    ({ kind: 'binary', operator: 'and', left, right, type: 'boolean', edm: 'Edm.Boolean' }))
}

/** The conditions that `and` joins. */
export function conjuncts(condition: Checked): Checked[] {
  return condition.kind === 'binary' && condition.operator === 'and'
    ? [...conjuncts(condition.left), ...conjuncts(condition.right)]
    : [condition]
}
