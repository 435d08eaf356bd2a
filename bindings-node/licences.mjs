// Copies the licences and the notices into the package, and into the packages for the platforms where there are some:
// npm packs no links.

import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const NAMES = ['LICENSE-APACHE', 'LICENSE-MIT', 'THIRD-PARTY-NOTICES']

function copyTo(directory) {
  for (const name of NAMES) copyFileSync(join(import.meta.dirname, '..', name), join(directory, name))
}

copyTo('.')
for (const platform of existsSync('npm') ? readdirSync('npm') : []) {
  const directory = join('npm', platform)
  copyTo(directory)
  const manifest = join(directory, 'package.json')
  const { files, ...others } = JSON.parse(readFileSync(manifest, 'utf8'))
  writeFileSync(manifest, `${JSON.stringify({ ...others, files: [...new Set([...files, ...NAMES])] }, null, 2)}\n`)
}
