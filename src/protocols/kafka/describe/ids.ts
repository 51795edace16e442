/** Ids of the verbs, modes and actions. The description and the adapter are checked against them by the compiler. */
export type KafkaVerb = 'produce';
export type KafkaMode = 'read' | 'group';
