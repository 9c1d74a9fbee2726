import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** The notices of packages that only a worker holds: Vite lists those of the main bundle alone. */
export function workerLicenses(packages: readonly string[]): Plugin {
  return {
    name: 'worker-licenses',
    generateBundle() {
      const notices = packages.map(
        (name) => `## ${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`,
      )
      this.emitFile({ type: 'asset', fileName: 'LICENSES.worker.txt', source: notices.join('\n') })
    },
  }
}
