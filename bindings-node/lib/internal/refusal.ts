// The native half's refusals, as errors. A refusal is a text that begins with a mark, which no JSON does.

import * as native from '../../native.js'
import type { CheckName, CodeName, MalformedInputCode, RejectionCode } from '../codes.js'
import { CountermarkError, MalformedInputError, RejectedError, withoutStacks } from '../errors.js'
import { define, document, indexOf, mapped, sliced } from './primordials.js'

interface Reason {
  code: CodeName
  detail: string
  remedy: string
  check: CheckName
  record?: number
  entry?: number
  others?: Reason[]
}

const MARK = '!'

// A promise of theirs is kept with themselves, whatever `Object.prototype` was given.
for (const type of [native.Answers, native.Establishment]) define(type.prototype, 'then', undefined, false)

export function rejected(reason: Reason): RejectedError {
  const { code, detail, remedy, check, entry = null, others = [] } = reason
  const refused = withoutStacks(() => mapped(others, rejected))
  return new RejectedError(code as RejectionCode, detail, remedy, check, entry, refused)
}

export function isRefusal(result: unknown): result is string {
  return typeof result === 'string' && result[0] === MARK
}

export function errorOf(refusal: string): CountermarkError {
  const space = indexOf(refusal, ' ')
  const reason = document<Reason>(sliced(refusal, space + 1))
  const { code, detail, remedy, record } = reason
  switch (sliced(refusal, MARK.length, space)) {
    case 'rejected':
      return rejected(reason)
    case 'malformed':
      return new MalformedInputError(code as MalformedInputCode, detail, remedy, record)
    default:
      return new CountermarkError(code, detail, remedy)
  }
}

/** The text that the native half gave, unless it is a refusal. */
export function givenText(result: string): string {
  if (isRefusal(result)) throw errorOf(result)
  return result
}

/** What the native half gave, unless it refused. */
export function given<T>(result: T): Exclude<T, string> {
  if (typeof result === 'string') throw errorOf(result)
  return result as Exclude<T, string>
}
