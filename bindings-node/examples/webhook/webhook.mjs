#!/usr/bin/env node
// A validating admission webhook: lets a Pod, and what makes Pods, pass if every image of it is verified.
//
//     webhook.mjs --certificate tls.crt --key tls.key --roots root.pem --policy policy.json --records log/ [--port 8443]
//         [--client-ca ca.crt]

import { readFileSync, realpathSync } from 'node:fs'
import { createServer } from 'node:https'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { readEvidence } from './evidence.mjs'
import { NoReview, answerTo, denial, requestOf } from './review.mjs'
import { ascii, escaped } from './text.mjs'

/** What a review may cost. The API server waits ten seconds for an answer unless it is told otherwise. */
export const LIMITS = {
  /** Of a review's body; an object has at most 1.5 MiB in etcd, and a review may have the old and the new one. */
  bodyBytes: 8 * 1024 * 1024,
  /** Of each file that is read. */
  fileBytes: 64 * 1024 * 1024,
  /** Of all files with records, and how many there may be, and how deep. */
  recordBytes: 256 * 1024 * 1024,
  recordFiles: 10_000,
  recordDepth: 16,
  /** Different images of one object. */
  images: 256,
  /** Images whose refusals are told in full. */
  told: 5,
  /** How far the clocks of those who write the records and this machine's may differ. */
  leewaySeconds: 5,
  /** Reviews that are judged at a time; who comes then is told to come again. */
  reviews: 16,
  connections: 64,
  headersMilliseconds: 2_000,
  receivingMilliseconds: 5_000,
  answeringMilliseconds: 8_000,
}

/** A request that is answered with a status of HTTP, and no review. */
class HttpError extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

async function body(request, limit) {
  const tooLarge = () => new HttpError(413, `a review has at most ${limit} bytes`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new HttpError(400, 'the body is no JSON')
  }
}

async function within(milliseconds, promise, late) {
  let timer
  const timeout = new Promise((resolve) => {
    timer = setTimeout(() => resolve(late()), milliseconds)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** Judges a request; whatever goes wrong, the answer is no. `done` is called when no more is done for it. */
async function judge(request, options, limits, log, done) {
  const { uid } = request
  const failed = (error) => {
    log({ uid, error: String(error) })
    return { review: denial(uid, 'the images cannot be judged now; the log of the webhook says why'), codes: ['failed'] }
  }
  const late = () => ({ review: denial(uid, 'the images could not be judged in time'), codes: ['late'] })
  const answering = answerTo(request, () => readEvidence({ ...options, limits }), limits).catch(failed).finally(done)
  return within(limits.answeringMilliseconds, answering, late)
}

async function review(message, options, limits, log, places) {
  if (message.method !== 'POST') throw new HttpError(405, 'a review is posted')
  if (!/^application\/json\s*(;|$)/i.test(message.headers['content-type'] ?? '')) {
    throw new HttpError(415, 'a review is application/json')
  }
  const request = requestOf(parsed(await body(message, limits.bodyBytes)))
  if (places.free <= 0) throw new HttpError(503, 'too many reviews at a time')
  places.free -= 1
  const answer = await judge(request, options, limits, log, () => (places.free += 1))
  const { uid, operation, namespace, name, kind } = request
  log({ uid, operation, kind: kind?.kind, namespace, name, allowed: answer.review.response.allowed, codes: answer.codes })
  return answer.review
}

function send(response, status, type, content) {
  if (response.headersSent || response.destroyed) return
  // What was not read of a refused body must not be taken for the next request.
  if (status >= 400) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(content) })
  response.end(content)
}

/** The server, not yet listening. `options` name the files; `limits` may change some of `LIMITS`. */
export function createWebhook({ certificate, key, clientCa, limits: changed = {}, log = () => {}, ...options }) {
  const limits = { ...LIMITS, ...changed }
  const places = { free: limits.reviews }

  async function handle(message, response) {
    const [path] = message.url.split('?', 1)
    if (path === '/healthz') return send(response, 200, 'text/plain', 'ok\n')
    if (path !== '/validate') throw new HttpError(404, 'reviews go to /validate')
    return send(response, 200, 'application/json', JSON.stringify(await review(message, options, limits, log, places)))
  }

  const server = createServer(
    {
      cert: certificate,
      key,
      ...(clientCa && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
      minVersion: 'TLSv1.2',
      headersTimeout: limits.headersMilliseconds,
      requestTimeout: limits.receivingMilliseconds,
      connectionsCheckingInterval: Math.min(1_000, limits.headersMilliseconds),
      handshakeTimeout: limits.headersMilliseconds,
    },
    (message, response) => {
      handle(message, response).catch((error) => {
        const status = error instanceof HttpError ? error.status : error instanceof NoReview ? 400 : 500
        if (status === 500 && !message.destroyed) log({ error: String(error) })
        send(response, status, 'text/plain', `${status === 500 ? 'internal error' : error.message}\n`)
      })
    },
  )
  server.maxConnections = limits.connections
  return server
}

async function main() {
  const { values } = parseArgs({
    options: {
      certificate: { type: 'string' },
      key: { type: 'string' },
      'client-ca': { type: 'string' },
      roots: { type: 'string' },
      policy: { type: 'string' },
      records: { type: 'string' },
      port: { type: 'string', default: '8443' },
    },
  })
  for (const name of ['certificate', 'key', 'roots', 'policy', 'records']) {
    if (values[name] === undefined) throw new Error(`--${name} is missing`)
  }
  const files = { roots: values.roots, policy: values.policy, records: values.records }
  // What is wrong with the files is said at once, and not to the first who asks.
  const { found } = await readEvidence({ ...files, limits: LIMITS })
  const server = createWebhook({
    ...files,
    certificate: readFileSync(values.certificate),
    key: readFileSync(values.key),
    clientCa: values['client-ca'] && readFileSync(values['client-ca']),
    log: (line) => console.log(ascii(JSON.stringify({ time: new Date(), ...line }))),
  })
  server.on('error', (error) => {
    console.error(`error: ${error.message}`)
    process.exitCode = 1
  })
  server.listen(Number(values.port), () => console.log(JSON.stringify({ listening: server.address().port, ...found })))
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      server.close()
      server.closeIdleConnections()
    })
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(`error: ${escaped(error.message, 2_000)}`)
    process.exitCode = 1
  })
}
