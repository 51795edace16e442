// The DTLS library's ciphers are replaced by ours: its own module asks for a native package where the editor runs.
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
