export type XmppVerb = 'message' | 'iq' | 'presence' | 'publish' | 'stanza';
export type XmppMode = 'pubsub' | 'room';
export type XmppAction =
	| 'ping'
	| 'items'
	| 'archive'
	| 'create-node'
	| 'delete-node'
	| 'retract'
	| 'add-contact'
	| 'remove-contact';
