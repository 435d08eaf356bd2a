// What the classes of the package have in common.

import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'
import { wrongType } from './arguments.js'
import { defineOpen } from './primordials.js'

/** What an object of a class keeps for itself. A private member tells the class's own objects from all others. */
export function instanceOf<T>(value: unknown, what: string, wanted: string, own: (value: any) => T | false): T {
  const kept = typeof value === 'object' && value !== null && own(value)
  if (!kept) throw wrongType(value, what, wanted)
  return kept
}

/** Lets `console.log` show what there is to see of a class's objects. */
export function show<T>(type: { readonly name: string; readonly prototype: T }, members: (value: T) => unknown): void {
  function shown(this: T, _depth: number, options: InspectOptions): string {
    return `${type.name} ${inspect(members(this), options)}`
  }
  defineOpen(type.prototype as object, inspect.custom, shown)
}
