import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { workerLicenses } from './licenses'

/** Django serves what is built here as static files under `canvas/`; the manifest tells it the hashed names. */
export default defineConfig({
  base: '/static/canvas/',
  plugins: [react(), workerLicenses(['@dagrejs/dagre', '@dagrejs/graphlib'])],
  build: {
    outDir: '../static_build/canvas',
    emptyOutDir: true,
    manifest: 'manifest.json',
    license: { fileName: 'LICENSES.txt' },
    target: 'es2022',
    chunkSizeWarningLimit: 700, // the component library is one chunk: 190 kB compressed, kept for ever by its name
    rollupOptions: { input: { journey: 'src/main.tsx', audience: 'src/audience/main.tsx', pages: 'src/pages/main.ts' } },
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  test: { include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'], environment: 'node', testTimeout: 60_000 },
})
