// What a successful verification returns.

import * as native from '../native.js'
import { record } from './internal/arguments.js'
import type { Entry } from './entry.js'
import { CountermarkError } from './errors.js'
import { show } from './internal/instance.js'
import { document, freeze, fromBase64, indexOf, mapped, parse, sliced } from './internal/primordials.js'
import { givenText } from './internal/refusal.js'

/** An authority of a verified path. */
export interface PathCertificate {
  /** The certificate in DER. */
  readonly der: Uint8Array
  /** Its subject, for people. */
  readonly subject: string
  /** The SHA-256 of its DER, in hexadecimal. */
  readonly sha256: string
  /** Where it came from. */
  readonly origin: 'entry' | 'known_intermediate' | 'trust_anchor'
}

/** What was not asked for, and perhaps should have been. */
export type Warning = 'signer_unconstrained'

interface Result {
  artifact_name?: string
  signature: string
  timestamp: string
  time_voucher: 'recorded'
  claims: Record<string, string>
  path: Omit<PathCertificate, 'der'>[]
  warnings: Warning[]
}

interface Established {
  result: Result
  text: string
  leaf?: string
  path: string[]
  validity: [string, string] | null
}

const OF_A_VERIFIER = Symbol('of a verifier')

/** @internal */
export function verifiedOf(answer: native.Establishment | string, entries: readonly Entry[]): Verified {
  const make = Verified as unknown as new (...given: unknown[]) => Verified
  const of = (told: native.Establishment | string, index: number | null): Verified =>
    new make(OF_A_VERIFIER, told, index, index === null ? null : entries[index])
  if (answer instanceof native.Establishment) return of(answer, answer.entryIndex ?? null)
  // The entry's index, if there is one, stands before the JSON.
  const text = givenText(answer)
  const begin = indexOf(text, '{')
  if (begin < 0) throw new CountermarkError('internal', 'an answer that is none')
  return of(sliced(text, begin), begin === 0 ? null : +sliced(text, 0, begin))
}

/**
 * What a successful verification returns, and what was established by it.
 *
 * Only a `Verifier` makes one: it cannot be constructed, extended, cloned or sent to another thread as such. As text it is
 * for people: the statements that were established, warnings, the signature, its time and the provenance.
 */
export class Verified {
  #told: native.Establishment | string
  readonly #entryIndex: number | null
  readonly #entry: Entry | null
  #established: Established | undefined

  private constructor(maker: unknown, told: native.Establishment | string, entryIndex: number | null, entry: Entry | null) {
    if (maker !== OF_A_VERIFIER || new.target !== Verified) {
      throw new TypeError('a Verified cannot be constructed: only a Verifier makes one')
    }
    this.#told = told
    this.#entryIndex = entryIndex
    this.#entry = entry
    freeze(this)
  }

  /** @internal A promise of it is kept with itself, whatever `Object.prototype` was given. */
  get then(): undefined {
    return undefined
  }

  // Most results are never looked at in detail, so the text is written, and read, when the first question comes.
  get #json(): string {
    if (typeof this.#told !== 'string') this.#told = givenText(this.#told.told())
    return this.#told
  }

  get #all(): Established {
    this.#established ??= document<Established>(this.#json)
    return this.#established
  }

  /** The artifact's name; null for a message. */
  get artifactName(): string | null {
    return this.#all.result.artifact_name ?? null
  }

  /** The entry that was verified; null for a message. */
  get entry(): Entry | null {
    return this.#entry
  }

  /** Which of the entries given that is, counted from zero; null for a message. */
  get entryIndex(): number | null {
    return this.#entryIndex
  }

  /**
   * The claims of the signer's certificate, name to text, with the custom claims that the policy or the provenance named.
   */
  get claims(): Readonly<Record<string, string>> {
    return record(this.#all.result.claims, (claim) => claim)
  }

  /** The signer's certificate in DER. */
  get leaf(): Uint8Array {
    return this.#entry?.certificates[0] ?? fromBase64(this.#all.leaf ?? '')
  }

  /** From when to when the signer's certificate was valid; RFC 3339. */
  get validity(): readonly [notBefore: string, notAfter: string] | null {
    const { validity } = this.#all
    return validity && freeze([validity[0], validity[1]] as const)
  }

  /** The authorities of the path, from the leaf's issuer to the trust anchor, which is the last. */
  get path(): readonly PathCertificate[] {
    const { path, result } = this.#all
    const authority = (certificate: Omit<PathCertificate, 'der'>, index: number): PathCertificate =>
      freeze({ der: fromBase64(path[index] ?? ''), ...certificate })
    return freeze(mapped(result.path, authority))
  }

  /** The signature's DER. */
  get signature(): Uint8Array {
    return fromBase64(this.#all.result.signature)
  }

  /** When the signature was made; RFC 3339 in UTC, to the nanosecond. */
  get timestamp(): string {
    return this.#all.result.timestamp
  }

  /** What vouches for that time: `'recorded'`, the log's word and nothing else. */
  get timeVoucher(): 'recorded' {
    return this.#all.result.time_voucher
  }

  /**
   * What was not asked for, and perhaps should have been: `'signer_unconstrained'` if the policy requires no claim, so that
   * anyone whom the issuer vouches for would have done.
   */
  get warnings(): readonly Warning[] {
    return freeze(mapped(this.#all.result.warnings, (warning) => warning))
  }

  /** The result for logs and dashboards: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return (parse(this.#json) as { result: Record<string, unknown> }).result
  }

  /** The result for people. */
  toString(): string {
    return this.#all.text
  }
}

show(Verified, ({ artifactName, timestamp, claims }) => ({ artifactName, timestamp, claims: { ...claims } }))
