import { join } from 'node:path';
import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

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

const config: NextConfig = {
  poweredByHeader: false,
  turbopack: { root: join(import.meta.dirname, '../..') },
  experimental: {
    // TypeScript 7 has no JavaScript interface; its compiler is called instead.
    useTypeScriptCli: true,
  },
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
};

export default createNextIntlPlugin('./src/i18n/request.ts')(config);
