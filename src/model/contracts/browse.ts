import type { Values } from '../profile/field';
import type { Subscription } from '../profile/profile';
import type { Property } from './session';

/** Something that the peer has, offers or knows: an exchange, a queue, a resource, a room. Its protocol's `browse.kinds` draw it. */
export interface BrowseNode {
	/** Unique in the session and stable; the protocol's own. */
	id: string;
	kind: string;
	/** Its own name, not the way to it. */
	name: string;
	/** Short, beside the name: "12 ready · 3 unacknowledged". */
	description?: string;
	/** Everything that is known about it, in words. */
	properties?: Property[];
	/** It needs attention: an alarm, a lost contact. */
	bad?: boolean;
	expandable: boolean;
	/** What messages of it are filed under in the log, and what a compose form sends to. */
	target?: string;
	/** What a compose form is filled with for it besides the target. */
	compose?: { verb: string; values?: Values };
	/** What "subscribe" means here: without a mode, the user chooses one of the node's `modes`. */
	subscription?: Subscription;
	/** Modes of subscribing that fit it; undefined: all. */
	modes?: string[];
}

/** Children of one node, in the order to show them. */
export interface BrowsePage {
	/** How many there are, as far as is known. */
	total: number;
	nodes: BrowseNode[];
	/** Why this is less than everything, in a sentence: "Without the management API only queues that were named are listed." */
	note?: string;
}

/** One of the protocol's `actions`, on a node, on messages, or on the connection itself. */
export interface ActRequest {
	/** Chosen by the caller; names it in `Status.running` and for `stop`. */
	id: string;
	action: string;
	node?: string;
	/** Lines of the log, in the order they shall be worked on. */
	messages?: number[];
	/** By the keys of the action's fields. */
	values: Values;
}

/** What came of an action: proven, not hoped. */
export interface ActResult {
	/** "Purged 1,204 messages from email." */
	text: string;
	/** Not all of it succeeded; `text` says what did not. */
	bad?: boolean;
	/** Shown under it. */
	properties?: Property[];
	/** Shown as a read-only document. */
	document?: { title: string; language: string; text: string };
	/** Messages that it wrote into the log. */
	messages?: number[];
}

/** Something that the user wants and that may need a yes first. */
export type Intent = { kind: 'subscribe'; subscription: Subscription } | { kind: 'act'; request: ActRequest };

/** Asked before something that cannot be taken back, with the numbers that matter. */
export interface Question {
	/** "Purge the queue email?" */
	text: string;
	/** "1,204 messages are deleted; 3 that consumers hold are not." */
	detail: string;
	/** The button that says yes: a verb. */
	button: string;
}
