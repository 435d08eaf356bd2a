// Policies for bundles that a key signed, without a certificate.

import * as native from '../native.js'
import { KEY_DEMAND_NAMES, keyDemands, nativeBundleSigner } from './bundlePolicy.js'
import type { BundlePolicy, KeyDemands, ToldDemands } from './bundlePolicy.js'
import type { PublicKey, ValidFor } from './inputs.js'
import { items, json, options, publicKey, text, validFor, wrongType } from './internal/arguments.js'
import { show } from './internal/instance.js'
import { bare, bareObject, document, freeze, fromBase64, mapped, parse } from './internal/primordials.js'
import { given, givenText } from './internal/refusal.js'
import { periodOf } from './trust.js'

const NAMES = [...KEY_DEMAND_NAMES, 'keys'] as const
const CODE = 'malformed_policy'

/** A key that may have signed. */
export interface PolicyKey {
  /** The key: text (PEM), or bytes (the DER of a `SubjectPublicKeyInfo`). */
  readonly publicKey: PublicKey
  /** A bundle's hint selects among the named keys of a policy; a key without name is tried whatever the hint. */
  readonly name?: string | undefined
  /** When it signs; a signature of another time is refused. */
  readonly validFor?: ValidFor | undefined
}

/** What a `KeyPolicy` is made of. */
export interface KeyPolicyOptions extends KeyDemands {
  /** The keys, one of which must have signed. */
  readonly keys: Iterable<PolicyKey>
}

/** A key of a `KeyPolicy`. */
export interface KnownKey {
  /** The key: the DER of a `SubjectPublicKeyInfo`. */
  readonly publicKey: Uint8Array
  /** Its name; null if it has none. */
  readonly name: string | null
  /** When it signs; null if that is not limited. */
  readonly validFor: ValidFor | null
}

interface Told extends ToldDemands {
  keys: { publicKey: string; name: string | null; validFor: string[] | null }[]
}

function givenKey(value: unknown): native.GivenKey {
  const found = options(value, 'a key', ['publicKey', 'name', 'validFor'])
  const key: native.GivenKey = bareObject({ publicKey: publicKey(found.publicKey, CODE) })
  if (found.name !== undefined) key.name = text(found.name, 'name', CODE)
  if (found.validFor !== undefined) key.validFor = validFor(found.validFor, CODE)
  return key
}

function read(value: unknown): native.BundlePolicy {
  const found = options(value, 'a policy for keys', NAMES)
  const wanted = keyDemands(found)
  const keys = bare(mapped(items(found.keys, 'keys', 'an iterable of keys'), givenKey))
  return given(native.keyPolicy(keys, wanted))
}

let nativeKeys: (policy: unknown) => native.BundlePolicy | false
let policyOf: (policy: native.BundlePolicy) => KeyPolicy

/**
 * What the caller expects of a bundle that one of these keys signed, without a certificate: of what vouches beside the
 * signature, and of what is said.
 *
 * Throws a `MalformedInputError` if there is no key, one cannot be used, or a part is malformed.
 */
export class KeyPolicy {
  readonly #native: native.BundlePolicy

  static {
    nativeKeys = (policy) => typeof policy === 'object' && policy !== null && #native in policy && policy.#native
    policyOf = (policy) => {
      const it: unknown = policy
      return new KeyPolicy(it as KeyPolicyOptions)
    }
  }

  /** Makes a policy; a policy as JSON is read by `fromJson`. */
  constructor(policy: KeyPolicyOptions) {
    this.#native = policy instanceof native.BundlePolicy ? policy : read(policy)
    freeze(this)
  }

  /** Reads a policy from JSON. Null and a repeated or unknown member throw a `MalformedInputError`. */
  static fromJson(data: string | Uint8Array): KeyPolicy {
    return policyOf(given(native.keyPolicyFromJson(json(data, 'data', CODE))))
  }

  /**
   * A policy for what the npm registry attests itself: its keys `npm:attestations`, with their names and periods.
   *
   * The document is `registry.npmjs.org/keys.json`, a target of Sigstore's TUF repository; who fetched it has verified it.
   */
  static fromNpmKeys(data: string | Uint8Array, more: KeyDemands = {}): KeyPolicy {
    const wanted = keyDemands(options(more, 'demands', KEY_DEMAND_NAMES))
    return policyOf(given(native.keyPolicyFromNpmKeys(json(data, 'data', CODE), wanted)))
  }

  get #told(): Told {
    return document<Told>(givenText(this.#native.told()))
  }

  /** The keys, in the order given. */
  get keys(): readonly KnownKey[] {
    return freeze(
      mapped(this.#told.keys, (key) =>
        freeze({ publicKey: fromBase64(key.publicKey), name: key.name, validFor: key.validFor && periodOf(key.validFor) }),
      ),
    )
  }

  /** The name of the only instance that may judge; null if any may. */
  get instance(): string | null {
    return this.#told.instance
  }

  /** How many independent log entries are needed. */
  get logEntries(): number | null {
    return this.#told.logEntries
  }

  /** How many independent signed times are needed. */
  get signedTimes(): number | null {
    return this.#told.signedTimes
  }

  /** The predicate types of which the statement must have one; none if any will do. */
  get predicateTypes(): readonly string[] {
    return freeze(mapped(this.#told.predicateTypes, (name) => name))
  }

  /** The name of the subject that must be the artifact; null if none is asked for. */
  get subjectName(): string | null {
    return this.#told.subjectName
  }

  /** The blocklist's items, in order. */
  get blocklist(): readonly string[] {
    return freeze(mapped(this.#told.blocklist, (item) => item))
  }

  /** Whether items of unknown logs and authorities are passed over. */
  get ignoresUnknownAuthorities(): boolean {
    return this.#told.ignoresUnknownAuthorities
  }

  /** The policy as `fromJson` reads it, without members that have their defaults: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return parse(givenText(this.#native.json())) as Record<string, unknown>
  }
}

show(KeyPolicy, (policy) => policy.toJSON())

/** A policy of either kind. @internal */
export function nativeBundlePolicy(value: unknown, what: string): native.BundlePolicy {
  const found = nativeBundleSigner(value) || nativeKeys(value)
  if (!found) throw wrongType(value, what, 'a BundlePolicy or KeyPolicy')
  return found
}

/** A policy for bundles: for signers with certificates, or for keys that the caller names. */
export type AnyBundlePolicy = BundlePolicy | KeyPolicy
