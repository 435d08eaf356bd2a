// Bundles, and reading them.

import * as native from '../native.js'
import { json, options, text } from './internal/arguments.js'
import { MalformedInputError, withoutStacks } from './errors.js'
import { instanceOf, show } from './internal/instance.js'
import { bare, bareObject, document, dressed, freeze, mapped, parse } from './internal/primordials.js'
import { errorOf, given, givenText } from './internal/refusal.js'
import { unverifiedStatementOf } from './statement.js'
import type { StatementDocument, UnverifiedStatement } from './statement.js'

const CODE = 'malformed_bundle'

/** What cosign's classic form keeps in a layer of an image's signatures, and in its annotations. */
export interface CosignParts {
  /** The signature in base64 (`dev.cosignproject.cosign/signature`) over the layer; or else there is an envelope. */
  readonly signature?: string | undefined
  /** The envelope (DSSE) that is the layer of an attestation; or else there is a signature. */
  readonly envelope?: string | Uint8Array | undefined
  /** The signer's certificate in PEM (`dev.sigstore.cosign/certificate`); absent if a key signed. */
  readonly certificate?: string | undefined
  /** The certificates above it in PEM (`dev.sigstore.cosign/chain`). */
  readonly chain?: string | undefined
  /** The log's entry as JSON (`dev.sigstore.cosign/bundle`). */
  readonly rekorBundle?: string | undefined
  /** The signed timestamp as JSON (`dev.sigstore.cosign/rfc3161timestamp`). */
  readonly timestamp?: string | undefined
}

const COSIGN_NAMES = ['signature', 'envelope', 'certificate', 'chain', 'rekorBundle', 'timestamp'] as const
const COSIGN_TEXTS = ['signature', 'certificate', 'chain', 'rekorBundle', 'timestamp'] as const

function cosignParts(value: unknown): native.GivenCosignParts {
  const found = options(value, 'parts', COSIGN_NAMES)
  const parts: native.GivenCosignParts = bareObject({})
  for (let index = 0; index < COSIGN_TEXTS.length; index += 1) {
    const name = COSIGN_TEXTS[index] as (typeof COSIGN_TEXTS)[number]
    if (found[name] !== undefined) parts[name] = text(found[name], name, CODE)
  }
  if (found.envelope !== undefined) parts.envelope = json(found.envelope, 'envelope', CODE)
  return parts
}

/** @internal */
export let nativeBundle: (bundle: unknown, what: string) => native.Bundle

let bundleOf: (bundle: native.Bundle) => Bundle

/**
 * One signing, with what vouches for it: a signature over an artifact or over an envelope, by whom, entries of logs and signed
 * timestamps. Well-formed, and nothing of it verified.
 */
export class Bundle {
  readonly #native: native.Bundle

  static {
    bundleOf = (bundle) => new Bundle(bundle)
    nativeBundle = (bundle, what) => instanceOf(bundle, what, 'a Bundle', (it) => #native in it && it.#native)
  }

  private constructor(bundle: native.Bundle) {
    if (!(bundle instanceof native.Bundle)) throw new TypeError('a Bundle is read: by Bundle.fromJson, bundlesFrom and others')
    this.#native = bundle
    freeze(this)
  }

  /**
   * Reads one Sigstore bundle of version 0.1, 0.2 or 0.3, GitHub's among them.
   *
   * Throws a `MalformedInputError` for an unknown or repeated member, another media type, and whatever else the format forbids.
   */
  static fromJson(data: string | Uint8Array): Bundle {
    return bundleOf(given(native.bundleFromJson(json(data, 'data', CODE), 'sigstore')))
  }

  /** Reads one attestation of PyPI (PEP 740). */
  static fromPep740(data: string | Uint8Array): Bundle {
    return bundleOf(given(native.bundleFromJson(json(data, 'data', CODE), 'pep740')))
  }

  /**
   * Reads what `cosign sign-blob --bundle` and `cosign attest-blob --bundle` wrote before there were Sigstore bundles, or one
   * line of `cosign download signature`.
   */
  static fromCosign(data: string | Uint8Array): Bundle {
    return bundleOf(given(native.bundleFromJson(json(data, 'data', CODE), 'cosign')))
  }

  /**
   * Reads cosign's classic form from the parts in which a registry keeps it. Of a signature, the artifact to verify it with is
   * the layer; `simpleSigning` tells which image that names.
   */
  static fromCosignParts(parts: CosignParts): Bundle {
    return bundleOf(given(native.bundleFromCosignParts(cosignParts(parts))))
  }

  /** The version of the format that it is read as: `'0.1'`, `'0.2'` or `'0.3'`. */
  get version(): string {
    return this.#native.version
  }

  /** The certificates in DER that it brings, the signer's first; none if it hints at a key. */
  get certificates(): readonly Uint8Array[] {
    return freeze(this.#native.certificates)
  }

  /** The hint at the signer's key, which may be empty; null if there is a certificate. */
  get keyHint(): string | null {
    return this.#native.keyHint
  }

  /** Whether an envelope is signed, and not the artifact itself. */
  get hasEnvelope(): boolean {
    return this.#native.hasEnvelope
  }

  /** How many log entries it brings. */
  get logEntryCount(): number {
    return this.#native.logEntryCount
  }

  /** How many signed timestamps it brings. */
  get timestampCount(): number {
    return this.#native.timestampCount
  }

  /**
   * The in-toto statement in its envelope, of which nothing is verified; null if it has no envelope, or one with another payload.
   *
   * Throws a `MalformedInputError` if the payload should be a statement and cannot be read as one.
   */
  statement(): UnverifiedStatement | null {
    const told = document<StatementDocument | null>(givenText(this.#native.statement()))
    return told === null ? null : unverifiedStatementOf(told)
  }
}

show(Bundle, ({ version, keyHint, hasEnvelope, logEntryCount, timestampCount }) => ({
  version,
  keyHint,
  hasEnvelope,
  logEntryCount,
  timestampCount,
}))

/** The image that a payload of cosign's simple signing names. Nothing of it is verified. */
export interface SimpleSigning {
  /** The digest of the image's manifest: `sha256:` and 64 hex digits. */
  readonly imageDigest: string
  /** The reference that the image was signed under; it may be empty. */
  readonly dockerReference: string
}

/** Reads a payload of cosign's simple signing: the layer that is the artifact of its bundle. */
export function simpleSigning(payload: string | Uint8Array): SimpleSigning {
  const told = given(native.simpleSigning(json(payload, 'payload', CODE)))
  return freeze({ imageDigest: told[0] as string, dockerReference: told[1] as string })
}

/**
 * Reads bundles in whatever form they come, told apart by the members: a Sigstore bundle or JSON Lines of them, an attestation or
 * a provenance of PyPI, the npm registry's attestations, or one of cosign's older forms.
 */
export function bundlesFrom(data: string | Uint8Array): Bundle[] {
  return mapped(given(native.bundlesFrom(json(data, 'data', CODE))), bundleOf)
}

/**
 * Reads the bundles of JSON Lines, one a line, as `gh attestation download` writes them; one bad bundle fails the call.
 *
 * Throws a `MalformedInputError` for the first bad bundle; its `record` tells which.
 */
export function bundlesFromJsonLines(data: string | Uint8Array): Bundle[] {
  return mapped(given(native.bundlesFromJsonLines(json(data, 'data', CODE))), bundleOf)
}

/**
 * The same with a result per bundle, in their order, so that one bad bundle does not hide the others.
 *
 * A `MalformedInputError` in the array was not thrown and has no stack. A thousand are told; if there are more, the last says
 * that reading stopped there.
 */
export function readBundles(data: string | Uint8Array): (Bundle | MalformedInputError)[] {
  const records = given(native.readBundles(json(data, 'data', CODE)))
  return withoutStacks(() =>
    mapped(records, (record) => (typeof record === 'string' ? (errorOf(record) as MalformedInputError) : bundleOf(record))),
  )
}

/** One attestation of the npm registry. */
export interface NpmAttestation {
  /** The predicate type that the registry names. The statement names the same; nothing of either is verified. */
  readonly predicateType: string
  /** The bundle. */
  readonly bundle: Bundle
}

/**
 * Reads the attestations that the npm registry answers with for a package, usually two: that of the registry itself, by its key,
 * and the provenance, by whoever built it. Each is a bundle to be verified; a caller who wants both must demand both.
 */
export function bundlesFromNpm(data: string | Uint8Array): NpmAttestation[] {
  const told = given(native.bundlesFromNpm(json(data, 'data', CODE)))
  const found = bare<NpmAttestation>()
  for (let index = 0; index + 1 < told.length; index += 2) {
    const bundle = bundleOf(told[index + 1] as native.Bundle)
    found[found.length] = freeze({ predicateType: told[index] as string, bundle })
  }
  return dressed(found)
}

/** The attestations that one publisher gave for a distribution. */
export interface PypiAttestations {
  /**
   * The publisher, which is what the index claims and nothing vouches for; null if it names none. Whoever is trusted to publish
   * is the caller's to say, and not to be taken from here.
   */
  readonly unverifiedPublisher: unknown
  /** The attestations. */
  readonly bundles: readonly Bundle[]
}

/** Reads what PyPI has of a distribution's provenance (PEP 740). */
export function bundlesFromPypiProvenance(data: string | Uint8Array): PypiAttestations[] {
  const told = given(native.bundlesFromPypiProvenance(json(data, 'data', CODE)))
  const found = bare<PypiAttestations>()
  for (let index = 0; index < told.length; ) {
    const publisher = told[index] as string
    const bundles = bare<Bundle>()
    for (index += 1; index < told.length && typeof told[index] !== 'string'; index += 1) {
      bundles[bundles.length] = bundleOf(told[index] as native.Bundle)
    }
    const unverifiedPublisher: unknown = publisher === '' ? null : parse(publisher)
    found[found.length] = freeze({ unverifiedPublisher, bundles: freeze(dressed(bundles)) })
  }
  return dressed(found)
}
