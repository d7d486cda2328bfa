import { Module } from '@nestjs/common';
import { MessagesRepository } from './messages.repository.js';

/** Saying something in a conversation, for the capabilities whose news belong there. */
@Module({ providers: [MessagesRepository], exports: [MessagesRepository] })
export class MessagesModule {}
