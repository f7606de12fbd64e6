// Builds the console into dist/ with hashed names; the server embeds that folder.
// In development /api goes to the address in ENTREPOT_API (the mock or a real server).
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const api = process.env.ENTREPOT_API ?? 'http://127.0.0.1:5180';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    // Inlined assets would need data: in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': { target: api, changeOrigin: false, secure: false } } },
  test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'] },
});
