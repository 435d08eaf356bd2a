// Constructors and functions with wrong types and wrong values: errors, each with its code; no crash.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'

import {
  CountermarkError,
  Entry,
  Log,
  MalformedInputError,
  Policy,
  RejectedError,
  SignerPolicy,
  Verifier,
  entriesFromJson,
  readEntries,
} from 'countermark'
import { ISSUER, NAME, rejection, thrown, vector } from './common.mjs'

const SURROGATE = '\ud800'
const RECORD = JSON.parse(vector('accept-nine-claims').raw.get('entries'))[0]
const PEM = vector('accept-nine-claims').value('trust_anchors')
const DER = Buffer.from(PEM.trim().split('\n').slice(1, -1).join(''), 'base64')
const COLUMNS = {
  namespace: RECORD.namespace,
  artifactName: RECORD.artifact_name,
  signature: RECORD.signature,
  certificate: RECORD.certificate,
  timestamp: RECORD.timestamp,
  revoked: false,
}
const VERIFIER = new Verifier({ trustAnchors: PEM })

const policy = (changes) => new Policy({ namespace: 'ns', certificateOidcIssuer: ISSUER, ...changes })
const signer = (changes) =>
  new SignerPolicy({ certificateOidcIssuer: ISSUER, claims: { source_repository: 'x' }, ...changes })
const entry = (changes) => new Entry({ ...COLUMNS, ...changes })
const signedMessage = (changes) => ({
  message: Buffer.from('a file'),
  signature: RECORD.signature,
  certificate: RECORD.certificate,
  timestamp: RECORD.timestamp,
  policy: signer(),
  ...changes,
})
const message = (changes, options) => VERIFIER.verifyMessageSync(signedMessage(changes), options)

/** Every way to ask, for the same arguments. */
function verify({ name = NAME, entries = [entry()], policy: wanted = policy({ namespace: 'example-ns' }), options } = {}) {
  VERIFIER.verifySync(name, entries, wanted, options)
}

const NOTHING = Symbol('an absent member')
const given = (key, value) => (value === NOTHING ? {} : { [key]: value })

class WithMembers {
  get now() {
    return '2024-03-22T11:25:48Z'
  }
}

const NO_TEXT = [undefined, null, 1, 1.5, true, Buffer.from('x'), ['x'], {}, Object('x'), Symbol('x'), () => 'x', 1n]
const NO_BYTES = [undefined, null, 1, true, [1], ['x'], {}, new Uint16Array(2), new ArrayBuffer(2), new DataView(new ArrayBuffer(2)), [[DER]]]
const NO_OPTIONS = [null, 1, 'x', [], true, () => {}, new WithMembers(), new Map(), new Date(0), { nowe: 'x' }, { now: null }]

const WRONG_TYPES = {
  verifier: [
    () => new Verifier(),
    () => new Verifier(PEM),
    () => new Verifier({}),
    () => new Verifier({ trustAnchors: PEM, distrust: [] }),
    ...NO_BYTES.map((value) => () => new Verifier({ trustAnchors: value })),
    ...[null, 1, [1], ['x'], {}].map((value) => () => new Verifier({ trustAnchors: PEM, intermediates: value })),
    ...[null, 1, 'ab'.repeat(32), Buffer.alloc(32), [1], [null], [undefined], {}].map(
      (value) => () => new Verifier({ trustAnchors: PEM, distrusted: value }),
    ),
  ],
  policy: [
    () => new Policy(),
    () => new Policy('ns', ISSUER),
    () => new Policy({ namespace: 'ns' }),
    ...NO_TEXT.map((value) => () => policy({ namespace: value })),
    ...NO_TEXT.map((value) => () => policy({ certificateOidcIssuer: value })),
    ...[null, 'x', Buffer.from('x'), 1, [['token_subject', 'x']], new Map([['token_subject', 'x']]), new Set()].map(
      (value) => () => policy({ claims: value }),
    ),
    ...[undefined, null, 1, Buffer.from('x'), ['x'], {}, { any_of: ['x'] }, { glob: null }, { glob: 1 }, /x/].map(
      (value) => () => policy({ claims: { token_subject: value } }),
    ),
    ...[null, 1, 'push', [1], [null], [, 'x'], Buffer.from('x')].map(
      (value) => () => policy({ claims: { token_subject: { anyOf: value } } }),
    ),
    () => policy({ claims: { token_subject: { anyOf: ['x'], glob: 'x' } } }),
    ...[null, true, '300', Buffer.from('1'), 300n, [300]].map((value) => () => policy({ maxCertificateLifetimeSeconds: value })),
    ...[null, 1, true, ['entry']].map((value) => () => policy({ revocationScope: value })),
    ...[null, `sha256:${'0'.repeat(64)}`, 1, [1], [null], [undefined], {}].map((value) => () => policy({ blocklist: value })),
    () => policy({ claim: { token_subject: 'x' } }),
    () => policy({ certificate_oidc_issuer: ISSUER }),
    () => policy({ now: '2024-03-22T11:25:48Z' }),
    () => policy({ revocationScop: 'entry' }),
    () => policy({ __proto__: { blocklist: [NAME] }, ...given('x', 1) }),
    () => new Policy(policy()),
    () => new SignerPolicy({ certificateOidcIssuer: ISSUER, namespace: 'ns' }),
    () => new SignerPolicy(policy()),
    ...[null, 1, {}, [], undefined].map((value) => () => Policy.fromJson(value)),
  ],
  entry: [
    () => new Entry(),
    () => new Entry({ ...COLUMNS, revoked: undefined }),
    () => new Entry({ ...COLUMNS, revokd: false }),
    () => new Entry(RECORD),
    ...NO_TEXT.map((value) => () => entry({ namespace: value })),
    ...NO_TEXT.map((value) => () => entry({ artifactName: value })),
    ...[undefined, null, 1, [DER], {}].map((value) => () => entry({ signature: value })),
    ...NO_BYTES.map((value) => () => entry({ certificate: value })),
    ...[undefined, null, 1, 1711106748000, Buffer.from('x'), {}].map((value) => () => entry({ timestamp: value })),
    ...[null, 0, 1, '', 'false', [], {}, Object(false)].map((value) => () => entry({ revoked: value })),
    ...[null, 0, 1, '', 'false', []].map((value) => () => entry({ blocklisted: value })),
    ...[null, 'x', 1, [['a', 'b']], new Map([['a', 'b']]), { a: 1 }, { a: null }, { a: undefined }].map(
      (value) => () => entry({ provenance: value }),
    ),
    ...[null, 'x', 1, { kind: 'x' }, [1], [['kind', 'x']], [null]].map((value) => () => entry({ evidence: value })),
    ...[undefined, null, 1, {}, []].map((value) => () => Entry.fromJson(value)),
    ...[undefined, null, 1, {}, [], [entry()]].map((value) => () => entriesFromJson(value)),
    ...[undefined, null, 1, {}, []].map((value) => () => readEntries(value)),
    ...NO_OPTIONS.map((value) => () => entriesFromJson('[]', value)),
    ...NO_OPTIONS.map((value) => () => readEntries('[]', value)),
    ...[1, 'json', 'Endor_Labs', '', {}].map((value) => () => entriesFromJson('[]', { format: value })),
    ...[1, 'true', {}].map((value) => () => entriesFromJson('[]', { format: 'endor_labs', absentRevokedMeansFalse: value })),
    () => entriesFromJson('[]', { absentRevokedMeansFalse: true }),
    () => entriesFromJson('[]', { format: 'endor_labs', absent_revoked_means_false: true }),
  ],
  log: [
    ...NO_TEXT.map((value) => () => new Log(value)),
    ...[undefined, null, RECORD, 'x', [entry()], {}].map((value) => () => new Log('example-ns').append(value)),
    ...NO_TEXT.map((value) => () => new Log('x').find(value)),
    ...NO_TEXT.map((value) => () => new Log('x').revokeSignature(NAME, value)),
  ],
  verify: [
    ...NO_TEXT.filter((value) => value !== undefined).map((value) => () => verify({ name: value })),
    ...[null, 1, 'x', Buffer.from('x'), entry(), [RECORD], [null], [undefined], [, entry()], { a: 1 }].map(
      (value) => () => verify({ entries: value }),
    ),
    () => verify({ entries: readEntries('{"revoked": true}') }),
    ...[null, {}, 'x', policy().signer, Object.create(Policy.prototype), new Proxy(policy(), {})].map(
      (value) => () => verify({ policy: value }),
    ),
    ...[Object.create(Entry.prototype), new Proxy(entry(), {}), Object.setPrototypeOf({}, Entry.prototype)].map(
      (value) => () => verify({ entries: [value] }),
    ),
    ...NO_OPTIONS.map((value) => () => verify({ options: value })),
    ...[1, 1.5, true, Buffer.from('x'), {}].map((value) => () => verify({ options: { now: value } })),
    () => verify({ options: '2024-03-22T11:25:48Z' }),
  ],
  message: [
    ...[null, 'a file', 1, [Buffer.from('x')], new ArrayBuffer(2)].map((value) => () => message({ message: value })),
    ...[null, undefined, policy(), {}].map((value) => () => message({ policy: value })),
    ...[null, 1, 'x'].map((value) => () => message({ anySignerOfIssuer: value })),
    () => message({ message: undefined, sha256: '0'.repeat(64) }),
    () => message({ any_signer_of_issuer: true }),
    () => message({ message: undefined }),
    () => message({ sha256: Buffer.alloc(32) }),
    () => message({ message: undefined, sha256: Buffer.alloc(31) }),
    ...NO_OPTIONS.map((value) => () => message({}, value)),
  ],
}

for (const [what, calls] of Object.entries(WRONG_TYPES)) {
  test(`wrong types and misspelt members: ${what}`, () => {
    for (const call of calls) {
      const error = thrown(call)
      assert.ok(error instanceof MalformedInputError, `${call}: ${error}`)
      assert.equal(error.code, 'invalid_argument', `${call}: ${error}`)
      assert.ok(error.message.length < 1_000)
    }
  })
}

const values = (code, make, wrong) => wrong.map((value) => [code, () => make(value)])

test('wrong values', () => {
  const seconds = [0, -0, -1, 86_401, 2 ** 32, 2 ** 32 + 300, 2 ** 64 + 300, 300.5, NaN, Infinity, 1e300]
  const cases = [
    ...values('malformed_trust_anchor', (trustAnchors) => new Verifier({ trustAnchors }), [
      '',
      'x',
      '\0',
      SURROGATE,
      Buffer.of(),
      Buffer.from('x'),
      [],
      [Buffer.of()],
      PEM.slice(0, 200),
      [Buffer.alloc(10), Buffer.alloc(10)],
      RECORD.certificate,
    ]),
    ...values('malformed_trust_anchor', (x) => new Verifier({ trustAnchors: PEM, intermediates: x }), ['x', SURROGATE]),
    ...values('malformed_trust_anchor', (x) => new Verifier({ trustAnchors: PEM, distrusted: [x] }), [
      '',
      'x',
      Buffer.of(),
      Buffer.alloc(31),
      Buffer.alloc(33),
      'a'.repeat(63),
      'g'.repeat(64),
      '\0'.repeat(64),
      SURROGATE,
    ]),
    ...values('malformed_policy', (namespace) => policy({ namespace }), ['', 'x'.repeat(1025), SURROGATE]),
    ...values('malformed_policy', (x) => policy({ certificateOidcIssuer: x }), ['', 'x'.repeat(8193), SURROGATE]),
    ...values('malformed_policy', (claims) => policy({ claims }), [
      { source_repo: 'x' },
      { sourceRepository: 'x' },
      { certificate_oidc_issuer: ISSUER },
      { '': 'x' },
      { '\0': 'x' },
      { [SURROGATE]: 'x' },
      { constructor: 'x' },
      { ['__proto__']: 'x' },
      JSON.parse('{"__proto__": "x"}'),
      { token_subject: SURROGATE },
      { token_subject: 'x'.repeat(8193) },
      { token_subject: { glob: 'a/**/b' } },
      { token_subject: { glob: '**x' } },
      { token_subject: { glob: SURROGATE } },
      { token_subject: { anyOf: [] } },
      { token_subject: { anyOf: Array(257).fill('x') } },
      { token_subject: { anyOf: [SURROGATE] } },
      { '1.3.6.1.4.1.57264.1.14': 'x' },
      { '2.5.29.15': 'x' },
    ]),
    ...values('malformed_policy', (x) => policy({ maxCertificateLifetimeSeconds: x }), seconds),
    ...values('malformed_policy', (x) => signer({ maxCertificateLifetimeSeconds: x }), seconds),
    ...values('malformed_policy', (x) => policy({ revocationScope: x }), ['', 'Entry', 'none', SURROGATE]),
    ...values('malformed_policy', (x) => policy({ blocklist: [x] }), [
      '',
      'x',
      '0'.repeat(64),
      `sha256:${'A'.repeat(64)}`,
      'image:tag',
      SURROGATE,
    ]),
    ...values('malformed_policy', Policy.fromJson, [
      '',
      '{}',
      '[]',
      Buffer.of(0xff),
      SURROGATE,
      'null',
      '['.repeat(10_000),
      '{"namespace": 1}',
      `{"namespace": "ns", "certificate_oidc_issuer": "${ISSUER}", "claim": {}}`,
      `{"namespace": "ns", "namespace": "ns", "certificate_oidc_issuer": "${ISSUER}"}`,
      `{"namespace": "ns", "certificate_oidc_issuer": "${ISSUER}", "__proto__": {}}`,
    ]),
    ...values('malformed_entry', (x) => entry({ signature: x }), ['x', 'AA', 'AAA= ', SURROGATE, Buffer.alloc(1025)]),
    ...values('malformed_entry', (x) => entry({ certificate: x }), [
      '',
      'x',
      [],
      SURROGATE,
      Buffer.alloc(70_000),
      Array(17).fill(Buffer.from('x')),
    ]),
    ...values('malformed_entry', (x) => entry({ timestamp: x }), [
      '',
      'now',
      '2024-03-22T11:25:48',
      '2024-03-22 11:25:48Z',
      '2024-03-22T11:25:48.1234567890Z',
      SURROGATE,
      new Date(NaN),
      new Date(8.64e15),
      new Date(-8.64e15),
    ]),
    ...values('malformed_entry', (x) => entry({ namespace: x }), ['x'.repeat(70_000), SURROGATE]),
    ...values('malformed_entry', (x) => entry({ provenance: x }), [
      { a: SURROGATE },
      { [SURROGATE]: 'a' },
      Object.fromEntries(Array.from({ length: 65 }, (_, index) => [index, ''])),
    ]),
    ...values('malformed_entry', (x) => entry({ evidence: [x] }), [
      {},
      { kind: 1 },
      { kind: 'x', y: 1n },
      { kind: 'x', toJSON: () => 1 },
    ]),
    ['malformed_entry', () => entry({ evidence: Array(65).fill({ kind: 'x' }) })],
    ...values('malformed_entry', Entry.fromJson, ['', '{}', Buffer.of(0xff), SURROGATE, '\0']),
    ...values('malformed_entry', (x) => entriesFromJson(x), ['{}', '[', '[1]', Buffer.of(0xff), SURROGATE, '[] []']),
    ['malformed_entry', () => entriesFromJson(JSON.stringify({ ...RECORD, revoked: undefined, revokd: true }))],
    ['malformed_entry', () => new Log('other').append(entry())],
    ['malformed_name', () => new Log('x').find(SURROGATE)],
    ...values('malformed_name', (name) => verify({ name }), [
      '',
      'image',
      'image:tag',
      NAME.toUpperCase(),
      `${NAME}\0`,
      '\0',
      SURROGATE,
      `${NAME}\n`,
      'x'.repeat(2000),
      NAME.replace('image@', 'image:tag@'),
    ]),
    ...values('invalid_argument', (now) => verify({ options: { now } }), [
      '',
      'now',
      SURROGATE,
      new Date(NaN),
      new Date(8.64e15),
      '2024-03-22T11:25:48',
    ]),
    ['malformed_message', () => message({ message: Buffer.from(NAME) })],
    ['malformed_policy', () => message({ policy: signer({ claims: undefined }) })],
    ['malformed_policy', () => message({ policy: signer({ claims: { token_subject: { glob: '**' } } }) })],
    ['malformed_entry', () => message({ signature: 'x', message: Buffer.from(NAME) })],
  ]
  for (const [code, call] of cases) {
    const error = thrown(call)
    assert.ok(error instanceof MalformedInputError && error instanceof CountermarkError, `${call}: ${error}`)
    assert.equal(error.code, code, String(error))
    assert.ok(error.message.length < 2_000)
  }
})

test('a promise tells of every failure', async () => {
  const wanted = policy({ namespace: 'example-ns' })
  const request = { name: NAME, entries: [entry()], policy: wanted }
  const calls = [
    ['invalid_argument', () => VERIFIER.verify()],
    ['invalid_argument', () => VERIFIER.verify(NAME, [entry()], wanted, 'x')],
    ['invalid_argument', () => VERIFIER.verify(NAME, [entry()], wanted, { now: new Date(NaN) })],
    ['malformed_name', () => VERIFIER.verify('x', [entry()], wanted)],
    ['no_signature', () => VERIFIER.verify(NAME, [], wanted)],
    ['invalid_argument', () => VERIFIER.verifyMessage()],
    ['invalid_argument', () => VERIFIER.verifyMany()],
    ['invalid_argument', () => VERIFIER.verifyMany([request], { progress: 1 })],
    ['invalid_argument', () => VERIFIER.verifyMany([request], { now: 'x' })],
    ['invalid_argument', () => VERIFIER.verifyMany([request], { leewaySeconds: 1 })],
    ['invalid_argument', () => VERIFIER.verifyMany(new Map([['x', request]]))],
  ]
  for (const [code, call] of calls) assert.equal((await rejection(call())).code, code, String(call))
})

test('a leeway is a number of seconds, and for now alone', async () => {
  const now = '2030-01-01T00:00:00Z'
  for (const leewaySeconds of [-1, -Number.MIN_VALUE, NaN, Infinity, -Infinity, 86_400.001, 1e300, '1', 1n, true, [1], {}, null]) {
    for (const options of [{ now, leewaySeconds }, { leewaySeconds }]) {
      for (const call of [() => verify({ options }), () => message({}, options)]) {
        const error = thrown(call)
        assert.deepEqual([error.code, error instanceof MalformedInputError], ['invalid_argument', true])
        assert.match(error.message, /leewaySeconds/)
      }
    }
  }
  for (const leewaySeconds of [0, 1, 86_400]) {
    const error = thrown(() => verify({ options: { leewaySeconds } }))
    assert.match(error.message, /leewaySeconds needs now/)
    assert.match(thrown(() => message({}, { leewaySeconds })).message, /leewaySeconds needs now/)
    assert.match(thrown(() => VERIFIER.examine(NAME, [], policy(), { leewaySeconds })).message, /leewaySeconds needs now/)
    assert.match((await rejection(VERIFIER.verifyMany([], { leewaySeconds }))).message, /leewaySeconds needs now/)
  }
})

test('an entry may be signed after now by no more than the leeway', async () => {
  const nine = vector('accept-nine-claims')
  const { verifier, entries, policy: wanted } = nine.build()
  // It was signed at 2024-03-22T11:25:48.983761494Z.
  for (const [now, leewaySeconds, expected] of [
    ['2024-03-22T11:25:48.983761494Z', undefined, 'verified'],
    ['2024-03-22T11:25:48.983761493Z', undefined, 'time_mismatch'],
    ['2024-03-22T11:25:48.983761493Z', 0, 'time_mismatch'],
    ['2024-03-22T11:25:48.983761493Z', -0, 'time_mismatch'],
    ['2024-03-22T11:25:47.983761494Z', 1, 'verified'],
    ['2024-03-22T11:25:47.983761493Z', 1, 'time_mismatch'],
    ['2024-03-22T11:25:48.483761494Z', 0.5, 'verified'],
    ['2024-03-22T11:25:48.483761493Z', 0.5, 'time_mismatch'],
    ['2024-03-21T11:25:48.983761494Z', 86_400, 'verified'],
    ['2024-03-21T11:25:48.983761493Z', 86_400, 'time_mismatch'],
  ]) {
    const options = leewaySeconds === undefined ? { now } : { now, leewaySeconds }
    const codeOf = async (call) => {
      try {
        await call()
        return 'verified'
      } catch (error) {
        return error.code
      }
    }
    const [many] = await verifier.verifyMany([{ name: NAME, entries, policy: wanted }], options)
    assert.deepEqual(
      [
        await codeOf(() => verifier.verifySync(NAME, entries, wanted, options)),
        await codeOf(() => verifier.verify(NAME, entries, wanted, options)),
        verifier.examine(NAME, entries, wanted, options).verdict,
        many.code ?? 'verified',
      ],
      Array(4).fill(expected),
      `${now} ${leewaySeconds}`,
    )
  }
  const signed = { now: '2024-03-22T11:25:47Z', leewaySeconds: 2 }
  assert.equal(thrown(() => message({}, { now: signed.now })).code, 'time_mismatch')
  assert.equal(thrown(() => message({}, { now: signed.now, leewaySeconds: 1.5 })).code, 'time_mismatch')
  assert.equal(thrown(() => message({}, signed)).code, 'invalid_signature')
  assert.equal((await rejection(VERIFIER.verifyMessage({ ...signedMessage() }, signed))).code, 'invalid_signature')
})

test('a revocation by digest reaches other names', () => {
  const nine = vector('accept-nine-claims')
  const { verifier, entries, policy: wanted } = nine.build()
  const mirror = entry({ artifactName: `mirror/${NAME}`, revoked: true })
  const blocked = entry({ artifactName: `mirror/${NAME}`, blocklisted: true })
  const scoped = (revocationScope) =>
    new Policy({ namespace: wanted.namespace, certificateOidcIssuer: wanted.certificateOidcIssuer, revocationScope })
  assert.equal(scoped('digest').revocationScope, 'digest')
  assert.equal(scoped('digest').toJSON().revocation_scope, 'digest')
  for (const [scope, other, expected] of [
    ['artifact', mirror, undefined],
    ['entry', mirror, undefined],
    ['digest', mirror, 'revoked_signature'],
    ['artifact', blocked, undefined],
    ['digest', blocked, 'blocklisted'],
    ['digest', entry({ artifactName: `mirror/${NAME.slice(0, -1)}0`, revoked: true }), undefined],
  ]) {
    for (const given of [[...entries, other], [other, ...entries]]) {
      if (expected === undefined) verifier.verifySync(NAME, given, scoped(scope))
      else assert.equal(thrown(() => verifier.verifySync(NAME, given, scoped(scope))).code, expected)
    }
  }
})

test('a fault of the caller passes through', async () => {
  class Fault extends Error {}
  const faulty = (first) =>
    (function* () {
      yield first
      throw new Fault()
    })()
  const fault = () => {
    throw new Fault()
  }
  const throwing = (name) => Object.defineProperty({}, name, { get: fault, enumerable: true })
  for (const call of [
    () => verify({ entries: faulty(entry()) }),
    () => policy({ blocklist: faulty(NAME) }),
    () => policy(Object.defineProperties({ ...COLUMNS }, Object.getOwnPropertyDescriptors(throwing('claims')))),
    () => new Policy(throwing('namespace')),
    () => verify({ options: throwing('now') }),
    () => new Policy(new Proxy({}, { ownKeys: fault })),
    () => new Entry(new Proxy({ ...COLUMNS }, { get: fault })),
  ]) {
    assert.ok(thrown(call) instanceof Fault, String(call))
  }
  assert.ok((await rejection(VERIFIER.verify(NAME, faulty(entry()), policy()))) instanceof Fault)
  assert.ok((await rejection(VERIFIER.verifyMany(faulty({ name: NAME, entries: [], policy: policy() })))) instanceof Fault)
  assert.ok(thrown(() => entry({ evidence: [{ kind: 'x', toJSON: fault }] })) instanceof MalformedInputError)
})

test('what an object inherits does not count', () => {
  Object.prototype.anySignerOfIssuer = true
  Object.prototype.revoked = false
  Object.prototype.absentRevokedMeansFalse = true
  try {
    assert.equal(thrown(() => message({ policy: signer({ claims: undefined }) })).code, 'malformed_policy')
    const { revoked: _, ...silent } = COLUMNS
    assert.equal(thrown(() => new Entry(silent)).code, 'invalid_argument')
    const { revoked: __, ...record } = RECORD
    assert.equal(thrown(() => Entry.fromJson(JSON.stringify(record))).code, 'malformed_entry')
    assert.equal(thrown(() => entriesFromJson(endorLabs({ revoked: undefined }), { format: 'endor_labs' })).code, 'malformed_entry')
  } finally {
    delete Object.prototype.anySignerOfIssuer
    delete Object.prototype.revoked
    delete Object.prototype.absentRevokedMeansFalse
  }
})

test('objects of another realm are taken', () => {
  const [options, bytes, date] = runInNewContext('[{}, new Uint8Array(2), new Date(0)]')
  assert.equal(new Policy(Object.assign(options, { namespace: 'ns', certificateOidcIssuer: ISSUER })).namespace, 'ns')
  assert.deepEqual(entry({ signature: bytes }).signature, new Uint8Array(2))
  assert.equal(entry({ timestamp: date }).timestamp, '1970-01-01T00:00:00Z')
})

test('columns and JSON make the same entry', () => {
  const fromJson = Entry.fromJson(JSON.stringify(RECORD))
  const ders = fromJson.certificates
  const { provenance } = RECORD
  const isSame = (other) => assert.deepEqual(other.toJSON(), fromJson.toJSON())
  isSame(entry({ provenance }))
  isSame(entry({ provenance, signature: fromJson.signature, certificate: ders }))
  isSame(entry({ provenance: fromJson.provenance, certificate: new Set(ders), blocklisted: undefined, evidence: [] }))
  isSame(Entry.fromJson(JSON.stringify(fromJson)))
  isSame(Entry.fromJson(Buffer.from(JSON.stringify(RECORD))))
  assert.notDeepEqual(entry().toJSON(), fromJson.toJSON())
  assert.deepEqual(entry({ certificate: ders[0] }).certificates, [ders[0]])
  assert.deepEqual({ ...fromJson.provenance }, provenance)
  const shared = new Uint8Array(new SharedArrayBuffer(fromJson.signature.length))
  shared.set(fromJson.signature)
  isSame(entry({ provenance, signature: shared }))
})

test('claims by names that objects inherit are claims like others', () => {
  const provenance = JSON.parse('{"__proto__": "a", "constructor": "b", "toString": "c"}')
  const odd = entry({ provenance })
  assert.deepEqual(Object.entries(odd.provenance), [
    ['__proto__', 'a'],
    ['constructor', 'b'],
    ['toString', 'c'],
  ])
  assert.equal(Object.getPrototypeOf(odd.provenance), null)
  const again = Entry.fromJson(JSON.stringify(odd))
  assert.deepEqual(Object.entries(again.provenance), Object.entries(odd.provenance))
  assert.equal(entry().provenance['constructor'], undefined)
})

test('nanoseconds are kept and dates are exact', () => {
  assert.equal(entry({ timestamp: '2024-03-22T12:25:48.983761494+01:00' }).timestamp, '2024-03-22T11:25:48.983761494Z')
  for (const text of ['2024-03-22T11:25:48.983Z', '1969-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z']) {
    assert.equal(entry({ timestamp: new Date(text) }).timestamp, text)
  }
  const disguised = Object.assign(new Date('2024-03-22T11:25:48Z'), { toISOString: () => '2000-01-01T00:00:00Z' })
  assert.equal(entry({ timestamp: disguised }).timestamp, '2024-03-22T11:25:48Z')
})

test('evidence is kept', () => {
  const evidence = [{ kind: 'later', proof: [1, 1e300, null, { a: 'ä\0' }] }]
  const withEvidence = entry({ evidence })
  assert.deepEqual(withEvidence.evidence, evidence)
  assert.deepEqual(Entry.fromJson(JSON.stringify(withEvidence)).evidence, evidence)
})

test('DER and PEM make the same verifier work', () => {
  const { entries, policy: wanted } = vector('accept-nine-claims').build()
  const bytes = Buffer.from(PEM)
  for (const trustAnchors of [PEM, DER, [DER], new Set([Uint8Array.from(DER)]), bytes, [Buffer.from(`\ufeff\n${PEM}`)]]) {
    assert.equal(new Verifier({ trustAnchors }).verifySync(NAME, entries, wanted).artifactName, NAME)
  }
})

test('PEM that is given as bytes is read as PEM in a record too', () => {
  const { certificate } = RECORD
  const record = entry({ certificate: Buffer.from(certificate) })
  assert.equal(JSON.stringify(record), JSON.stringify(entry({ certificate })))
  assert.equal(VERIFIER.verifySync(NAME, [record], vector('accept-nine-claims').build().policy).artifactName, NAME)
})

test('known intermediates and distrust in every form', () => {
  const known = vector('accept-known-intermediate')
  const { verifier, entries, policy: wanted } = known.build()
  const [intermediate] = verifier.verifySync(known.name, entries, wanted).path
  assert.equal(intermediate.origin, 'known_intermediate')
  const trustAnchors = known.value('trust_anchors')
  const { sha256, der } = intermediate
  for (const intermediates of [known.value('intermediates'), der, [der]]) {
    new Verifier({ trustAnchors, intermediates }).verifySync(known.name, entries, wanted)
    for (const digest of [sha256, sha256.toUpperCase(), Buffer.from(sha256, 'hex')]) {
      const distrusting = new Verifier({ trustAnchors, intermediates, distrusted: [digest] })
      const error = thrown(() => distrusting.verifySync(known.name, entries, wanted))
      assert.equal(error.code, 'unknown_ca')
      assert.match(error.detail, /distrusted/)
    }
  }
})

test('strict and lenient reading', () => {
  const [good, bad] = [JSON.stringify(RECORD), '{"namespace": null}']
  for (const log of [`[${good}, ${bad}, ${good}]`, `${good}\n\n${bad}\r\n${good}\n`]) {
    for (const data of [log, Buffer.from(log)]) {
      const error = thrown(() => entriesFromJson(data))
      assert.deepEqual([error.code, error.record, error.toJSON().record], ['malformed_entry', 1, 1])
      assert.match(error.message, /record 1: /)
      const [first, second, third, ...more] = readEntries(data)
      assert.equal(more.length, 0)
      const expected = Entry.fromJson(good).toJSON()
      assert.deepEqual([first.toJSON(), third.toJSON()], [expected, expected])
      assert.ok(second instanceof MalformedInputError && second.record === 1)
    }
  }
  assert.deepEqual([entriesFromJson('[]'), entriesFromJson('')], [[], []])
})

function endorLabs(spec) {
  const { namespace, provenance, ...rest } = RECORD
  return JSON.stringify({
    uuid: 'x',
    meta: { name: 'x' },
    tenant_meta: { namespace },
    spec: { ...rest, provenance: { ...provenance, token_subject: '' }, revoked: false, ...spec },
  })
}

test('Endor Labs records are read when asked for', () => {
  const format = 'endor_labs'
  const expected = entry({ provenance: RECORD.provenance }).toJSON()
  const only = (data, options) => {
    const [found, ...more] = entriesFromJson(data, options)
    assert.equal(more.length, 0)
    return found.toJSON()
  }
  assert.deepEqual(only(endorLabs(), { format }), expected)
  const listed = `{"list": {"objects": [${endorLabs()}, {"spec": {}}]}}`
  assert.equal(thrown(() => entriesFromJson(listed, { format })).record, 1)
  const [first, second] = readEntries(Buffer.from(listed), { format })
  assert.deepEqual(first.toJSON(), expected)
  assert.ok(second instanceof MalformedInputError && second.record === 1)
  const paged = '{"list": {"objects": [], "response": {"next_page_token": 100}}}'
  for (const read of [entriesFromJson, readEntries]) assert.match(thrown(() => read(paged, { format })).message, /next page/)
  const silent = endorLabs({ revoked: undefined })
  assert.match(thrown(() => entriesFromJson(silent, { format })).message, /revoked/)
  assert.deepEqual(only(silent, { format, absentRevokedMeansFalse: true }), expected)
  // Neither format is ever taken for the other.
  for (const call of [() => entriesFromJson(endorLabs()), () => entriesFromJson(JSON.stringify(RECORD), { format })]) {
    assert.ok(thrown(call) instanceof MalformedInputError)
  }
})

test('a refused artifact is no malformed input', () => {
  const error = thrown(() => VERIFIER.verifySync(NAME, [], policy()))
  assert.ok(error instanceof RejectedError && error instanceof CountermarkError && error instanceof Error)
  assert.ok(!(error instanceof MalformedInputError))
})
