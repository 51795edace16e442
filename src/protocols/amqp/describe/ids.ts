export type AmqpVerb = 'publish' | 'queue' | 'request';
export type AmqpMode = 'tap' | 'consume' | 'stream' | 'firehose';
export type AmqpAction =
	| 'peek'
	| 'revive'
	| 'move'
	| 'bind'
	| 'bind-here'
	| 'unbind-from'
	| 'unbind'
	| 'purge'
	| 'delete'
	| 'declare-queue'
	| 'declare-exchange'
	| 'topology'
	| 'topology-document'
	| 'trace-on'
	| 'trace-off';
