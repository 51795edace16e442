export type WebSocketVerb = 'send' | 'ping';
