// The native half's refusals, as errors.

import type * as native from '../../native.js'
import type { CheckName, CodeName, MalformedInputCode, RejectionCode } from '../codes.js'
import { CountermarkError, MalformedInputError, RejectedError } from '../errors.js'

interface Reason {
  code: CodeName
  detail: string
  check: CheckName
  record?: number
  entry?: number
  others?: Reason[]
}

export function rejected(reason: Reason): RejectedError {
  const { code, detail, check, entry = null, others = [] } = reason
  return new RejectedError(code as RejectionCode, detail, check, entry, others.map(rejected))
}

export function isRefusal(result: unknown): result is native.Refusal {
  return typeof result === 'object' && result !== null && Object.hasOwn(result, 'kind')
}

export function errorOf(refusal: native.Refusal): CountermarkError {
  const reason = JSON.parse(refusal.json) as Reason
  switch (refusal.kind) {
    case 'rejected':
      return rejected(reason)
    case 'malformed':
      return new MalformedInputError(reason.code as MalformedInputCode, reason.detail, reason.record)
    case 'failed':
      return new CountermarkError(reason.code, reason.detail)
  }
}

/** What the native half gave, unless it refused. */
export function given<T>(result: T | native.Refusal): T {
  if (isRefusal(result)) throw errorOf(result)
  return result
}
