// The native half, or why there is none: before anything else of the package is loaded.

/** The platforms of `napi.targets` in `package.json`, as the packages with their binaries are named. */
const PLATFORMS = [
  'linux-x64-gnu',
  'linux-arm64-gnu',
  'linux-x64-musl',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
  'win32-arm64-msvc',
]

function isGlibc(): boolean {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime !== undefined
}

function platform(): string {
  const { platform, arch } = process
  if (platform === 'linux') return `linux-${arch}-${isGlibc() ? 'gnu' : 'musl'}`
  return platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`
}

/** What the loader met with, but for the files that are simply not there. */
function faults(error: unknown): string[] {
  const found: string[] = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const [line = ''] = cause.message.split('\n')
    if (!/^Cannot find (module|native binding)/.test(line)) found.push(line)
  }
  return found
}

function explained(error: unknown): Error {
  const here = platform()
  const lines = faults(error)
  const advice = PLATFORMS.includes(here)
    ? [
        lines.length === 0
          ? `Its package countermark-${here} is not installed, nor is there a file countermark.${here}.node.`
          : `The binary of ${here} cannot be loaded: ${lines.join('; ')}.`,
        `Install again without --omit=optional (or --no-optional), on the platform that runs it: a node_modules that was copied`,
        `from another one, or a lock file that was written on one, may lack it.`,
      ]
    : [`There is none: the platforms are ${PLATFORMS.join(', ')}.`]
  const made = new Error(
    [
      `countermark has no native binary that works on ${here} with Node ${process.version}.`,
      ...advice,
      'To build it from source: clone the repository, and in bindings-node/ run `npm install` and `npm run build`; that needs Rust',
      '1.88 or later and a C compiler.',
    ].join('\n'),
  )
  // The stack would be the loader's, and says nothing to whoever installs.
  made.stack = `Error: ${made.message}`
  return made
}

function load(): typeof import('../../native.js') {
  try {
    return require('../../native.js')
  } catch (error) {
    throw explained(error)
  }
}

/** The native half. */
export const native = load()
