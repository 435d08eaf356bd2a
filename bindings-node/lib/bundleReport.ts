// Every check of a bundle, and every item of evidence by itself.

import { record } from './internal/arguments.js'
import { document, freeze, mapped, parse } from './internal/primordials.js'
import type { RejectionCode } from './codes.js'
import type { RejectedError } from './errors.js'
import { show } from './internal/instance.js'
import { rejected } from './internal/refusal.js'
import { checksOf, partsOf } from './report.js'
import type { CheckDocument, CheckOutcome } from './report.js'
import type { Warning } from './verified.js'

/** A signed timestamp, log entry or certificate timestamp, and what came of it. */
export interface EvidenceOutcome {
  /** What it is. */
  readonly kind: 'timestamp' | 'log_entry' | 'certificate_timestamp'
  /** Which of its kind, counted from zero. */
  readonly position: number
  /** What came of it; `'unknown'` if the instance does not know whose it is. */
  readonly outcome: 'good' | 'unknown' | 'bad'
  /** Whose word it is, if it is good. */
  readonly whose: string | null
  /** The time that it vouches for, if it is good and vouches for one; RFC 3339. */
  readonly time: string | null
  /** Why it is not good, if it is not. */
  readonly detail: string | null
}

interface Document {
  artifact: string
  verdict: 'verified' | RejectionCode
  instance?: string
  checks: CheckDocument[]
  evidence: (Pick<EvidenceOutcome, 'kind' | 'position' | 'outcome'> & Partial<EvidenceOutcome>)[]
  another_instance: boolean
  claims: Record<string, string>
  warnings: Warning[]
  rejection?: Parameters<typeof rejected>[0]
}

const OF_A_VERIFIER = Symbol('of a verifier')

/** @internal */
export function bundleReportOf(examined: string): BundleReport {
  const make = BundleReport as unknown as new (...given: unknown[]) => BundleReport
  const { json, text } = partsOf(examined)
  return new make(OF_A_VERIFIER, json, text)
}

/**
 * Every check's outcome, from `Verifier.examineBundle`, and every signed timestamp, log entry and certificate timestamp by
 * itself, under one instance: the one that verified the bundle, or else the one under which it came furthest.
 *
 * It is for looking, not for deciding: like any object it is truthy whatever it says, and a program that decides calls
 * `verifyBundle`, whose refusal cannot be overlooked. As text it is a short table.
 */
export class BundleReport {
  readonly #json: string
  readonly #document: Document
  readonly #text: string

  private constructor(maker: unknown, json: string, text: string) {
    if (maker !== OF_A_VERIFIER || new.target !== BundleReport) {
      throw new TypeError('a BundleReport cannot be constructed: only a Verifier makes one')
    }
    this.#json = json
    this.#document = document(json)
    this.#text = text
    freeze(this)
  }

  /** @internal A promise of it is kept with itself, whatever `Object.prototype` was given. */
  get then(): undefined {
    return undefined
  }

  /** The artifact: its name or a digest. */
  get artifact(): string {
    return this.#document.artifact
  }

  /** The name of the code that `verifyBundle` would give: `'verified'`, or why not. */
  get verdict(): 'verified' | RejectionCode {
    return this.#document.verdict
  }

  /** The instance that the checks are about; null if none may judge. */
  get instance(): string | null {
    return this.#document.instance ?? null
  }

  /** The ten checks, in order. */
  get checks(): readonly CheckOutcome[] {
    return checksOf(this.#document.checks)
  }

  /** Every signed timestamp, log entry and certificate timestamp by itself. */
  get evidence(): readonly EvidenceOutcome[] {
    return freeze(
      mapped(this.#document.evidence, ({ kind, position, outcome, whose = null, time = null, detail = null }) =>
        freeze({ kind, position, outcome, whose, time, detail }),
      ),
    )
  }

  /** Whether the instance knows nobody who vouches for the bundle: it is probably another instance's. */
  get isOfAnotherInstance(): boolean {
    return this.#document.another_instance
  }

  /** What the certificate claims, name to text; believed only if the verdict is `'verified'`. */
  get claims(): Readonly<Record<string, string>> {
    return record(this.#document.claims, (claim) => claim)
  }

  /** What was not asked for, and perhaps should have been. */
  get warnings(): readonly Warning[] {
    return freeze(mapped(this.#document.warnings, (warning) => warning))
  }

  /** Why the bundle is refused, which was not thrown; null if it is not. Those of other instances stand in `others`. */
  get rejection(): RejectedError | null {
    const { rejection } = this.#document
    return rejection === undefined ? null : freeze(rejected(rejection))
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

show(BundleReport, ({ artifact, verdict, instance, checks, evidence }) => ({ artifact, verdict, instance, checks, evidence }))
