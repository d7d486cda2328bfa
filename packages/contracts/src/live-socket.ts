import { z } from 'zod';
import type { EventsFrame, JoinAnswer, JoinRequest } from './live.js';
import type { PresenceFrame, RunsFrame, WatchProject } from './tracking.js';

/** Why somebody is not let in to a run or a project of the live stream. */
export type LiveRefusal = 'auth.required' | 'run.not_found' | 'project.not_found' | 'request.invalid';

export const WatchProjectAnswer = z.union([
  z.strictObject({ ok: z.literal(true) }),
  z.strictObject({
    ok: z.literal(false),
    code: z.enum(['auth.required', 'project.not_found', 'request.invalid']),
  }),
]);
export type WatchProjectAnswer = z.infer<typeof WatchProjectAnswer>;

/** What the live stream pushes. Frames may hold whatever happened since the one before: nobody waits for a slow one. */
export type LiveServerToClient = {
  events: (frame: EventsFrame) => void;
  runs: (frame: RunsFrame) => void;
  presence: (frame: PresenceFrame) => void;
};
export type LiveClientToServer = {
  join: (request: JoinRequest, answer: (answer: JoinAnswer) => void) => void;
  leave: (request: { runId: string }) => void;
  watchProject: (request: WatchProject, answer: (answer: WatchProjectAnswer) => void) => void;
  leaveProject: (request: { projectId: string }) => void;
};
