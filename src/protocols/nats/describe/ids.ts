/** Ids of verbs, modes and actions. The description and the adapter are checked against them by the compiler. */
export type NatsVerb = 'publish' | 'request' | 'stream';
export type NatsMode = 'subscribe' | 'queue' | 'stream' | 'kv' | 'consume';
export type NatsAction =
	| 'ack'
	| 'nak'
	| 'term'
	| 'progress'
	| 'create-stream'
	| 'edit-stream'
	| 'purge'
	| 'delete-stream'
	| 'delete-bucket'
	| 'delete-store'
	| 'delete-message'
	| 'delete-stored'
	| 'create-consumer'
	| 'delete-consumer'
	| 'create-bucket'
	| 'kv-put'
	| 'kv-create'
	| 'kv-delete'
	| 'kv-purge'
	| 'create-store'
	| 'object-get'
	| 'object-put'
	| 'object-delete';
