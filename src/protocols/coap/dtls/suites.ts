/** A cipher suite with a pre-shared key, as the DTLS library names it. */
export interface Suite {
	id: number;
	name: SuiteName;
	/** Length of the authentication tag of a record, in bytes. */
	tag: number;
}

export type SuiteName =
	| 'TLS_PSK_WITH_AES_128_GCM_SHA256'
	| 'TLS_PSK_WITH_AES_256_GCM_SHA384'
	| 'TLS_PSK_WITH_AES_128_CCM'
	| 'TLS_PSK_WITH_AES_256_CCM'
	| 'TLS_PSK_WITH_AES_128_CCM_8'
	| 'TLS_PSK_WITH_AES_256_CCM_8';

/**
 * The offered suites, preferred ones first (RFC 5487, RFC 6655): authenticated encryption only. The last but one is
 * mandatory for CoAP devices with pre-shared keys (RFC 7252, 9.1.3.1). The library's CBC suites are deliberately left out.
 */
export const suites: readonly Suite[] = [
	{ id: 0x00a8, name: 'TLS_PSK_WITH_AES_128_GCM_SHA256', tag: 16 },
	{ id: 0x00a9, name: 'TLS_PSK_WITH_AES_256_GCM_SHA384', tag: 16 },
	{ id: 0xc0a4, name: 'TLS_PSK_WITH_AES_128_CCM', tag: 16 },
	{ id: 0xc0a5, name: 'TLS_PSK_WITH_AES_256_CCM', tag: 16 },
	{ id: 0xc0a8, name: 'TLS_PSK_WITH_AES_128_CCM_8', tag: 8 },
	{ id: 0xc0a9, name: 'TLS_PSK_WITH_AES_256_CCM_8', tag: 8 },
];

/** Length of the explicit part of the nonce, in front of the ciphertext (RFC 5288, 3). */
export const nonceBytes = 8;
