import type { Values } from '../profile/field';
import type { Subscription } from '../profile/profile';
import type { Property } from './session';

/**
 * An object of the peer: an exchange, a queue, a resource, a room. `browse.kinds` of the protocol defines label and
 * icon.
 */
export interface BrowseNode {
	/** Unique in the session and stable; chosen by the protocol. */
	id: string;
	kind: string;
	/** The name without its path. */
	name: string;
	/** Short text beside the name: "12 ready · 3 unacknowledged". */
	description?: string;
	/** All known properties in words. */
	properties?: Property[];
	/** Needs attention: an alarm, a lost contact. */
	bad?: boolean;
	expandable: boolean;
	/** Target of its messages in the log, and of the compose form. */
	target?: string;
	/** Values for the compose form besides the target. */
	compose?: { verb: string; values?: Values };
	/** Subscription to this node. Without a mode, the user chooses one of `modes`. */
	subscription?: Subscription;
	/** Applicable modes; undefined: all. */
	modes?: string[];
}

/** Children of one node in display order. */
export interface BrowsePage {
	/** Number of children, as far as known. */
	total: number;
	nodes: BrowseNode[];
	/**
	 * Why the list is incomplete, in a sentence: "Without the management API only queues that were named are listed." Lines behind
	 * the first one are shown in the tooltip only.
	 */
	note?: string;
}

/** One of the protocol's `actions`, on a node, on messages, or on the connection itself. */
export interface ActRequest {
	/** Chosen by the caller; identifies the action in `Status.running` and for `stop`. */
	id: string;
	action: string;
	node?: string;
	/** Lines of the log in processing order. */
	messages?: number[];
	/** Values by key of the action's fields. */
	values: Values;
}

/** Proven outcome of an action. */
export interface ActResult {
	/** "Purged 1,204 messages from email." */
	text: string;
	/** Not everything succeeded; `text` states what failed. */
	bad?: boolean;
	/** Shown below the text. */
	properties?: Property[];
	/** Shown as a read-only document. */
	document?: { title: string; language: string; text: string };
	/** Messages that it wrote into the log. */
	messages?: number[];
	/** Receives what the action has started; offered as a button. */
	show?: Subscription;
}

/** A request of the user that may need confirmation. */
export type Intent = { kind: 'subscribe'; subscription: Subscription } | { kind: 'act'; request: ActRequest };

/** A confirmation before an irreversible step, with the current numbers. */
export interface Question {
	/** "Purge the queue email?" */
	text: string;
	/** "1,204 messages are deleted; 3 that consumers hold are not." */
	detail: string;
	/** Label of the confirming button: a verb. */
	button: string;
	/** Nothing is removed and others do not notice it. */
	harmless?: true;
}
