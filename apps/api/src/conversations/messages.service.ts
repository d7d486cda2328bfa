import type { Locale, Message } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { languageIn } from './language.js';
import { MessagesRepository, type Said } from './messages.repository.js';

/** What other capabilities say in a conversation. */
@Injectable()
export class MessagesService {
  constructor(private readonly messages: MessagesRepository) {}

  /** Lets the assistant say something once, however often it is tried with the same key. */
  async append(conversationId: string, key: string, said: Said): Promise<void> {
    await this.messages.append(conversationId, key, said);
  }

  /** What was said so far, the first first. */
  all(conversationId: string): Promise<Message[]> {
    return this.messages.all(conversationId);
  }

  /** The language of a message, or of its answer: “digits” and “3” have none of their own. */
  async languageOf(messageId: string): Promise<Locale> {
    return languageIn(...(await this.messages.exchangeOf(messageId)));
  }
}
