// The errors of the package.

import { CODES } from './codes.js'
import type { CheckName, CodeName, MalformedInputCode, RejectionCode } from './codes.js'
import { define, defineOpen, freeze, mapped, put } from './internal/primordials.js'

function named(errors: Function, name: string): void {
  defineOpen(errors.prototype, 'name', name)
}

/**
 * What every error of this package is.
 *
 * Its message has the code, the detail and the remedy.
 */
export class CountermarkError extends Error {
  /** The stable name of the code: `'unknown_ca'`. */
  declare readonly code: CodeName
  /** The stable number of the code; never zero. */
  declare readonly number: number
  /** The name of the check that failed: `'chain'`. */
  declare readonly check: CheckName
  /** What exactly was found, for people; it names the offending input. */
  declare readonly detail: string
  /** What to do about it. */
  declare readonly remedy: string

  /** @internal */
  constructor(code: CodeName, detail: string, remedy: string = CODES[code].remedy, where = '', after = '', check?: CheckName) {
    const row = CODES[code]
    super(`${code}: ${where}${detail}; ${remedy}${after}`)
    define(this, 'code', code)
    define(this, 'number', row.number)
    define(this, 'check', check ?? row.check)
    define(this, 'detail', detail)
    define(this, 'remedy', remedy)
  }

  /** The members, for logs and dashboards: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    const { code, number, check, detail, remedy } = this
    return { code, number, check, detail, remedy }
  }
}

/** Input that cannot be judged at all: a trust anchor or root, policy, entry, bundle, artifact name, message or argument. */
export class MalformedInputError extends CountermarkError {
  declare readonly code: MalformedInputCode
  /** Which record of several is malformed, counted from zero; null if it is not one of several. */
  declare readonly record: number | null
  /** Which request of `Verifier.verifyMany` or `Verifier.verifyManyBundles` is malformed, counted from zero; null if it is not one of several. */
  declare readonly request: number | null

  /** @internal */
  constructor(
    code: MalformedInputCode,
    detail: string,
    remedy?: string,
    record: number | null = null,
    request: number | null = null,
  ) {
    super(code, detail, remedy, (request === null ? '' : `request ${request}: `) + (record === null ? '' : `record ${record}: `))
    define(this, 'record', record)
    define(this, 'request', request)
  }

  override toJSON(): Record<string, unknown> {
    const { record, request } = this
    return { ...super.toJSON(), ...(record !== null && { record }), ...(request !== null && { request }) }
  }
}

/**
 * Makes errors that nobody threw and that stand in a list, perhaps by the thousand, without the calls that led to them: these
 * would be this package's own, and cost a hundred times what the rest does.
 *
 * @internal
 */
export function withoutStacks<T>(make: () => T): T {
  const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')
  if (before?.writable !== true) return make()
  Error.stackTraceLimit = 0
  try {
    return make()
  } finally {
    Error.stackTraceLimit = before.value as number
  }
}

function howManyOthers(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ' (1 other entry was refused too)' : ` (${count} other entries were refused too)`
}

/**
 * The artifact is not to be trusted, and why.
 *
 * If several entries were candidates, this is the reason of the newest, and those of the others stand in `others`. Of several
 * bundles it is the first one's.
 */
export class RejectedError extends CountermarkError {
  declare readonly code: RejectionCode
  /** Which of the entries or bundles given the reason concerns, counted from zero; null if it is not one of several. */
  declare readonly entryIndex: number | null
  /** The other candidates' rejections, newest first; of bundles, in their order. */
  declare readonly others: readonly RejectedError[]

  /** @internal */
  constructor(
    code: RejectionCode,
    detail: string,
    remedy: string,
    check: CheckName,
    entryIndex: number | null = null,
    others: readonly RejectedError[] = [],
  ) {
    super(code, detail, remedy, '', howManyOthers(others.length), check)
    define(this, 'entryIndex', entryIndex)
    define(this, 'others', freeze(others))
  }

  override toJSON(): Record<string, unknown> {
    const members = super.toJSON()
    if (this.entryIndex !== null) put(members, 'entry', this.entryIndex)
    if (this.others.length > 0) put(members, 'others', mapped(this.others, (other) => other.toJSON()))
    return members
  }
}

named(CountermarkError, 'CountermarkError')
named(MalformedInputError, 'MalformedInputError')
named(RejectedError, 'RejectedError')
