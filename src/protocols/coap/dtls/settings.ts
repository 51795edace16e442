import { fail } from '../../../base/failure';
import type { ResolvedProfile, Secrets } from '../../../model/profile/profile';

/** Identity and pre-shared key of the client (RFC 4279). */
export interface KeySettings {
	/** Bytes, since the server compares bytes, whatever text they represent. */
	identity: Buffer;
	key: Buffer;
}

/** Bytes. RFC 4279, 5.3 requires support for 128 and 64; longer keys are in use. */
const maxIdentity = 128;
const maxKey = 256;

/** Reads identity and key of a profile. Throws `bad-identity`, `no-key` or `bad-key`. */
export function keySettings({ values }: ResolvedProfile, secrets: Secrets): KeySettings {
	const text = values['dtls.identity'];
	const identity = Buffer.from(typeof text === 'string' ? text : '');
	if (identity.length > maxIdentity)
		throw fail('bad-identity', `The identity has ${identity.length} bytes; at most ${maxIdentity} are allowed.`, {
			final: true,
		});
	const psk = secrets['dtls.psk'] ?? '';
	if (psk === '')
		throw fail('no-key', 'A coaps:// connection needs a pre-shared key, and none is stored.', {
			final: true,
			remedy: { text: 'Enter it in the form of the connection. Certificates are not supported.' },
		});
	const key = values['dtls.pskFormat'] === 'hex' ? fromHex(psk) : Buffer.from(psk);
	if (key.length > maxKey)
		throw fail('bad-key', `The pre-shared key has ${key.length} bytes; at most ${maxKey} are allowed.`, {
			final: true,
		});
	return { identity, key };
}

function fromHex(text: string): Buffer {
	const digits = text.replace(/^\s*0x/i, '').replace(/[\s:-]/g, '');
	if (/^([0-9a-f]{2})+$/i.test(digits)) return Buffer.from(digits, 'hex');
	throw fail('bad-key', 'The pre-shared key is not valid hexadecimal with two digits per byte.', {
		final: true,
		remedy: { text: 'Enter it again, or set "Key format" to text.' },
	});
}
