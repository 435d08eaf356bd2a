// What promises are kept with, while everything inherits a `then` that would answer for them.

import { Policy, Verified, Verifier, digestArtifact, entriesFromJson } from 'countermark'
import { NAME, vector } from './common.mjs'
import * as peer from './peer.mjs'

const nine = vector('accept-nine-claims')
const { verifier, entries, policy } = nine.build()
const [record] = JSON.parse(nine.raw.get('entries'))
const revoked = entriesFromJson(JSON.stringify([{ ...record, revoked: true }]))
const message = {
  message: Buffer.from('a file'), signature: record.signature, certificate: record.certificate, timestamp: record.timestamp,
  policy: policy.signer,
}

Object.defineProperty(Object.prototype, 'then', {
  configurable: true,
  value(resolve) {
    resolve(Object.create(Verified.prototype, { code: { value: 'taken' } }))
  },
})
const said = []
const told = (promise) => promise.then(
  (result) => said.push(typeof result === 'string' ? result : (result.code ?? (result instanceof Verified ? 'verified' : 'none'))),
  (error) => said.push(error.code),
)
await told(verifier.verify(NAME, entries, policy))
await told(verifier.verify(NAME, revoked, policy))
const requests = [{ name: NAME, entries, policy }, { name: NAME, entries: revoked, policy }, { name: 'x', entries, policy }]
for (const one of await verifier.verifyMany(requests)) said.push(one instanceof Verified ? 'verified' : one.code)
await told(verifier.verifyMessage({ ...message, anySignerOfIssuer: true }))
const artifact = peer.BYTES
/** A stream whose own promises nobody answers for. */
function stream() {
  const steps = [{ __proto__: null, done: false, value: artifact }, { __proto__: null, done: true }]
  return { [Symbol.asyncIterator]: () => ({ next: async () => steps.shift() }) }
}

const promised = [
  () => peer.verifier.verifyBundle(artifact, peer.bundle, peer.policy),
  () => peer.verifier.verifyBundle(Buffer.from('x'), peer.bundle, peer.policy),
  () => peer.verifier.verifyBundles(artifact, [peer.bundle], peer.policy),
  () => peer.verifier.examineBundle(artifact, peer.bundle, peer.policy).then(({ verdict }) => `report of ${verdict}`),
  () => digestArtifact(stream()).then(({ sha256 }) => `digest ${sha256.length}`),
  () => peer.verifier.verifyBundle(stream(), peer.bundle, peer.policy),
  () => peer.verifier.verifyEnvelope(peer.bundle, peer.policy),
]
for (const ask of promised) await told(ask())
for (const one of await peer.verifier.verifyManyBundles([{ artifact, bundles: [peer.bundle], policy: peer.policy }])) {
  said.push(one instanceof Verified ? 'verified' : one.code)
}
delete Object.prototype.then
console.log(JSON.stringify(said))
