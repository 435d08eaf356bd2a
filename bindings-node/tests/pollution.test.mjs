// What other libraries do to JavaScript's prototypes takes no demand from a policy and no flag from a record.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { BundlePolicy, Entry, KeyPolicy, Log, Policy, SignerPolicy, Verified, Verifier, entriesFromJson, readEntries } from 'countermark'
import { ISSUER, NAME, read, vector } from './common.mjs'
import * as peer from './peer.mjs'

const nine = vector('accept-nine-claims')
const PEM = nine.value('trust_anchors')
const [RECORD] = JSON.parse(nine.raw.get('entries'))
const POLICY = JSON.parse(nine.raw.get('policy'))
const good = nine.raw.get('entries')
const revoked = JSON.stringify([{ ...RECORD, revoked: true }])
const LENIENT = `${JSON.stringify(RECORD)}\n{}\n`
const DIGEST = NAME.split('@')[1]
const COLUMNS = {
  namespace: RECORD.namespace,
  artifactName: RECORD.artifact_name,
  signature: RECORD.signature,
  certificate: RECORD.certificate,
  timestamp: RECORD.timestamp,
}
// Sets are filled by what is polluted below.
const DIGESTS = new Set([DIGEST])
const BOTH = new Set([new Entry({ ...COLUMNS, revoked: false }), new Entry({ ...COLUMNS, revoked: true })])
const ANCHOR_SHA256 = nine.verifySync().path[0].sha256

function codeOf(call) {
  try {
    const result = call()
    return result instanceof Verified ? 'verified' : result
  } catch (error) {
    return error.code ?? `${error}`
  }
}

/** What every kind of demand and every flag comes to, all of it made anew. */
function look() {
  const verifier = new Verifier({ trustAnchors: PEM, intermediates: undefined, distrusted: [] })
  const distrusting = new Verifier({ trustAnchors: PEM, distrusted: [ANCHOR_SHA256] })
  const make = (more) =>
    new Policy({ namespace: POLICY.namespace, certificateOidcIssuer: ISSUER, ...more })
  const rich = make({
    claims: { source_repository: RECORD.provenance.source_repository, build_trigger: { anyOf: ['no', 'other'] } },
    maxCertificateLifetimeSeconds: 600,
    revocationScope: 'entry',
    blocklist: [`sha256:${'0'.repeat(64)}`],
  })
  const bare = make()
  const marked = new Entry({ ...COLUMNS, revoked: true, blocklisted: true, provenance: { ['__proto__']: 'a', token_subject: 'b' } })
  const plain = new Entry({ ...COLUMNS, revoked: false })
  const log = new Log(RECORD.namespace)
  log.append(plain)
  log.append(marked)
  const lenient = readEntries(LENIENT)
  const report = verifier.examine(NAME, entriesFromJson(revoked), bare)
  const message = (signer, more) => codeOf(() =>
    verifier.verifyMessageSync({
      message: new Uint8Array([1]), signature: RECORD.signature, certificate: RECORD.certificate, timestamp: RECORD.timestamp,
      policy: signer, ...more,
    }))
  return {
    policy: rich.toJSON(), claims: rich.claims, signer: rich.signer.toJSON(), blocklist: rich.blocklist,
    bare: bare.toJSON(), bareClaims: bare.claims, bareBlocklist: bare.blocklist, again: bare.signer.claims,
    signerPolicy: new SignerPolicy({ certificateOidcIssuer: ISSUER, claims: { token_subject: 'x' } }).toJSON(),
    unconstrained: bare.signer.isUnconstrained,
    flags: `${marked.revoked} ${marked.blocklisted} ${plain.revoked} ${plain.blocklisted}`,
    provenance: marked.provenance, marked: marked.toJSON(), found: log.find(NAME).length, size: log.size,
    lenient: `${lenient.length} ${lenient[0].revoked} ${lenient[1].code} ${lenient[1].record}`,
    verified: codeOf(() => verifier.verifySync(NAME, entriesFromJson(good), bare)),
    other: codeOf(() => verifier.verifySync(NAME, entriesFromJson(good), rich)),
    distrusted: codeOf(() => distrusting.verifySync(NAME, entriesFromJson(good), bare)),
    blocklisted: codeOf(() => verifier.verifySync(NAME, entriesFromJson(good), make({ blocklist: [NAME] }))),
    byDigest: codeOf(() => verifier.verifySync(NAME, entriesFromJson(good), make({ blocklist: DIGESTS }))),
    byGlob: codeOf(() => verifier.verifySync(NAME, entriesFromJson(good), make({ claims: { source_repository: { glob: 'x/*' } } }))),
    short: codeOf(() => verifier.verifySync(NAME, entriesFromJson(good), make({ maxCertificateLifetimeSeconds: 1 }))),
    revoked: codeOf(() => verifier.verifySync(NAME, entriesFromJson(revoked), bare)),
    column: codeOf(() => verifier.verifySync(NAME, [plain, marked], bare)),
    log: codeOf(() => verifier.verifySync(NAME, log, bare)),
    set: codeOf(() => verifier.verifySync(NAME, BOTH, bare)),
    future: codeOf(() => verifier.verifySync(NAME, entriesFromJson(good), bare, { now: '2020-01-01T00:00:00Z' })),
    misspelt: codeOf(() => make({ claim: {} })),
    silent: codeOf(() => new Entry({ ...COLUMNS })),
    nothing: codeOf(() => verifier.verifySync(NAME, {}, bare)),
    message: message(bare.signer), anyone: message(bare.signer, { anySignerOfIssuer: true }),
    report: `${report.verdict} ${report.checks.length} ${report.checks[2].outcome} ${report.others.length} ${report.entryIndex}`,
  }
}

const SHA256 = peer.verifier.verifyBundleSync(peer.BYTES, peer.bundle, peer.policy).artifact.slice('sha256:'.length)
const KEY = Buffer.from(JSON.parse(peer.ROOT_TEXT).tlogs[0].publicKey.rawBytes, 'base64')

/** The same of bundles. */
function lookAtBundles() {
  const { bundle, root, policy } = peer
  const verifier = new Verifier({ trustedRoots: { one: root, other: root } })
  const make = (more) => BundlePolicy.forSigstore(peer.IDENTITY, ISSUER, more)
  const verify = (wanted, artifact = { sha256: SHA256 }, options) => codeOf(() => verifier.verifyBundleSync(artifact, bundle, wanted, options))
  const report = verifier.examineBundleSync({ sha256: SHA256 }, bundle, policy)
  const verified = verifier.verifyBundlesSync({ sha256: SHA256 }, [bundle], make({ instance: 'other', claims: { build_trigger: { anyOf: ['push', 'release'] } } }))
  return {
    rich: new BundlePolicy({
      certificateOidcIssuer: ISSUER, claims: { source_repository: 'x', build_trigger: { anyOf: ['a', 'b'] } }, blocklist: [NAME], logEntries: 2,
      predicateType: 'p', instance: 'i', ignoreUnknownAuthorities: true,
    }).toJSON(),
    github: BundlePolicy.forGithub('o/n', { claims: { build_trigger: 'push' }, blocklist: [NAME] }).claims,
    keys: new KeyPolicy({ keys: [{ publicKey: KEY, name: 'k', validFor: { start: '2021-01-01T00:00:00Z' } }], blocklist: [NAME] }).toJSON(),
    established: `${verified.instance} ${verified.times.length} ${verified.logEntries[0].logIndex} ${verified.certificateTimestamps.length} ${verified.warnings.length}`,
    report: `${report.verdict} ${report.checks.length} ${report.evidence.length} ${report.instance} ${report.rejection}`,
    blocked: verify(make({ blocklist: [`sha256:${SHA256}`] })),
    claims: verify(make({ claims: { source_repository: 'https://github.com/x/y' } })),
    glob: verify(BundlePolicy.forSigstore({ glob: 'https://github.com/x/*' }, ISSUER)),
    demanding: verify(make({ logEntries: 2 })),
    another: verify(policy, { sha256: '0'.repeat(64) }),
    future: verify(policy, undefined, { now: '2020-01-01T00:00:00Z' }),
    misspelt: codeOf(() => make({ logEntry: 2 })),
    nothing: codeOf(() => verifier.verifyBundleSync({}, bundle, policy)),
    none: codeOf(() => verifier.verifyBundlesSync({ sha256: SHA256 }, [], policy)),
  }
}

const expected = { ...look(), bundles: lookAtBundles() }

const { defineProperty } = Object

function put(found, bundles) {
  defineProperty(found, 'bundles', { __proto__: null, value: bundles, enumerable: true, configurable: true, writable: true })
}

function under(object, name, descriptor, what) {
  const before = Object.getOwnPropertyDescriptor(object, name)
  let found
  Object.defineProperty(object, name, { __proto__: null, configurable: true, ...descriptor })
  try {
    found = look()
    put(found, lookAtBundles())
  } finally {
    if (before === undefined) delete object[name]
    else Object.defineProperty(object, name, before)
  }
  assert.deepEqual(found, expected, what)
}

const NAMES = [
  ...['namespace', 'certificateOidcIssuer', 'claims', 'maxCertificateLifetimeSeconds', 'revocationScope', 'blocklist'],
  ...['certificate_oidc_issuer', 'max_certificate_lifetime_seconds', 'revocation_scope', 'anyOf', 'any_of', 'glob'],
  ...['source_repository', 'build_trigger', 'token_subject', 'trustAnchors', 'intermediates', 'distrusted', 'acceptedAlgorithms'],
  ...['artifactName', 'artifact_name', 'signature', 'certificate', 'timestamp', 'revoked', 'blocklisted', 'provenance', 'evidence'],
  ...['now', 'leewaySeconds', 'progress', 'format', 'absentRevokedMeansFalse', 'anySignerOfIssuer', 'message', 'sha256'],
  ...['kind', 'json', 'told', 'text', 'entryIndex', 'entry', 'entries', 'natives', 'name', 'policy', 'others', 'record', 'request'],
  ...['code', 'number', 'detail', 'check', 'remedy', 'checks', 'warnings', 'verdict', 'outcome', 'result', 'leaf', 'path', 'validity'],
  ...['trustedRoots', 'logs', 'certificateLogs', 'timestampAuthorities', 'rootNames', 'roots', 'artifact', 'bytes', 'sha384', 'sha512'],
  ...['bundle', 'bundles', 'instance', 'logEntries', 'log_entries', 'signedTimes', 'times', 'certificateTimestamps', 'predicateType'],
  ...['predicateTypes', 'subjectName', 'ignoreUnknownAuthorities', 'keys', 'publicKey', 'validFor', 'start', 'end', 'enterprise'],
  ...['statement', 'keyName', 'isOfKey', 'another_instance', 'rejection', 'whose', 'position', 'log_index', 'tree_size'],
  ...['toJSON', 'done', 'next', 'leeway', 'items', 'once', 'batch', 'asked', 'cause', 'endorLabsResult'],
]

test('accessors on Object.prototype', () => {
  for (const name of NAMES) {
    under(Object.prototype, name, { get: () => undefined, set: () => {} }, `a setter for ${name}`)
    under(Object.prototype, name, { get: () => true, set: () => {} }, `an accessor for ${name}`)
  }
})

test('members of Object.prototype', () => {
  for (const name of [...NAMES, 'value']) {
    for (const value of [true, 'entry', 0, null, [], () => ({}), { glob: '**' }]) {
      under(Object.prototype, name, { value, writable: true }, `${name}: ${value}`)
      under(Object.prototype, name, { value, writable: false }, `${name}, fixed: ${value}`)
    }
  }
})

test('what Object.prototype can do to descriptors', () => {
  const call = () => {}
  for (const [name, value] of [['get', call], ['set', call], ['writable', true], ['configurable', true], ['enumerable', false]]) {
    const { [name]: _, ...spared } = { __proto__: null }
    Object.prototype[name] = value
    let found
    try {
      found = look()
      put(found, lookAtBundles())
    } finally {
      delete Object.prototype[name]
    }
    assert.deepEqual(found, expected, name)
    assert.deepEqual(spared, {})
  }
})

test('iterators of arrays, sets and everything', () => {
  const none = function* () {}
  for (const type of [Array, Set, Map, Object, Uint8Array.prototype.__proto__.constructor, String]) {
    under(type.prototype, Symbol.iterator, { value: none, writable: true }, type.name)
  }
  const ended = () => ({ done: true, value: undefined })
  for (const one of [[][Symbol.iterator](), new Set()[Symbol.iterator]()]) {
    under(Object.getPrototypeOf(one), 'next', { value: ended, writable: true }, 'next')
  }
})

test('methods', () => {
  const wrong = [() => undefined, () => [], () => true, () => '']
  for (const [type, names] of [
    [Array, ['push', 'map', 'flatMap', 'filter', 'includes', 'join', 'slice', 'concat', 'forEach', 'some', 'every', 'entries', 'values', 'at', 'toJSON']],
    [Set, ['has', 'forEach', 'values', 'add', 'toJSON']],
    [Map, ['get', 'set', 'has']],
    [WeakMap, ['get', 'set', 'has']],
    [String, ['isWellFormed', 'slice', 'toString', 'valueOf', 'replace', 'startsWith', 'includes', 'toJSON']],
    [Number, ['toString', 'valueOf', 'toJSON']],
    [Boolean, ['toString', 'valueOf', 'toJSON']],
    [Date, ['getTime', 'toISOString', 'toJSON']],
    [Function, ['call', 'apply', 'bind']],
    [Object, ['hasOwnProperty', 'toString', 'valueOf']],
    [Error, ['toString', 'toJSON']],
  ]) {
    for (const name of names) for (const value of wrong) under(type.prototype, name, { value, writable: true }, `${type.name}.${name}`)
  }
  for (const [object, names] of [
    [Object, ['create', 'freeze', 'keys', 'entries', 'hasOwn', 'getOwnPropertyNames', 'getPrototypeOf', 'fromEntries', 'assign']],
    [Reflect, ['apply', 'ownKeys', 'get', 'has', 'getPrototypeOf']],
    [Array, ['isArray', 'from']],
    [JSON, ['parse', 'stringify']],
    [Number, ['isNaN', 'isFinite', 'isInteger']],
    [Buffer, ['from', 'alloc', 'concat']],
    [ArrayBuffer, ['isView']],
  ]) {
    for (const name of names) for (const value of wrong) under(object, name, { value, writable: true }, name)
  }
})

test('accessors at the places of lists make no yes', () => {
  const verifier = new Verifier({ trustAnchors: PEM })
  const policy = Policy.fromJson(nine.raw.get('policy'))
  const [plain] = entriesFromJson(good)
  for (const prototype of [Array.prototype, Object.prototype]) {
    for (const index of ['0', '1']) {
      for (const value of [undefined, plain]) {
        const said = []
        Object.defineProperty(prototype, index, { __proto__: null, configurable: true, get: () => value, set() {} })
        let one, other, third
        try {
          one = codeOf(() => verifier.verifySync(NAME, entriesFromJson(revoked), policy))
          other = codeOf(() => verifier.verifySync(NAME, BOTH, policy))
          third = codeOf(() => verifier.verifySync(NAME, entriesFromJson(good), new Policy({
            namespace: POLICY.namespace, certificateOidcIssuer: ISSUER, blocklist: DIGESTS,
          })))
        } finally {
          delete prototype[index]
        }
        said.push(one, other, third)
        assert.ok(!said.includes('verified'), `${index}: ${said}`)
      }
    }
  }
})

test('getters of bytes', () => {
  const typed = Object.getPrototypeOf(Uint8Array.prototype)
  for (const name of ['buffer', 'length', 'byteLength', 'byteOffset']) {
    under(typed, name, { get: () => (name === 'buffer' ? new ArrayBuffer(0) : 0) }, name)
  }
  const gone = Buffer.from(revoked)
  for (const [name, value] of [['length', 2], ['byteLength', 2], ['buffer', new ArrayBuffer(2)], ['byteOffset', 0]]) {
    Object.defineProperty(gone, name, { value })
  }
  assert.equal(entriesFromJson(gone)[0].revoked, true)
})

test('names that objects inherit, in claims and in JSON', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then']) {
    const claims = JSON.parse(`{${JSON.stringify(name)}: "x"}`)
    assert.equal(codeOf(() => new Policy({ namespace: 'ns', certificateOidcIssuer: ISSUER, claims })), 'malformed_policy')
    const text = JSON.stringify({ namespace: 'ns', certificate_oidc_issuer: ISSUER, claims })
    assert.equal(codeOf(() => Policy.fromJson(text.replace('{}', JSON.stringify(claims)))), 'malformed_policy', text)
  }
  const options = JSON.parse(`{"namespace": "ns", "certificateOidcIssuer": "x", "__proto__": {"blocklist": []}}`)
  assert.equal(codeOf(() => new Policy(options)), 'invalid_argument')
  const inherited = { __proto__: { claims: { token_subject: 'x' } }, namespace: 'ns', certificateOidcIssuer: 'x' }
  assert.equal(codeOf(() => new Policy(inherited)), 'invalid_argument')
})

test('a then on Object.prototype answers no promise', () => {
  const script = fileURLToPath(new URL('then.mjs', import.meta.url))
  const printed = execFileSync(process.execPath, [script], { encoding: 'utf8' })
  assert.deepEqual(JSON.parse(printed), [
    'verified', 'revoked_signature', 'verified', 'revoked_signature', 'malformed_name', 'invalid_signature',
    'verified', 'artifact_mismatch', 'verified', 'report of verified', 'digest 64', 'verified', 'artifact_mismatch', 'verified',
  ])
})

test("the quickstart's revocation counts whatever there is", () => {
  const verifier = new Verifier({ trustAnchors: read('quickstart', 'root.pem') })
  const policy = Policy.fromJson(read('quickstart', 'policy.json'))
  const entries = [...entriesFromJson(read('quickstart', 'log.json')), ...entriesFromJson(read('quickstart', 'revoked.json'))]
  assert.equal(codeOf(() => verifier.verifySync(NAME, entries, policy)), 'revoked_signature')
})
