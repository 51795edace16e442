/** What a form field, a setting and a message-file header hold. Pairs keep their order and their duplicates. */
export type FieldValue = string | number | boolean | string[] | [string, string][];

interface FieldBase {
	/** Dotted path in the profile, the subscription or the message: `tls.ca` is `{ "tls": { "ca": … } }`. */
	key: string;
	label: string;
	help?: string;
	/** Shown and used only while the field named by `key` has one of these values. `@scheme` is the URL's scheme, `@tls` whether it is a secure one. */
	when?: { key: string; is: readonly FieldValue[] };
	required?: boolean;
	placeholder?: string;
	/** Why a workspace may not set this without the user's approval: it decides whom a secret goes to, weakens TLS or raises a limit. */
	risk?: Risky;
	/** In a form, folded away under "More". */
	advanced?: boolean;
}

export interface Risky {
	/** Completes "Label: value – …". */
	text: string;
	/** Which values are risky; an unset field never is. */
	when:
		| readonly FieldValue[]
		| { above: number }
		/** Every value but these. */
		| { except: readonly FieldValue[] }
		/** Addresses on another host than that of the URL, or without TLS where the URL has it; these words are none. */
		| { otherServerExcept: readonly unknown[] }
		/** Pairs with one of these names, in lower case. */
		| { names: readonly string[] }
		/** An address (RFC 7622) whose domain is not the host of the URL. */
		| 'other domain';
	/** Of a file: its content is approved together with its path, since a workspace can replace it. */
	content?: boolean;
}

export type Field = FieldBase &
	(
		| { type: 'text'; default?: string; maxBytes?: number; pattern?: string; suggest?: readonly string[] }
		| { type: 'multiline'; default?: string }
		/** A path on this machine. */
		| { type: 'file'; filter?: readonly string[] }
		/** Kept in SecretStorage, bound to profile and origin; never in the profile. */
		| { type: 'secret' }
		| { type: 'number'; min: number; max: number; integer?: boolean; unit?: string; default?: number }
		| { type: 'boolean'; default: boolean }
		| { type: 'choice'; choices: readonly Choice[]; default: string | number }
		| { type: 'list'; default?: string[] }
		| { type: 'pairs'; default?: [string, string][] }
	);

export interface Choice {
	value: string | number;
	label: string;
	help?: string;
}

export interface FieldGroup {
	title: string;
	help?: string;
	/** As in a field: the whole group is shown only then. */
	when?: { key: string; is: readonly FieldValue[] };
	fields: readonly Field[];
}

/** Values by dotted path, without the fields that are unset. */
export type Values = Record<string, FieldValue | undefined>;
