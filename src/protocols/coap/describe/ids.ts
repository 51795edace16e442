import type { Method } from './codes';

export type CoapVerb = Method | 'ping';
export type CoapMode = 'observe';
export type CoapAction = 'ping' | 'discover' | 'rediscover';
