import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { PlaygroundServer } from '../../../src/model/contracts/playground';
import { findProgram } from '../../../src/playground/installed/find';
import { createInstanceFolder } from '../../../src/playground/installed/folder';
import type { Launch } from '../../../src/playground/installed/program';
import type { Recipe } from '../../../src/playground/installed/recipe';
import { startInstalled } from '../../../src/playground/installed/start';
import { xmppServers } from '../../../src/playground/installed/xmpp';
import { freePort, listen } from '../../support/net/listen';
import { accepts } from '../../support/net/ports';
import { eventually } from '../../support/run/eventually';

/** A server in a child of the program, as those of RabbitMQ and ejabberd are. */
const inChild = (port: number): Launch => ({
	command: '/bin/sh',
	args: [
		'-c',
		'"$@" & wait',
		'sh',
		process.execPath,
		'-e',
		`require('net').createServer().listen(${port},'127.0.0.1')`,
	],
});

const recipe = (more: Partial<Recipe> = {}): Recipe => ({
	...{ id: 'one', label: 'One', usualPort: 1, programs: [['/bin/sh']], morePorts: [] },
	install: { debian: 'sudo apt install one', macos: 'brew install one' },
	prepare: ({ port }) => inChild(port),
	connections: ({ port }) => [{ profile: { name: 'One', protocol: 'one', url: `one://127.0.0.1:${port}` } }],
	...more,
});

async function started(t: TestContext, more: Partial<Recipe>, port?: number) {
	const folder = temporary(t);
	const states: PlaygroundServer[] = [];
	const server = await startInstalled(recipe(more), folder, port ?? (await freePort()), (state) => states.push(state));
	t.after(() => server.close());
	return { server, states, last: () => states.at(-1), folder };
}

function temporary(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'installed-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

test('a server starts, is open when it has its messages, and ends with all its processes', async (t) => {
	let calls = 0;
	let stopped = false;
	const live = async () => {
		if (++calls === 1) throw new Error('not ready');
		return () => {
			stopped = true;
		};
	};
	const { server, states, last } = await started(t, { live });
	assert.equal(states[0]?.state, 'starting');
	await eventually('open', () => assert.equal(last()?.state, 'open'));
	const port = last()?.port ?? 0;
	assert.deepEqual([calls, await accepts(port)], [2, true]);
	await server.close();
	assert.equal(stopped, true);
	await eventually('closed', async () => assert.equal(await accepts(port), false));
	assert.deepEqual(
		states.map(({ state }) => state),
		['starting', 'open'],
	);
});

test('a busy port is replaced, and so are further ports', async (t) => {
	const other = createServer();
	const busy = await listen(other);
	t.after(() => other.close());
	const { states } = await started(t, { usualPort: busy, morePorts: [busy, 0] }, busy);
	const [{ port, usualPort, replacedPorts = [] } = {} as PlaygroundServer] = states;
	assert.equal(usualPort, busy);
	assert.notEqual(port, busy);
	assert.equal(replacedPorts.length, 1);
	assert.equal(replacedPorts[0]?.usual, busy);
	assert.notEqual(replacedPorts[0]?.port, busy);
});

test('a program that is not installed is told with a way to get it, and nothing is started', async (t) => {
	const { states, folder } = await started(t, { programs: [['/bin/sh'], ['no-such-program']] });
	assert.deepEqual(
		states.map(({ state, port }) => [state, port]),
		[['missing', 1]],
	);
	assert.match(states[0]?.text ?? '', /One is not installed.*(apt install|brew install) one.*compose\.yaml/);
	assert.deepEqual(readdirSync(folder), []);
});

test('a program that ends is told with its last line', async (t) => {
	const prepare = () => ({ command: '/bin/sh', args: ['-c', 'echo first; echo "no space left" >&2; echo; exit 3'] });
	const { last } = await started(t, { prepare });
	await eventually('failed', () => assert.equal(last()?.state, 'failed'));
	assert.equal(last()?.text, 'One has ended. no space left');
});

/** Kills what has started a program. */
const killers: Record<string, (file: string) => () => Promise<unknown>> = {
	process: (file) => {
		const child = spawn(process.execPath, [file], { stdio: 'ignore' });
		return () => {
			child.kill('SIGKILL');
			return once(child, 'exit');
		};
	},
	thread: (file) => {
		const worker = new Worker(file);
		return () => worker.terminate();
	},
};
for (const [name, start] of Object.entries(killers))
	test(`a server ends when the ${name} that started it is killed`, async (t) => {
		const folder = temporary(t);
		const file = join(folder, 'start.mjs');
		const port = await freePort();
		await build({
			stdin: {
				contents: `import { startProgram } from './src/playground/installed/program';
				startProgram(${JSON.stringify(inChild(port))}, ${JSON.stringify(folder)});`,
				resolveDir: process.cwd(),
				loader: 'ts',
			},
			...{ bundle: true, platform: 'node', format: 'esm', outfile: file },
		});
		const kill = start(file);
		await eventually('open', async () => assert.equal(await accepts(port), true));
		await kill();
		await eventually('closed', async () => assert.equal(await accepts(port), false));
	});

test('programs are found by name in the PATH or by their path, and only executable files', (t) => {
	const folder = temporary(t);
	for (const name of ['server', 'plain', 'folder']) {
		if (name === 'folder') mkdirSync(join(folder, name));
		else writeFileSync(join(folder, name), '');
	}
	chmodSync(join(folder, 'server'), 0o755);
	const path = `relative:${folder}`;
	assert.equal(findProgram(['server'], path), join(folder, 'server'));
	assert.equal(findProgram(['plain', 'folder', 'server'], path), join(folder, 'server'));
	assert.equal(findProgram([join(folder, 'absent'), join(folder, 'server')], ''), join(folder, 'server'));
	for (const name of ['plain', 'folder', 'absent']) assert.equal(findProgram([name], path), undefined, name);
});

test('folders of playgrounds that have ended are removed, and others stay', async (t) => {
	const parent = temporary(t);
	const child = spawn(process.execPath, ['-e', '']);
	await once(child, 'exit');
	const [ended, alive, other] = [`messaging-playground-${child.pid}-a`, 'messaging-playground-1-b', `x-${child.pid}-c`];
	for (const name of [ended, alive, other]) mkdirSync(join(parent, name));
	const own = createInstanceFolder(parent);
	assert.ok(own.startsWith(join(parent, `messaging-playground-${process.pid}-`)));
	assert.deepEqual(
		[ended, alive, other].map((name) => existsSync(join(parent, name))),
		[false, true, true],
	);
});

test('one server is enough for XMPP, and a second one has a port of its own', () => {
	const served = (...installed: string[]) =>
		xmppServers(({ id }) => installed.includes(id)).map(({ id, usualPort }) => `${id} ${usualPort}`);
	assert.deepEqual(served('prosody', 'ejabberd'), ['prosody 5222', 'ejabberd 5322']);
	assert.deepEqual(served('ejabberd'), ['ejabberd 5222']);
	assert.deepEqual(served('prosody'), ['prosody 5222']);
	assert.deepEqual(served(), ['prosody 5222']);
});
