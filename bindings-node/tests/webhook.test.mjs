// The example: the admission webhook, over TLS on loopback, with AdmissionReview documents as the API server sends them.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

import { createWebhook } from '../examples/webhook/webhook.mjs'
import { NAME, OTHER, PACKAGE, TESTDATA } from './common.mjs'

const FILES = join(TESTDATA, 'quickstart')
const REVIEWS = fileURLToPath(new URL('reviews', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'countermark-webhook-'))
const at = (name) => join(directory, name)
const lines = []
let port

const review = (name) => JSON.parse(readFileSync(join(REVIEWS, `${name}.json`), 'utf8'))
const file = (name) => readFileSync(at(name))

/** A server's or a client's certificate, and the authority that is trusted for it. */
function makeCertificates() {
  const openssl = (...given) => execFileSync('openssl', given, { cwd: directory, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...key, '-subj', '/CN=webhook', '-addext', 'subjectAltName=DNS:localhost', '-days', '2',
    '-keyout', 'tls.key', '-out', 'tls.crt')
  openssl('req', '-x509', ...key, '-subj', '/CN=api-server', '-days', '2', '-keyout', 'client.key', '-out', 'client.crt')
}

/** Puts the records of some files of the quickstart in place, as a user should: a new file takes the old one's name. */
function setRecords(...names) {
  const records = names.flatMap((name) => JSON.parse(readFileSync(join(FILES, name), 'utf8')))
  writeFileSync(at('new'), JSON.stringify(records))
  renameSync(at('new'), at('log/records.json'))
}

const options = () => ({
  certificate: file('tls.crt'),
  key: file('tls.key'),
  roots: at('root.pem'),
  policy: at('policy.json'),
  records: at('log'),
  log: (line) => lines.push(line),
})

async function serving(changes, use) {
  const server = createWebhook({ ...options(), ...changes })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use(server.address().port)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function send(body, { on = port, method = 'POST', path = '/validate?timeout=10s', headers = {}, ...more } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', servername: 'localhost', port: on, ca: file('tls.crt'), method, path, agent: false },
        headers: { 'content-type': 'application/json', ...headers },
        ...more,
      },
      (response) => {
        const chunks = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }))
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

/** What the webhook answers to a review, its form checked. */
async function asked(document, more) {
  const { status, text } = await send(JSON.stringify(document), more)
  assert.equal(status, 200, text)
  const { apiVersion, kind, response } = JSON.parse(text)
  assert.deepEqual([apiVersion, kind, response.uid], ['admission.k8s.io/v1', 'AdmissionReview', document.request.uid])
  assert.equal(typeof response.allowed, 'boolean')
  if (response.allowed) assert.equal(response.status, undefined)
  else assert.ok(response.status.message && response.status.code >= 400)
  return response
}

async function allows(document, more) {
  const { allowed, status } = await asked(document, more)
  assert.ok(allowed, status?.message)
}

async function denies(document, pattern, more, what) {
  const { allowed, status } = await asked(document, more)
  assert.equal(allowed, false, what)
  assert.match(status.message, pattern)
  return status
}

/** The object's Pod specification, wherever it is. */
function podSpec({ request: { object } }) {
  const path = { Pod: 'spec', PodTemplate: 'template.spec', CronJob: 'spec.jobTemplate.spec.template.spec' }
  return (path[object.kind] ?? 'spec.template.spec').split('.').reduce((found, name) => found[name], object)
}

const WORKLOADS = readdirSync(REVIEWS)
  .map((name) => name.replace(/\.json$/, ''))
  .filter((name) => name.endsWith('-create') && name !== 'service-create')

let server

before(async () => {
  makeCertificates()
  mkdirSync(at('log'))
  for (const name of ['root.pem', 'policy.json']) copyFileSync(join(FILES, name), at(name))
  setRecords('log.json')
  server = createWebhook(options())
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = server.address().port
})

after(() => {
  server.closeAllConnections()
  server.close()
  rmSync(directory, { recursive: true })
})

test('every kind that makes Pods is there', () => {
  assert.equal(WORKLOADS.length, 9)
})

for (const name of [...WORKLOADS, 'pod-update', 'pod-ephemeralcontainers']) {
  test(`${name}: allowed if every image is verified, denied if one is not`, async () => {
    await allows(review(name))
    const container = (image) => ({ name: 'other', image })
    const volume = (reference) => ({ name: 'other', image: { reference, pullPolicy: 'Always' } })
    for (const [list, make] of [
      ['containers', container],
      ['initContainers', container],
      ['ephemeralContainers', container],
      ['volumes', volume],
    ]) {
      for (const [image, reason] of [
        [OTHER, /no_signature/],
        ['nginx', /malformed_name.*digest/],
        ['registry/image:v1', /malformed_name/],
        [NAME.replace('@', ':v1@'), /malformed_name/],
        [`docker.io/${NAME}`, /no_signature/],
        [NAME.toUpperCase(), /malformed_name/],
        [`${NAME} `, /malformed_name/],
        ['\u001b[2J', /malformed_name/],
      ]) {
        const document = review(name)
        const spec = podSpec(document)
        spec[list] = [...(spec[list] ?? []), make(image)]
        const { message } = await denies(document, reason)
        assert.match(message, new RegExp(`${list}\\[${spec[list].length - 1}\\]`))
        assert.doesNotMatch(message, /\u001b/)
      }
      const good = review(name)
      podSpec(good)[list] = [...(podSpec(good)[list] ?? []), make(NAME)]
      await allows(good)
      for (const [broken, pattern] of [
        ['x', /is no list|has no containers/],
        [{ 0: container(NAME) }, /is no list|has no containers/],
        [['x'], /is no object/],
        [[null], /is no object/],
        [[make()], /names no image/],
        [[make(1)], /names no image/],
        [[make([NAME])], /names no image/],
        [[make('')], /names no image/],
      ]) {
        const document = review(name)
        podSpec(document)[list] = broken
        await denies(document, pattern)
      }
    }
  })
}

test('what brings in no image is allowed', async () => {
  for (const name of ['pod-delete', 'pod-exec']) await allows(review(name))
})

/** The review of a workload's creation, as one of an update of it from what it was. */
function updated(name, change = () => {}) {
  const document = review(name)
  const { request: asked } = document
  asked.operation = 'UPDATE'
  asked.object.metadata.uid ??= '4c2af6a2-2a53-596e-b80f-67d343139997'
  asked.oldObject = structuredClone(asked.object)
  change(asked.object, podSpec(document), asked)
  return document
}

/** What a user does to a workload that leaves its images. */
const HARMLESS = {
  'nothing': () => {},
  'a label': (object) => (object.metadata.labels = { tier: 'front' }),
  'the number of replicas': (object) => ((object.spec ?? object).replicas = 0),
  'suspending': (object) => ((object.spec ?? object).suspend = true),
  'a pause': (object) => ((object.spec ?? object).paused = true),
  'a finaliser': (object) => (object.metadata.finalizers = []),
  'the status': (object) => (object.status = { replicas: 1 }),
  'an environment': (object, spec) => (spec.containers[0].env = [{ name: 'image', value: OTHER }]),
  'a selector of nodes': (object, spec) => (spec.nodeSelector = { image: OTHER }),
}

const container = (image, name = 'other') => ({ name, image })
const volume = (reference) => ({ name: 'other', image: { reference } })

/** What brings an image in, if only the one that is there already, or says another thing of what was there. */
const CHANGES = {
  'another container of the same image': (object, spec) => spec.containers.push(container(NAME)),
  'the same image in an init container': (object, spec) => (spec.initContainers ??= []).push(container(NAME)),
  'the same image in an ephemeral container': (object, spec) => (spec.ephemeralContainers ??= []).push(container(NAME)),
  'the same image in a volume': (object, spec) => (spec.volumes = [...(spec.volumes ?? []), volume(NAME)]),
  'an init container made a container': (object, spec, { oldObject }) => {
    const old = podSpec({ request: { object: oldObject } })
    old.initContainers = [...(spec.initContainers ?? []), container(NAME)]
    spec.containers.push(container(NAME))
  },
  'a container that is gone': (object, spec, { oldObject }) => {
    podSpec({ request: { object: oldObject } }).containers.push(container(OTHER))
  },
  'containers in another order': (object, spec, { oldObject }) => {
    podSpec({ request: { object: oldObject } }).containers.unshift(container(OTHER))
    spec.containers.push(container(OTHER))
  },
  'no old object': (object, spec, asked) => delete asked.oldObject,
  'an old object that is null': (object, spec, asked) => (asked.oldObject = null),
  'an old object that is none': (object, spec, asked) => (asked.oldObject = [asked.oldObject]),
  'an old object of another kind': (object, spec, asked) => (asked.oldObject.kind = 'Service'),
  'an old object without containers': (object, spec, asked) => (podSpec({ request: { object: asked.oldObject } }).containers = []),
  'an old object of another name': (object, spec, asked) => (asked.oldObject.metadata.name = 'another'),
  'an old object of another namespace': (object, spec, asked) => (asked.oldObject.metadata.namespace = 'another'),
  'an old object with another uid': (object, spec, asked) => (asked.oldObject.metadata.uid = 'another'),
  'an old object without a uid': (object, spec, asked) => delete asked.oldObject.metadata.uid,
  'an old object without metadata': (object, spec, asked) => delete asked.oldObject.metadata,
  'a creation': (object, spec, asked) => (asked.operation = 'CREATE'),
}

test('an update that changes no image passes, also of a revoked one', async () => {
  setRecords('revoked.json')
  try {
    for (const name of WORKLOADS) {
      await denies(review(name), /revoked_signature/)
      for (const change of Object.values(HARMLESS)) await allows(updated(name, change))
    }
    await allows(review('pod-update'))
    await allows(review('pod-finalizer'))
  } finally {
    setRecords('log.json')
  }
})

test('an update that changes or adds an image is judged as a creation is', async () => {
  for (const name of WORKLOADS) await denies(updated(name, (object, spec) => (spec.containers[0].image = OTHER)), /no_signature/)
  setRecords('revoked.json')
  try {
    for (const name of ['deployment-create', 'pod-create', 'cronjob-create']) {
      for (const [what, change] of Object.entries(CHANGES)) await denies(updated(name, change), /revoked_signature/, {}, what)
    }
    await denies(review('pod-ephemeralcontainers'), /revoked_signature/)
  } finally {
    setRecords('log.json')
  }
})

test('kinds, versions and operations that are not known are denied', async () => {
  await denies(review('service-create'), /Service is no kind that this webhook knows/)
  const edited = async (pattern, change) => {
    const document = review('deployment-create')
    change(document.request)
    await denies(document, pattern)
  }
  await edited(/no kind that this webhook knows/, (asked) => (asked.kind.kind = 'List'))
  await edited(/no kind that this webhook knows/, (asked) => (asked.kind.group = 'example.com'))
  await edited(/no kind that this webhook knows/, (asked) => (asked.kind.version = 'v1beta1'))
  for (const kind of ['__proto__', 'constructor', 'toString', '', 1, null, ['Deployment'], undefined]) {
    await edited(/no kind that this webhook knows/, (asked) => (asked.kind.kind = kind))
    await edited(/no kind that this webhook knows/, (asked) => (asked.kind.group = kind))
  }
  await edited(/no kind/, (asked) => (asked.kind = undefined))
  await edited(/is no Pod/, (asked) => (asked.kind = { group: '', version: 'v1', kind: 'Pod' }))
  for (const operation of ['PATCH', 'create', '', null, undefined, ['CREATE']]) {
    await edited(/the operation is none/, (asked) => (asked.operation = operation))
  }
  for (const object of [null, undefined, 'x', [], {}]) {
    await edited(/the object is no/, (asked) => (asked.object = object))
  }
  for (const spec of [null, undefined, 'x', [], {}]) {
    await edited(/is no object/, (asked) => (asked.object.spec = spec))
  }
  await edited(/has no containers/, (asked) => (asked.object.spec.template.spec.containers = []))
  await edited(/has no containers/, (asked) => delete asked.object.spec.template.spec.containers)
})

test('a revocation, a blocklist and another root count from the next review on', async () => {
  const document = review('pod-create')
  await allows(document)
  setRecords('log.json', 'revoked.json')
  await denies(document, /revoked_signature/)
  setRecords('edited-ref.json')
  await denies(document, /provenance_mismatch/)
  setRecords('log.json')
  await allows(document)

  const policy = JSON.parse(file('policy.json'))
  writeFileSync(at('policy.json'), JSON.stringify({ ...policy, blocklist: [NAME.split('@')[1]] }))
  await denies(document, /blocklisted/)
  writeFileSync(at('policy.json'), JSON.stringify(policy))
  await allows(document)

  copyFileSync(at('tls.crt'), at('root.pem'))
  await denies(document, /cannot be judged now|unknown_ca/)
  copyFileSync(join(FILES, 'root.pem'), at('root.pem'))
  await allows(document)
})

test('what cannot be read denies, and says more only in the log', async () => {
  const document = review('pod-create')
  lines.length = 0
  writeFileSync(at('log/more.jsonl'), '{"revoked": null}\n')
  await denies(document, /cannot be judged now/)
  assert.ok(lines.some(({ error }) => /malformed_entry/.test(error)))
  assert.ok(lines.some(({ uid, allowed }) => uid === document.request.uid && allowed === false))
  rmSync(at('log/more.jsonl'))
  renameSync(at('policy.json'), at('away.json'))
  await denies(document, /cannot be judged now/)
  renameSync(at('away.json'), at('policy.json'))
  await allows(document)
  await serving({ limits: { fileBytes: 100 } }, (on) => denies(document, /cannot be judged now/, { on }))
})

test('what looks like an image where none is looked for is refused', async () => {
  const csi = { driver: 'container-image.csi.k8s.io', volumeAttributes: { image: 'nginx' } }
  for (const [change, pattern] of [
    [(spec) => spec.volumes.push({ name: 'x', csi }), /volumes\[\d+\]\.csi\.volumeAttributes\.image may be an image/],
    [(spec) => spec.volumes.push({ name: 'x', flexVolume: { driver: 'x', options: { Image: 'nginx' } } }), /options\.Image may be/],
    [(spec) => (spec.sidecarContainers = [{ name: 'x', image: 'nginx' }]), /spec\.sidecarContainers may be/],
    [(spec) => (spec.image = 'nginx'), /spec\.image may be/],
    [(spec) => (spec.containers[0].debug = { image: 'nginx' }), /containers\[0\]\.debug\.image may be/],
    [(spec) => (spec['\u001b[2J\u202e'] = { image: 'nginx' }), /spec\.\\u001b\[2J\\u202e\.image may be/],
    [(spec) => spec.volumes.push({ name: 'x', image: 'nginx' }), /is no object/],
    [(spec) => spec.volumes.push({ name: 'x', image: {} }), /names no image/],
  ]) {
    const document = review('pod-create')
    podSpec(document).volumes ??= []
    change(podSpec(document))
    await denies(document, pattern)
  }
  // It was there before: what becomes of it does not bring it in.
  const withCsi = (spec) => (spec.volumes = [{ name: 'x', csi }])
  const old = (asked) => podSpec({ request: { object: asked.oldObject } })
  await allows(updated('pod-create', (object, spec, asked) => [spec, old(asked)].forEach(withCsi)))
  await denies(updated('pod-create', (object, spec) => withCsi(spec)), /may be an image/)
  await denies(updated('pod-create', (object, spec, asked) => {
    for (const one of [spec, old(asked)]) withCsi(one)
    spec.volumes[0].csi = { ...csi, volumeAttributes: { image: 'other' } }
  }), /may be an image/)
  const harmless = review('pod-create')
  const spec = podSpec(harmless)
  spec.volumes = [
    { name: 'ceph', rbd: { image: 'a-block-device', monitors: ['192.0.2.1'] } },
    { name: 'own', ephemeral: { volumeClaimTemplate: { metadata: { labels: { image: 'x' } }, spec: {} } } },
    { name: 'none', image: null },
  ]
  spec.nodeSelector = { image: 'x' }
  await allows(harmless)
  for (const kind of [
    { group: 'tekton.dev', version: 'v1', kind: 'TaskRun' },
    { group: 'argoproj.io', version: 'v1alpha1', kind: 'Workflow' },
    { group: 'serving.knative.dev', version: 'v1', kind: 'Service' },
    { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  ]) {
    const document = updated('deployment-create')
    document.request.kind = kind
    document.request.object.kind = kind.kind
    await denies(document, new RegExp(`${kind.group}/${kind.version}/${kind.kind} is no kind that this webhook knows`))
  }
  const odd = review('deployment-create')
  odd.request.kind.kind = '\u001b[2J\u202eDeployment'
  assert.doesNotMatch((await denies(odd, /\\u001b\[2J\\u202eDeployment is no kind/)).message, /[^\x20-\x7e]/)
})

test("a stranger's text is escaped in messages and in the log", async () => {
  const document = review('pod-create')
  podSpec(document).containers[0].image = `\u202e\u061c\u{e0041}\u0085\u001b[2J${NAME}\n"`
  const { message } = await denies(document, /malformed_name/)
  assert.match(message, /image "\\u202e\\u061c\\udb40\\udc41\\u0085\\u001b\[2J/)
  assert.doesNotMatch(message, /[^\x20-\x7e]/)
  podSpec(document).containers[0].image = '\ud800'
  await denies(document, /malformed_name/)
})

/** What the webhook answers for the files that a function puts into a new directory of records. */
async function withRecords(make, use) {
  const records = mkdtempSync(join(directory, 'records-'))
  make((...path) => join(records, ...path))
  lines.length = 0
  await serving({ records }, use)
  const said = lines.map(({ error }) => error ?? '').join('\n')
  rmSync(records, { recursive: true })
  return said
}

const GOOD = () => readFileSync(join(FILES, 'log.json'))
const REVOKED = () => readFileSync(join(FILES, 'revoked.json'))

test('every file below the directory counts, whatever its name and however deep', async () => {
  for (const name of [
    'revoked.json', 'revoked.jsonl', 'revoked.ndjson', 'REVOKED.JSON', 'revoked', 'revoked.txt', 'revoked.json.bak', 'revoked.json~',
    '.revoked.json', '..revoked', 'sub/revoked.json', 'sub/sub/.hidden/revoked', 'z.json/revoked',
  ]) {
    await withRecords(
      (path) => {
        writeFileSync(path('a.json'), GOOD())
        mkdirSync(dirname(path(name)), { recursive: true })
        writeFileSync(path(name), REVOKED())
      },
      (on) => denies(review('pod-create'), /revoked_signature/, { on }),
    )
  }
  for (const link of ['file', 'directory']) {
    const elsewhere = mkdtempSync(join(directory, 'elsewhere-'))
    writeFileSync(join(elsewhere, 'revoked'), REVOKED())
    await withRecords(
      (path) => {
        writeFileSync(path('a.json'), GOOD())
        symlinkSync(link === 'file' ? join(elsewhere, 'revoked') : elsewhere, path('link'))
      },
      (on) => denies(review('pod-create'), /revoked_signature/, { on }),
    )
  }
})

test('what is no file of records refuses every image, and the log names it', async () => {
  for (const [name, make] of [
    ['README.md', (at) => writeFileSync(at, '# Records\n')],
    ['records.json.gz', (at) => writeFileSync(at, gzipSync(GOOD()))],
    ['empty.json', (at) => writeFileSync(at, '')],
    ['blank.jsonl', (at) => writeFileSync(at, ' \n\n')],
    ['mark.json', (at) => writeFileSync(at, '\ufeff')],
    ['part.json', (at) => writeFileSync(at, GOOD().subarray(0, 100))],
    ['dangling.json', (at) => symlinkSync('nowhere', at)],
    ['itself', (at) => symlinkSync('itself', at)],
    ['around', (at) => symlinkSync('.', at)],
    ['pipe', (at) => execFileSync('mkfifo', [at])],
    ['socket', (at) => execFileSync(process.execPath, ['-e', `net.createServer().listen(${JSON.stringify(at)}, () => process.kill(process.pid, 'SIGKILL'))`], { stdio: 'ignore' })],
    ['unreadable.json', (at) => { writeFileSync(at, GOOD()); chmodSync(at, 0) }],
  ]) {
    // Who is root reads everything.
    if (name === 'unreadable.json' && process.getuid?.() === 0) continue
    const said = await withRecords(
      (path) => {
        writeFileSync(path('a.json'), GOOD())
        try {
          make(path(name))
        } catch (error) {
          if (name !== 'socket') throw error
        }
      },
      (on) => denies(review('pod-create'), /cannot be judged now/, { on }),
    )
    assert.ok(said.includes(name), `${name}: ${said}`)
  }
  assert.match(await withRecords(() => {}, (on) => denies(review('pod-create'), /cannot be judged now/, { on })), /has no file of records/)
  await withRecords((path) => writeFileSync(path('none.json'), '[]'), (on) => denies(review('pod-create'), /no_signature/, { on }))
})

/** Mounts files as the kubelet does: a directory for the version, `..data` to it, and a link for each to be seen. */
function mount(path, files) {
  const version = '..2026_11_25_16_05_00.1234567890'
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(path(version, name)), { recursive: true })
    writeFileSync(path(version, name), content)
  }
  symlinkSync(version, path('..data'))
  for (const name of new Set(Object.keys(files).map((name) => name.split('/')[0]))) symlinkSync(`..data/${name}`, path(name))
}

test("a mounted ConfigMap's files count once, and nothing beside them is passed over", async () => {
  const asks = (files, more, expected) =>
    withRecords(
      (path) => {
        mount(path, files)
        more(path)
      },
      (on) => (expected === undefined ? allows(review('pod-create'), { on }) : denies(review('pod-create'), expected, { on })),
    )
  const nothing = () => {}
  await asks({ 'log.json': GOOD() }, nothing)
  // The version before is not yet gone, or the next one is not yet there for all to see.
  await asks({ 'log.json': GOOD() }, (path) => {
    mkdirSync(path('..2026_11_25_16_00_00.99'))
    writeFileSync(path('..2026_11_25_16_00_00.99', 'log.json'), REVOKED())
    symlinkSync('..2026_11_25_16_10_00.77', path('..data_tmp'))
    symlinkSync('..data/removed.json', path('removed.json'))
  })
  await asks({ 'log.json': GOOD(), 'revoked.txt': REVOKED() }, nothing, /revoked_signature/)
  await asks({ 'log.json': GOOD(), 'sub/revoked': REVOKED() }, nothing, /revoked_signature/)
  await asks({ 'log.json': GOOD(), 'revoked.json': REVOKED() }, (path) => rmSync(path('revoked.json')), /revoked_signature/)
  for (const beside of [
    (path) => writeFileSync(path('revoked.json'), REVOKED()),
    (path) => writeFileSync(path('..revoked.json'), REVOKED()),
    (path) => symlinkSync(join(FILES, 'revoked.json'), path('revoked.json')),
    (path) => mkdirSync(path('sub')),
    (path) => {
      rmSync(path('..data'))
      mkdirSync(path('..data'))
    },
  ]) {
    const said = await asks({ 'log.json': GOOD() }, beside, /cannot be judged now/)
    assert.match(said, /is no part of the volume/)
  }
})

test('a revocation under another name counts, where the policy says by digest', async () => {
  const policy = JSON.parse(file('policy.json'))
  const [record] = JSON.parse(GOOD())
  const mirrored = JSON.stringify([record, { ...record, artifact_name: `mirror/${NAME}`, revoked: true }])
  const asks = (use) => withRecords((path) => writeFileSync(path('log.json'), mirrored), use)
  await asks((on) => allows(review('pod-create'), { on }))
  writeFileSync(at('policy.json'), JSON.stringify({ ...policy, revocation_scope: 'digest' }))
  try {
    await asks((on) => denies(review('pod-create'), /revoked_signature/, { on }))
  } finally {
    writeFileSync(at('policy.json'), JSON.stringify(policy))
  }
})

test('the clocks may differ by some seconds', async () => {
  const webhook = await import('../examples/webhook/webhook.mjs')
  assert.equal(webhook.LIMITS.leewaySeconds, 5)
  const { answerTo } = await import('../examples/webhook/review.mjs')
  const given = []
  const evidence = async () => ({
    policy: { revocationScope: 'artifact' },
    log: { find: () => [] },
    verifier: { verifyMany: async (requests, told) => (given.push(told), requests.map(() => ({ code: 'x', detail: '', remedy: '' }))) },
  })
  await answerTo(review('pod-create').request, evidence, webhook.LIMITS)
  assert.equal(given[0].leewaySeconds, 5)
  assert.ok(Math.abs(given[0].now - Date.now()) < 60_000)
})

test('many images', async () => {
  const document = review('pod-create')
  const image = (index) => `registry/image@sha256:${String(index).padStart(64, '0')}`
  const spec = podSpec(document)
  spec.containers = Array.from({ length: 200 }, (_, index) => ({ name: `c${index}`, image: image(index) }))
  await denies(document, /195 more images are refused$/)
  spec.containers = Array.from({ length: 5_000 }, (_, index) => ({ name: `c${index}`, image: NAME }))
  await allows(document)
  spec.containers.push({ name: 'last', image: OTHER })
  await denies(document, /containers\[5000\]: .*no_signature/)
  spec.containers = Array.from({ length: 257 }, (_, index) => ({ name: `c${index}`, image: image(index) }))
  await denies(document, /there are 258 images; 256 are the limit/)
})

test('what is no review is answered as that', async () => {
  const valid = review('pod-create')
  const cases = [
    [404, '{}', { path: '/' }],
    [404, '{}', { path: '//' }],
    [405, undefined, { method: 'GET' }],
    [415, JSON.stringify(valid), { headers: { 'content-type': 'application/yaml' } }],
    [400, ''],
    [400, 'x'],
    [400, '{'],
    [400, Buffer.of(0x22, 0xff, 0x22)],
    [400, 'null'],
    [400, '[]'],
    [400, '"x"'],
    [400, '{}'],
    [400, '['.repeat(100_000)],
    [400, JSON.stringify({ ...valid, apiVersion: 'admission.k8s.io/v1beta1' })],
    [400, JSON.stringify({ ...valid, kind: 'AdmissionRequest' })],
    [400, JSON.stringify({ ...valid, request: undefined })],
    [400, JSON.stringify({ ...valid, request: [] })],
    [400, JSON.stringify({ ...valid, request: { ...valid.request, uid: undefined } })],
    [400, JSON.stringify({ ...valid, request: { ...valid.request, uid: '' } })],
    [400, JSON.stringify({ ...valid, request: { ...valid.request, uid: 1 } })],
    [413, 'x', { headers: { 'content-length': 9_000_000 } }],
  ]
  for (const [expected, body, more] of cases) {
    const { status, text } = await send(body, more)
    assert.equal(status, expected, text)
    assert.doesNotMatch(text, /allowed|node:|\.mjs/)
  }
  const { status, text } = await send(undefined, { method: 'GET', path: '/healthz' })
  assert.deepEqual([status, text], [200, 'ok\n'])
  await allows(valid)
})

test('a body without an announced length is limited too', async () => {
  const sent = send(Buffer.alloc(9_000_000, ' '), { headers: { 'transfer-encoding': 'chunked' } })
  // The answer may be lost where the client still writes.
  const { status } = await sent.catch(() => ({ status: 413 }))
  assert.equal(status, 413)
  await allows(review('pod-create'))
})

test('a client that does not go on is left', async () => {
  const limits = { headersMilliseconds: 200, receivingMilliseconds: 400 }
  await serving({ limits }, async (on) => {
    const head = 'POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n'
    for (const begun of ['', 'POST /validate HTTP/1.1\r\n', head, `${head}\r\n{"kind"`]) {
      const start = performance.now()
      const answer = await new Promise((resolve, reject) => {
        let text = ''
        const socket = connect({ port: on, host: '127.0.0.1', servername: 'localhost', ca: file('tls.crt') }, () => socket.write(begun))
        socket.on('data', (chunk) => (text += chunk))
        socket.on('close', () => resolve(text))
        socket.on('error', reject)
      })
      assert.match(answer, /^(HTTP\/1\.1 408 .*)?/s)
      assert.doesNotMatch(answer, / 200 /)
      assert.ok(performance.now() - start < 5_000)
    }
    await allows(review('pod-create'), { on })
  })
})

test('an answer that takes too long is no', async () => {
  // More records than can be read in the millisecond that a timer takes at least.
  setRecords(...Array(1_000).fill('log.json'))
  try {
    await serving({ limits: { answeringMilliseconds: 0 } }, (on) => denies(review('pod-create'), /in time/, { on }))
  } finally {
    setRecords('log.json')
  }
})

test('of too many reviews at a time some are told to come again, and none is allowed wrongly', async () => {
  await serving({ limits: { reviews: 2 } }, async (on) => {
    const bad = review('pod-create')
    podSpec(bad).containers[0].image = OTHER
    const answers = await Promise.all(Array.from({ length: 40 }, () => send(JSON.stringify(bad), { on })))
    const told = new Set(answers.map(({ status }) => status))
    assert.ok(told.has(200) && [...told].every((status) => status === 200 || status === 503))
    for (const { status, text } of answers) if (status === 200) assert.equal(JSON.parse(text).response.allowed, false)
    // Places are given back.
    for (let count = 0; count < 5; count += 1) await allows(review('pod-create'), { on })
  })
})

test('many reviews over one connection', async () => {
  const { Agent } = await import('node:https')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let count = 0; count < 20; count += 1) {
    const document = review(count % 2 ? 'service-create' : 'pod-create')
    assert.equal((await asked(document, { agent })).allowed, count % 2 === 0)
  }
  agent.destroy()
})

test('only clients of the authority may ask, if one is named', async () => {
  await serving({ clientCa: file('client.crt') }, async (on) => {
    await allows(review('pod-create'), { on, cert: file('client.crt'), key: file('client.key') })
    await assert.rejects(asked(review('pod-create'), { on }))
    await assert.rejects(asked(review('pod-create'), { on, cert: file('tls.crt'), key: file('tls.key') }))
  })
})

test('old TLS and plain HTTP are refused', async () => {
  await assert.rejects(send('{}', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }))
  const http = await import('node:http')
  await assert.rejects(
    new Promise((resolve, reject) => http.get({ port, host: '127.0.0.1' }, resolve).on('error', reject)),
  )
})

function started(...given) {
  const script = join(PACKAGE, 'examples', 'webhook', 'webhook.mjs')
  const child = spawn(process.execPath, [script, ...given], { stdio: ['ignore', 'pipe', 'pipe'] })
  const found = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (found.out += chunk))
  child.stderr.on('data', (chunk) => (found.err += chunk))
  const ended = new Promise((resolve) => child.once('close', (code) => resolve({ code, ...found })))
  const line = new Promise((resolve) => child.stdout.once('data', () => resolve(found.out)))
  return { child, ended, line }
}

test('the program serves until it is told to end', async () => {
  const files = ['--certificate', at('tls.crt'), '--key', at('tls.key'), '--roots', at('root.pem'), '--policy', at('policy.json')]
  const { child, ended, line } = started(...files, '--records', at('log/records.json'), '--port', '0')
  const { listening } = JSON.parse(await Promise.race([line, ended.then(({ err }) => assert.fail(err))]))
  await allows(review('pod-create'), { on: listening })
  child.kill('SIGTERM')
  const { code, out } = await ended
  assert.equal(code, 0)
  assert.match(out, /"allowed":true/)

  for (const [wrong, pattern] of [
    [[...files], /--records is missing/],
    [[...files, '--records', at('none')], /ENOENT/],
    [[...files, '--records', at('policy.json')], /malformed_entry/],
    [[...files, '--records', at('log'), '--polcy', 'x'], /Unknown option/],
  ]) {
    const { code, err } = await started(...wrong).ended
    assert.equal(code, 1)
    assert.match(err, pattern)
    assert.doesNotMatch(err, /^ {4}at /m)
  }
})
