// The images of a Kubernetes object: of a Pod, and of everything that makes Pods.

import { escaped } from './text.mjs'

/** An object that cannot be judged. */
export class Unreadable extends Error {}

/** Where each kind, by its API group, has the specification of its Pods. */
const POD_SPECS = {
  '': {
    Pod: ['spec'],
    PodTemplate: ['template', 'spec'],
    ReplicationController: ['spec', 'template', 'spec'],
  },
  apps: {
    DaemonSet: ['spec', 'template', 'spec'],
    Deployment: ['spec', 'template', 'spec'],
    ReplicaSet: ['spec', 'template', 'spec'],
    StatefulSet: ['spec', 'template', 'spec'],
  },
  batch: {
    CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
    Job: ['spec', 'template', 'spec'],
  },
}

/** Every list of a Pod's specification whose items may name an image, and where: a container has it itself, a volume inside. */
const PLACES = [
  { list: 'containers', image: ['image'] },
  { list: 'initContainers', image: ['image'] },
  { list: 'ephemeralContainers', image: ['image'] },
  { list: 'volumes', image: ['image', 'reference'], optional: true },
]

/** Maps whose keys are the user's to choose, and a member of that name that is no container's image: Ceph's block device. */
const FREE_KEYS = new Set(['annotations', 'labels', 'limits', 'matchLabels', 'nodeSelector', 'overhead', 'requests'])
const OTHER_IMAGES = new Set(['rbd'])

const own = (object, name) => (typeof name === 'string' && Object.hasOwn(object, name) ? object[name] : undefined)
const isAbsent = (value) => value === undefined || value === null

function object(value, where) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unreadable(`${where} is no object`)
  return value
}

/** A list's items and where each stands. The API server leaves an empty list out. */
function* list(spec, name, where) {
  const value = own(spec, name)
  if (isAbsent(value)) return
  if (!Array.isArray(value)) throw new Unreadable(`${where}.${name} is no list`)
  for (const [index, item] of value.entries()) yield [object(item, `${where}.${name}[${index}]`), `${where}.${name}[${index}]`]
}

function image(item, path, where) {
  const last = path.at(-1)
  const holder = path.slice(0, -1).reduce((found, name) => object(own(found, name), `${where}.${name}`), item)
  const value = own(holder, last)
  if (typeof value !== 'string' || value === '') throw new Unreadable(`${where} names no image`)
  return [where, value]
}

/** Refuses what looks like an image, or like more containers, where no image is looked for. */
function refuseOthers(value, where, known) {
  if (Array.isArray(value)) return value.forEach((item, index) => refuseOthers(item, `${where}[${index}]`, known))
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const at = `${where}.${escaped(name)}`
    if (FREE_KEYS.has(name) || OTHER_IMAGES.has(name) || isAbsent(member)) continue
    if (!known.has(at) && (/^image$/i.test(name) || /containers$/i.test(name))) {
      throw new Unreadable(`${at} may be an image, and no image is looked for there`)
    }
    refuseOthers(member, at, known)
  }
}

/** Where each image of a Pod's specification stands, and its name. */
export function findImages([spec, where]) {
  if (!Array.isArray(own(spec, 'containers')) || spec.containers.length === 0) {
    throw new Unreadable(`${where} has no containers`)
  }
  const images = []
  const known = new Set()
  for (const { list: name, image: path, optional } of PLACES) {
    known.add(`${where}.${name}`)
    for (const [item, at] of list(spec, name, where)) {
      known.add(`${at}.${path[0]}`)
      if (!optional || !isAbsent(own(item, path[0]))) images.push(image(item, path, at))
    }
  }
  refuseOthers(spec, where, known)
  return images
}

/**
 * The specification of the Pods of an object, and where it stands.
 *
 * An object of a kind that is not listed here may make Pods too, so it is `Unreadable` and not without images.
 */
export function findPodSpec({ group, version, kind }, manifest) {
  const path = own(own(POD_SPECS, group) ?? {}, kind)
  if (path === undefined || version !== 'v1') {
    const name = [group, version, kind].filter(Boolean).join('/')
    throw new Unreadable(`${escaped(name)} is no kind that this webhook knows`)
  }
  if (object(manifest, 'the object').kind !== kind) throw new Unreadable(`the object is no ${kind}`)
  let spec = manifest
  path.forEach((name, index) => {
    spec = object(own(spec, name), path.slice(0, index + 1).join('.'))
  })
  return [spec, path.join('.')]
}
