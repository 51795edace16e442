import assert from 'node:assert/strict';
import { type Failure, fail } from '../../../src/base/failure';
import type { Connection, ConnectionSpec, Received } from '../../../src/files/run/connection';
import type { RequestResult } from '../../../src/files/run/results/result';
import { runFile } from '../../../src/files/run/run';
import { parse } from '../../../src/files/syntax/parse';
import type { Surroundings } from '../../../src/files/values/builtins';
import { noEnvironment } from '../../../src/files/values/environments';
import type { Draft, Receipt } from '../../../src/model/contracts/message';
import type { Subscription } from '../../../src/model/profile/profile';
import { match } from '../../../src/node/match';
import { describe } from '../../../src/protocols/descriptions';
import { virtualClock } from './virtual-clock';

export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);

export interface Peer {
	/** Everything that was asked, in order. */
	log: string[];
	drafts: Draft[];
	subscriptions: Subscription[];
	tell(message: Partial<Received> & { target: string; body?: string }): void;
	end(failure?: Failure): void;
	/** When each draft was sent, by the virtual clock. */
	times: number[];
	/** Ends the connection of a simulated client. */
	endOf(client: number, failure: Failure): void;
	/** The peer ends one subscription, and the connection goes on. */
	endSubscription(key: Pick<Subscription, 'target' | 'mode'>, failure: Failure): void;
}

interface Listener {
	client: number | undefined;
	message(message: Received): void;
	end(failure?: Failure): void;
	endSubscription: Parameters<Connection['listen']>[2];
}

export interface Behavior {
	protocol?: string;
	onSend?(draft: Draft, peer: Peer, count: number): Receipt | undefined;
	onSubscribe?(target: string, peer: Peer): void;
	connect?(spec: ConnectionSpec): void;
	files?: Record<string, Uint8Array>;
	timeout?: number;
	signal?: AbortSignal;
	names?: readonly string[];
	around?: Partial<Surroundings>;
	/** Milliseconds until a receipt, and until a connection is open. */
	answerAfter?: number;
	connectAfter?: number;
	/** Receipts say that the reply has come, and the reply comes with them. */
	answers?: boolean;
	stop?: { after: number; abort: AbortController };
	/** The rules of the profile. */
	checks?: Connection['checks'];
}

/** Runs a file against a connection that does what the test says. */
export async function run(
	source: string,
	behavior: Behavior = {},
): Promise<{ results: RequestResult[]; peer: Peer; hidden: Set<string> }> {
	const description = describe(behavior.protocol ?? 'mqtt');
	assert.ok(description);
	const listeners = new Set<Listener>();
	const peer: Peer = {
		log: [],
		drafts: [],
		subscriptions: [],
		tell({ body = '', ...more }) {
			for (const one of [...listeners]) one.message({ payload: bytes(body), headers: [], time: 0, ...more });
		},
		end(failure) {
			for (const one of [...listeners]) one.end(failure);
		},
		times: [],
		endOf(client, failure) {
			for (const one of [...listeners]) if (one.client === client) one.end(failure);
		},
		endSubscription(key, failure) {
			for (const one of [...listeners]) one.endSubscription?.(key, failure);
		},
	};
	const clock = virtualClock();
	const wait = (ms: number | undefined) =>
		ms === undefined ? undefined : new Promise<void>((resolve) => clock.after(ms, resolve));
	const connectionOf = (client: number | undefined): Connection => ({
		description,
		...(behavior.checks && { checks: behavior.checks }),
		async send(draft) {
			peer.times.push(clock.now());
			peer.log.push(`send ${draft.target} ${text(draft.payload)}`.trim());
			peer.drafts.push(draft);
			const receipt = behavior.onSend?.(draft, peer, peer.drafts.length);
			await wait(behavior.answerAfter);
			if (behavior.answers) {
				const seq = peer.drafts.length;
				peer.tell({ target: 'reply', answers: seq });
				return { proof: 'answered', text: 'answered', ms: 1, seq };
			}
			return receipt ?? { proof: 'acknowledged', text: 'acknowledged', ms: 1 };
		},
		async subscribe(subscription) {
			const { target } = subscription;
			peer.subscriptions.push(subscription);
			peer.log.push(`subscribe ${target}`);
			behavior.onSubscribe?.(target, peer);
		},
		async unsubscribe({ target }) {
			peer.log.push(`unsubscribe ${target}`);
		},
		listen(message, end, endSubscription) {
			const listener = { client, message, end, endSubscription };
			listeners.add(listener);
			return { dispose: () => listeners.delete(listener) };
		},
		async close() {
			peer.log.push('close');
		},
	});
	const file = parse(source);
	if (behavior.stop) clock.after(behavior.stop.after, () => behavior.stop?.abort.abort());
	const hidden = new Set<string>();
	const results = await clock.run(
		runFile({
			file,
			sections: file.sections.filter(
				({ request, metadata }) =>
					request && (!behavior.names || metadata.some(({ value }) => value && behavior.names?.includes(value.text))),
			),
			environment: noEnvironment,
			around: {
				now: () => 0,
				random: (count) => new Uint8Array(count).fill(7),
				env: () => undefined,
				dotenv: () => undefined,
				secret: () => undefined,
				...behavior.around,
			},
			match,
			clock,
			signal: behavior.signal ?? new AbortController().signal,
			timeout: behavior.timeout ?? 10_000,
			describe: ({ protocol }) => describe(protocol ?? behavior.protocol ?? 'mqtt'),
			async readFile(path) {
				const found = behavior.files?.[path];
				if (!found) throw fail('no-file', `There is no file "${path}".`);
				return found;
			},
			async connect(spec) {
				behavior.connect?.(spec);
				await wait(behavior.connectAfter);
				return connectionOf(spec.client?.number);
			},
			hidden,
		}),
	);
	return { results, peer, hidden };
}

export const endings = (results: RequestResult[]) => results.map(({ ending }) => ending);
