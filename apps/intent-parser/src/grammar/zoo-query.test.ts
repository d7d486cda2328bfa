import { expect, it } from 'vitest';
import { readZooQuery } from './zoo-query.js';

it.each([
  ['작고 빠른 분류기', { taskType: 'classification', wishes: ['light', 'fast'] }],
  ['small fast classifier', { taskType: 'classification', wishes: ['light', 'fast'] }],
  ['segmentation under 5M params', { taskType: 'segmentation', maxParamsM: 5, wishes: [] }],
  ['5백만 파라미터 이하 분할 모델', { taskType: 'segmentation', maxParamsM: 5, wishes: [] }],
  ['transformer classifier over 80M', { taskType: 'classification', minParamsM: 80, wishes: [] }],
  ['파라미터 80M 이상 분류 모델', { taskType: 'classification', minParamsM: 80, wishes: [] }],
  ['timm models under 3M', { source: 'timm', maxParamsM: 3, wishes: [] }],
  ['가장 정확한 탐지 모델 찾아줘', { taskType: 'detection', wishes: ['accurate'] }],
  ['레즈넷50', { name: 'resnet50', wishes: [] }],
  ['resnet5O', { name: 'resnet50', wishes: [] }],
  ['이피션트넷', { name: 'efficientnet', wishes: [] }],
  ['convnext tiny', { name: 'convnext_tiny', wishes: [] }],
  ['큰 모델 말고 가벼운 모델', { wishes: ['light'] }],
  ['효율적인 검출 모델', { taskType: 'detection', wishes: ['light', 'accurate'] }],
  ['efficient classifier', { taskType: 'classification', wishes: ['light', 'accurate'] }],
  ['efficient net', { name: 'efficientnet', wishes: [] }],
  ['점심 메뉴 추천', { wishes: [] }],
])('reads “%s”', (query, reading) => expect(readZooQuery(query)).toEqual(reading));
