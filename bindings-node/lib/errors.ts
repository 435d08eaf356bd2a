// The errors of the package.

import { CODES } from './codes.js'
import type { CheckName, CodeName, MalformedInputCode, RejectionCode } from './codes.js'

function fix(error: Error, members: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(error, name, { value, enumerable: true })
  }
}

function named(errors: Function, name: string): void {
  Object.defineProperty(errors.prototype, 'name', { value: name, configurable: true, writable: true })
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
  constructor(code: CodeName, detail: string, where = '', after = '', check?: CheckName) {
    const row = CODES[code]
    super(`${code}: ${where}${detail}; ${row.remedy}${after}`)
    fix(this, { code, number: row.number, check: check ?? row.check, detail, remedy: row.remedy })
  }

  /** The members, for logs and dashboards: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    const { code, number, check, detail, remedy } = this
    return { code, number, check, detail, remedy }
  }
}

/** Input that cannot be judged at all: a trust anchor, policy, entry, artifact name, message or argument. */
export class MalformedInputError extends CountermarkError {
  declare readonly code: MalformedInputCode
  /** Which record of several is malformed, counted from zero; null if it is not one of several. */
  declare readonly record: number | null

  /** @internal */
  constructor(code: MalformedInputCode, detail: string, record: number | null = null) {
    super(code, detail, record === null ? '' : `record ${record}: `)
    fix(this, { record })
  }

  override toJSON(): Record<string, unknown> {
    return this.record === null ? super.toJSON() : { ...super.toJSON(), record: this.record }
  }
}

function howManyOthers(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ' (1 other entry was refused too)' : ` (${count} other entries were refused too)`
}

/**
 * The artifact is not to be trusted, and why.
 *
 * If several entries were candidates, this is the reason of the newest, and those of the others stand in `others`.
 */
export class RejectedError extends CountermarkError {
  declare readonly code: RejectionCode
  /** Which of the entries given the reason concerns, counted from zero; null if it is not one entry's. */
  declare readonly entryIndex: number | null
  /** The other candidates' rejections, newest first. */
  declare readonly others: readonly RejectedError[]

  /** @internal */
  constructor(
    code: RejectionCode,
    detail: string,
    check: CheckName,
    entryIndex: number | null = null,
    others: readonly RejectedError[] = [],
  ) {
    super(code, detail, '', howManyOthers(others.length), check)
    fix(this, { entryIndex, others: Object.freeze([...others]) })
  }

  override toJSON(): Record<string, unknown> {
    const members = super.toJSON()
    if (this.entryIndex !== null) members['entry'] = this.entryIndex
    if (this.others.length > 0) members['others'] = this.others.map((other) => other.toJSON())
    return members
  }
}

named(CountermarkError, 'CountermarkError')
named(MalformedInputError, 'MalformedInputError')
named(RejectedError, 'RejectedError')
