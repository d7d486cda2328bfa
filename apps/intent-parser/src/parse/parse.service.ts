import { MalloError, MESSAGE_MAX_LENGTH, type ParseRequest, type ParseResponse } from '@mallo/contracts';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { parse } from '../grammar/parse.js';
import { LlmService } from '../llm/llm.service.js';

const WARM_UP = [
  'ResNet50으로 고양이 3종류 분류, 학습률 천분의 일',
  'train resnet18 on digits, 3 epochs, batch 64',
  '헬멧 쓴 사람 찾는 작은 욜로 백 에폭, 증강은 빼고',
  'segment cracks with segfromer b0, lr 6e-5, at most two hours on one A100',
  '아니 배치는 32로, 에폭만 두 배로',
  'compare the last two runs and tell me which is better for the edge',
  '왜 정확도가 안 올라?',
  'what is the weather like tomorrow',
];
const PROJECT = {
  datasets: [
    { id: 'a', name: 'digits', taskType: 'classification' as const, classNames: ['0', '1', '2'] },
    { id: 'b', name: '헬멧', taskType: 'detection' as const, classNames: ['helmet', 'head'] },
  ],
  runs: [{ id: 'c', name: 'digits-resnet18', status: 'completed' }],
  models: [{ name: 'digits-resnet18', versions: ['1.0.0'] }],
};
const WARM_UP_ROUNDS = 15;

@Injectable()
export class ParseService implements OnModuleInit {
  constructor(private readonly llm: LlmService) {}

  /** The first sentences of a fresh process take ten times as long; these are ours, not a person's. */
  onModuleInit(): void {
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) for (const sentence of WARM_UP) parse(sentence, PROJECT);
  }

  /**
   * Answers with the engine asked for; `auto` is the language model where a key is set, else the grammar, which needs
   * no key and no network.
   * @throws MalloError conversation.message_too_long, parser.engine_unavailable
   */
  async parse({ message, context = {}, engine = 'auto' }: ParseRequest): Promise<ParseResponse> {
    if (message.length > MESSAGE_MAX_LENGTH) {
      throw new MalloError('conversation.message_too_long', { length: message.length, limit: MESSAGE_MAX_LENGTH });
    }
    const required = engine === 'llm';
    const rules = parse(message, context);
    if (engine === 'rules' || !(required || this.llm.isConfigured)) return { ...rules, engine: 'rules' };
    return this.llm.parse(message, context, rules, required);
  }
}
