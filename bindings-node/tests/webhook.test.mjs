// The example: the admission webhook, over TLS on loopback, with AdmissionReview documents as the API server sends them.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'

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

async function denies(document, pattern, more) {
  const { allowed, status } = await asked(document, more)
  assert.equal(allowed, false)
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

test('an update is judged as a creation is, but for what is being deleted', async () => {
  const changed = (name, image) => {
    const document = review(name)
    document.request.object.spec.containers[0].image = image
    return document
  }
  await denies(changed('pod-update', OTHER), /no_signature/)
  setRecords('revoked.json')
  try {
    await denies(review('pod-update'), /revoked_signature/)
    await allows(review('pod-finalizer'))
    await denies(changed('pod-finalizer', OTHER), /no_signature/)
    const moved = review('pod-finalizer')
    moved.request.oldObject.metadata.deletionTimestamp = undefined
    await denies(moved, /revoked_signature/)
    const created = review('pod-finalizer')
    created.request.operation = 'CREATE'
    await denies(created, /revoked_signature/)
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
  await serving({ limits: { answeringMilliseconds: 0 } }, (on) => denies(review('pod-create'), /in time/, { on }))
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
