import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../src/base/failure';
import { flag } from '../../../src/model/contracts/message';
import type { Values } from '../../../src/model/profile/field';
import type { Act, Sending } from '../../../src/protocols/adapter';
import { adapter } from '../../../src/protocols/xmpp/adapter';
import { eventually } from '../../support/run/eventually';
import { pki } from '../../support/servers/pki';
import { startEjabberd } from '../../support/servers/xmpp/ejabberd';
import { startProsody } from '../../support/servers/xmpp/prosody';
import type { XmppServer } from '../../support/servers/xmpp/xmpp-server';
import { connect, type Recorded, resolved, type TestLink } from '../suite/attempt';

export const users = { alice: 'canary-4d0', bob: 'bob-password', carol: 'carol-password' };

/** Closed after each case. */
const opened: TestLink[] = [];

export async function open(server: XmppServer, user: keyof typeof users, values: Values = {}) {
	const common = { username: `${user}@localhost`, 'tls.ca': pki().ca };
	const made = await connect({
		adapter,
		profile: resolved('xmpp', `xmpp://127.0.0.1:${server.port}`, { ...common, ...values }),
		secrets: { password: users[user] },
	});
	opened.push(made.link);
	return made;
}

export const sending = (seq: number): Sending => ({ seq, progress() {}, signal: new AbortController().signal });
export const draft = (verb: string, target: string, values: Values = {}, payload = '') => ({
	verb,
	target,
	values,
	payload: Buffer.from(payload),
});
export const act = (action: string, node?: string, values: Values = {}): Act => ({
	...{ action, node, values, messages: [], progress() {} },
	signal: new AbortController().signal,
});
export const texts = ({ messages }: Recorded) => messages.map(({ payload }) => payload.toString());
export const received = (recorded: Recorded, pattern: RegExp) =>
	eventually(`received ${pattern}`, () => {
		const found = recorded.messages.find(
			({ payload, flags }) => (flags & flag.out) === 0 && pattern.test(payload.toString()),
		);
		assert.ok(found, texts(recorded).slice(-5).join('\n'));
		return found;
	});
export const names = async (link: TestLink, parent?: string) =>
	(await link.browse?.(parent, 0, 100))?.nodes.map(({ name }) => name) ?? [];
export const full = (link: TestLink) => link.facts.find(({ label }) => label === 'Address')?.value ?? '';
export const refusal = async (run: () => Promise<unknown> | undefined) => {
	try {
		await run();
	} catch (error) {
		if (error instanceof FailureError) return error.failure;
		throw error;
	}
	throw new Error('It was not refused.');
};

export type Case = (server: XmppServer) => Promise<void>;

/** Runs the cases at a new prosody and at a new ejabberd. `title`: start of the name of the test. */
export function atBothServers(title: string, cases: Record<string, Case>): void {
	for (const start of [startProsody, startEjabberd])
		test(`${title} at ${start.name.replace('start', '')}`, async (t) => {
			const server = await start({ users });
			t.after(() => server.stop());
			for (const [name, run] of Object.entries(cases))
				await t.test(name, async () => {
					try {
						await run(server);
					} finally {
						for (const link of opened.splice(0)) link.destroy();
						await eventually('no client is left', () => assert.equal(server.connections(), 0));
					}
				});
		});
}
