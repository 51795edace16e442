/** Ids of the verbs and actions. The description and the adapter are checked against them by the compiler. */
export type SocketIoVerb = 'emit' | 'request';
export type SocketIoAction = 'acknowledge';
