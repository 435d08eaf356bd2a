// What a successful verification returns.

import * as native from '../native.js'
import { record } from './internal/arguments.js'
import type { Entry } from './entry.js'
import { show } from './internal/instance.js'
import { given } from './internal/refusal.js'

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

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'))
}

const OF_A_VERIFIER = Symbol('of a verifier')

/** @internal */
export function verifiedOf(establishment: native.Establishment, entries: readonly Entry[]): Verified {
  const { entryIndex, told } = establishment
  const make = Verified as unknown as new (...given: unknown[]) => Verified
  return new make(OF_A_VERIFIER, told, entryIndex ?? null, entryIndex === undefined ? null : entries[entryIndex])
}

/**
 * What a successful verification returns, and what was established by it.
 *
 * Only a `Verifier` makes one: it cannot be constructed, extended, cloned or sent to another thread as such. As text it is
 * for people: the statements that were established, warnings, the signature, its time and the provenance.
 */
export class Verified {
  #told: native.Establishment['told']
  readonly #entryIndex: number | null
  readonly #entry: Entry | null
  #established: Established | undefined

  private constructor(maker: unknown, told: native.Establishment['told'], entryIndex: number | null, entry: Entry | null) {
    if (maker !== OF_A_VERIFIER || new.target !== Verified) {
      throw new TypeError('a Verified cannot be constructed: only a Verifier makes one')
    }
    this.#told = told
    this.#entryIndex = entryIndex
    this.#entry = entry
    Object.freeze(this)
  }

  // Most results are never looked at in detail, so the text is written, and read, when the first question comes.
  get #json(): string {
    if (typeof this.#told !== 'string') this.#told = given(native.told(this.#told))
    return this.#told
  }

  get #all(): Established {
    this.#established ??= JSON.parse(this.#json) as Established
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
    return record(Object.entries(this.#all.result.claims))
  }

  /** The signer's certificate in DER. */
  get leaf(): Uint8Array {
    return this.#entry?.certificates[0] ?? bytes(this.#all.leaf ?? '')
  }

  /** From when to when the signer's certificate was valid; RFC 3339. */
  get validity(): readonly [notBefore: string, notAfter: string] | null {
    const { validity } = this.#all
    return validity && Object.freeze([...validity] as const)
  }

  /** The authorities of the path, from the leaf's issuer to the trust anchor, which is the last. */
  get path(): readonly PathCertificate[] {
    const { path, result } = this.#all
    const authority = (certificate: Omit<PathCertificate, 'der'>, index: number): PathCertificate =>
      Object.freeze({ der: bytes(path[index] ?? ''), ...certificate })
    return Object.freeze(result.path.map(authority))
  }

  /** The signature's DER. */
  get signature(): Uint8Array {
    return bytes(this.#all.result.signature)
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
    return Object.freeze([...this.#all.result.warnings])
  }

  /** The result for logs and dashboards: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return (JSON.parse(this.#json) as { result: Record<string, unknown> }).result
  }

  /** The result for people. */
  toString(): string {
    return this.#all.text
  }
}

show(Verified, ({ artifactName, timestamp, claims }) => ({ artifactName, timestamp, claims: { ...claims } }))
