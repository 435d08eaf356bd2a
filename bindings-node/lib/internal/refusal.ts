// The native half's refusals, as errors.

import * as native from '../../native.js'
import type { CheckName, CodeName, MalformedInputCode, RejectionCode } from '../codes.js'
import { CountermarkError, MalformedInputError, RejectedError, withoutStacks } from '../errors.js'
import { define, document, mapped } from './primordials.js'

interface Reason {
  code: CodeName
  detail: string
  remedy: string
  check: CheckName
  record?: number
  entry?: number
  others?: Reason[]
}

// A promise of theirs is kept with themselves, whatever `Object.prototype` was given.
for (const type of [native.Answers, native.Establishment, native.Refusal]) define(type.prototype, 'then', undefined, false)

export function rejected(reason: Reason): RejectedError {
  const { code, detail, remedy, check, entry = null, others = [] } = reason
  return new RejectedError(code as RejectionCode, detail, remedy, check, entry, withoutStacks(() => mapped(others, rejected)))
}

export function isRefusal(result: unknown): result is native.Refusal {
  return result instanceof native.Refusal
}

export function malformed(json: string): MalformedInputError {
  const { code, detail, remedy, record } = document<Reason>(json)
  return new MalformedInputError(code as MalformedInputCode, detail, remedy, record)
}

export function errorOf(refusal: native.Refusal): CountermarkError {
  switch (refusal.kind) {
    case 'rejected':
      return rejected(document(refusal.json))
    case 'malformed':
      return malformed(refusal.json)
    case 'failed': {
      const { code, detail, remedy } = document<Reason>(refusal.json)
      return new CountermarkError(code, detail, remedy)
    }
  }
}

/** What the native half gave, unless it refused. */
export function given<T>(result: T | native.Refusal): T {
  if (isRefusal(result)) throw errorOf(result)
  return result
}
