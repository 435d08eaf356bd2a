// The verifier.

import * as native from '../native.js'
import {
  certificates,
  instant,
  invalid,
  items,
  itemsIfAny,
  members as every,
  options as members,
  signature,
  text,
  textOrBytes,
  truth,
  view,
  wrongType,
} from './internal/arguments.js'
import { artifactOf, givenArtifact } from './artifact.js'
import type { Artifact, ArtifactStream } from './artifact.js'
import { nativeBundle } from './bundle.js'
import type { Bundle } from './bundle.js'
import { bundleReportOf } from './bundleReport.js'
import type { BundleReport } from './bundleReport.js'
import type { Certificates, Instant } from './inputs.js'
import { nativeBundlePolicy } from './keyPolicy.js'
import type { AnyBundlePolicy } from './keyPolicy.js'
import { nativeEntry } from './entry.js'
import type { Entry } from './entry.js'
import { CountermarkError, MalformedInputError, RejectedError, withoutStacks } from './errors.js'
import { show } from './internal/instance.js'
import {
  bare,
  bareObject,
  define,
  dressed,
  freeze,
  isFinite,
  mapped,
  namesOf,
  weakMapGet,
  weakMapSet,
} from './internal/primordials.js'
import { nativePolicy, nativeSigner } from './policy.js'
import type { Policy, SignerPolicy } from './policy.js'
import { errorOf, given, isRefusal } from './internal/refusal.js'
import { reportOf } from './report.js'
import type { Report } from './report.js'
import { nativeLogKey, nativeRoot, nativeTimestampAuthority } from './trust.js'
import type { LogKey, TimestampAuthority, TrustedRoot } from './trust.js'
import { verifiedOf } from './verified.js'
import type { Verified } from './verified.js'
import { verifiedEnvelopeOf } from './verifiedEnvelope.js'
import type { VerifiedEnvelope } from './verifiedEnvelope.js'

/**
 * An algorithm by which an authority may have signed a certificate, or whoever signed a bundle what it holds. RSA keys have 2,048 to 8,192 bits; PSS has the same digest
 * throughout and a salt of its length.
 *
 * A package that was built in pure Rust knows only the first four.
 */
export type SignatureAlgorithm =
  | 'ecdsa_p256_sha256'
  | 'ecdsa_p256_sha384'
  | 'ecdsa_p384_sha256'
  | 'ecdsa_p384_sha384'
  | 'ecdsa_p521_sha256'
  | 'ecdsa_p521_sha384'
  | 'ecdsa_p521_sha512'
  | 'ed25519'
  | 'rsa_pkcs1_sha256'
  | 'rsa_pkcs1_sha384'
  | 'rsa_pkcs1_sha512'
  | 'rsa_pss_sha256'
  | 'rsa_pss_sha384'
  | 'rsa_pss_sha512'

/** What a `Verifier` is made of. */
export interface VerifierOptions {
  /**
   * The CA certificates that are trusted: text (PEM, one or more) or bytes (DER). They may be absent where there are
   * `trustedRoots`: then the verifier believes no entry of a log.
   */
  readonly trustAnchors?: Certificates | undefined
  /** Known intermediate certificates, for records that bring only their leaf. They are not trusted for being known. */
  readonly intermediates?: Certificates | undefined
  /**
   * SHA-256 digests, bytes or hexadecimal, of certificates or of public keys (`SubjectPublicKeyInfo`, DER) through which no
   * path may go.
   */
  readonly distrusted?: Iterable<string | Uint8Array> | undefined
  /**
   * The algorithms by which authorities may have signed: ECDSA on P-256 and P-384 with SHA-256 and SHA-384 unless given, and
   * what is given replaces those. Others make sense only where a company's root has such a key.
   */
  readonly acceptedAlgorithms?: Iterable<SignatureAlgorithm> | undefined
  /** The authorities whose signed timestamps count, beside the anchors: those of entries, and of bundles. */
  readonly timestampAuthorities?: Iterable<TimestampAuthority> | undefined
  /** The transparency logs that are believed when bundles are judged under the anchors: the instance `'own'`. */
  readonly logs?: Iterable<LogKey> | undefined
  /** The certificate logs that are believed when bundles are judged under the anchors: the instance `'own'`. */
  readonly certificateLogs?: Iterable<LogKey> | undefined
  /**
   * Trusted roots for bundles, each an instance by its name, in this order. Each judges a bundle alone, and entries do not see
   * them: no public signer gets into a private log.
   */
  readonly trustedRoots?: Readonly<Record<string, TrustedRoot>> | undefined
}

/** What may be said with a verification. */
export interface VerifyOptions {
  /** The caller's time: an entry that was signed after it is refused. */
  readonly now?: Instant | undefined
  /**
   * By how many seconds an entry may be signed after `now` all the same, because the log's clock and the caller's are two: a
   * number from 0 (the default) to 86,400, with a fraction or without. It is for `now` alone, and loosens no other time.
   */
  readonly leewaySeconds?: number | undefined
}

/** What may be said with many verifications. */
export interface VerifyManyOptions extends VerifyOptions {
  /**
   * Called now and then, and at the end, with the number of requests done and the number of all. What it throws, or what the
   * promise that it returns is rejected with, ends the call.
   */
  readonly progress?: ((done: number, of: number) => unknown) | undefined
}

/** One of many verifications: what `verify` takes. */
export interface Request {
  /** The artifact's name: `image@sha256:` and 64 hex digits. */
  readonly name: string
  /** Every entry of the artifact that there is. */
  readonly entries: Iterable<Entry>
  /** What is expected. */
  readonly policy: Policy
}

/** One of many verifications of bundles: what `verifyBundles` takes, but for streams. */
export interface BundleRequest {
  /** What was signed: bytes, digests or a name. Of a stream, `digestArtifact` makes digests. */
  readonly artifact: Artifact
  /** Its bundles, any of which will do. */
  readonly bundles: Iterable<Bundle>
  /** What is expected. */
  readonly policy: AnyBundlePolicy
}

/** A message, or its digest, and its signature. */
export interface SignedMessage {
  /** The message. */
  readonly message?: Uint8Array | undefined
  /**
   * Its SHA-256 (32 bytes), if it is too large to hold. **Whoever hashed it must have looked that it is no artifact name.**
   */
  readonly sha256?: Uint8Array | undefined
  /** The signature: bytes (DER) or text (base64). */
  readonly signature: string | Uint8Array
  /** The certificates, the leaf first: text (PEM), or bytes (DER). */
  readonly certificate: Certificates
  /** When the signature was made; nothing vouches for it but the caller. */
  readonly timestamp: Instant
  /** What is asked of the signer. Namespace, revocation and blocklist are questions about records. */
  readonly policy: SignerPolicy
  /** Says that anyone whom the issuer vouches for will do; otherwise a policy that requires no claim is refused. */
  readonly anySignerOfIssuer?: boolean | undefined
}

const NAMES = [
  'trustAnchors',
  'intermediates',
  'distrusted',
  'acceptedAlgorithms',
  'timestampAuthorities',
  'logs',
  'certificateLogs',
  'trustedRoots',
] as const
/** What belongs to the verifier's own anchors, and means nothing without them. */
const OF_ANCHORS = ['intermediates', 'timestampAuthorities', 'logs', 'certificateLogs'] as const
const REQUEST_NAMES = ['name', 'entries', 'policy'] as const
const BUNDLE_REQUEST_NAMES = ['artifact', 'bundles', 'policy'] as const
const MESSAGE_NAMES = [
  'message',
  'sha256',
  'signature',
  'certificate',
  'timestamp',
  'policy',
  'anySignerOfIssuer',
] as const
const CODE = 'malformed_trust_anchor'
const ROOT_CODE = 'malformed_trusted_root'

/** The most seconds that a leeway may have. */
const MOST_LEEWAY = 86_400

function distrustedDigests(value: unknown): (string | Uint8Array)[] {
  return mapped(items(value, 'distrusted', 'an iterable of strings (hexadecimal) or Uint8Array'), (item) =>
    textOrBytes(item, 'an item of distrusted', 'hexadecimal', CODE),
  )
}

function algorithmNames(value: unknown): string[] {
  return mapped(items(value, 'acceptedAlgorithms', 'an iterable of strings'), (item) =>
    text(item, 'an item of acceptedAlgorithms', CODE),
  )
}

interface Roots {
  names: string[]
  roots: native.TrustedRoot[]
}

function trustedRoots(value: unknown): Roots {
  const found = every(value, 'trustedRoots')
  const names = namesOf(found)
  if (names.length === 0) throw invalid('trustedRoots has no trusted root')
  const roots = mapped(names, (name) => nativeRoot(found[name], `trustedRoots.${text(name, 'a name of trustedRoots', ROOT_CODE)}`))
  return { names: bare(names), roots: bare(roots) }
}

function trusted(value: unknown): native.Trusted {
  const found = members(value, 'a verifier', NAMES)
  const { trustAnchors, intermediates, distrusted, acceptedAlgorithms } = found
  if (trustAnchors === undefined) {
    for (let index = 0; index < OF_ANCHORS.length; index += 1) {
      const name = OF_ANCHORS[index] as (typeof OF_ANCHORS)[number]
      if (found[name] !== undefined) throw invalid(`${name} belongs to trustAnchors, of which there are none`)
    }
    if (found.trustedRoots === undefined) throw invalid('trustAnchors is missing, or else trustedRoots')
  }
  const list = <T>(value: unknown, what: string, wanted: string, convert: (item: unknown, what: string) => T): T[] =>
    value === undefined ? bare() : bare(mapped(items(value, what, wanted), (item) => convert(item, `an item of ${what}`)))
  const roots = found.trustedRoots === undefined ? { names: bare<string>(), roots: bare<native.TrustedRoot>() } : trustedRoots(found.trustedRoots)
  const trust: native.Trusted = bareObject({
    distrusted: distrusted === undefined ? bare() : bare(distrustedDigests(distrusted)),
    timestampAuthorities: list(
      found.timestampAuthorities,
      'timestampAuthorities',
      'an iterable of TimestampAuthority',
      nativeTimestampAuthority,
    ),
    logs: list(found.logs, 'logs', 'an iterable of LogKey', nativeLogKey),
    certificateLogs: list(found.certificateLogs, 'certificateLogs', 'an iterable of LogKey', nativeLogKey),
    rootNames: roots.names,
    roots: roots.roots,
  })
  if (trustAnchors !== undefined) trust.trustAnchors = certificates(trustAnchors, 'trustAnchors', CODE)
  if (intermediates !== undefined) trust.intermediates = certificates(intermediates, 'intermediates', CODE)
  if (acceptedAlgorithms !== undefined) trust.acceptedAlgorithms = bare(algorithmNames(acceptedAlgorithms))
  return trust
}

interface Time {
  now: string | undefined
  leeway: number | undefined
}

function time(now: unknown, leeway: unknown): Time {
  if (leeway !== undefined) {
    if (typeof leeway !== 'number') throw wrongType(leeway, 'leewaySeconds', 'a number')
    if (!isFinite(leeway) || leeway < 0 || leeway > MOST_LEEWAY) {
      throw invalid(`leewaySeconds must be a number from 0 to ${MOST_LEEWAY}, not ${leeway}`)
    }
    if (now === undefined) throw invalid('leewaySeconds needs now: without the time there is nothing that it could loosen')
  }
  return { now: now === undefined ? undefined : instant(now, 'now', 'invalid_argument'), leeway }
}

function timeOf(value: unknown): Time {
  const { now, leewaySeconds } = members(value, 'options', ['now', 'leewaySeconds'])
  return time(now, leewaySeconds)
}

/** Entries, and the same for the native half. */
interface Entries {
  entries: Entry[]
  natives: native.Entry[]
}

interface Question extends Entries {
  name: string
  policy: native.Policy
}

function entriesOf(value: unknown): Entries {
  const entries = items(value, 'entries', 'an iterable of Entry') as Entry[]
  return { entries, natives: mapped(entries, (entry, index) => nativeEntry(entry, `entries[${index}]`)) }
}

function question(name: unknown, entries: unknown, policy: unknown): Question {
  const found = entriesOf(entries)
  return {
    name: text(name, 'name', 'malformed_name'),
    entries: found.entries,
    natives: found.natives,
    policy: nativePolicy(policy, 'policy'),
  }
}

/** What was made of each object that gives the items of requests, which is asked for them once. */
class Kept<T> {
  readonly #made = new WeakMap<object, { it: T }>()
  readonly #make: (value: unknown) => T

  constructor(make: (value: unknown) => T) {
    this.#make = make
  }

  of(value: unknown): T {
    const isObject = typeof value === 'object' && value !== null
    const before = isObject ? (weakMapGet(this.#made, value) as { it: T } | undefined) : undefined
    if (before !== undefined) return before.it
    const it = this.#make(value)
    if (isObject) weakMapSet(this.#made, value, { it })
    return it
  }
}

/** Of each request its entries, which of one about bundles are none; or what is wrong with it, so that it is no question. */
type Asked = (readonly Entry[] | MalformedInputError)[]

function faultOf(error: unknown, index: number): MalformedInputError {
  if (!(error instanceof MalformedInputError)) throw error
  return withoutStacks(() => new MalformedInputError(error.code, error.detail, error.remedy, error.record, index))
}

/** Puts the questions of many requests, in their order, and tells the faults of those that cannot be put. */
function askAll<Name extends string>(
  value: unknown,
  names: readonly Name[],
  ask: (request: Partial<Record<Name, unknown>>) => readonly Entry[],
): Asked {
  const requests = itemsIfAny(value, 'requests', 'an iterable of requests')
  const errors = bare<MalformedInputError | undefined>()
  // All that may run the caller's code comes first, so that nothing changes what is kept below.
  const found = mapped(requests, (request, index) => {
    try {
      return members(request, 'a request', names)
    } catch (error) {
      errors[index] = faultOf(error, index)
      return undefined
    }
  })
  return mapped(found, (request, index) => {
    if (request === undefined) return errors[index] as MalformedInputError
    try {
      return ask(request)
    } catch (error) {
      return faultOf(error, index)
    }
  })
}

function questions(batch: native.Batch, value: unknown): Asked {
  // Many requests over one log are common: its entries are held once.
  const kept = new Kept((value) => {
    const { entries, natives } = entriesOf(value)
    return { entries, natives: given(native.entries(natives)) }
  })
  return askAll(value, REQUEST_NAMES, (request) => {
    const name = text(request.name, 'name', 'malformed_name')
    const policy = nativePolicy(request.policy, 'policy')
    const { entries, natives } = kept.of(request.entries)
    given(batch.add(name, natives, policy))
    return entries
  })
}

const NO_ENTRIES: readonly Entry[] = freeze([])

function bundleQuestions(batch: native.BundleBatch, value: unknown): Asked {
  const kept = new Kept((value) => given(native.bundles(bundlesOf(value))))
  return askAll(value, BUNDLE_REQUEST_NAMES, (request) => {
    const policy = nativeBundlePolicy(request.policy, 'policy')
    const bundles = kept.of(request.bundles)
    given(batch.add(givenArtifact(request.artifact), bundles, policy))
    return NO_ENTRIES
  })
}

function bundlesOf(value: unknown): native.Bundle[] {
  return mapped(items(value, 'bundles', 'an iterable of Bundle'), (bundle, index) => nativeBundle(bundle, `bundles[${index}]`))
}

function rejectionOf(refusal: string): RejectedError {
  const error = errorOf(refusal)
  if (!(error instanceof RejectedError)) throw error
  return error
}

/**
 * Adds the answers' results, and those of the malformed requests among and right after them; returns how many answers there
 * were. Without answers only malformed requests are left.
 */
function fill(results: (Verified | RejectedError | MalformedInputError)[], asked: Asked, answers?: native.Answers): number {
  let taken = 0
  const size = answers?.size ?? 0
  withoutStacks(() => {
    while (results.length < asked.length) {
      const entries = asked[results.length] as Asked[number]
      if (entries instanceof MalformedInputError) {
        results[results.length] = entries
        continue
      }
      if (answers === undefined || taken === size) break
      const answer = answers.take(taken)
      taken += 1
      results[results.length] = isRefusal(answer) ? rejectionOf(answer) : verifiedOf(answer, entries)
    }
  })
  if (taken === 0 && results.length < asked.length) throw new CountermarkError('internal', 'a request without an answer')
  return taken
}

/** Asks for answers until every request has its result. */
async function answered(
  asked: Asked,
  size: number,
  answer: (from: number) => Promise<native.Answers | string> | string,
  progress: unknown,
): Promise<(Verified | RejectedError | MalformedInputError)[]> {
  const results = bare<Verified | RejectedError | MalformedInputError>()
  for (let from = 0; results.length < asked.length; ) {
    const answers = from < size ? given(await given(answer(from))) : undefined
    from += fill(results, asked, answers)
    await (progress as VerifyManyOptions['progress'])?.(results.length, asked.length)
  }
  return settled(dressed(results))
}

interface Many extends Time {
  progress: unknown
}

function manyOf(value: unknown): Many {
  const { now, leewaySeconds, progress } = members(value, 'options', ['now', 'leewaySeconds', 'progress'])
  if (progress !== undefined && typeof progress !== 'function') throw wrongType(progress, 'progress', 'a function')
  const found = time(now, leewaySeconds)
  return { now: found.now, leeway: found.leeway, progress }
}

/** A list that a promise is kept with, whatever `Object.prototype` was given. */
function settled<T>(list: T[]): T[] {
  define(list, 'then', undefined, false)
  return list
}

interface MessageQuestion {
  message: native.SignedMessage
  policy: native.Policy
}

function messageQuestion(value: unknown): MessageQuestion {
  const found = members(value, 'a signed message', MESSAGE_NAMES)
  const message: native.SignedMessage = bareObject({
    signature: signature(found.signature),
    certificate: certificates(found.certificate, 'certificate', 'malformed_entry'),
    timestamp: instant(found.timestamp, 'timestamp', 'malformed_entry'),
    anySignerOfIssuer: truth(found.anySignerOfIssuer ?? false, 'anySignerOfIssuer'),
  })
  const policy = nativeSigner(found.policy, 'policy')
  // The last that is looked at: these are not copied, and no code of the caller's runs any more.
  if (found.message !== undefined) message.message = view(found.message, 'message')
  if (found.sha256 !== undefined) message.sha256 = view(found.sha256, 'sha256')
  return { message, policy }
}

/**
 * Verifies artifacts against what it trusts. It does no I/O and has no clock, and no answer depends on the calls before: all
 * that it remembers is which of its own authorities are known to have signed which of the intermediates that it was given.
 *
 * Throws a `MalformedInputError` if an anchor is no certificate authority or its key cannot be used.
 */
export class Verifier {
  readonly #native: native.Verifier

  /** Makes a verifier. It is made once and used for many artifacts. */
  constructor(settings: VerifierOptions) {
    this.#native = settings instanceof native.Verifier ? settings : given(native.verifier(trusted(settings)))
    freeze(this)
  }

  /**
   * A verifier for bundles that trusts one trusted root, as the instance `'trusted_root'`, and nobody else. It knows no entries of
   * logs.
   */
  static fromTrustedRoot(root: TrustedRoot): Verifier {
    const verifier: unknown = given(native.verifierFromTrustedRoot(nativeRoot(root, 'root')))
    return new Verifier(verifier as VerifierOptions)
  }

  /**
   * Verifies an artifact by the entries of its log, off the event loop: those of other artifacts and tenants do not matter.
   *
   * Give every entry of the artifact that there is: a revocation that is left out cannot be seen. `name` is `image@sha256:`
   * and 64 hex digits.
   *
   * The promise is rejected with a `RejectedError` if the artifact is not to be trusted, and with a `MalformedInputError` if
   * the question cannot be put. Await it: a promise is no verdict.
   */
  async verify(name: string, entries: Iterable<Entry>, policy: Policy, options: VerifyOptions = {}): Promise<Verified> {
    const asked = question(name, entries, policy)
    const { now, leeway } = timeOf(options)
    const answer = given(this.#native.verify(asked.name, asked.natives, asked.policy, now, leeway))
    return verifiedOf(await answer, asked.entries)
  }

  /** The same on this thread: returns what `verify` promises, and throws what its promise is rejected with. */
  verifySync(name: string, entries: Iterable<Entry>, policy: Policy, options: VerifyOptions = {}): Verified {
    const asked = question(name, entries, policy)
    const { now, leeway } = timeOf(options)
    return verifiedOf(this.#native.verifySync(asked.name, asked.natives, asked.policy, now, leeway), asked.entries)
  }

  /** Runs every check on the same input, on this thread, and reports on all of them; a refused artifact throws nothing. */
  examine(name: string, entries: Iterable<Entry>, policy: Policy, options: VerifyOptions = {}): Report {
    const asked = question(name, entries, policy)
    const { now, leeway } = timeOf(options)
    return reportOf(this.#native.examine(asked.name, asked.natives, asked.policy, now, leeway))
  }

  /**
   * **Look at every item's type:** only `result instanceof Verified` is a yes. The promise is not rejected for an artifact that
   * is refused: such an item is a `RejectedError`, and one whose request is malformed (a name that is none, say) a
   * `MalformedInputError`, with its index in `request`. All three are objects and so truthy; neither error was thrown, and
   * neither has a stack.
   *
   * Verifies many artifacts on all cores, off the event loop, and promises a result for each request, in their order. No
   * request keeps another from being judged. The promise is rejected if `requests` is no iterable or an option is malformed,
   * and with what the caller's own code throws.
   *
   * Requests may share their entries, as one array or `Log`: these are held once. Each request reads all of them, so where a
   * log is large, give each artifact's own (`Log.find`).
   */
  async verifyMany(
    requests: Iterable<Request>,
    options: VerifyManyOptions = {},
  ): Promise<(Verified | RejectedError | MalformedInputError)[]> {
    const { now, leeway, progress } = manyOf(options)
    const batch = new native.Batch()
    const asked = questions(batch, requests)
    return answered(asked, batch.size, (from) => this.#native.verifyMany(batch, from, now, leeway), progress)
  }

  /**
   * Verifies the signature over a message that is no artifact name, off the event loop: a file, a DSSE envelope's encoding.
   *
   * The promise is rejected with a `RejectedError` if the signature is not to be trusted, and with a `MalformedInputError` if
   * the question cannot be put. The message is copied first.
   */
  async verifyMessage(signed: SignedMessage, options: VerifyOptions = {}): Promise<Verified> {
    const { now, leeway } = timeOf(options)
    const { message, policy } = messageQuestion(signed)
    return verifiedOf(await given(this.#native.verifyMessage(message, policy, now, leeway)), [])
  }

  /** The same on this thread: returns what `verifyMessage` promises, and throws what its promise is rejected with. */
  verifyMessageSync(signed: SignedMessage, options: VerifyOptions = {}): Verified {
    const { now, leeway } = timeOf(options)
    const { message, policy } = messageQuestion(signed)
    return verifiedOf(this.#native.verifyMessageSync(message, policy, now, leeway), [])
  }

  /**
   * Verifies an artifact by a bundle, off the event loop: each instance that the verifier trusts judges it alone, and the first
   * under which every rule is passed is the answer.
   *
   * The artifact is bytes (which are copied first), digests, a name, or a stream, which is read to its end and whose pieces are
   * digested as they come. A stream that fails rejects the promise with its own error; one that was read before, or gives
   * something else than `Uint8Array`s, with a `MalformedInputError`. Then nothing is verified, and the stream is destroyed.
   *
   * The promise is rejected with a `RejectedError` if the artifact is not to be trusted, and with a `MalformedInputError` if
   * the question cannot be put. Await it: a promise is no verdict.
   */
  async verifyBundle(
    artifact: Artifact | ArtifactStream,
    bundle: Bundle,
    policy: AnyBundlePolicy,
    options: VerifyOptions = {},
  ): Promise<Verified> {
    const natives = bare([nativeBundle(bundle, 'bundle')])
    const wanted = nativeBundlePolicy(policy, 'policy')
    const { now, leeway } = timeOf(options)
    const what = await artifactOf(artifact)
    return verifiedOf(await given(this.#native.verifyBundles(what, natives, true, wanted, now, leeway)), [])
  }

  /** The same on this thread, but for streams: returns what `verifyBundle` promises, and throws what its promise is rejected with. */
  verifyBundleSync(artifact: Artifact, bundle: Bundle, policy: AnyBundlePolicy, options: VerifyOptions = {}): Verified {
    const natives = bare([nativeBundle(bundle, 'bundle')])
    const wanted = nativeBundlePolicy(policy, 'policy')
    const { now, leeway } = timeOf(options)
    return verifiedOf(this.#native.verifyBundlesSync(givenArtifact(artifact), natives, true, wanted, now, leeway), [])
  }

  /**
   * Verifies an artifact by any of several bundles, off the event loop: the first that passes is the answer, else the promise is
   * rejected with the first one's rejection, which has those of the others; `no_signature` if there is none.
   */
  async verifyBundles(
    artifact: Artifact | ArtifactStream,
    bundles: Iterable<Bundle>,
    policy: AnyBundlePolicy,
    options: VerifyOptions = {},
  ): Promise<Verified> {
    const natives = bare(bundlesOf(bundles))
    const wanted = nativeBundlePolicy(policy, 'policy')
    const { now, leeway } = timeOf(options)
    const what = await artifactOf(artifact)
    return verifiedOf(await given(this.#native.verifyBundles(what, natives, false, wanted, now, leeway)), [])
  }

  /** The same on this thread, but for streams. */
  verifyBundlesSync(
    artifact: Artifact,
    bundles: Iterable<Bundle>,
    policy: AnyBundlePolicy,
    options: VerifyOptions = {},
  ): Verified {
    const natives = bare(bundlesOf(bundles))
    const wanted = nativeBundlePolicy(policy, 'policy')
    const { now, leeway } = timeOf(options)
    return verifiedOf(this.#native.verifyBundlesSync(givenArtifact(artifact), natives, false, wanted, now, leeway), [])
  }

  /**
   * Verifies who signed a bundle's envelope, and when, off the event loop, whatever its payload is and is about. Neither the
   * blocklist nor an artifact is asked, so that the result is no `Verified`.
   */
  async verifyEnvelope(bundle: Bundle, policy: AnyBundlePolicy, options: VerifyOptions = {}): Promise<VerifiedEnvelope> {
    const it = nativeBundle(bundle, 'bundle')
    const wanted = nativeBundlePolicy(policy, 'policy')
    const { now, leeway } = timeOf(options)
    return verifiedEnvelopeOf(await this.#native.verifyEnvelope(it, wanted, now, leeway))
  }

  /** The same on this thread. */
  verifyEnvelopeSync(bundle: Bundle, policy: AnyBundlePolicy, options: VerifyOptions = {}): VerifiedEnvelope {
    const it = nativeBundle(bundle, 'bundle')
    const wanted = nativeBundlePolicy(policy, 'policy')
    const { now, leeway } = timeOf(options)
    return verifiedEnvelopeOf(this.#native.verifyEnvelopeSync(it, wanted, now, leeway))
  }

  /**
   * Runs every check on the same input, off the event loop, and reports on all of them, and on every signed timestamp, log entry
   * and certificate timestamp by itself; the promise is not rejected for a refused bundle.
   */
  async examineBundle(
    artifact: Artifact | ArtifactStream,
    bundle: Bundle,
    policy: AnyBundlePolicy,
    options: VerifyOptions = {},
  ): Promise<BundleReport> {
    const it = nativeBundle(bundle, 'bundle')
    const wanted = nativeBundlePolicy(policy, 'policy')
    const { now, leeway } = timeOf(options)
    const what = await artifactOf(artifact)
    return bundleReportOf(await this.#native.examineBundle(what, it, wanted, now, leeway))
  }

  /** The same on this thread, but for streams. */
  examineBundleSync(artifact: Artifact, bundle: Bundle, policy: AnyBundlePolicy, options: VerifyOptions = {}): BundleReport {
    const it = nativeBundle(bundle, 'bundle')
    const wanted = nativeBundlePolicy(policy, 'policy')
    const { now, leeway } = timeOf(options)
    return bundleReportOf(this.#native.examineBundleSync(givenArtifact(artifact), it, wanted, now, leeway))
  }

  /**
   * **Look at every item's type:** only `result instanceof Verified` is a yes, as of `verifyMany`.
   *
   * Verifies many artifacts by their bundles on all cores, off the event loop, and promises a result for each request, in their
   * order. Requests may share their bundles: these are held once.
   */
  async verifyManyBundles(
    requests: Iterable<BundleRequest>,
    options: VerifyManyOptions = {},
  ): Promise<(Verified | RejectedError | MalformedInputError)[]> {
    const { now, leeway, progress } = manyOf(options)
    const batch = new native.BundleBatch()
    const asked = bundleQuestions(batch, requests)
    return answered(asked, batch.size, (from) => this.#native.verifyManyBundles(batch, from, now, leeway), progress)
  }
}

show(Verifier, () => ({}))
