// What a successful verification returns.

import * as native from '../native.js'
import { record } from './internal/arguments.js'
import type { Entry } from './entry.js'
import { CountermarkError } from './errors.js'
import { show } from './internal/instance.js'
import { document, freeze, fromBase64, indexOf, mapped, parse, sliced } from './internal/primordials.js'
import { givenText } from './internal/refusal.js'
import { statementOf } from './statement.js'
import type { Statement, StatementDocument } from './statement.js'

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
export type Warning =
  | 'signer_unconstrained'
  | 'log_entries_not_asked'
  | 'signed_times_not_asked'
  | 'certificate_timestamps_not_asked'
  | 'unknown_authorities_ignored'

/**
 * What vouches for a time: `'recorded'`, the log's word and nothing else; `'timestamp_authority'`, which signed it; and, of
 * bundles alone, `'log'`, a transparency log's signed promise, or `'caller'`, nobody but the caller's own time.
 */
export type TimeVoucher = 'recorded' | 'timestamp_authority' | 'log' | 'caller'

/** A time at which the signature was there, and whose word that is. */
export interface SignedTime {
  /** When the signature was there; RFC 3339. */
  readonly time: string
  /** What vouches for it. */
  readonly voucher: 'timestamp_authority' | 'log'
  /** Who that is: the subject of a timestamp authority's signer, or a log. */
  readonly authority: string
}

/** An entry of a transparency log that was verified: it is in the log, and about this very signature. */
export interface VerifiedLogEntry {
  /** The log, by the origin of its checkpoint, or else by its base URL. */
  readonly log: string
  /** The entry's index in the log, exact up to 2^53; null if nobody vouches for it. */
  readonly logIndex: number | null
  /** The size of the tree that the log signed and that has the entry; null if the log only promised to have it. */
  readonly treeSize: number | null
  /** When the log promised to have it, if it did; RFC 3339. */
  readonly integratedTime: string | null
}

/** A timestamp of a certificate log in the signer's certificate that was verified: the log knows the certificate. */
export interface VerifiedCertificateTimestamp {
  /** The log, by its base URL. */
  readonly log: string
  /** When the log was given the certificate; RFC 3339. */
  readonly time: string
}

/** @internal */
export interface BundleResult {
  times?: SignedTime[]
  log_entries?: { log: string; log_index?: number; tree_size?: number; integrated_time?: string }[]
  certificate_timestamps?: VerifiedCertificateTimestamp[]
}

/** @internal */
export function timesOf({ times = [] }: BundleResult): readonly SignedTime[] {
  return freeze(mapped(times, ({ time, voucher, authority }) => freeze({ time, voucher, authority })))
}

/** @internal */
export function logEntriesOf({ log_entries: entries = [] }: BundleResult): readonly VerifiedLogEntry[] {
  return freeze(
    mapped(entries, ({ log, log_index = null, tree_size = null, integrated_time = null }) =>
      freeze({ log, logIndex: log_index, treeSize: tree_size, integratedTime: integrated_time }),
    ),
  )
}

/** @internal */
export function certificateTimestampsOf(result: BundleResult): readonly VerifiedCertificateTimestamp[] {
  return freeze(mapped(result.certificate_timestamps ?? [], ({ log, time }) => freeze({ log, time })))
}

interface Result extends BundleResult {
  artifact_name?: string
  artifact?: string
  instance?: string
  signature: string
  timestamp: string
  time_voucher: TimeVoucher
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
  statement?: StatementDocument | null
  isOfKey?: boolean
  keyName?: string | null
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

  /** The artifact's name, of an entry; null for a message or a bundle. */
  get artifactName(): string | null {
    return this.#all.result.artifact_name ?? null
  }

  /** The artifact, of a bundle: its name if it was given by name, else a digest; null for an entry or a message. */
  get artifact(): string | null {
    return this.#all.result.artifact ?? null
  }

  /** The entry that was verified; null for a message or a bundle. */
  get entry(): Entry | null {
    return this.#entry
  }

  /** Which of the entries given that is, counted from zero; null for a message or a bundle. */
  get entryIndex(): number | null {
    return this.#entryIndex
  }

  /**
   * The claims of the signer's certificate, name to text, with the custom claims that the policy or the provenance named.
   */
  get claims(): Readonly<Record<string, string>> {
    return record(this.#all.result.claims, (claim) => claim)
  }

  /** The signer's certificate in DER; empty where a key of the policy's signed. */
  get leaf(): Uint8Array {
    return this.#entry?.certificates[0] ?? fromBase64(this.#all.leaf ?? '')
  }

  /** From when to when the signer's certificate was valid; RFC 3339. Null where there is none. */
  get validity(): readonly [notBefore: string, notAfter: string] | null {
    const { validity } = this.#all
    return validity && freeze([validity[0], validity[1]] as const)
  }

  /** The authorities of the path, from the leaf's issuer to the trust anchor, which is the last; none where a key signed. */
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

  /** What vouches for the time: a timestamp authority or a log, if one signed it. */
  get timeVoucher(): TimeVoucher {
    return this.#all.result.time_voucher
  }

  /** The times that somebody signed, if any did. Each lies inside the validity of the certificates. */
  get times(): readonly SignedTime[] {
    return timesOf(this.#all.result)
  }

  /**
   * The name of the instance that was believed: a trusted root's, or `'own'` for the verifier's own anchors; null for an entry or
   * a message.
   */
  get instance(): string | null {
    return this.#all.result.instance ?? null
  }

  /** The in-toto statement that was signed, of whose subjects one is the artifact; null if none was. */
  get statement(): Statement | null {
    const { statement } = this.#all
    return statement ? statementOf(statement) : null
  }

  /** The entries of transparency logs that were verified, in the bundle's order. */
  get logEntries(): readonly VerifiedLogEntry[] {
    return logEntriesOf(this.#all.result)
  }

  /** The timestamps of certificate logs in the signer's certificate that were verified. */
  get certificateTimestamps(): readonly VerifiedCertificateTimestamp[] {
    return certificateTimestampsOf(this.#all.result)
  }

  /** Whether a key of the policy's signed, and no certificate: then there are no claims. */
  get isOfKey(): boolean {
    return this.#all.isOfKey ?? false
  }

  /** The name of the policy's key that signed, if one did and has a name. */
  get keyName(): string | null {
    return this.#all.keyName ?? null
  }

  /**
   * What was not asked for, and perhaps should have been: `'signer_unconstrained'` if the policy requires no claim, so that
   * anyone whom the issuer vouches for would have done; of bundles, what the policy does without.
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

show(Verified, ({ artifactName, artifact, timestamp, claims }) => ({
  artifactName: artifactName ?? artifact,
  timestamp,
  claims: { ...claims },
}))
