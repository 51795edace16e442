import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { SaxesParser } from 'saxes';
import { createStore } from '../../src/engine/store';
import { defaultLimits } from '../../src/model/session';
import { deafSink } from '../../src/protocols/shared/deaf-sink';
import { adapter } from '../../src/protocols/xmpp/adapter';
import { xmpp } from '../../src/protocols/xmpp/describe';

const messages = 200_000;
const rounds = 5;
const port = 23_990;
const password = 'bench';

/** Stanzas a second through adapter, log and tree, against a bare saxes parser on a socket that only counts. */
export async function bench(): Promise<
	{ name: string; value: string; reference?: string; ratio?: number; goal?: string }[]
> {
	const server = fork('test/bench/flood-xmpp.mjs', [JSON.stringify({ port, messages, password })]);
	await once(server, 'message');
	const bare: number[] = [];
	const ours: number[] = [];
	try {
		for (let round = 0; round < rounds; round++) {
			bare.push(await countBare());
			ours.push(await countOurs());
		}
	} finally {
		server.kill();
		await once(server, 'exit');
	}
	return [
		{
			name: 'XMPP, messages of 200 bytes: adapter, log and tree',
			value: perSecond(median(ours)),
			reference: `bare saxes parser, namespaces on, that counts: ${perSecond(median(bare))}`,
			ratio: median(ours) / median(bare),
			goal: '≥ 0.8',
		},
	];
}

function countBare(): Promise<number> {
	return new Promise((resolve, reject) => {
		const socket = connect(port + 1, '127.0.0.1');
		const parser = new SaxesParser({ xmlns: true, position: false });
		const decoder = new TextDecoder('utf-8', { fatal: true });
		let depth = 0;
		const count = counter((rate) => {
			socket.destroy();
			resolve(rate);
		});
		parser.on('error', reject);
		parser.on('opentag', () => depth++);
		parser.on('text', () => {});
		parser.on('closetag', () => {
			if (--depth === 1) count();
		});
		socket.on('error', reject);
		socket.on('data', (chunk) => void parser.write(decoder.decode(chunk, { stream: true })));
	});
}

async function countOurs(): Promise<number> {
	const store = createStore(xmpp, defaultLimits);
	let finish: (rate: number) => void = () => {};
	const finished = new Promise<number>((resolve) => {
		finish = resolve;
	});
	const count = counter((rate) => finish(rate));
	const values = { username: 'alice@localhost', allowUnencrypted: true, presence: 'none' };
	const link = await adapter.connect({
		profile: {
			...{ id: 'bench', name: 'Bench', protocol: 'xmpp', url: `xmpp://127.0.0.1:${port}` },
			...{ values, subscriptions: [] },
		},
		secrets: { password },
		limits: defaultLimits,
		signal: new AbortController().signal,
		memory: new Map(),
		step() {},
		found() {},
		sink: {
			...deafSink,
			message(target, payload, flags, meta) {
				const seq = store.append(target, payload, flags, meta);
				count();
				return seq;
			},
		},
	});
	const rate = await Promise.race([
		finished,
		link.ended.then((failure) => {
			throw new Error(`The link ended early: ${failure?.message}`);
		}),
	]);
	link.destroy();
	return rate;
}

/** Stanzas a second from the first to the last of them. */
function counter(done: (rate: number) => void): () => void {
	let received = 0;
	let began = 0;
	return () => {
		if (received++ === 0) began = performance.now();
		if (received === messages) done((messages / (performance.now() - began)) * 1000);
	};
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function perSecond(rate: number): string {
	return `${Math.round(rate / 1000).toLocaleString('en-US')},000/s`;
}
