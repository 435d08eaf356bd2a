// Artifacts that come in pieces: every piece counts, and a stream that fails leaves nothing half-done.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { test } from 'node:test'

import { MalformedInputError, RejectedError, Verified, digestArtifact } from 'countermark'
import { rejection, thrown } from './common.mjs'
import { BYTES, FILE, bundle, policy, verifier } from './peer.mjs'

const verify = (artifact) => verifier.verifyBundle(artifact, bundle, policy)

function* pieces(bytes, size) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

const DIGESTS = Object.fromEntries(
  ['sha256', 'sha384', 'sha512'].map((name) => [name, createHash(name).update(BYTES).digest('hex')]),
)

test('streams of every kind, in pieces of every size', async () => {
  const streams = [
    createReadStream(FILE),
    createReadStream(FILE, { highWaterMark: 7 }),
    Readable.from([BYTES]),
    Readable.from(pieces(BYTES, 1)),
    Readable.toWeb(createReadStream(FILE, { highWaterMark: 100 })),
    new Blob([BYTES]).stream(),
    (async function* () {
      yield* pieces(BYTES, 1_000)
    })(),
    { [Symbol.asyncIterator]: async function* () {
      yield new Uint8Array(0)
      yield* pieces(BYTES, 4_096)
      yield Buffer.of()
    } },
  ]
  for (const stream of streams) assert.ok((await verify(stream)) instanceof Verified)
  assert.deepEqual({ ...(await digestArtifact(createReadStream(FILE))) }, DIGESTS)
  assert.ok((await verify(await digestArtifact(createReadStream(FILE)))) instanceof Verified)
  assert.ok((await verifier.verifyBundles(createReadStream(FILE), [bundle], policy)) instanceof Verified)
  assert.equal((await verifier.examineBundle(createReadStream(FILE), bundle, policy)).verdict, 'verified')
})

test('pieces that are larger than what is digested on the loop', async () => {
  for (const size of [65_535, 65_536, 65_537, 1_000_000]) {
    const large = Buffer.alloc(3_000_001, 'countermark')
    const { sha256, sha384, sha512 } = await digestArtifact(Readable.from(pieces(large, size)))
    assert.deepEqual([sha256, sha384, sha512], Object.keys(DIGESTS).map((name) => createHash(name).update(large).digest('hex')))
  }
})

test('a piece that is missing, doubled, in another place or changed is another artifact', async () => {
  const list = [...pieces(BYTES, 1_000)]
  const [first, second, ...rest] = list
  const changed = Buffer.from(BYTES)
  changed[5] ^= 1
  const others = [list.slice(1), list.slice(0, -1), [first, ...list], [second, first, ...rest], [changed], [...list, Buffer.of(0)]]
  for (const other of others) {
    const error = await rejection(verify(Readable.from(other)))
    assert.ok(error instanceof RejectedError && ['artifact_mismatch', 'invalid_signature'].includes(error.code), String(error))
  }
})

test('a piece may be written over once the next one is asked for', async () => {
  const once = (async function* () {
    const shared = Buffer.alloc(100_000)
    for (const piece of pieces(BYTES, 100_000)) {
      shared.fill(0)
      piece.copy(shared)
      yield shared.subarray(0, piece.length)
      shared.fill(0)
    }
  })()
  assert.ok((await verify(once)) instanceof Verified)
})

test('a stream that fails rejects with its own error and is destroyed', async () => {
  class Broken extends Error {}
  const failing = Readable.from((async function* () {
    yield BYTES.subarray(0, 1_000)
    throw new Broken('as it should')
  })())
  assert.ok((await rejection(verify(failing))) instanceof Broken)
  assert.ok(failing.destroyed)

  const missing = createReadStream(`${FILE}.not-there`)
  assert.equal((await rejection(verify(missing))).code, 'ENOENT')
  assert.ok(missing.destroyed)

  const web = new ReadableStream({
    start: (controller) => controller.enqueue(BYTES.subarray(0, 1_000)),
    pull: (controller) => controller.error(new Broken('as it should')),
  })
  assert.ok((await rejection(verify(web))) instanceof Broken)

  // All of the artifact came, and then the failure: it is none the less no verdict.
  const late = Readable.from((async function* () {
    yield BYTES
    throw new Broken('as it should')
  })())
  assert.ok((await rejection(verify(late))) instanceof Broken)
})

test('a stream that is destroyed while it is read is no artifact', async () => {
  const stream = createReadStream(FILE, { highWaterMark: 100 })
  const asked = rejection(verify(stream))
  stream.once('data', () => {})
  setImmediate(() => stream.destroy())
  const error = await asked
  assert.ok(error instanceof Error && !(error instanceof RejectedError), String(error))

  const whole = new Readable({ read() {} })
  whole.push(BYTES)
  const waiting = rejection(verify(whole))
  setImmediate(() => whole.destroy())
  assert.ok(!((await waiting) instanceof RejectedError))

  const controller = new AbortController()
  const aborted = createReadStream(FILE, { signal: controller.signal, highWaterMark: 10 })
  const aborting = rejection(verify(aborted))
  controller.abort()
  assert.equal((await aborting).name, 'AbortError')
  assert.ok(aborted.destroyed)
})

test('a piece that is no bytes ends the stream', async () => {
  for (const wrong of ['text', 1, {}, [1], new Uint16Array(2), new ArrayBuffer(2), null]) {
    let ended = false
    const stream = (async function* () {
      try {
        yield BYTES.subarray(0, 10)
        yield wrong
        yield BYTES.subarray(10)
      } finally {
        ended = true
      }
    })()
    const error = await rejection(verify(stream))
    assert.ok(error instanceof MalformedInputError && error.code === 'invalid_argument', String(error))
    assert.match(error.detail, /^a piece of artifact must be a Uint8Array/)
    assert.ok(ended)
  }
  const texts = createReadStream(FILE, { encoding: 'latin1' })
  assert.equal((await rejection(verify(texts))).code, 'invalid_argument')
  assert.ok(texts.destroyed)
  const unending = {
    [Symbol.asyncIterator]: () => ({ next: async () => ({ value: 'x' }), return: async () => { throw new Error('of no interest') } }),
  }
  assert.match((await rejection(verify(unending))).detail, /a piece of artifact/)
  const odd = { [Symbol.asyncIterator]: () => ({ next: async () => 1 }) }
  assert.equal((await rejection(verify(odd))).code, 'invalid_argument')
})

test('a stream that was read before is not what is left of it', async () => {
  const ended = createReadStream(FILE)
  for await (const _ of ended);
  const begun = createReadStream(FILE, { highWaterMark: 100 })
  await new Promise((resolve) => begun.once('readable', resolve))
  begun.read(10)
  const web = new Blob([BYTES]).stream()
  const reader = web.getReader()
  while (!(await reader.read()).done);
  reader.releaseLock()
  const generator = (async function* () {
    yield BYTES
  })()
  for await (const _ of generator);
  for (const stream of [ended, begun, web, generator]) {
    const error = await rejection(verify(stream))
    assert.ok(error instanceof MalformedInputError && error.code === 'invalid_argument', String(error))
    assert.match(error.detail, /read before/)
  }
  begun.destroy()
})

test('an empty file is an artifact like any other', async () => {
  const empty = createHash('sha256').digest('hex')
  assert.equal((await digestArtifact(Readable.from([]))).sha256, empty)
  assert.equal((await digestArtifact(new Blob([]).stream())).sha256, empty)
  assert.ok((await rejection(verify(Readable.from([])))) instanceof RejectedError)
})

test('nothing is read where the question cannot be put, nor by functions that promise nothing', async () => {
  const stream = createReadStream(FILE)
  for (const asked of [
    () => verifier.verifyBundle(stream, {}, policy),
    () => verifier.verifyBundle(stream, bundle, {}),
    () => verifier.verifyBundle(stream, bundle, policy, { now: 1 }),
    async () => verifier.verifyBundleSync(stream, bundle, policy),
    async () => verifier.verifyBundlesSync(stream, [bundle], policy),
    async () => verifier.examineBundleSync(stream, bundle, policy),
  ]) {
    const error = await rejection(asked())
    assert.ok(error instanceof MalformedInputError && error.code === 'invalid_argument', String(error))
  }
  const [result] = await verifier.verifyManyBundles([{ artifact: stream, bundles: [bundle], policy }])
  assert.ok(result instanceof MalformedInputError && result.request === 0)
  assert.match(result.detail, /a stream/)
  assert.match(thrown(() => verifier.verifyBundleSync(stream, bundle, policy)).detail, /artifact is a stream/)
  assert.equal((await rejection(digestArtifact(BYTES))).code, 'invalid_argument')
  assert.ok((await verify(stream)) instanceof Verified)
})

test('a reader that waits keeps nobody else waiting', async () => {
  const slow = new Readable({ read() {} })
  const asked = verify(slow)
  assert.ok((await verify(createReadStream(FILE))) instanceof Verified)
  slow.push(BYTES)
  slow.push(null)
  assert.ok((await asked) instanceof Verified)
})
