// What a successful verification of an envelope returns.

import { record } from './internal/arguments.js'
import { show } from './internal/instance.js'
import { document, freeze, fromBase64, mapped, parse } from './internal/primordials.js'
import { givenText } from './internal/refusal.js'
import { statementOf } from './statement.js'
import type { Statement, StatementDocument } from './statement.js'
import { certificateTimestampsOf, logEntriesOf, timesOf } from './verified.js'
import type { BundleResult, SignedTime, VerifiedCertificateTimestamp, VerifiedLogEntry, Warning } from './verified.js'

interface Document {
  payloadType: string
  payload: string
  leaf: string
  keyName: string | null
  statement: StatementDocument | null
  result: BundleResult & { instance: string; claims: Record<string, string>; warnings: Warning[] }
}

const OF_A_VERIFIER = Symbol('of a verifier')

/** @internal */
export function verifiedEnvelopeOf(answer: string): VerifiedEnvelope {
  const make = VerifiedEnvelope as unknown as new (...given: unknown[]) => VerifiedEnvelope
  return new make(OF_A_VERIFIER, givenText(answer))
}

/**
 * An envelope whose signature was verified, by `Verifier.verifyEnvelope`: who signed this payload, and when. It says nothing about
 * any artifact; whoever reads the payload decides what it is about.
 */
export class VerifiedEnvelope {
  readonly #json: string
  readonly #document: Document

  private constructor(maker: unknown, json: string) {
    if (maker !== OF_A_VERIFIER || new.target !== VerifiedEnvelope) {
      throw new TypeError('a VerifiedEnvelope cannot be constructed: only a Verifier makes one')
    }
    this.#json = json
    this.#document = document(json)
    freeze(this)
  }

  /** @internal A promise of it is kept with itself, whatever `Object.prototype` was given. */
  get then(): undefined {
    return undefined
  }

  /** What the payload says it is. */
  get payloadType(): string {
    return this.#document.payloadType
  }

  /** The payload, byte for byte as it was signed. */
  get payload(): Uint8Array {
    return fromBase64(this.#document.payload)
  }

  /** The payload as an in-toto statement; null if it is none. */
  get statement(): Statement | null {
    const { statement } = this.#document
    return statement && statementOf(statement)
  }

  /** The claims of the signer's certificate, name to text, with the custom claims that the policy named. */
  get claims(): Readonly<Record<string, string>> {
    return record(this.#document.result.claims, (claim) => claim)
  }

  /** The signer's certificate in DER; empty where a key of the policy's signed. */
  get leaf(): Uint8Array {
    return fromBase64(this.#document.leaf)
  }

  /** The name of the policy's key that signed, if one did and has a name. */
  get keyName(): string | null {
    return this.#document.keyName
  }

  /** The name of the instance that was believed. */
  get instance(): string {
    return this.#document.result.instance
  }

  /** The times that somebody signed, the earliest first. */
  get times(): readonly SignedTime[] {
    return timesOf(this.#document.result)
  }

  /** The entries of transparency logs that were verified, in the bundle's order. */
  get logEntries(): readonly VerifiedLogEntry[] {
    return logEntriesOf(this.#document.result)
  }

  /** The timestamps of certificate logs in the signer's certificate that were verified. */
  get certificateTimestamps(): readonly VerifiedCertificateTimestamp[] {
    return certificateTimestampsOf(this.#document.result)
  }

  /** What was not asked for, and perhaps should have been. */
  get warnings(): readonly Warning[] {
    return freeze(mapped(this.#document.result.warnings, (warning) => warning))
  }

  /** The result for logs and dashboards, without the payload: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    const { payloadType, keyName, result } = parse(this.#json) as Document
    return { payload_type: payloadType, ...(keyName !== null && { key: keyName }), ...result }
  }
}

show(VerifiedEnvelope, ({ payloadType, instance, times, claims }) => ({ payloadType, instance, times, claims: { ...claims } }))
