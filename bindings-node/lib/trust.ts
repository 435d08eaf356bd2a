// Whom a verifier trusts beside its anchors: trusted roots, logs, timestamp authorities.

import * as native from '../native.js'
import { certificates, json, options, publicKey, text, validFor } from './internal/arguments.js'
import { instanceOf, show } from './internal/instance.js'
import { freeze, mapped } from './internal/primordials.js'
import { given } from './internal/refusal.js'
import type { Certificates, PublicKey, ValidFor } from './inputs.js'

const CODE = 'malformed_trust_anchor'
const ROOT_CODE = 'malformed_trusted_root'

/** @internal */
export let nativeRoot: (root: unknown, what: string) => native.TrustedRoot

let rootOf: (root: native.TrustedRoot) => TrustedRoot

/**
 * What one Sigstore instance is trusted for: authorities that certify signers, authorities that sign timestamps, logs and
 * certificate logs, each with the period in which it counts. They belong together: a verifier never mixes those of two
 * instances.
 *
 * How the file got here, and whether it is the right one, is the caller's to know.
 */
export class TrustedRoot {
  readonly #native: native.TrustedRoot

  static {
    rootOf = (root) => new TrustedRoot(root)
    nativeRoot = (root, what) => instanceOf(root, what, 'a TrustedRoot', (it) => #native in it && it.#native)
  }

  private constructor(root: native.TrustedRoot) {
    if (!(root instanceof native.TrustedRoot)) {
      throw new TypeError('a TrustedRoot is made by TrustedRoot.fromJson or trustedRootsFromJsonLines')
    }
    this.#native = root
    freeze(this)
  }

  /**
   * Reads a trusted root (`trusted_root.json`) of version 0.1 or 0.2.
   *
   * Throws a `MalformedInputError` if it is malformed, incomplete, or has nothing in it.
   */
  static fromJson(data: string | Uint8Array): TrustedRoot {
    return rootOf(given(native.trustedRootFromJson(json(data, 'data', ROOT_CODE))))
  }

  /** How many authorities certify signers. */
  get certificateAuthorityCount(): number {
    return this.#native.certificateAuthorityCount
  }

  /** How many authorities sign timestamps. */
  get timestampAuthorityCount(): number {
    return this.#native.timestampAuthorityCount
  }

  /** How many logs there are; one that is listed more than once is one. */
  get logCount(): number {
    return this.#native.logCount
  }

  /** How many certificate logs there are; one that is listed more than once is one. */
  get certificateLogCount(): number {
    return this.#native.certificateLogCount
  }

  /** The root for people. */
  toString(): string {
    return this.#native.text()
  }
}

/**
 * Reads trusted roots from JSON Lines, as `gh attestation trusted-root` writes them: one root a line, each an instance of its
 * own.
 */
export function trustedRootsFromJsonLines(data: string | Uint8Array): TrustedRoot[] {
  const roots = given(native.trustedRootsFromJsonLines(json(data, 'data', ROOT_CODE)))
  return mapped(roots, rootOf)
}

/** A period of its start and, if it ends, its end. @internal */
export function periodOf(period: readonly string[]): ValidFor {
  const start = period[0] as string
  return freeze(period.length < 2 ? { start } : { start, end: period[1] as string })
}

/** What a `TimestampAuthority` is made of. */
export interface TimestampAuthorityOptions {
  /**
   * Its certificates, text (PEM) or bytes (DER): the signer's first, and the one to trust last, be it self-signed or not. What
   * a timestamp itself brings is never looked at.
   */
  readonly chain: Certificates
  /** When its timestamps count. */
  readonly validFor: ValidFor
}

/** @internal */
export let nativeTimestampAuthority: (authority: unknown, what: string) => native.TimestampAuthority

/**
 * An authority that signs timestamps (RFC 3161).
 *
 * Throws a `MalformedInputError` if there are fewer than two certificates, the first is not for time stamping alone, or one of
 * the others is no authority's.
 */
export class TimestampAuthority {
  readonly #native: native.TimestampAuthority

  static {
    nativeTimestampAuthority = (authority, what) =>
      instanceOf(authority, what, 'a TimestampAuthority', (it) => #native in it && it.#native)
  }

  /** Makes an authority of its certificates and the period in which its timestamps count. */
  constructor(authority: TimestampAuthorityOptions) {
    const found = options(authority, 'a timestamp authority', ['chain', 'validFor'])
    const period = validFor(found.validFor, CODE)
    this.#native = given(native.timestampAuthority(certificates(found.chain, 'chain', CODE), period))
    freeze(this)
  }

  /** Its certificates in DER, the signer's first. */
  get certificates(): readonly Uint8Array[] {
    return freeze(this.#native.certificates)
  }

  /** When its timestamps count. */
  get validFor(): ValidFor {
    return periodOf(this.#native.period)
  }
}

/** What a `LogKey` is made of. */
export interface LogKeyOptions {
  /** Where the log is: `https://rekor.sigstore.dev`. It tells the log in results; of Rekor v2 its host is the log's name. */
  readonly baseUrl: string
  /** The key: text (PEM) or bytes (the DER of a `SubjectPublicKeyInfo`). */
  readonly publicKey: PublicKey
  /** When the key counts. */
  readonly validFor: ValidFor
  /** Who operates the log. Of logs of one operator, one alone counts where several are demanded. */
  readonly operator?: string | undefined
}

function logKey(kind: native.LogKind, value: unknown): native.LogKey {
  const found = options(value, 'a log', ['baseUrl', 'publicKey', 'validFor', 'operator'])
  const period = validFor(found.validFor, CODE)
  const baseUrl = text(found.baseUrl, 'baseUrl', CODE)
  const operator = found.operator === undefined ? undefined : text(found.operator, 'operator', CODE)
  return given(native.logKey(kind, baseUrl, publicKey(found.publicKey, CODE), period, operator))
}

/** @internal */
export let nativeLogKey: (key: unknown, what: string) => native.LogKey

let logKeyOf: (key: native.LogKey) => LogKey

/**
 * The key of a transparency log or of a certificate log, and when it counts. Rekor's two versions sign different things, so it
 * must be told which one a log is of.
 *
 * Each maker throws a `MalformedInputError` if the key is not sound, or of a kind that the package does not verify.
 */
export class LogKey {
  readonly #native: native.LogKey

  static {
    logKeyOf = (key) => new LogKey(key)
    nativeLogKey = (key, what) => instanceOf(key, what, 'a LogKey', (it) => #native in it && it.#native)
  }

  private constructor(key: native.LogKey) {
    if (!(key instanceof native.LogKey)) {
      throw new TypeError('a LogKey is made by LogKey.rekorV1, LogKey.rekorV2 or LogKey.certificateLog')
    }
    this.#native = key
    freeze(this)
  }

  /** The key of a log of Rekor's first version. */
  static rekorV1(log: LogKeyOptions): LogKey {
    return logKeyOf(logKey('rekor_v1', log))
  }

  /** The key of a log of Rekor's second version. */
  static rekorV2(log: LogKeyOptions): LogKey {
    return logKeyOf(logKey('rekor_v2', log))
  }

  /** The key of a certificate log (RFC 6962), which signs certificates' timestamps. */
  static certificateLog(log: LogKeyOptions): LogKey {
    return logKeyOf(logKey('certificate_log', log))
  }

  /** The log's ID, 32 bytes. */
  get id(): Uint8Array {
    return this.#native.id
  }

  /** Where the log is, as it was given. */
  get baseUrl(): string {
    return this.#native.baseUrl
  }

  /** Who operates the log; null if that was not told. */
  get operator(): string | null {
    return this.#native.operator
  }

  /** The key: the DER of a `SubjectPublicKeyInfo`. */
  get publicKey(): Uint8Array {
    return this.#native.publicKey
  }

  /** When the key counts. */
  get validFor(): ValidFor {
    return periodOf(this.#native.period)
  }
}

show(TrustedRoot, ({ certificateAuthorityCount, timestampAuthorityCount, logCount, certificateLogCount }) => ({
  certificateAuthorityCount,
  timestampAuthorityCount,
  logCount,
  certificateLogCount,
}))
show(TimestampAuthority, ({ validFor }) => ({ validFor }))
show(LogKey, ({ baseUrl, operator, validFor }) => ({ baseUrl, operator, validFor }))
