import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { client } from '@xmpp/client';
import { SaxesParser } from 'saxes';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/xmpp/adapter';
import { xmpp } from '../../../src/protocols/xmpp/describe/describe';
import { counter, median, rateThrough } from './count';

const messages = 200_000;
const rounds = 5;
const port = 23_990;
const password = 'bench';

/** Stanzas a second through adapter, log and tree, against the usual library's client and a bare saxes parser that only count. */
export async function bench(): Promise<
	{ name: string; value: string; reference?: string; ratio?: number; goal?: string }[]
> {
	const server = fork('test/bench/floods/flood-xmpp.mjs', [JSON.stringify({ port, messages, password })]);
	await once(server, 'message');
	const library: number[] = [];
	const bare: number[] = [];
	const ours: number[] = [];
	try {
		for (let round = 0; round < rounds; round++) {
			library.push(await countLibrary());
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
			reference: `bare @xmpp/client that counts: ${perSecond(median(library))}`,
			ratio: median(ours) / median(library),
			goal: '≥ 0.8',
		},
		{
			name: 'XMPP, the same against no client at all',
			value: perSecond(median(ours)),
			reference: `bare saxes parser, namespaces on, that counts: ${perSecond(median(bare))}`,
			ratio: median(ours) / median(bare),
		},
	];
}

function countLibrary(): Promise<number> {
	return new Promise((resolve, reject) => {
		const xmpp = client({ service: `xmpp://127.0.0.1:${port}`, domain: 'localhost', username: 'alice', password });
		const count = counter(messages, (rate) => {
			xmpp.stop().catch(() => {});
			resolve(rate);
		});
		xmpp.on('error', reject);
		xmpp.on('stanza', (stanza) => {
			if (stanza.is('message')) count();
		});
		xmpp.start().catch(reject);
	});
}

function countBare(): Promise<number> {
	return new Promise((resolve, reject) => {
		const socket = connect(port + 1, '127.0.0.1');
		const parser = new SaxesParser({ xmlns: true, position: false });
		const decoder = new TextDecoder('utf-8', { fatal: true });
		let depth = 0;
		const count = counter(messages, (rate) => {
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

function countOurs(): Promise<number> {
	const values = { username: 'alice@localhost', allowUnencrypted: true, presence: 'none' };
	return rateThrough({
		adapter,
		profile: { protocol: 'xmpp', url: `xmpp://127.0.0.1:${port}`, values },
		secrets: { password },
		messages,
		store: createStore(xmpp, defaultLimits),
	});
}

function perSecond(rate: number): string {
	return `${Math.round(rate / 1000).toLocaleString('en-US')},000/s`;
}
