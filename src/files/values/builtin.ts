/** A function of message files and the context that it runs in. `builtins.ts` lists all of them. */

/** The environment of the functions with a `$`. */
export interface Surroundings {
	/** Milliseconds since the epoch. */
	now(): number;
	/** This many unpredictable bytes. */
	random(bytes: number): Uint8Array;
	env(name: string): string | undefined;
	dotenv(name: string): string | undefined;
	/** A secret by its name. Its value is masked in every output. */
	secret(name: string): string | undefined;
	/** Signs bytes with a key (RFC 2104). */
	hmac?(algorithm: string, key: string, bytes: Uint8Array): Uint8Array;
	/** The client and the message of a simulation; undefined: the only message of the only client. */
	device?: Device;
	/** The body of the message whose headers are replaced. */
	readonly body?: Uint8Array;
}

/** The simulated client that sends a message. */
export interface Device {
	/** From 1. */
	client: number;
	clients: number;
	/** The number of the client's message, from 0. */
	message: number;
}

export interface Builtin {
	/** Without the "$". */
	name: string;
	arguments: string;
	help: string;
	/** Its value must not be shown. */
	secret?: boolean;
	/** It depends on the body of the message, so that it stands in the headers of a message only. */
	ofBody?: boolean;
	/** The place of the argument that names a secret. */
	secretAt?: number;
	/** Returns another value each time. */
	fresh?: boolean;
	run(args: string[], around: Surroundings): string;
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lowercase hexadecimal digits without spaces. */
export function hex(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) text += digits[byte];
	return text;
}
