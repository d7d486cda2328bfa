import { createClient } from '@mallo/client';

/** The API of the page's own origin; cookies say who asks. */
export const client = createClient({ baseUrl: '' });
