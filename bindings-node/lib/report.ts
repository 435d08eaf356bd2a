// Every check's outcome.

import { record } from './internal/arguments.js'
import { document, freeze, indexOf, mapped, parse, sliced } from './internal/primordials.js'
import type { CheckName, RejectionCode } from './codes.js'
import type { RejectedError } from './errors.js'
import { show } from './internal/instance.js'
import { givenText, rejected } from './internal/refusal.js'
import type { Warning } from './verified.js'

/** One check of a `Report` and what came of it. */
export interface CheckOutcome {
  /** The check's name. */
  readonly check: CheckName
  /** What came of it; `'not_judged'` because of what an earlier check found. */
  readonly outcome: 'passed' | 'failed' | 'not_judged'
  /** The code, if it failed. */
  readonly code: RejectionCode | null
  /** What exactly was found, if it failed. */
  readonly detail: string | null
  /** What to do about it, if it failed. */
  readonly remedy: string | null
}

/** One signed timestamp of an entry, and what came of it. */
export interface TimestampOutcome {
  /** Who signed it, if it counts: the subject of the timestamp authority's signer. */
  readonly authority: string | null
  /** When it says that the signature was there, if it can be read; RFC 3339. Believed only if it counts. */
  readonly time: string | null
  /** Whether it counts. */
  readonly counts: boolean
  /** Why it does not count, if it does not. */
  readonly detail: string | null
}

interface Document {
  artifact_name: string
  verdict: 'verified' | RejectionCode
  checks: CheckDocument[]
  entry?: number
  timestamp?: string
  time_voucher?: 'recorded' | 'timestamp_authority'
  timestamps?: (Pick<TimestampOutcome, 'counts'> & Partial<TimestampOutcome>)[]
  claims?: Record<string, string>
  warnings: Warning[]
  others: Parameters<typeof rejected>[0][]
}

/** @internal */
export type CheckDocument = Pick<CheckOutcome, 'check' | 'outcome'> & Partial<CheckOutcome>

/** @internal */
export function checksOf(checks: CheckDocument[]): readonly CheckOutcome[] {
  return freeze(
    mapped(checks, ({ check, outcome, code = null, detail = null, remedy = null }) =>
      freeze({ check, outcome, code, detail, remedy }),
    ),
  )
}

/** The document of a report and the report for people, of an examination. @internal */
export function partsOf(examined: string): { json: string; text: string } {
  const examination = givenText(examined)
  const end = indexOf(examination, '\n')
  return { json: sliced(examination, 0, end), text: sliced(examination, end + 1) }
}

const OF_A_VERIFIER = Symbol('of a verifier')

/** @internal */
export function reportOf(examined: string): Report {
  const make = Report as unknown as new (...given: unknown[]) => Report
  const { json, text } = partsOf(examined)
  return new make(OF_A_VERIFIER, json, text)
}

/**
 * Every check's outcome, from `Verifier.examine`: of the entry that was verified, or else of the newest.
 *
 * It is for looking, not for deciding: like any object it is truthy whatever it says, and a program that decides calls
 * `verify`, whose refusal cannot be overlooked. As text it is a short table.
 */
export class Report {
  readonly #json: string
  readonly #document: Document
  readonly #text: string

  private constructor(maker: unknown, json: string, text: string) {
    if (maker !== OF_A_VERIFIER || new.target !== Report) {
      throw new TypeError('a Report cannot be constructed: only a Verifier makes one')
    }
    this.#json = json
    this.#document = document(json)
    this.#text = text
    freeze(this)
  }

  /** The artifact's name. */
  get artifactName(): string {
    return this.#document.artifact_name
  }

  /** The name of the code that `verify` would give: `'verified'`, or why not. */
  get verdict(): 'verified' | RejectionCode {
    return this.#document.verdict
  }

  /** The ten checks, in order. */
  get checks(): readonly CheckOutcome[] {
    return checksOf(this.#document.checks)
  }

  /** Which of the entries given the checks concern, counted from zero; null if none matched. */
  get entryIndex(): number | null {
    return this.#document.entry ?? null
  }

  /** When that entry's signature was made, by the log's word; RFC 3339. */
  get timestamp(): string | null {
    return this.#document.timestamp ?? null
  }

  /** What vouches for that time; null if no entry matched. */
  get timeVoucher(): 'recorded' | 'timestamp_authority' | null {
    return this.#document.time_voucher ?? null
  }

  /** The signed timestamps of that entry, each by itself. */
  get timestamps(): readonly TimestampOutcome[] {
    return freeze(
      mapped(this.#document.timestamps ?? [], ({ authority = null, time = null, counts, detail = null }) =>
        freeze({ authority, time, counts, detail }),
      ),
    )
  }

  /** The claims of that entry's certificate, name to text; certified by nobody if the chain check failed. */
  get claims(): Readonly<Record<string, string>> {
    return record(this.#document.claims ?? {}, (claim) => claim)
  }

  /** The rejections of the other candidates, if the artifact is refused. */
  get others(): readonly RejectedError[] {
    return freeze(mapped(this.#document.others, rejected))
  }

  /** What was not asked for, and perhaps should have been. */
  get warnings(): readonly Warning[] {
    return freeze(mapped(this.#document.warnings, (warning) => warning))
  }

  /** The report for dashboards: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return parse(this.#json) as Record<string, unknown>
  }

  /** The report for people. */
  toString(): string {
    return this.#text
  }
}

show(Report, ({ artifactName, verdict, checks }) => ({ artifactName, verdict, checks }))
