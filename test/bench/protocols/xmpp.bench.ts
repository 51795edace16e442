import { connect } from 'node:net';
import { client } from '@xmpp/client';
import { SaxesParser } from 'saxes';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/xmpp/adapter';
import { xmpp } from '../../../src/protocols/xmpp/describe/describe';
import { medians, type Row } from '../rows';
import { wallClock as clock, counter, rateRow, rateThrough, withFlood } from './count';

const messages = 200_000;
const rounds = 5;
const password = 'bench';

/** Stanzas a second through adapter, log and tree, against the usual library's client and a bare saxes parser that only count. */
export async function bench(): Promise<Row[]> {
	return withFlood('flood-xmpp', { messages, password }, async (port) => {
		const { library, bare, ours } = await medians(rounds, {
			library: () => countLibrary(port),
			bare: () => countBare(port + 1),
			ours: () => countOurs(port),
		});
		const client = 'bare @xmpp/client that counts';
		const parser = 'bare saxes parser, namespaces on, that counts';
		return [
			rateRow('XMPP, messages of 200 bytes: adapter, log and tree', ours, [client, library], clock, '≥ 0.8'),
			rateRow('XMPP, the same against no client at all', ours, [parser, bare], clock),
		];
	});
}

function countLibrary(port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const xmpp = client({ service: `xmpp://127.0.0.1:${port}`, domain: 'localhost', username: 'alice', password });
		const count = counter(
			messages,
			(rate) => {
				xmpp.stop().catch(() => {});
				resolve(rate);
			},
			clock,
		);
		xmpp.on('error', reject);
		xmpp.on('stanza', (stanza) => {
			if (stanza.is('message')) count();
		});
		xmpp.start().catch(reject);
	});
}

function countBare(port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1');
		const parser = new SaxesParser({ xmlns: true, position: false });
		const decoder = new TextDecoder('utf-8', { fatal: true });
		let depth = 0;
		const count = counter(
			messages,
			(rate) => {
				socket.destroy();
				resolve(rate);
			},
			clock,
		);
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

function countOurs(port: number): Promise<number> {
	const values = { username: 'alice@localhost', allowUnencrypted: true, presence: 'none' };
	return rateThrough({
		adapter,
		profile: { protocol: 'xmpp', url: `xmpp://127.0.0.1:${port}`, values },
		secrets: { password },
		...{ messages, clock },
		store: createStore(xmpp, defaultLimits),
	});
}
