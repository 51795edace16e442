import type { Delivery } from '../model/checks/delivery';
import type { Holding } from '../model/contracts/hold';
import type { Row } from '../model/contracts/message';
import type { PayloadFormat } from '../model/contracts/payload';
import type { Property } from '../model/contracts/session';
import type { Field, FieldGroup, Values } from '../model/profile/field';
import type { ResolvedProfile, Subscription } from '../model/profile/profile';
import type { Comparison } from './comparison';
import type { ConnectionImport } from './connection-import';
import type { FileSupport } from './message-files';

/**
 * Everything about a protocol that is data. Host, webview, message files and the settings schema are driven by it, so that
 * none of them knows a protocol by name. Pure: no Node, no DOM, no editor. `Meta`: the properties of a message as the
 * adapter logs them.
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
	/**
	 * What its servers are, as in "This is an MQTT broker": where another protocol finds one (`shared/foreign-server.ts`), the
	 * editor offers to switch to this protocol.
	 */
	server?: string;
	/** Services and servers that the form for a new connection offers to begin with. */
	presets?: readonly Preset[];
	/** Fields of a profile beyond id, name, protocol and url. */
	profile: readonly FieldGroup[];
	/**
	 * Key of the profile field that names a client at the peer, so that each client of a simulation gets a name of its own;
	 * undefined: clients have no names.
	 */
	client?: string;
	/** How subscriptions work; undefined: everything that arrives is received without subscribing. */
	subscription?: {
		/** Label of the target's input: "Topic filter". `words.target` unless given. */
		label?: string;
		placeholder: string;
		fields: readonly Field[];
		/** One sentence that says what is wrong, or undefined. */
		check(target: string, mode?: string): string | undefined;
		/**
		 * Text that is the same for two subscriptions exactly if one replaces the other; undefined: target and mode decide.
		 * Protocols with groups add the group.
		 */
		identity?(subscription: Subscription): string;
		/**
		 * What acknowledging messages later means for a subscription (`Link.settle`); undefined: no mode can do it. `values`:
		 * the profile's.
		 */
		holds?(subscription: Subscription, values: Values): Holding;
		/** The effect of subscribing at the peer. Each mode has its own. */
		sideEffect: string;
		/** The messages that arrive without a subscription, in words; undefined: none. */
		unasked?: string;
		/** Suggestions for a first subscription. */
		suggest: readonly { target: string; label: string; mode?: string }[];
		/**
		 * Overlapping subscriptions may bring a message once each, and the adapter cannot always name the subscription.
		 * Message files then recognize copies by their content.
		 */
		sendsCopies?: true;
		/** Ways to receive with different effects at the peer. The first is the default and changes nothing there. */
		modes?: readonly Mode[];
	};
	/** The tree of objects that the peer has, beside the targets of messages. */
	browse?: {
		/** Heading: "Exchanges and queues" */
		label: string;
		kinds: Readonly<Record<string, NodeKind>>;
		/** Interval in milliseconds at which visible nodes are read again; undefined: only on request or after a change. */
		refreshMs?: number;
	};
	/** The network of these objects as a picture (`Link.graph`). */
	graph?: {
		/** "Topology" */
		label: string;
		/** The meaning of shapes and lines. */
		legend: string;
		/** Id of an action that returns it as a document. */
		document?: string;
	};
	/** Actions on nodes, on messages, or on the connection, beyond subscribing and sending. */
	actions?: readonly Action<string, Meta>[];
	/** How long a message may wait for its receipt, in milliseconds; 30,000 unless given. */
	receiptWithin?: number;
	/** Key of the secret without which this profile cannot sign in; undefined: it can try without one. */
	secretNeeded?(profile: Pick<ResolvedProfile, 'url' | 'values'>): string | undefined;
	/** Keys of profile fields with further addresses that get the secrets. Secrets are bound to them as to the URL. */
	secretAddresses?: readonly string[];
	/** Ways to send; the first is the default. */
	verbs: readonly Verb[];
	/** The verb that sends the bytes of a logged message unchanged; undefined: the selected one. */
	again?: string;
	/** Connections that other tools of the protocol have saved on this machine. */
	imports?: readonly ConnectionImport[];
	/** How message files write and read the protocol; undefined: only with the general words. */
	files?: FileSupport;
	/** How it is measured and judged beside other protocols; undefined: it cannot be. */
	comparison?: Comparison;
	/** Columns of the log between target and size. */
	columns: readonly Column[];
	/** The preview of a payload in the log. `start`: its start as text, with "…" where it is cut. Undefined: that text. */
	preview?(start: string): string;
	/** Who wrote a message and when (milliseconds since the epoch), where target and arrival do not say so. */
	authorship?(meta: Meta | undefined, flags: number): Pick<Row, 'sender' | 'written'>;
	/** Messages are a conversation, so the log can also be shown as a chat. */
	conversation?: {
		/**
		 * The text that a message says, undefined if it says nothing, such as presence or a ping. `start`: the start of its
		 * payload as text; the empty string for a binary payload, whose text is then decoded elsewhere.
		 */
		said(start: string, flags: number): string | undefined;
	};
	/** What the protocol says about the delivery of a received message: again, late, or its place in a stream. */
	delivery?: Delivery<Meta>;
	/** Every property of a message in words. */
	properties(flags: number, meta: Meta | undefined): Property[];
	/**
	 * Further payloads of a message, such as its key or its attachments. Each is shown with a decoding of its own. Called for
	 * the messages that are looked at, never for each received one. A part is also the value of a field for bytes
	 * (`files.values`, `files.resend`), and stands byte for byte in properties that are logged as bytes, because a search looks
	 * for it there.
	 */
	parts?(flags: number, meta: Meta | undefined): readonly Part[];
	/** The part with a column of its own in the log, between size and payload. `width` in characters. */
	partColumn?: { part: string; label: string; title: string; width: number };
	/** Payloads are XML or plain text, so the composer does not check them as JSON. */
	textPayloads?: boolean;
	/** The MIME type that the message declares. */
	contentType?(meta: Meta | undefined): string | undefined;
	/** The content encoding that the message declares, by its name in HTTP: "gzip". */
	contentEncoding?(meta: Meta | undefined): string | undefined;
	/** A filter with wildcards over targets. */
	pattern?: {
		/** e.g. "+ one level, # all below" */
		help: string;
		isPattern(text: string): boolean;
		/** Throws a sentence if the pattern is not valid. */
		compile(pattern: string): (target: string) => boolean;
		/** The pattern for a target and everything below it: "a/b/#". */
		below?(target: string): string;
	};
	/** Retained messages: the peer keeps them for later subscribers, and an empty message clears them. */
	retained?: { flag: number; clear(target: string): import('../model/contracts/message').Draft };
}

/** The start of a connection to a certain server or service. */
export interface Preset {
	/** "HiveMQ Cloud" */
	label: string;
	/** One sentence that says where address and credentials come from. */
	help: string;
	/** Complete, or with a part in capitals that the user replaces: "mqtts://YOUR-CLUSTER.s1.eu.hivemq.cloud:8883". */
	url: string;
	/** Fields of the profile that differ from their defaults, by their keys. */
	values?: Values;
	/** Further words by which it is found. */
	words?: string;
}

/** A payload of a message beside the first one. */
export interface Part {
	/** Unique in the message, and the same in all messages for the same purpose: "key", "attachment-0". */
	id: string;
	/** "Key", "Attachment 1" */
	label: string;
	bytes: Uint8Array;
	/** The MIME type that the message declares for it. */
	contentType?: string;
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
	/** Shown while there are no messages. */
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
	/** The message consists of its target and fields: no payload is sent. */
	noPayload?: true;
	/** Label of the button that sends, where the label is no verb: "Send IQ". */
	button?: string;
	/** Notations in which the payload can be written; all unless given. */
	formats?: readonly PayloadFormat[];
	/**
	 * The peer keeps what is sent, in order, so that a target can hold a recording: with these values. Undefined: it is passed on
	 * and gone.
	 */
	keeps?: Values;
	/** Values that a payload needs which is not UTF-8. They replace the chosen ones. */
	binaryValues?: Values;
	/** The proof that a receipt gives, in words, for the help text. */
	proves: string;
}

/** A way to receive. */
export interface Mode<Id extends string = string> {
	id: Id;
	/** "Tap", "Consume" */
	label: string;
	/** Ends it: "Leave Room". `words.unsubscribe` unless given. */
	stop?: string;
	/** The entry in menus where the label is no verb: "Join Room". */
	menu?: string;
	/** From a menu, its fields are shown first: they decide what is read. */
	form?: true;
	/** Name of a codicon. */
	icon: string;
	/** Label of the target's input, in place of that of the subscription. */
	targetLabel?: string;
	placeholder?: string;
	/** One sentence about its effect at the peer. */
	sideEffect: string;
	/** It removes messages or is visible to others: the user confirms `Link.ask` first, and no profile starts it. */
	intrusive?: boolean;
	/** Fields beyond those of every subscription. */
	fields?: readonly Field[];
	/** With these values it reads everything that the peer keeps, from the first message to the last one, and ends by itself. */
	readsAll?: Values;
}

export interface NodeKind {
	label: string;
	/** Name of a codicon. */
	icon: string;
	/** Drawn with round ends in `graph`. */
	round?: true;
}

export interface Action<Id extends string = string, Meta extends object = object> {
	id: Id;
	/** An imperative; ends in "…" if it asks for input. */
	label: string;
	/** Name of a codicon for a button; undefined: only in menus. */
	icon?: string;
	/** Where it is offered: on these kinds of nodes, on one or several messages, on the connection. */
	on: { nodes?: readonly string[]; messages?: 'one' | 'many'; connection?: boolean };
	/** Whether it applies to this message; undefined: to every received one. */
	fits?(flags: number, meta: Meta | undefined): boolean;
	/** It settles a received message: offered only for those whose settlement is open (`Sink.settlement`). */
	settles?: true;
	/** Also a button on the rows of its nodes, because they wait for the user. */
	inline?: true;
	/** Its group in menus, in this order; `change` unless given. The last group removes something. */
	group?: 'read' | 'change' | 'remove';
	/** Offered only while the link reports this state (`Link.states`), or with `is: false` only while it does not. */
	when?: { state: string; is: boolean };
	/** Opens this view of the panel; nothing is run at the peer. */
	view?: 'graph';
	/** One sentence about its effect at the peer; undefined: none. */
	sideEffect?: string;
	/** Fields of the form that is shown before it starts. */
	fields?: readonly Field[];
}

export interface Column {
	id: string;
	label: string;
	title: string;
	/** Width in characters. */
	width: number;
	/** Name of a codicon that stands for label and text of a yes-or-no column, with the title in words. */
	icon?: string;
	text(flags: number): string;
	/** The text by the properties of a message, in place of `text`, such as an offset. Called for the rows that are shown. */
	read?(flags: number, meta: object | undefined): string;
}
