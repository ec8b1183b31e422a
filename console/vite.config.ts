import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `scripts/build.mjs` says where it goes. For work on the page: `npx vite console`, beside a running `npm start`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: 'es2022',
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/elements': 'http://127.0.0.1:8080' } },
})
