import type { Property } from '../model/contracts/session';
import type { Field, FieldGroup } from '../model/profile/field';
import type { Subscription } from '../model/profile/profile';
import type { FileSupport } from './message-files';

/**
 * Everything about a protocol that is data. Host, webview, message files and the settings schema draw from it, so that
 * none of them knows a protocol by name. Pure: no Node, no DOM, no editor.
 */
export interface ProtocolDescription<Meta extends object = object> {
	/** As in a profile's `protocol`. */
	id: string;
	label: string;
	/** One sentence for the form. */
	summary: string;
	/** The first is the default. */
	schemes: readonly Scheme[];
	urlPlaceholder: string;
	words: Words;
	/** Separates the levels of a target in the tree; undefined: the tree is flat. */
	separator?: string;
	/** Fields of a profile beyond id, name, protocol and url. */
	profile: readonly FieldGroup[];
	/** What receiving takes; undefined: everything that arrives is received without asking. */
	subscription?: {
		placeholder: string;
		fields: readonly Field[];
		/** One sentence that says what is wrong, or undefined. */
		check(target: string, mode?: string): string | undefined;
		/**
		 * Text that is the same for two subscriptions exactly if one replaces the other; undefined: target and mode decide.
		 * Protocols with groups add the group.
		 */
		identity?(subscription: Subscription): string;
		/** What subscribing changes at the peer. Where there are modes, each says its own. */
		sideEffect: string;
		/** What arrives without any subscription, in words; undefined: nothing. */
		unasked?: string;
		/** Suggestions for a first subscription. */
		suggest: readonly { target: string; label: string; mode?: string }[];
		/**
		 * Overlapping subscriptions may bring a message once each, and the adapter cannot always name the subscription.
		 * Message files then recognize copies by their content.
		 */
		sendsCopies?: true;
		/** Ways to receive that differ in what they do to the peer; the first is the default and changes nothing there. */
		modes?: readonly Mode[];
	};
	/** What the peer has, as a tree of its own beside the targets of messages. */
	browse?: {
		/** Heading: "Exchanges and queues" */
		label: string;
		kinds: Readonly<Record<string, NodeKind>>;
		/** Milliseconds after which what is shown is asked for again; undefined: only when told or asked to. */
		refreshMs?: number;
	};
	/** What can be done to a node, to messages, or to the connection beyond subscribing and sending. */
	actions?: readonly Action<string, Meta>[];
	/** How long a message may wait for its receipt, in milliseconds; 30,000 unless given. */
	receiptWithin?: number;
	/** Keys of profile fields with further addresses that are handed the secrets: secrets are bound to them as to the URL. */
	secretAddresses?: readonly string[];
	/** Ways to send; the first is the default. */
	verbs: readonly Verb[];
	/** The verb that sends a logged message's bytes just so; undefined: whichever is chosen. */
	again?: string;
	/** How message files write and read the protocol; undefined: with the general words alone. */
	files?: FileSupport;
	/** What the log shows between target and size. `text` is given the message's flags. */
	columns: readonly Column[];
	/** What a line shows of a payload, the start of which is given as text, with "…" where it is cut; undefined: just that. */
	preview?(start: string): string;
	/** Every property of a message in words. `meta` is what the adapter logged with it. */
	properties(flags: number, meta: Meta | undefined): Property[];
	/** What is sent is XML or text for people: it is not taken for JSON while it is written. */
	textPayloads?: boolean;
	/** The MIME type the message itself claims. */
	contentType?(meta: Meta | undefined): string | undefined;
	/** A filter with wildcards over targets. */
	pattern?: {
		/** e.g. "+ one level, # all below" */
		help: string;
		isPattern(text: string): boolean;
		/** Throws a sentence if it is not valid. */
		compile(pattern: string): (target: string) => boolean;
		/** The pattern for a target and all below it, e.g. "a/b/#"; for a menu's "Subscribe to all below". */
		below?(target: string): string;
	};
	/** Messages that the peer keeps for later subscribers, and that can be cleared by sending an empty one. */
	retained?: { flag: number; clear(target: string): import('../model/contracts/message').Draft };
}

export interface Scheme {
	/** Without "://". */
	scheme: string;
	defaultPort: number;
	tls: boolean;
}

export interface Words {
	/** "topic", "queue", "resource" */
	target: string;
	targets: string;
	/** "Subscribe", "Observe" */
	subscribe: string;
	unsubscribe: string;
	/** "Publish", "Send" */
	send: string;
	message: string;
	messages: string;
	/** Shown where nothing has arrived yet. */
	empty: string;
}

/** `Id`: the ids of a protocol's verbs, so that the compiler finds a misspelt one. Likewise for modes and actions. */
export interface Verb<Id extends string = string> {
	id: Id;
	label: string;
	/** Whether a target must, may or cannot be given. */
	target: 'required' | 'optional' | 'none';
	targetPlaceholder?: string;
	/** One sentence that says what is wrong, or undefined. */
	checkTarget(target: string): string | undefined;
	fields: readonly Field[];
	/** What a receipt can prove, in words, for the help text. */
	proves: string;
}

/** A way to receive. */
export interface Mode<Id extends string = string> {
	id: Id;
	/** "Tap", "Consume" */
	label: string;
	/** A codicon's name: what tells the modes apart at a glance. */
	icon: string;
	placeholder?: string;
	/** One sentence: what it changes at the peer. */
	sideEffect: string;
	/** It takes messages away or is seen by others: `Link.ask` is asked first, and no profile starts it by itself. */
	intrusive?: boolean;
	/** Its own fields beyond those of every subscription. */
	fields?: readonly Field[];
}

export interface NodeKind {
	label: string;
	/** A codicon's name. */
	icon: string;
}

export interface Action<Id extends string = string, Meta extends object = object> {
	id: Id;
	/** An imperative; ends in "…" if something is asked. */
	label: string;
	/** A codicon's name, for a button; undefined: only in menus. */
	icon?: string;
	/** Kinds of nodes it is offered on, on messages (one or several of the log), on the connection. */
	on: { nodes?: readonly string[]; messages?: 'one' | 'many'; connection?: boolean };
	/** Whether it fits this message; undefined: every one that was received. */
	fits?(flags: number, meta: Meta | undefined): boolean;
	/** One sentence: what it changes at the peer. Undefined: nothing. */
	sideEffect?: string;
	/** Asked for in a form before it starts; with values that depend on the node, `Link.ask` may not be enough. */
	fields?: readonly Field[];
}

export interface Column {
	id: string;
	label: string;
	title: string;
	/** In characters. */
	width: number;
	text(flags: number): string;
}
