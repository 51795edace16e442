export type XmppVerb = 'message' | 'iq' | 'presence' | 'publish' | 'stanza';
export type XmppMode = 'pubsub' | 'room';
