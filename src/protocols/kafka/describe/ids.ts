/** Ids of the verbs, modes and actions. The description and the adapter are checked against them by the compiler. */
export type KafkaVerb = 'produce';
export type KafkaMode = 'read' | 'group';
export type KafkaAction =
	| 'create-topic'
	| 'add-partitions'
	| 'show-configuration'
	| 'change-configuration'
	| 'produce-file'
	| 'delete-records'
	| 'delete-topic'
	| 'reset-offsets'
	| 'delete-offsets'
	| 'delete-group';
