import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { parse } from 'jsonc-parser';
import { localPort } from '../../../src/model/contracts/playground';
import type { Profile } from '../../../src/model/profile/profile';

const settings = parse(readFileSync('sample/.vscode/settings.json', 'utf8'));
const sample = settings['messagingWorkbench.connections'] as Profile[];

test('the compose file is valid and opens the ports of the sample on loopback', () => {
	// Not "docker compose", which needs the plugin and a daemon.
	const text = execFileSync('docker-compose', ['-f', 'sample/compose.yaml', 'config'], { encoding: 'utf8' });
	const published = [...text.matchAll(/^ +- (\S+):(\d+):\d+\/tcp$/gm)].map(([, host, port]) => `${host}:${port}`);
	assert.ok(
		published.every((one) => one.startsWith('127.0.0.1:')),
		published.join(),
	);
	const wanted = sample
		// A datagram has no image here.
		.filter(({ protocol }) => protocol !== 'coap')
		.map(({ url }) => `127.0.0.1:${localPort(url)?.port}`);
	for (const one of wanted) assert.ok(published.includes(one), one);
});
