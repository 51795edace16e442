import assert from 'node:assert/strict';
import test from 'node:test';
import { type Failure, FailureError } from '../../../../src/base/failure';
import type * as Switch from '../../../../src/host/connections/switch-protocol';
import { loadHost } from '../../../support/host/load-host';

const failure: Failure = {
	code: 'not-mqtt',
	message: 'This is an AMQP 0-9-1 server.',
	otherProtocol: 'amqp',
	final: true,
};
const stored = { id: 'x', name: 'Barn', protocol: 'mqtt', url: 'mqtt://h:5672', username: 'ann' };

async function begin(profile: typeof stored, click?: string) {
	const shown: { text: string; buttons: string[] }[] = [];
	const host = await loadHost<typeof Switch>('src/host/connections/switch-protocol.ts', {
		window: {
			async showErrorMessage(text: string, _options: object, ...buttons: string[]) {
				shown.push({ text, buttons });
				return shown.length === 1 ? click : undefined;
			},
		},
	});
	const saved: unknown[] = [];
	const services = {
		log: { failure: (error: FailureError) => error.failure, error() {}, show() {} },
		profiles: { find: () => ({ profile }), update: async (...call: unknown[]) => void saved.push(call) },
	};
	const done = await host.offerSwitch(services as never, profile, new FailureError(failure));
	return { host, shown, saved, done };
}

test('a profile is switched in one click to the protocol that the server speaks', async () => {
	const { shown, saved, done } = await begin(stored, 'Switch to AMQP 0-9-1');
	assert.equal(done, true);
	assert.deepEqual(shown, [{ text: 'Barn: This is an AMQP 0-9-1 server.', buttons: ['Switch to AMQP 0-9-1'] }]);
	assert.deepEqual(saved, [['x', { ...stored, protocol: 'amqp', url: 'amqp://h:5672' }]]);
});

test('without a click nothing is saved', async () => {
	const { saved, done } = await begin(stored);
	assert.deepEqual([saved, done], [[], false]);
});

test('only another protocol that exists is offered', async () => {
	const { host } = await begin(stored);
	assert.equal(host.otherProtocol(failure, 'mqtt')?.id, 'amqp');
	assert.equal(host.otherProtocol(failure, 'amqp'), undefined);
	assert.equal(host.otherProtocol({ ...failure, otherProtocol: 'nothing' }, 'mqtt'), undefined);
	assert.equal(host.otherProtocol({ code: 'x', message: 'y' }, 'mqtt'), undefined);
});
