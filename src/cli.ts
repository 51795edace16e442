#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { main } from './cli/main';

/** Second entry point: the same engine without an editor. */
function version(): string {
	try {
		// Built, it lies in dist/engine of the package.
		const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
		return String(version);
	} catch {
		return 'development';
	}
}

const code = await main(process.argv.slice(2), version);
process.exitCode = code;
// What a library may have left behind must not keep the process: everything has been closed and written by now.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
