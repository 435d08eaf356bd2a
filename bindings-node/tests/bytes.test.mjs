// Bytes that are gone, and iterators that were read before, are no empty log and no empty list.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Entry, MalformedInputError, Policy, SignerPolicy, Verifier, entriesFromJson, readEntries } from 'countermark'
import { ISSUER, NAME, rejection, thrown, vector } from './common.mjs'

const nine = vector('accept-nine-claims')
const { verifier, entries, policy } = nine.build()
const [RECORD] = JSON.parse(nine.raw.get('entries'))
const REVOKED = Buffer.from(JSON.stringify([{ ...RECORD, revoked: true }]))
const DER = entries[0].certificates[0]
const COLUMNS = {
  namespace: RECORD.namespace, artifactName: RECORD.artifact_name, signature: RECORD.signature, certificate: DER,
  timestamp: RECORD.timestamp, revoked: false,
}

function transferred(bytes) {
  const view = Uint8Array.from(bytes)
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

/** A view of a buffer that has the bytes, and a few before them, and shrank to `left` of those. */
function shrunk(bytes, { left, tracking }) {
  const buffer = new ArrayBuffer(bytes.length + 8, { maxByteLength: bytes.length + 16 })
  const view = tracking ? new Uint8Array(buffer, 8) : new Uint8Array(buffer, 8, bytes.length)
  view.set(bytes)
  buffer.resize(left)
  return view
}

class Sub extends Uint8Array {
  get length() {
    return 2
  }
  get buffer() {
    return new ArrayBuffer(2)
  }
}

function subclass(bytes) {
  const view = new Sub(bytes)
  structuredClone(Reflect.get(Object.getPrototypeOf(Uint8Array.prototype), 'buffer', view), {
    transfer: [Reflect.get(Object.getPrototypeOf(Uint8Array.prototype), 'buffer', view)],
  })
  return view
}

const GONE = {
  'a transferred buffer': transferred,
  "a Buffer's transferred memory": (bytes) => {
    const buffer = Buffer.from(Uint8Array.from(bytes).buffer)
    structuredClone(buffer.buffer, { transfer: [buffer.buffer] })
    return buffer
  },
  'a subclass that tells another length': subclass,
  'a fixed view that its buffer is too small for': (bytes) => shrunk(bytes, { left: bytes.length + 7 }),
  'a fixed view of nothing': (bytes) => shrunk(bytes, { left: 0 }),
  'a tracking view that begins past the end': (bytes) => shrunk(bytes, { left: 7, tracking: true }),
  'a tracking view with nothing left': (bytes) => shrunk(bytes, { left: 8, tracking: true }),
  "WebAssembly's memory that has grown": (bytes) => {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const view = new Uint8Array(memory.buffer, 0, bytes.length)
    view.set(bytes)
    memory.grow(1)
    return view
  },
}

const message = (changes) =>
  verifier.verifyMessageSync({
    message: Buffer.from('a file'), signature: RECORD.signature, certificate: DER, timestamp: RECORD.timestamp,
    policy: policy.signer, ...changes,
  })

for (const [what, gone] of Object.entries(GONE)) {
  test(`${what} is refused wherever bytes are taken`, () => {
    for (const call of [
      () => entriesFromJson(gone(REVOKED)),
      () => entriesFromJson(gone(REVOKED), { format: 'endor_labs' }),
      () => readEntries(gone(REVOKED)),
      () => Entry.fromJson(gone(REVOKED)),
      () => Policy.fromJson(gone(Buffer.from(JSON.stringify(policy)))),
      () => new Verifier({ trustAnchors: gone(DER) }),
      () => new Verifier({ trustAnchors: [DER, gone(DER)] }),
      () => new Verifier({ trustAnchors: nine.value('trust_anchors'), intermediates: gone(DER) }),
      () => new Verifier({ trustAnchors: nine.value('trust_anchors'), intermediates: [gone(DER)] }),
      () => new Verifier({ trustAnchors: nine.value('trust_anchors'), distrusted: [gone(Buffer.alloc(32, 1))] }),
      () => new Entry({ ...COLUMNS, signature: gone(entries[0].signature) }),
      () => new Entry({ ...COLUMNS, certificate: gone(DER) }),
      () => new Entry({ ...COLUMNS, certificate: [DER, gone(DER)] }),
      () => message({ message: gone(Buffer.from('a file')) }),
      () => message({ message: undefined, sha256: gone(Buffer.alloc(32, 1)) }),
      () => message({ signature: gone(entries[0].signature) }),
      () => message({ certificate: gone(DER) }),
    ]) {
      const error = thrown(call)
      assert.ok(error instanceof MalformedInputError, `${call}: ${error}`)
      assert.equal(error.code, 'invalid_argument', `${call}`)
      assert.match(error.message, /has lost its bytes|is empty, in an ArrayBuffer/, `${call}`)
    }
  })
}

test('bytes that are there are read, whatever their memory', () => {
  const resizable = new ArrayBuffer(REVOKED.length, { maxByteLength: 2 * REVOKED.length })
  const shared = new SharedArrayBuffer(REVOKED.length)
  const growable = new SharedArrayBuffer(REVOKED.length, { maxByteLength: 2 * REVOKED.length })
  for (const buffer of [resizable, shared, growable]) {
    new Uint8Array(buffer).set(REVOKED)
    for (const view of [new Uint8Array(buffer), new Uint8Array(buffer, 0, REVOKED.length), Buffer.from(buffer)]) {
      assert.equal(entriesFromJson(view)[0].revoked, true)
      assert.equal(readEntries(view)[0].revoked, true)
    }
  }
  class Own extends Buffer {}
  const own = Object.setPrototypeOf(Buffer.from(REVOKED), Own.prototype)
  assert.equal(entriesFromJson(own)[0].revoked, true)
  // No record at all is a log too, in memory that cannot have had any.
  for (const nothing of ['', ' \n', '[]', Buffer.of(), new Uint8Array(0)]) assert.deepEqual(entriesFromJson(nothing), [])
})

test('what is no Uint8Array is refused, empty or not', () => {
  for (const value of [
    new Uint16Array(0), new Float64Array(0), new DataView(new ArrayBuffer(0)), new ArrayBuffer(0), new SharedArrayBuffer(0),
    new Proxy(Buffer.from(REVOKED), {}), Object.create(Uint8Array.prototype), Object(''), [], {}, new Map(), null, undefined,
    { length: 0 }, new Blob([]), new ReadableStream(), (async function* () {})(),
  ]) {
    for (const read of [entriesFromJson, readEntries]) assert.equal(thrown(() => read(value)).code, 'invalid_argument')
  }
})

test('bytes cannot be taken away while the rest is asked for', () => {
  const signature = Uint8Array.from(entries[0].signature)
  const certificate = {
    *[Symbol.iterator]() {
      structuredClone(signature.buffer, { transfer: [signature.buffer] })
      yield DER
    },
  }
  assert.deepEqual(new Entry({ ...COLUMNS, signature, certificate }).signature, entries[0].signature)
  const signed = { signature: RECORD.signature, certificate: DER, timestamp: RECORD.timestamp, policy: policy.signer }
  const bytes = Buffer.from(Uint8Array.from(Buffer.from(NAME)).buffer)
  const taking = Object.defineProperty({}, 'now', {
    enumerable: true,
    get() {
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    },
  })
  assert.equal(
    thrown(() => verifier.verifyMessageSync({ ...signed, message: bytes }, taking)).code,
    'invalid_argument',
  )
})

test('an iterator that was read before is refused where a list of demands or records is taken', async () => {
  const spent = (...given) => {
    const iterator = given.values()
    while (!iterator.next().done);
    return iterator
  }
  const make = (more) => new Policy({ namespace: 'ns', certificateOidcIssuer: ISSUER, ...more })
  const trustAnchors = nine.value('trust_anchors')
  const generator = (function* () {})()
  for (const call of [
    () => make({ blocklist: spent(NAME) }),
    () => make({ blocklist: generator }),
    () => make({ claims: { token_subject: { anyOf: spent('x') } } }),
    () => new SignerPolicy({ certificateOidcIssuer: ISSUER, claims: { token_subject: { anyOf: spent('x') } } }),
    () => new Verifier({ trustAnchors, distrusted: spent('0'.repeat(64)) }),
    () => new Verifier({ trustAnchors, intermediates: spent(DER) }),
    () => new Verifier({ trustAnchors, acceptedAlgorithms: spent('ed25519') }),
    () => new Verifier({ trustAnchors: spent(DER) }),
    () => verifier.verifySync(NAME, spent(entries[0]), policy),
    () => verifier.examine(NAME, spent(entries[0]), policy),
    () => new Entry({ ...COLUMNS, evidence: spent({ kind: 'x' }) }),
  ]) {
    const error = thrown(call)
    assert.equal(error.code, 'invalid_argument', String(call))
    assert.match(error.message, /read before/, String(call))
  }
  assert.match((await rejection(verifier.verify(NAME, spent(entries[0]), policy))).message, /read before/)
  // One that has something, and what can be asked again, are as good as an array.
  assert.equal(verifier.verifySync(NAME, entries.values(), policy).entryIndex, 0)
  assert.deepEqual(make({ blocklist: new Set() }).blocklist, [])
  assert.deepEqual(make({ blocklist: [] }).blocklist, [])
})

test('nothing that is no list of entries reads as an empty one', () => {
  for (const value of [
    '', Object(''), new Map(), new Uint16Array(0), new Uint8Array(0), new DataView(new ArrayBuffer(0)), {}, { length: 0 }, 0, false,
    null, undefined, Promise.resolve(entries), (async function* () {})(), new WeakSet(),
  ]) {
    const error = thrown(() => verifier.verifySync(NAME, value, policy))
    assert.equal(error.code, 'invalid_argument', String(error))
    assert.match(error.message, /entries (must be|is missing)/)
  }
})
