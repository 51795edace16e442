import { fail } from '../../../base/failure';
import type { ResolvedProfile, Secrets } from '../../../model/profile/profile';

/** Who we are, and what proves it (RFC 4279). */
export interface KeySettings {
	/** As bytes: a server compares them, whatever text they are. */
	identity: Buffer;
	key: Buffer;
}

/** RFC 4279, 5.3: what everyone must support is 128 and 64; longer keys are in use. */
const mostIdentity = 128;
const mostKey = 256;

/** Identity and key of a profile. Throws what is wrong with them. */
export function keySettings({ values }: ResolvedProfile, secrets: Secrets): KeySettings {
	const given = values['dtls.identity'];
	const identity = Buffer.from(typeof given === 'string' ? given : '');
	if (identity.length > mostIdentity)
		throw fail('bad-identity', `An identity has at most ${mostIdentity} bytes, and this one has ${identity.length}.`, {
			final: true,
		});
	const text = secrets['dtls.psk'] ?? '';
	if (text === '')
		throw fail('no-key', 'A coaps:// connection needs a pre-shared key, and none is stored.', {
			final: true,
			remedy: { text: 'Enter it in the form of the connection. Certificates are not supported.' },
		});
	const key = values['dtls.pskFormat'] === 'hex' ? fromHex(text) : Buffer.from(text);
	if (key.length > mostKey)
		throw fail('bad-key', `A pre-shared key has at most ${mostKey} bytes, and this one has ${key.length}.`, {
			final: true,
		});
	return { identity, key };
}

function fromHex(text: string): Buffer {
	const digits = text.replace(/^\s*0x/i, '').replace(/[\s:-]/g, '');
	if (/^([0-9a-f]{2})+$/i.test(digits)) return Buffer.from(digits, 'hex');
	throw fail('bad-key', 'The pre-shared key is said to be hexadecimal, and is not: two digits stand for each byte.', {
		final: true,
		remedy: { text: 'Enter it again, or choose that it is text.' },
	});
}
