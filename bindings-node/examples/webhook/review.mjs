// An AdmissionReview and its answer.

import { isDeepStrictEqual } from 'node:util'

import { Verified } from 'countermark'

import { Unreadable, findImages, findPodSpec } from './images.mjs'
import { quoted } from './text.mjs'

/** A document that is no AdmissionReview, so that there is no request to answer. */
export class NoReview extends Error {}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The request of an AdmissionReview. */
export function requestOf(review) {
  if (!isObject(review) || review.apiVersion !== 'admission.k8s.io/v1' || review.kind !== 'AdmissionReview') {
    throw new NoReview('the document is no AdmissionReview of admission.k8s.io/v1')
  }
  const { request } = review
  if (!isObject(request) || typeof request.uid !== 'string' || request.uid === '' || request.uid.length > 256) {
    throw new NoReview('the AdmissionReview has no request with a uid')
  }
  return request
}

function answer(uid, response) {
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, ...response } }
}

export function denial(uid, message, code = 403) {
  return answer(uid, { allowed: false, status: { code, reason: code === 403 ? 'Forbidden' : 'BadRequest', message } })
}

/**
 * Whether an UPDATE leaves the specification of the Pods as it was, or at least every image where it was: the same places, in
 * the same order, with the same names. So an object is scaled, labelled or suspended, and its finalisers come off, whatever has
 * become of its images.
 *
 * A container that is added or moved is a change, also with an image that another one has. What was there before is the API
 * server's word; if it cannot be read or is another object, the update is judged as a creation is.
 */
function changesNoImage({ operation, kind, object, oldObject }, spec) {
  if (operation !== 'UPDATE' || !isObject(oldObject)) return false
  const identity = ({ metadata }) => (isObject(metadata) ? [metadata.uid, metadata.namespace, metadata.name] : [])
  if (!isDeepStrictEqual(identity(object), identity(oldObject))) return false
  try {
    const before = findPodSpec(kind, oldObject)
    return isDeepStrictEqual(spec, before) || isDeepStrictEqual(findImages(spec), findImages(before))
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return false
  }
}

/** The images that a request would bring in; none if it brings in nothing. */
function imagesOf(request) {
  const { operation, kind, object } = request
  // What is deleted or connected to runs already, or does not.
  if (operation === 'DELETE' || operation === 'CONNECT') return []
  if (operation !== 'CREATE' && operation !== 'UPDATE') throw new Unreadable('the operation is none that this webhook knows')
  if (!isObject(kind)) throw new Unreadable('the request has no kind')
  const spec = findPodSpec(kind, object)
  return changesNoImage(request, spec) ? [] : findImages(spec)
}

/** What each image is refused for, if it is; `places` has the name of each and where it stands. */
async function refusals({ verifier, policy, log }, places, leewaySeconds) {
  // A revocation by digest stands under another name, perhaps.
  const entriesOf = (name) => (policy.revocationScope === 'digest' ? log : log.find(name))
  const requests = [...places.keys()].map((name) => ({ name, entries: name.isWellFormed() ? entriesOf(name) : [], policy }))
  const results = await verifier.verifyMany(requests, { now: new Date(), leewaySeconds })
  return results.flatMap((result, index) => {
    if (result instanceof Verified) return []
    const { name } = requests[index]
    const text = `${placesOf(places.get(name))}: image ${quoted(name)}: ${result.code}: ${result.detail}; ${result.remedy}`
    return [{ code: result.code, text }]
  })
}

/** The first few of the places of an image. */
function placesOf(where) {
  return where.length > 5 ? `${where.slice(0, 5).join(', ')} and ${where.length - 5} more` : where.join(', ')
}

/** Answers a request: every image that it brings in must be verified. */
export async function answerTo(request, readEvidence, { images: limit, told, leewaySeconds }) {
  let images
  try {
    images = imagesOf(request)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { review: denial(request.uid, error.message, 400), codes: ['unreadable'] }
  }
  if (images.length === 0) return { review: answer(request.uid, { allowed: true }), codes: [] }
  const places = new Map()
  for (const [where, name] of images) places.set(name, [...(places.get(name) ?? []), where])
  if (places.size > limit) {
    return { review: denial(request.uid, `there are ${places.size} images; ${limit} are the limit`), codes: ['limit'] }
  }
  const evidence = await readEvidence()
  const refused = await refusals(evidence, places, leewaySeconds)
  if (refused.length === 0) return { review: answer(request.uid, { allowed: true }), codes: ['verified'] }
  const texts = refused.slice(0, told).map(({ text }) => text)
  if (refused.length > told) texts.push(`${refused.length - told} more images are refused`)
  return { review: denial(request.uid, texts.join('\n')), codes: refused.map(({ code }) => code) }
}
