// Replaces the ciphers of the DTLS library: its own module requires a native package in the editor's Node.
import { join } from 'node:path';
import { root } from './root.mjs';

/** @type {import('esbuild').Plugin} */
export const ownAead = {
	name: 'own-aead',
	setup(build) {
		const path = join(root, 'src/protocols/coap/dtls/aead.ts');
		build.onResolve({ filter: /\/AEADCrypto\.js$/ }, () => ({ path }));
	},
};
