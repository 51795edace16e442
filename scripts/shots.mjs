// Takes the pictures of README and docs in a real editor. Usage: node scripts/shots.mjs [readme|animation|coap|websocket|amqp|xmpp …]
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/editor.mjs';
import { run } from './lib/process.mjs';

process.chdir(root);
const print = (text) => process.stdout.write(text);
const built = await run(process.execPath, ['scripts/build.mjs'], { onText: print });
if (built.code !== 0) process.exit(1);
const outfile = join('.cache', `shots-${process.pid}.mjs`);
await build({
	entryPoints: ['test/support/shots/shots.ts'],
	outfile,
	bundle: true,
	packages: 'external',
	platform: 'node',
	target: 'node20',
	format: 'esm',
});
const { code } = await run(process.execPath, [outfile, ...process.argv.slice(2)], {
	timeoutMs: 900_000,
	onText: print,
});
await rm(outfile);
process.exitCode = code;
