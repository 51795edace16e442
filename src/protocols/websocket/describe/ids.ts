export type WebSocketVerb = 'send' | 'ping' | 'close';
