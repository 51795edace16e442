import type { PayloadFormat } from '../contracts/payload';

/** The value of a form field, a setting or a header of a message file. Pairs keep order and duplicates. */
export type FieldValue = string | number | boolean | string[] | [string, string][] | BytesValue | BytesValue[];

/**
 * Bytes as the user writes them. `bytesOf` converts them, `bytesValue` is its inverse. An unset field means that the
 * message has none; an empty text means that it has empty ones.
 */
export interface BytesValue {
	format: PayloadFormat;
	text: string;
}

interface FieldBase {
	/** Dotted path in the profile, the subscription or the message: `tls.ca` is `{ "tls": { "ca": … } }`. */
	key: string;
	label: string;
	help?: string;
	/**
	 * Shown and used only while the field `key` has one of these values. `@scheme` is the URL's scheme, `@tls` whether
	 * it is a secure one.
	 */
	when?: { key: string; is: readonly FieldValue[] };
	required?: boolean;
	placeholder?: string;
	/**
	 * Set if a workspace needs the user's approval for it: it decides to whom a secret is sent, weakens TLS or raises a
	 * limit.
	 */
	risk?: Risky;
	/** Collapsed under "More options" in a form. */
	advanced?: boolean;
}

export interface Risky {
	/** Completes "Label: value – …". */
	text: string;
	/** Values that need approval; an unset field never does. */
	when:
		| readonly FieldValue[]
		| { above: number }
		/** All values except these. */
		| { except: readonly FieldValue[] }
		/**
		 * Addresses on a host other than the URL's, or without TLS where the URL has it. The listed words are not
		 * addresses.
		 */
		| { otherServerExcept: readonly unknown[] }
		/** Pairs with one of these names, given in lower case. */
		| { names: readonly string[] }
		/** A JID (RFC 7622) whose domain is not the URL's host. */
		| 'other domain';
	/** For a file: its content is approved together with its path, because a workspace can replace it. */
	content?: boolean;
}

export type Field = FieldBase &
	(
		| {
				type: 'text';
				default?: string;
				maxBytes?: number;
				pattern?: string;
				/** What the pattern allows, for the refusal: "a size such as 500 MB". */
				expected?: string;
				suggest?: readonly string[];
		  }
		| { type: 'multiline'; default?: string }
		/** A path on this machine. */
		| { type: 'file'; filter?: readonly string[] }
		/** Stored in SecretStorage, bound to profile and origin; never in the profile. */
		| { type: 'secret' }
		| { type: 'number'; min: number; max: number; integer?: boolean; unit?: string; default?: number }
		| { type: 'boolean'; default: boolean }
		| { type: 'choice'; choices: readonly Choice[]; default: string | number }
		| { type: 'list'; default?: string[] }
		/** `words`: what the two parts are called; "name" and "value" unless given. */
		| { type: 'pairs'; default?: [string, string][]; words?: readonly [string, string] }
		/** A further payload, such as the key of a record: a `BytesValue`, or with `many` a list of them. */
		| { type: 'bytes'; many?: true }
	);

export interface Choice {
	value: string | number;
	label: string;
	help?: string;
}

export interface FieldGroup {
	title: string;
	help?: string;
	/** Condition for the whole group, as in a field. */
	when?: { key: string; is: readonly FieldValue[] };
	fields: readonly Field[];
}

/** Values by dotted path, without unset fields. */
export type Values = Record<string, FieldValue | undefined>;
