// What the objects promise: they do not change, they can be shown, and a `Verified` cannot be made.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'

import * as countermark from 'countermark'
import {
  CODES,
  CountermarkError,
  Entry,
  Log,
  MalformedInputError,
  Policy,
  RejectedError,
  Report,
  SignerPolicy,
  Verified,
  Verifier,
  entriesFromJson,
} from 'countermark'
import { ISSUER, NAME, ROOT, thrown, vector } from './common.mjs'

const RICH = new Policy({
  namespace: 'ns',
  certificateOidcIssuer: ISSUER,
  claims: {
    source_repository: 'a/b',
    source_repository_ref: { glob: 'refs/tags/v*' },
    build_trigger: { anyOf: new Set(['push', "it's"]) },
    '1.3.6.1.4.1.55555.1': 'ä',
  },
  maxCertificateLifetimeSeconds: 600,
  revocationScope: 'entry',
  blocklist: [`sha256:${'0'.repeat(64)}`, NAME],
})

const rejected = (name) => {
  const error = thrown(() => vector(name).verifySync())
  assert.ok(error instanceof RejectedError)
  return error
}

function everything() {
  const accepted = vector('accept-nine-claims')
  const { verifier, entries, policy } = accepted.build()
  return [verifier, entries[0], policy, RICH, RICH.signer, accepted.verifySync(), accepted.examine(), new Log('x')]
}

test('CommonJS and modules have the very same objects', () => {
  const required = createRequire(import.meta.url)('countermark')
  assert.deepEqual(Object.keys(required).sort(), Object.keys(countermark).sort())
  for (const [name, value] of Object.entries(required)) assert.equal(countermark[name], value, name)
})

test('a policy tells what it was made of', () => {
  assert.deepEqual({ ...RICH.claims }, {
    source_repository: 'a/b',
    source_repository_ref: { glob: 'refs/tags/v*' },
    build_trigger: { anyOf: ['push', "it's"] },
    '1.3.6.1.4.1.55555.1': 'ä',
  })
  assert.deepEqual(RICH.blocklist, [NAME, `sha256:${'0'.repeat(64)}`])
  assert.equal(RICH.maxCertificateLifetimeSeconds, 600)
  assert.equal(RICH.revocationScope, 'entry')
  assert.deepEqual(Policy.fromJson(JSON.stringify(RICH)).toJSON(), RICH.toJSON())
  const { namespace, certificateOidcIssuer, claims, maxCertificateLifetimeSeconds, revocationScope, blocklist } = RICH
  const again = new Policy({ namespace, certificateOidcIssuer, claims, maxCertificateLifetimeSeconds, revocationScope, blocklist })
  assert.deepEqual(again.toJSON(), RICH.toJSON())

  const defaults = new Policy({ namespace: 'ns', certificateOidcIssuer: ISSUER, claims: undefined, blocklist: undefined })
  assert.deepEqual([defaults.maxCertificateLifetimeSeconds, defaults.revocationScope], [300, 'artifact'])
  assert.deepEqual([{ ...defaults.claims }, defaults.blocklist], [{}, []])
  assert.ok(defaults.signer.isUnconstrained && !RICH.signer.isUnconstrained)

  const { signer } = RICH
  assert.ok(signer instanceof SignerPolicy)
  assert.equal(signer.certificateOidcIssuer, ISSUER)
  assert.equal(signer.maxCertificateLifetimeSeconds, 600)
  assert.deepEqual({ ...signer.claims }, { ...RICH.claims })
  assert.deepEqual(Object.keys(signer.toJSON()), ['certificate_oidc_issuer', 'claims', 'max_certificate_lifetime_seconds'])
})

test('nothing can be changed', () => {
  const isFixed = (value, seen = new Set()) => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return
    seen.add(value)
    assert.ok(Object.isFrozen(value), inspect(value))
    for (const member of Object.values(value)) isFixed(member, seen)
  }
  for (const value of everything()) {
    const type = Object.getPrototypeOf(value)
    assert.ok(Object.isFrozen(value), type.constructor.name)
    for (const [name, { get, value: method }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      assert.throws(() => (value[name] = 'other'), TypeError, name)
      assert.throws(() => Object.defineProperty(value, name, { value: 'other' }), TypeError, name)
      if (get !== undefined && name !== 'evidence') isFixed(value[name])
      else if (method === undefined) assert.ok(get, name)
    }
  }
})

test('what was handed out is a copy', () => {
  const verified = vector('accept-nine-claims').verifySync()
  verified.leaf.fill(0)
  verified.signature.fill(0)
  verified.path[0].der.fill(0)
  verified.entry.signature.fill(0)
  const json = verified.toJSON()
  json.claims.source_repository = 'other'
  const again = vector('accept-nine-claims').verifySync()
  assert.deepEqual(verified.leaf, again.leaf)
  assert.deepEqual(verified.signature, again.signature)
  assert.deepEqual(verified.path, again.path)
  assert.deepEqual(verified.entry.signature, again.entry.signature)
  assert.equal(verified.claims.source_repository, 'endorlabs/monorepo')
})

test('a Verified cannot be made by hand', () => {
  const verified = vector('accept-nine-claims').verifySync()
  for (const type of [Verified, Report]) {
    class Fake extends type {
      constructor(...given) {
        super(...given)
      }
    }
    for (const make of [
      () => new type(),
      () => new type('{}', null, null),
      () => new type(Symbol('of a verifier'), '{}', '', null),
      () => new Fake(),
      () => Reflect.construct(type, [], Object),
      () => Reflect.construct(Object, [], type).artifactName,
      () => Object.create(type.prototype).artifactName,
      () => Object.create(verified).artifactName,
      () => Object.setPrototypeOf({}, type.prototype).toJSON(),
      () => Object.assign(Object.create(type.prototype), { artifactName: NAME }),
      () => type.prototype.toString.call({}),
      () => new Proxy(verified, {}).artifactName,
      () => verified.constructor.call(Object.create(type.prototype)),
    ]) {
      assert.throws(make, TypeError, String(make))
    }
  }
  const cloned = structuredClone(verified)
  assert.ok(!(cloned instanceof Verified))
  assert.deepEqual(Object.keys(cloned), [])
})

test('methods are for objects of their class', () => {
  const [verifier, entry, policy, , signer] = everything()
  for (const call of [
    () => Verifier.prototype.verifySync.call(policy, NAME, [entry], policy),
    () => Verifier.prototype.verifySync.call(Object.setPrototypeOf({}, Verifier.prototype), NAME, [entry], policy),
    () => Policy.prototype.toJSON.call(signer),
    () => Reflect.get(Entry.prototype, 'signature', verifier),
    () => Log.prototype.append.call(verifier, entry),
  ]) {
    assert.throws(call, TypeError)
  }
})

test('a Verified tells what was established', () => {
  const nine = vector('accept-nine-claims')
  const { verifier, entries, policy } = nine.build()
  const verified = verifier.verifySync(NAME, new Set(entries), policy)
  assert.equal(verified.entry, entries[0])
  assert.equal(verified.entryIndex, 0)
  assert.equal(verified.artifactName, NAME)
  assert.equal(verified.claims.source_repository, 'endorlabs/monorepo')
  assert.equal(verified.claims.constructor, undefined)
  assert.deepEqual(verified.signature, entries[0].signature)
  assert.deepEqual(verified.leaf, entries[0].certificates[0])
  assert.equal(verified.timestamp, entries[0].timestamp)
  assert.equal(verified.timeVoucher, 'recorded')
  assert.deepEqual(verified.validity, ['2024-03-22T11:25:40Z', '2024-03-22T11:30:40Z'])
  const anchor = verified.path.at(-1)
  assert.equal(anchor.origin, 'trust_anchor')
  assert.match(anchor.subject, /CN=/)
  assert.match(anchor.sha256, /^[0-9a-f]{64}$/)
  const json = JSON.parse(JSON.stringify(verified))
  assert.deepEqual(json, verified.toJSON())
  assert.deepEqual([json.verdict, json.claims], ['verified', { ...verified.claims }])
  assert.match(`${verified}`, /^verified: registry\/image@sha256:.*\n.*trusted/)
  assert.deepEqual(verified.warnings, [])
  assert.deepEqual(vector('accept-minimal').verifySync().warnings, ['signer_unconstrained'])
  assert.deepEqual(vector('accept-minimal').examine().warnings, ['signer_unconstrained'])
  const custom = vector('accept-custom-claim').verifySync().claims
  assert.ok(Object.keys(custom).some((name) => /^\d/.test(name)))
})

test('everything can be shown', () => {
  for (const value of everything()) assert.match(inspect(value), new RegExp(`^${value.constructor.name} {`))
  assert.match(inspect({ deep: everything() }), /namespace: 'ns'/)
  assert.match(inspect(vector('accept-nine-claims').verifySync()), /source_repository_owner: 'endorlabs'/)
})

test('a rejection says why and what to do', () => {
  const refused = rejected('several-all-bad-newest-reported')
  const [other, ...more] = refused.others
  assert.equal(more.length, 0)
  assert.ok(other instanceof RejectedError)
  assert.ok(refused.entryIndex !== null && other.entryIndex !== null && other.entryIndex !== refused.entryIndex)
  assert.match(refused.message, /\(1 other entry was refused too\)$/)
  for (const error of [refused, rejected('revoked')]) {
    assert.ok(error instanceof CountermarkError && error instanceof Error)
    assert.equal(error.name, 'RejectedError')
    assert.equal(error.number, CODES[error.code].number)
    assert.ok(error.message.includes(`; ${error.remedy}`))
    assert.match(error.stack, /objects\.test\.mjs|common\.mjs/)
    assert.match(String(error), new RegExp(`^RejectedError: ${error.code}: `))
    for (const name of ['code', 'number', 'check', 'detail', 'remedy', 'entryIndex', 'others']) {
      assert.throws(() => (error[name] = 'verified'), TypeError, name)
    }
  }
  assert.equal(rejected('chain-intermediate-expired').check, 'chain')
  assert.equal(rejected('time-an-hour-late').check, 'timestamp')
  assert.equal(rejected('none-empty-log').entryIndex, null)
})

test("a rejection has the members of the core's", () => {
  const several = vector('several-all-bad-newest-reported')
  const { others } = several.examine().toJSON()
  assert.deepEqual(JSON.parse(JSON.stringify(rejected(several.id).others)), others)
  assert.deepEqual(several.examine().others.map((other) => other.toJSON()), others)
  // The remedy is the reason's, and not looked up by the code.
  for (const name of ['revoked', 'claims-differ', 'none-empty-log', 'chain-intermediate-expired', 'time-an-hour-late', several.id]) {
    const { remedy } = vector(name).examine().checks.find(({ outcome }) => outcome === 'failed')
    assert.equal(rejected(name).remedy, remedy, name)
  }
})

test('malformed input says which record it is', () => {
  const error = thrown(() => entriesFromJson('[1]'))
  assert.ok(error instanceof MalformedInputError)
  assert.deepEqual([error.name, error.code, error.record, error.check], ['MalformedInputError', 'malformed_entry', 0, 'input'])
})

test('a report shows every check', () => {
  const refused = vector('claims-differ').examine()
  assert.equal(refused.checks[0].check, 'selection')
  assert.deepEqual(refused.checks.map(({ outcome }) => outcome), [...Array(9).fill('passed'), 'failed'])
  const last = refused.checks.at(-1)
  assert.deepEqual([last.code, last.remedy], ['claims_mismatch', refused.toJSON().checks.at(-1).remedy])
  assert.ok(last.detail)
  assert.deepEqual([refused.checks[0].code, refused.checks[0].detail, refused.checks[0].remedy], [null, null, null])
  assert.deepEqual([refused.verdict, refused.toJSON().verdict], ['claims_mismatch', 'claims_mismatch'])
  assert.equal(refused.artifactName, NAME)
  assert.equal(refused.entryIndex, 0)
  assert.ok(refused.timestamp && Object.keys(refused.claims).length > 0)
  assert.deepEqual(refused.others, [])
  assert.match(`${refused}`, /FAILED/)
  const none = vector('none-empty-log').examine()
  assert.deepEqual([none.entryIndex, none.timestamp, { ...none.claims }], [null, null, {}])
})

test('the log only grows and revokes', () => {
  const nine = vector('accept-nine-claims')
  const { verifier, entries, policy } = nine.build()
  const [entry] = entries
  const log = new Log(entry.namespace)
  assert.equal(log.append(entry), undefined)
  log.append(entry)
  assert.deepEqual([log.namespace, log.size, [...log].length, log.find('x')], ['example-ns', 2, 2, []])
  const held = log.find(NAME)
  assert.deepEqual(held.map((found) => found.toJSON()), [entry.toJSON(), entry.toJSON()])
  verifier.verifySync(NAME, held, policy)
  verifier.verifySync(NAME, log, policy)
  const nothing = thrown(() => log.revokeSignature(NAME, 'refs/heads/other'))
  assert.ok(nothing instanceof CountermarkError && !(nothing instanceof RejectedError))
  assert.equal(nothing.code, 'no_signature')
  assert.equal(log.revokeSignature(NAME, entry.provenance.source_repository_ref), 2)
  assert.equal(thrown(() => verifier.verifySync(NAME, log, policy)).code, 'revoked_signature')
  assert.ok(!held[0].revoked, 'what was handed out before does not change')
})

test("the code table is the core's", () => {
  const table = readFileSync(join(ROOT, 'docs', 'codes.md'), 'utf8')
  const codes = Object.values(CODES)
  assert.deepEqual(codes.map(({ number }) => number), codes.map(({ number }) => number).sort((a, b) => a - b))
  for (const [name, code] of Object.entries(CODES)) {
    assert.equal(code.name, name)
    assert.ok(code.number > 0 && code.cause && table.includes(`\`${name}\``) && table.includes(code.remedy))
    assert.ok(Object.isFrozen(code))
  }
  assert.equal(CODES.unknown_ca.endorLabsResult, 'UNKNOWN_CA')
  assert.equal(CODES.blocklisted.endorLabsResult, null)
  assert.ok(Object.isFrozen(CODES) && CODES.constructor === undefined)
})
