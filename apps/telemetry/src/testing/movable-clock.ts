/**
 * Loaded into a process before anything else (`--import`): its wall clock is moved by what it is told over its channel,
 * as when somebody sets the clock of the machine. Timers and `performance.now` go on evenly, as there.
 */
let movedMs = 0;
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, self) => Reflect.construct(target, given.length > 0 ? given : [Date.now()], self),
  apply: () => new Date().toString(),
  get: (target, name, self) => (name === 'now' ? () => target.now() + movedMs : Reflect.get(target, name, self)),
});

process.on('message', (message: { movedMs?: number }) => {
  if (message.movedMs !== undefined) movedMs = message.movedMs;
  process.send?.({ movedMs });
});
