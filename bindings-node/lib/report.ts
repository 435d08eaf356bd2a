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

interface Document {
  artifact_name: string
  verdict: 'verified' | RejectionCode
  checks: (Pick<CheckOutcome, 'check' | 'outcome'> & Partial<CheckOutcome>)[]
  entry?: number
  timestamp?: string
  claims?: Record<string, string>
  warnings: Warning[]
  others: Parameters<typeof rejected>[0][]
}

const OF_A_VERIFIER = Symbol('of a verifier')

/** @internal */
export function reportOf(examined: string): Report {
  const make = Report as unknown as new (...given: unknown[]) => Report
  const examination = givenText(examined)
  const end = indexOf(examination, '\n')
  return new make(OF_A_VERIFIER, sliced(examination, 0, end), sliced(examination, end + 1))
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
    return freeze(
      mapped(this.#document.checks, ({ check, outcome, code = null, detail = null, remedy = null }) =>
        freeze({ check, outcome, code, detail, remedy }),
      ),
    )
  }

  /** Which of the entries given the checks concern, counted from zero; null if none matched. */
  get entryIndex(): number | null {
    return this.#document.entry ?? null
  }

  /** When that entry's signature was made, by the log's word; RFC 3339. */
  get timestamp(): string | null {
    return this.#document.timestamp ?? null
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
