import { join } from 'node:path';
import { PHASE_PRODUCTION_SERVER } from 'next/constants.js';

// Nothing of a person's machine goes anywhere, counts of builds included.
process.env.NEXT_TELEMETRY_DISABLED = '1';

const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  // A model can be tried on what the camera sees; nothing of it is kept.
  { key: 'Permissions-Policy', value: 'camera=(self), microphone=(), geolocation=()' },
];

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  turbopack: { root: join(import.meta.dirname, '../..') },
  experimental: {
    // TypeScript 7 has no JavaScript interface; its compiler is called instead.
    useTypeScriptCli: true,
  },
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
};

/**
 * What builds the pages also runs each time that they are served: so this is not in TypeScript, for which Next would load a
 * compiler, and next-intl's part of the build, which loads another, is left out there.
 *
 * @param {string} phase
 */
export default async function configOf(phase) {
  if (phase === PHASE_PRODUCTION_SERVER) return config;
  const { default: createNextIntlPlugin } = await import('next-intl/plugin');
  return createNextIntlPlugin('./src/i18n/request.ts')(config);
}
