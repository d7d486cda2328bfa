/**
 * Loaded with `node --import` into a program that knows nothing of Mallo (Next.js), so that it ends with
 * the process that started it, however that one ended: the IPC channel closes with it.
 */
process.once('disconnect', () => process.exit(0));
// A channel nobody listens to would not keep the process, nor be noticed when it closes.
process.channel?.ref();
if (process.env.MALLO_CHILD && !process.connected) process.exit(0);

export {};
