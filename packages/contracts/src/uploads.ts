import { z } from 'zod';
import { Id } from './identity.js';
import { route } from './route.js';

const UploadParams = z.strictObject({ uploadId: Id });

/**
 * Files that arrive in pieces, by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload) with creation,
 * creation-with-upload, termination and expiration: any tus client can be used. An upload is its sender's alone, and is
 * removed 24 hours after it was begun unless a model was registered with it.
 */
export const uploadRoutes = {
  create: route({
    method: 'POST',
    path: '/api/v1/uploads',
    summary: 'Begin an upload (tus; headers Upload-Length, Tus-Resumable). Answers 201 with its address in Location',
    access: 'user',
    response: 'stream',
    errors: ['request.too_large', 'server.disk_full'],
  }),
  offset: route({
    method: 'HEAD',
    path: '/api/v1/uploads/:uploadId',
    summary: 'How many bytes have arrived (tus; header Upload-Offset)',
    access: 'user',
    params: UploadParams,
    response: 'stream',
    errors: ['upload.not_found'],
  }),
  append: route({
    method: 'PATCH',
    path: '/api/v1/uploads/:uploadId',
    summary: 'Send bytes from Upload-Offset on (tus; body of type application/offset+octet-stream). Answers 204',
    access: 'user',
    params: UploadParams,
    body: 'stream',
    errors: ['upload.not_found', 'request.conflict', 'request.too_large', 'server.disk_full'],
  }),
  remove: route({
    method: 'DELETE',
    path: '/api/v1/uploads/:uploadId',
    summary: 'Give an upload up and free its bytes (tus)',
    access: 'user',
    params: UploadParams,
    errors: ['upload.not_found'],
  }),
};
