import assert from 'node:assert/strict';
import { type Failure, fail } from '../../../src/base/failure';
import type { RuleOptions } from '../../../src/files/rules/plan-rule';
import { startRule } from '../../../src/files/rules/rule';
import type { Connection, ConnectionSpec, Received } from '../../../src/files/run/connection';
import { parse } from '../../../src/files/syntax/parse';
import { noEnvironment } from '../../../src/files/values/environments';
import type { Holding } from '../../../src/model/contracts/hold';
import type { Draft, Receipt } from '../../../src/model/contracts/message';
import { match } from '../../../src/node/match';
import { describe } from '../../../src/protocols/descriptions';
import { virtualClock } from './virtual-clock';

export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);

/** A connection of a rule whose peer is the test. */
export interface FakeConnection {
	/** What was sent, as "target payload", in order. */
	sent: string[];
	drafts: Draft[];
	/** Connections and subscriptions in order, and the outcomes of held messages: "done 3". */
	log: string[];
	tell(message: Partial<Omit<Received, 'payload'>> & { target: string; body?: string; payload?: Uint8Array }): void;
	end(failure?: Failure): void;
}

export interface FakeRuleOptions extends Partial<Omit<RuleOptions, 'connect' | 'timeout'>> {
	/** The protocol of each connection, by its name; MQTT unless given. */
	protocols?: Record<string, string>;
	/** The receipt; acknowledged unless given. May throw. */
	onSend?(name: string, draft: Draft, self: FakeConnection, count: number): Receipt | Promise<Receipt> | undefined;
	connect?(name: string): void;
	files?: Record<string, Uint8Array>;
	/** The source holds its messages. */
	holding?: Partial<Holding>;
}

/** Starts the first rule of a text. Connections are made by name; a rule without one gets "default". */
export async function fakeRule(source: string, options: FakeRuleOptions = {}) {
	const { protocols: _, onSend: __, connect: ___, files: ____, holding: _____, ...behavior } = options;
	const file = parse(source);
	const section = file.sections.find(({ request }) => request);
	assert.ok(section);
	const connections = new Map<string, FakeConnection>();
	const nameOf = ({ profile, url }: ConnectionSpec) => profile ?? url ?? 'default';
	const of = (name: string): FakeConnection => {
		const found = connections.get(name);
		assert.ok(found, `nothing connected to ${name}`);
		return found;
	};
	const describeSpec = (spec: ConnectionSpec) =>
		describe(spec.protocol ?? options.protocols?.[nameOf(spec)] ?? options.protocols?.default ?? 'mqtt');
	const clock = virtualClock();
	let seq = 0;
	const rule = await startRule({
		...{ file, section, environment: noEnvironment, match, clock, hidden: new Set<string>(), timeout: 10_000 },
		around: {
			now: () => 0,
			random: (count) => new Uint8Array(count).fill(7),
			env: () => undefined,
			dotenv: () => undefined,
			secret: () => undefined,
		},
		describe: describeSpec,
		async readFile(path) {
			const found = options.files?.[path];
			if (!found) throw fail('no-file', `There is no file "${path}".`);
			return found;
		},
		...behavior,
		async connect(spec) {
			const name = nameOf(spec);
			options.connect?.(name);
			return fakeConnection(name, describeSpec(spec));
		},
	});

	function fakeConnection(name: string, description: ReturnType<typeof describe>): Connection {
		assert.ok(description);
		const listeners = new Set<Parameters<Connection['listen']>>();
		const before = connections.get(name);
		const self: FakeConnection = {
			sent: before?.sent ?? [],
			drafts: before?.drafts ?? [],
			log: before?.log ?? [],
			tell({ body = '', ...more }) {
				const held = options.holding && { held: true as const, seq: seq++ };
				for (const [onMessage] of [...listeners])
					onMessage({ payload: bytes(body), headers: [], time: 0, ...held, ...more });
			},
			end(failure) {
				for (const [, onEnd] of [...listeners]) onEnd(failure);
			},
		};
		connections.set(name, self);
		self.log.push('open');
		return {
			description,
			async send(draft) {
				self.sent.push(`${draft.target} ${text(draft.payload)}`.trim());
				self.drafts.push(draft);
				const receipt = await options.onSend?.(name, draft, self, self.sent.length);
				return receipt ?? { proof: 'acknowledged', text: 'acknowledged', ms: 1 };
			},
			async subscribe({ target }, hold) {
				self.log.push(`subscribe ${target}${hold ? ` hold ${hold.limit}` : ''}`);
				return options.holding && { holds: true, repeats: true, survives: true, text: '', ...options.holding };
			},
			settle(message, outcome) {
				if (message.held) self.log.push(`${outcome} ${message.seq}`);
			},
			async unsubscribe({ target }) {
				self.log.push(`unsubscribe ${target}`);
			},
			listen(...listener) {
				listeners.add(listener);
				return { dispose: () => void listeners.delete(listener) };
			},
			async close() {
				self.log.push('close');
			},
		};
	}

	return { rule, of, connections, clock };
}
