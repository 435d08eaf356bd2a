// What `npm pack` makes is installed in an empty directory, without a network, and used there.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { PACKAGE, ROOT, TESTDATA } from './common.mjs'

const scratch = mkdtempSync(join(tmpdir(), 'countermark-package-'))
after(() => rmSync(scratch, { recursive: true }))

function run(cwd, command, ...given) {
  return execFileSync(command, given, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function pack(directory) {
  const [{ filename, files }] = JSON.parse(
    run(directory, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', scratch),
  )
  return { tarball: join(scratch, filename), files: files.map(({ path }) => path) }
}

function install(name, ...tarballs) {
  const directory = join(scratch, name)
  mkdirSync(directory)
  writeFileSync(join(directory, 'package.json'), '{"name": "user", "private": true}')
  run(directory, 'npm', 'install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs)
  return directory
}

const USE = `
const { readFileSync } = require('node:fs')
const required = require('countermark')
import('countermark').then(async (imported) => {
  for (const name of Object.keys(required)) if (required[name] !== imported[name]) throw new Error(name)
  const { Policy, Verifier, entriesFromJson } = imported
  const file = (name) => readFileSync(${JSON.stringify(join(TESTDATA, 'quickstart'))} + '/' + name, 'utf8')
  const verifier = new Verifier({ trustAnchors: file('root.pem') })
  const entries = entriesFromJson(file('log.json'))
  console.log((await verifier.verify(entries[0].artifactName, entries, Policy.fromJson(file('policy.json')))).toString())
})
`

function works(directory) {
  writeFileSync(join(directory, 'use.cjs'), USE)
  assert.match(run(directory, process.execPath, 'use.cjs'), /^verified: registry\/image@sha256:/)
}

const packed = pack(PACKAGE)

/** The texts that the licences ask for, ours and those of what is linked into the binary. */
function hasLicences({ files }) {
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT', 'THIRD-PARTY-NOTICES']) {
    assert.ok(files.includes(name), name)
    assert.deepEqual(readFileSync(join(PACKAGE, name)), readFileSync(join(ROOT, name)), name)
  }
}

test('the package has what it needs and nothing else', () => {
  const allowed = /^(dist\/[\w/]+\.js|types\/\w+\.d\.ts|index\.mjs|index\.d\.mts|native\.js|package\.json|README\.md|LICENSE-\w+|THIRD-PARTY-NOTICES|countermark\.[\w-]+\.node)$/
  for (const file of packed.files) assert.match(file, allowed)
  assert.equal(packed.files.filter((file) => file.endsWith('.node')).length, 1)
  hasLicences(packed)
})

test('the package works in an empty directory', () => {
  works(install('whole', packed.tarball))
})

test('the types of the installed package are right for modules and CommonJS', () => {
  const directory = install('typed', packed.tarball)
  cpSync(join(PACKAGE, 'tests', 'types'), directory, { recursive: true })
  const modules = join(PACKAGE, 'node_modules')
  symlinkSync(join(modules, '@types'), join(directory, 'node_modules', '@types'))
  symlinkSync(join(modules, 'undici-types'), join(directory, 'node_modules', 'undici-types'))
  for (const resolution of ['node16', 'nodenext']) {
    run(directory, join(modules, '.bin', 'tsc'), '--project', `tsconfig.${resolution}.json`)
  }
})

test('a missing binary says which, and what to do', () => {
  const directory = install('bare', packed.tarball)
  const inside = join(directory, 'node_modules', 'countermark')
  const [binary] = readdirSync(inside).filter((file) => file.endsWith('.node'))
  const [, platform] = /^countermark\.(.*)\.node$/.exec(binary)
  const loading = (lines, ...given) => {
    const { status, stderr } = spawnSync(process.execPath, [...given, '--eval', lines], { cwd: directory, encoding: 'utf8' })
    assert.equal(status, 1)
    assert.doesNotMatch(stderr, /^\s+at .*countermark|Cannot find module|cause|npm\/cli\/issues/m)
    return stderr
  }
  const elsewhere = "Object.defineProperty(process, 'arch', { value: 's390x' }); "
  rmSync(join(inside, binary))
  for (const [lines, ...given] of [["require('countermark')"], ["import 'countermark'", '--input-type=module']]) {
    const said = loading(lines, ...given)
    assert.match(said, new RegExp(`Its package countermark-${platform} is not installed`))
    assert.match(said, /npm run build/)
  }
  assert.match(loading(`${elsewhere}require('countermark')`), /There is none: the platforms are .*darwin-arm64.*/)
  writeFileSync(join(inside, binary), 'no binary')
  assert.match(loading("require('countermark')"), new RegExp(`The binary of ${platform} cannot be loaded: .*${binary}`))
})

test('the package works with its binary in a package for the platform', () => {
  const [binary] = readdirSync(PACKAGE).filter((file) => file.endsWith('.node'))
  const [, platform] = /^countermark\.(.*)\.node$/.exec(binary)
  const released = join(scratch, 'released')
  for (const file of packed.files.filter((file) => file !== binary)) {
    cpSync(join(PACKAGE, file), join(released, file))
  }
  run(released, join(PACKAGE, 'node_modules', '.bin', 'napi'), 'create-npm-dirs', '--npm-dir', 'npm')
  const platforms = readdirSync(join(released, 'npm'))
  const { napi } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
  assert.equal(platforms.length, napi.targets.length)
  const named = readFileSync(join(PACKAGE, 'dist', 'internal', 'binary.js'), 'utf8').matchAll(/^ {4}'(\S+)',$/gm)
  assert.deepEqual([...named].map(([, name]) => name).sort(), platforms.sort())
  cpSync(join(PACKAGE, binary), join(released, 'npm', platform, binary))
  run(released, process.execPath, join(PACKAGE, 'licences.mjs'))
  const main = pack(released)
  assert.ok(!main.files.some((file) => file.endsWith('.node')))
  const own = pack(join(released, 'npm', platform))
  assert.match(own.tarball, new RegExp(`countermark-${platform}-`))
  assert.ok(own.files.includes(binary))
  hasLicences(own)
  works(install('parts', main.tarball, own.tarball))
})
