import { Module } from '@nestjs/common';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';

/** Saying something in a conversation, for the capabilities whose news belong there. */
@Module({ providers: [MessagesService, MessagesRepository], exports: [MessagesService, MessagesRepository] })
export class MessagesModule {}
