import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';

/**
 * AES-CCM (RFC 3610) and AES-GCM with the interface of the DTLS library's own module, which the build replaces by this
 * one: the editor's BoringSSL has no AES-CCM, and the library falls back to a native module. CCM is built from AES-CBC,
 * whose last block is the MAC, and AES-CTR.
 */
export interface Aead {
	encrypt(
		key: Buffer,
		nonce: Buffer,
		plaintext: Buffer,
		additional: Buffer,
		tagLength: number,
	): { ciphertext: Buffer; auth_tag: Buffer };
	/** `plaintext` must not be used unless `auth_ok`. */
	decrypt(
		key: Buffer,
		nonce: Buffer,
		ciphertext: Buffer,
		additional: Buffer,
		tag: Buffer,
	): { plaintext: Buffer; auth_ok: boolean };
}

const block = 16;
const bits = (key: Buffer) => key.length * 8;

export const ccm: Aead = {
	encrypt(key, nonce, plaintext, additional, tagLength) {
		const counter = counterMode(key, nonce);
		const auth_tag = counter(macOf(key, nonce, plaintext, additional, tagLength)).subarray(0, tagLength);
		return { ciphertext: counter(plaintext), auth_tag };
	},
	decrypt(key, nonce, ciphertext, additional, tag) {
		const counter = counterMode(key, nonce);
		const mask = counter(Buffer.alloc(block));
		const plaintext = counter(ciphertext);
		const mac = macOf(key, nonce, plaintext, additional, tag.length);
		const expected = Buffer.from(mac.map((byte, at) => byte ^ (mask[at] as number))).subarray(0, tag.length);
		const auth_ok = timingSafeEqual(expected, tag);
		return { plaintext: auth_ok ? plaintext : Buffer.alloc(0), auth_ok };
	},
};

export const gcm: Aead = {
	encrypt(key, nonce, plaintext, additional, tagLength) {
		const cipher = createCipheriv(`aes-${bits(key) as 128 | 256}-gcm`, key, nonce, { authTagLength: tagLength });
		cipher.setAAD(additional);
		const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
		return { ciphertext, auth_tag: cipher.getAuthTag() };
	},
	decrypt(key, nonce, ciphertext, additional, tag) {
		const decipher = createDecipheriv(`aes-${bits(key) as 128 | 256}-gcm`, key, nonce, { authTagLength: tag.length });
		decipher.setAAD(additional);
		decipher.setAuthTag(tag);
		const plaintext = decipher.update(ciphertext);
		try {
			decipher.final();
			return { plaintext, auth_ok: true };
		} catch {
			return { plaintext: Buffer.alloc(0), auth_ok: false };
		}
	},
};

/** The first 16 bytes are encrypted with the key stream block that is reserved for the MAC (RFC 3610, 2.3). */
function counterMode(key: Buffer, nonce: Buffer): (bytes: Buffer) => Buffer {
	const start = Buffer.concat([Buffer.of(14 - nonce.length), nonce, Buffer.alloc(15 - nonce.length)]);
	const cipher = createCipheriv(`aes-${bits(key)}-ctr`, key, start);
	return (bytes) => cipher.update(bytes);
}

/** RFC 3610, 2.2. `additional` must be shorter than 65,280 bytes; in DTLS it is never empty. */
function macOf(key: Buffer, nonce: Buffer, plaintext: Buffer, additional: Buffer, tagLength: number): Buffer {
	const start = Buffer.alloc(block);
	start[0] = (additional.length > 0 ? 64 : 0) + ((tagLength - 2) / 2) * 8 + (14 - nonce.length);
	nonce.copy(start, 1);
	start.writeUIntBE(plaintext.length, nonce.length + 1, 15 - nonce.length);
	const length = Buffer.alloc(additional.length > 0 ? 2 : 0);
	if (additional.length > 0) length.writeUInt16BE(additional.length);
	const cipher = createCipheriv(`aes-${bits(key)}-cbc`, key, Buffer.alloc(block));
	const encrypted = cipher.update(Buffer.concat([start, padded(length, additional), padded(plaintext)]));
	return encrypted.subarray(-block);
}

function padded(...parts: Buffer[]): Buffer {
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	return Buffer.concat(parts, Math.ceil(length / block) * block);
}
