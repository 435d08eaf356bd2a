// Uses the package as typed code does. Each line after `@ts-expect-error` must be an error.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'

import {
  Bundle,
  BundlePolicy,
  CODES,
  CountermarkError,
  Entry,
  KeyPolicy,
  Log,
  LogKey,
  MalformedInputError,
  Policy,
  PypiPublisher,
  RejectedError,
  SignerPolicy,
  TimestampAuthority,
  TrustedRoot,
  Verified,
  Verifier,
  bundlesFrom,
  bundlesFromNpm,
  bundlesFromPypiProvenance,
  digestArtifact,
  entriesFromJson,
  readBundles,
  readEntries,
} from 'countermark'
import type {
  AnyBundlePolicy,
  Artifact,
  BundleReport,
  BundleRequest,
  Code,
  PolicyOptions,
  Report,
  Request,
  SignatureAlgorithm,
  Statement,
  TimeVoucher,
  VerifiedEnvelope,
  Wanted,
} from 'countermark'

function is<T>(value: T): T {
  return value
}

export async function right(pem: string, der: Uint8Array, data: Buffer): Promise<void> {
  const verifier = new Verifier({ trustAnchors: pem, intermediates: [der, data], distrusted: ['ab'.repeat(32), der] })
  const acceptedAlgorithms: SignatureAlgorithm[] = ['rsa_pss_sha256', 'ecdsa_p256_sha256']
  is<Verifier>(new Verifier({ trustAnchors: der, acceptedAlgorithms }))
  const wanted: Wanted = { anyOf: ['push'] }
  const options: PolicyOptions = {
    namespace: 'ns',
    certificateOidcIssuer: 'https://issuer',
    claims: { token_subject: 'x', build_trigger: wanted, '1.3.6.1.4.1.55555.1': { glob: 'v*' } },
    blocklist: undefined,
  }
  const policy = new Policy(options)
  is<SignerPolicy>(policy.signer)
  is<'artifact' | 'entry' | 'digest'>(new Policy({ ...options, revocationScope: 'digest' }).revocationScope)
  const entries = entriesFromJson(data, { format: 'endor_labs', absentRevokedMeansFalse: true })
  const log = new Log('ns')
  for (const entry of entries) log.append(entry)
  const verified = await verifier.verify('name', log, policy, { now: new Date(), leewaySeconds: 2.5 })
  is<Verified>(verified)
  is<string | undefined>(verified.claims['token_subject'])
  is<TimeVoucher>(verified.timeVoucher)
  is<Verified>(verifier.verifySync('name', new Set(entries), policy))
  is<Report>(verifier.examine('name', entries, policy))
  const requests: Request[] = [{ name: 'name', entries, policy }]
  for (const result of await verifier.verifyMany(requests, { progress: (done, of) => console.log(done / of) })) {
    if (result instanceof Verified) console.log(result.claims, result.entry?.timestamp)
    else if (result instanceof RejectedError) is<readonly RejectedError[]>(result.others)
    else is<number | null>(result.request)
  }
  for (const record of readEntries(data)) {
    if (record instanceof MalformedInputError) is<number | null>(record.record)
    else is<Entry>(record)
  }
  const signer = new SignerPolicy({ certificateOidcIssuer: 'https://issuer', claims: policy.claims })
  const sha256 = createHash('sha256').update(data).digest()
  const signed = { sha256, signature: der, certificate: pem, timestamp: new Date(), policy: signer }
  is<Verified>(await verifier.verifyMessage(signed))
  is<Verified>(verifier.verifyMessageSync(signed, { now: '2024-03-22T11:25:48.983761494Z' }))
  is<Code>(CODES.unknown_ca)
}

export async function bundles(text: string, der: Uint8Array, data: Buffer, web: ReadableStream<Uint8Array>): Promise<void> {
  const root = TrustedRoot.fromJson(data)
  const validFor = { start: new Date(0), end: '2030-01-01T00:00:00Z' }
  const log = LogKey.rekorV2({ baseUrl: 'https://log', publicKey: der, validFor, operator: 'us' })
  const authority = new TimestampAuthority({ chain: [der, data], validFor })
  is<Verifier>(new Verifier({ trustAnchors: text, logs: [log], certificateLogs: new Set([log]), timestampAuthorities: [authority] }))
  is<Verifier>(new Verifier({ trustedRoots: { public: root, ours: root }, acceptedAlgorithms: ['ed25519'] }))
  const verifier = Verifier.fromTrustedRoot(root)
  const bundle = Bundle.fromJson(text)
  is<Statement | undefined>(bundle.statement()?.unverified)
  const policies: AnyBundlePolicy[] = [
    new BundlePolicy({ certificateOidcIssuer: 'https://issuer', claims: { certificate_identity: { glob: 'x/*' } }, logEntries: 2 }),
    BundlePolicy.forSigstore('a@b.c', 'https://issuer', { instance: 'public' }),
    BundlePolicy.forGithub('o/n', { enterprise: 'acme' }),
    BundlePolicy.forGithubRelease('o/n'),
    BundlePolicy.forPypi(PypiPublisher.github('o/n', 'release.yml'), 'x-1.0.tar.gz'),
    new KeyPolicy({ keys: [{ publicKey: text, name: 'k', validFor }], signedTimes: 0 }),
    KeyPolicy.fromNpmKeys(data),
  ]
  for (const policy of policies) {
    const artifacts: Artifact[] = [data, der, { sha256: 'ab' }, { sha512: der }, 'registry/image@sha256:…']
    for (const artifact of artifacts) is<Verified>(verifier.verifyBundleSync(artifact, bundle, policy, { now: new Date() }))
    for (const stream of [createReadStream('x'), Readable.from([data]), web]) {
      is<Verified>(await verifier.verifyBundle(stream, bundle, policy))
    }
    is<Verified>(await verifier.verifyBundle(await digestArtifact(web), bundle, policy))
    is<BundleReport>(await verifier.examineBundle(data, bundle, policy))
    is<VerifiedEnvelope>(verifier.verifyEnvelopeSync(bundle, policy))
    const requests: BundleRequest[] = [{ artifact: data, bundles: bundlesFrom(data), policy }]
    for (const result of await verifier.verifyManyBundles(requests)) {
      if (result instanceof Verified) is<string | null>(result.instance)
      else if (result instanceof RejectedError) is<string>(result.code)
      else is<number | null>(result.request)
    }
  }
  for (const record of readBundles(text)) if (!(record instanceof MalformedInputError)) is<Bundle>(record)
  for (const attestation of bundlesFromNpm(text)) is<Bundle>(attestation.bundle)
  for (const publisher of bundlesFromPypiProvenance(text)) is<readonly Bundle[]>(publisher.bundles)
}

export async function wrongBundles(verifier: Verifier, bundle: Bundle, policy: BundlePolicy, data: Buffer): Promise<void> {
  // @ts-expect-error: a stream takes time
  verifier.verifyBundleSync(createReadStream('x'), bundle, policy)
  // @ts-expect-error: a promise is no verdict
  verifier.verifyBundle(data, bundle, policy).claims
  // @ts-expect-error: nobody has verified what a bundle says
  bundle.statement()?.predicateType
  // @ts-expect-error: an envelope that was verified says nothing about an artifact
  is<Verified>(verifier.verifyEnvelopeSync(bundle, policy))
  // @ts-expect-error: a policy for records is none for bundles
  verifier.verifyBundleSync(data, bundle, new Policy({ namespace: 'ns', certificateOidcIssuer: 'https://issuer' }))
  // @ts-expect-error: a bundle that could not be read is none
  verifier.verifyBundlesSync(data, readBundles(data), policy)
  // @ts-expect-error: an algorithm that is not known
  verifier.verifyBundleSync({ sha1: 'ab' }, bundle, policy)
  // @ts-expect-error: a demand is misspelt
  BundlePolicy.forGithub('o/n', { logEntry: 1 })
  // @ts-expect-error: a key has no certificate
  new KeyPolicy({ keys: [], certificateTimestamps: 1 })
  // @ts-expect-error: JSON is no trusted root
  new Verifier({ trustedRoots: { public: data } })
  // @ts-expect-error: only readers make one
  new Bundle()
}

export async function wrong(verifier: Verifier, entries: Entry[], policy: Policy, data: string): Promise<void> {
  // @ts-expect-error: a record that could not be read is no entry
  verifier.verifySync('name', readEntries(data), policy)
  // @ts-expect-error: there is no policy
  verifier.verifySync('name', entries)
  // @ts-expect-error: the time is an option
  verifier.verifySync('name', entries, policy, new Date())
  // @ts-expect-error: an option is misspelt
  verifier.verifySync('name', entries, policy, { nowe: new Date() })
  // @ts-expect-error: a promise is no verdict
  verifier.verify('name', entries, policy).claims
  // @ts-expect-error: a message is bytes
  verifier.verifyMessageSync({ message: data, signature: '', certificate: '', timestamp: '', policy: policy.signer })
  // @ts-expect-error: of a message only the signer's part is asked
  verifier.verifyMessageSync({ message: Buffer.of(), signature: '', certificate: '', timestamp: '', policy })
  // @ts-expect-error: a result may be a rejection
  for (const result of await verifier.verifyMany([{ name: 'name', entries, policy }])) console.log(result.claims)
  // @ts-expect-error: there is no such scope
  new Policy({ namespace: 'ns', certificateOidcIssuer: 'https://issuer', revocationScope: 'none' })
  // @ts-expect-error: a member is misspelt
  new Policy({ namespace: 'ns', certificateOidcIssuer: 'https://issuer', claim: {} })
  // @ts-expect-error: there is no such claim
  new Policy({ namespace: 'ns', certificateOidcIssuer: 'https://issuer', claims: { source_repo: 'x' } })
  // @ts-expect-error: a policy does not change
  policy.namespace = 'other'
  // @ts-expect-error: a record that does not say whether it is revoked
  new Entry({ namespace: 'ns', artifactName: 'n', signature: '', certificate: '', timestamp: '' })
  // @ts-expect-error: there is no such algorithm
  new Verifier({ trustAnchors: '', acceptedAlgorithms: ['rsa_pkcs1_sha1'] })
  // @ts-expect-error: there is no such format
  entriesFromJson(data, { format: 'json' })
  // @ts-expect-error: only a verifier makes one
  new Verified()
  // @ts-expect-error: nothing returns a boolean
  const sure: boolean = verifier.verifySync('name', entries, policy)
  try {
    verifier.verifySync('name', entries, policy)
  } catch (error) {
    // @ts-expect-error: there is no such code
    if (error instanceof CountermarkError && error.code === 'unkown_ca') console.log(sure)
  }
}
