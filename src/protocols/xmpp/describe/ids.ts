export type XmppVerb = 'message' | 'iq' | 'presence' | 'publish' | 'stanza';
export type XmppMode = 'pubsub' | 'room';
export type XmppAction =
	| 'ping'
	| 'items'
	| 'archive'
	| 'create-node'
	| 'delete-node'
	| 'retract'
	| 'accept'
	| 'decline'
	| 'add-contact'
	| 'remove-contact'
	| 'leave';
