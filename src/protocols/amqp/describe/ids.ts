export type AmqpVerb = 'publish' | 'queue' | 'request';
export type AmqpMode = 'tap' | 'consume' | 'firehose';
