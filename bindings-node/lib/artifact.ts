// What was signed, as the caller has it.

import * as streams from 'node:stream'

import * as native from '../native.js'
import { invalid, isPlain, options, optionalView, text, textOrBytes, view, wrongType } from './internal/arguments.js'
import { apply, bareObject, byteLengthOf, freeze, isUint8Array, member } from './internal/primordials.js'
import { given } from './internal/refusal.js'

/** Digests of an artifact, in hexadecimal or as bytes; at least one. */
export interface ArtifactDigests {
  /** Its SHA-256. */
  readonly sha256?: string | Uint8Array | undefined
  /** Its SHA-384. */
  readonly sha384?: string | Uint8Array | undefined
  /** Its SHA-512. */
  readonly sha512?: string | Uint8Array | undefined
}

/** Every digest of an artifact, in hexadecimal. */
export interface EveryDigest extends ArtifactDigests {
  /** Its SHA-256. */
  readonly sha256: string
  /** Its SHA-384. */
  readonly sha384: string
  /** Its SHA-512. */
  readonly sha512: string
}

/**
 * What was signed: its bytes, digests of it, or an artifact name (`image@sha256:…`), which stands for the digest in it.
 *
 * With the bytes everything can be verified. A signature is over the digest of its key's algorithm, a statement may know the
 * artifact by another, and Ed25519 over a file needs the bytes: what lacks is `artifact_mismatch`.
 */
export type Artifact = Uint8Array | ArtifactDigests | string

/**
 * An artifact that comes in pieces: a `Readable`, a `ReadableStream`, or another async iterable of `Uint8Array`. It is read to its
 * end and never held as a whole: all three digests are made of it.
 */
export type ArtifactStream = AsyncIterable<Uint8Array>

const DIGEST_NAMES = ['sha256', 'sha384', 'sha512'] as const
const WANTED = 'a Uint8Array, an artifact name (a string) or digests ({ sha256 })'

// @types/node of the oldest Node that is supported lacks it.
const { isDisturbed } = streams as unknown as { isDisturbed: (stream: object) => boolean }

type Iterate = () => object

/** How an object is read, if it is a stream. */
function iterateOf(value: unknown): Iterate | undefined {
  if (typeof value !== 'object' || value === null || isUint8Array(value)) return undefined
  const iterate = member(value, Symbol.asyncIterator)
  return typeof iterate === 'function' ? (iterate as Iterate) : undefined
}

function digestsOf(value: unknown): native.GivenArtifact {
  const found = options(value, 'artifact', DIGEST_NAMES)
  const digests: native.GivenArtifact = bareObject({})
  for (let index = 0; index < DIGEST_NAMES.length; index += 1) {
    const name = DIGEST_NAMES[index] as (typeof DIGEST_NAMES)[number]
    if (found[name] !== undefined) digests[name] = textOrBytes(found[name], name, 'hexadecimal', 'invalid_argument')
  }
  return digests
}

/** An artifact that is no stream. Its bytes are not copied: nothing of the caller's may run before they are read. @internal */
export function givenArtifact(value: unknown): native.GivenArtifact {
  if (typeof value === 'string') return bareObject({ name: text(value, 'artifact', 'malformed_name') })
  const bytes = optionalView(value, 'artifact')
  if (bytes !== undefined) return bareObject({ bytes })
  if (iterateOf(value) !== undefined) {
    throw invalid('artifact is a stream, which only verifyBundle, verifyBundles, examineBundle and digestArtifact read')
  }
  if (!isPlain(value)) throw wrongType(value, 'artifact', WANTED)
  return digestsOf(value)
}

/** The same, once a stream was read to its end. @internal */
export function artifactOf(value: unknown): native.GivenArtifact | Promise<native.GivenArtifact> {
  const iterate = iterateOf(value)
  if (iterate === undefined) {
    if (typeof value !== 'string' && !isUint8Array(value) && !isPlain(value)) {
      throw wrongType(value, 'artifact', `${WANTED}, or a stream`)
    }
    return givenArtifact(value)
  }
  return digested(value as object, iterate)
}

/** Pieces up to this size are digested at once: to give them to another thread would take as long. */
const SMALL_PIECE = 65_536

async function take(digester: native.Digester, piece: unknown): Promise<number> {
  const bytes = view(piece, 'a piece of artifact')
  const length = byteLengthOf(bytes)
  if (length <= SMALL_PIECE) given(digester.updateSync(bytes))
  else given(await given(digester.update(bytes)))
  return length
}

/** Ends a stream that is not read to its end. What it says of that is of no interest: something else went wrong before. */
async function abandon(iterator: object): Promise<void> {
  try {
    const end = member(iterator, 'return')
    if (typeof end === 'function') await apply(end, iterator, [])
  } catch {}
}

async function digested(stream: object, iterate: Iterate): Promise<native.GivenArtifact> {
  if (isDisturbed(stream)) {
    throw invalid('artifact is a stream that was read before: what is left of it is not the artifact')
  }
  const digester = new native.Digester()
  const iterator = apply(iterate, stream, []) as object
  const next = member(iterator, 'next') as () => unknown
  let length = 0
  for (;;) {
    const step = await apply(next, iterator, [])
    if (typeof step !== 'object' || step === null) throw wrongType(step, 'what artifact gives', 'an object')
    if (member(step, 'done')) break
    try {
      length += await take(digester, member(step, 'value'))
    } catch (error) {
      await abandon(iterator)
      throw error
    }
  }
  // An iterator does not tell whether it was read before.
  if (length === 0 && iterator === stream) {
    throw invalid('artifact is an iterator that gives nothing, as one does that was read before; of an empty artifact give the bytes')
  }
  const digests = given(digester.finish())
  return bareObject({ sha256: digests[0] as string, sha384: digests[1] as string, sha512: digests[2] as string })
}

/**
 * The digests of an artifact that comes in pieces, in hexadecimal: to verify it later, or by several bundles.
 *
 * The promise is rejected with what the stream is rejected with, and with a `MalformedInputError` if a piece is no `Uint8Array`, or
 * the stream was read before.
 */
export async function digestArtifact(artifact: ArtifactStream): Promise<EveryDigest> {
  const iterate = iterateOf(artifact)
  if (iterate === undefined) throw wrongType(artifact, 'artifact', 'a stream')
  const { sha256, sha384, sha512 } = (await digested(artifact, iterate)) as EveryDigest
  return freeze({ sha256, sha384, sha512 })
}
