#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { main } from './cli/main';

/** The entry point of the command line, which runs the engine without an editor. */
function version(): string {
	try {
		// The bundle is in dist/engine of the package.
		const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
		return String(version);
	} catch {
		return 'development';
	}
}

const code = await main(process.argv.slice(2), version);
process.exitCode = code;
// All connections are closed and all output is written: a timer of a library must not keep the process alive.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
