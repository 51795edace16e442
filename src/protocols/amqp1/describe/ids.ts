export type Amqp1Verb = 'send' | 'request';
export type Amqp1Mode = 'browse' | 'release' | 'receive' | 'consume';
export type Amqp1Action = 'accept' | 'release' | 'reject' | 'modify' | 'settle-all';
