import assert from 'node:assert/strict';
import test from 'node:test';
import { startPlayground } from '../../src/playground/playground';
import { openEditor } from '../support/editor/editor';
import { connectAndOpen, panelPage, settingsWith } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { passwords, startRabbitMq } from '../support/servers/rabbitmq';
import { deepText } from '../support/texts/deep-text';

/** A farm's day: soil moisture over MQTT, a device's mode over CoAP, a service's e-mail over AMQP, in one window. */
test('Smart agriculture, three protocols in one window', async (t) => {
	const [playground, rabbit] = await Promise.all([startPlayground({ port: 0 }), startRabbitMq()]);
	t.after(playground.close);
	t.after(rabbit.stop);
	await rabbit.api('PUT', '/queues/%2F/email', { durable: true });
	const { mqtt, coap } = playground.ports;
	const editor = await openEditor({
		files: settingsWith(
			{
				...{ id: 'farm', name: 'Farm', protocol: 'mqtt', url: `mqtt://127.0.0.1:${mqtt}` },
				subscriptions: [{ target: 'farm/+/soil/#', qos: 1 }],
			},
			{ id: 'greenhouse', name: 'Greenhouse', protocol: 'coap', url: `coap://127.0.0.1:${coap}` },
			{
				...{ id: 'services', name: 'Services', protocol: 'amqp', url: `amqp://127.0.0.1:${rabbit.port}` },
				...{ username: 'admin', secrets: ['password'], management: { url: rabbit.management } },
			},
		),
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);

	await step('soil moisture arrives over MQTT', async () => {
		const panel = await connectAndOpen(editor, 'Farm');
		await panel.log.filter({ hasText: 'moisture' }).first().click();
		await eventually('the moisture', async () => assert.match(await deepText(panel.detail), /\d/));
	});

	await step('the mode of a device is set by a CoAP PUT, and its answer is under the request', async () => {
		const panel = await connectAndOpen(editor, 'Greenhouse');
		await panel.verb('PUT');
		await panel.send('device/mode', 'eco');
		await eventually('the answer', async () => assert.match(await deepText(panel.receipt), /2\.04/));
		await panel.verb('GET');
		await panel.send('device/mode', '');
		await eventually('the mode', async () => {
			assert.match(await deepText(panel.frame.locator('mw-compose')), /2\.05[\s\S]*eco/);
		});
	});

	await step('a service sends "Send welcome email" to the queue named email', async () => {
		await editor.rowButton('Services', 'Connect');
		await editor.answerHidden(passwords.admin);
		await editor.row(/^Services.*open ·/).waitFor();
		await editor.rowButton(/^Services/, 'Open Panel');
		const panel = await panelPage(editor, 'Services');
		await panel.verb('Send to Queue');
		await panel.send('queue/email', 'Send welcome email');
		await eventually('the confirm', async () => assert.match(await deepText(panel.receipt), /confirmed|acknowledged/i));
	});

	await step('the message is in the queue, and looking has left it there', async () => {
		const get = { count: 10, ackmode: 'ack_requeue_true', encoding: 'auto' };
		const there = await rabbit.api('POST', '/queues/%2F/email/get', get);
		assert.deepEqual(
			(there as { payload: string }[]).map(({ payload }) => payload),
			['Send welcome email'],
		);
	});

	await step('the sidebar has all three, each in its own words', async () => {
		const rows = (await editor.rows()).join('\n');
		for (const name of ['Farm', 'Greenhouse', 'Services']) assert.match(rows, new RegExp(`${name}.*open`));
	});

	await step('the panel lists what the server has', async () => {
		const panel = await panelPage(editor, 'Services');
		await panel.nodes.filter({ hasText: 'Queues' }).first().click();
		await panel.nodes.filter({ hasText: 'email' }).first().waitFor();
	});

	await step('a message that no queue takes is said to be unroutable', async () => {
		const panel = await panelPage(editor, 'Services');
		await panel.send('queue/nobody-made-it', 'lost?');
		await eventually('the return', async () =>
			assert.match(await deepText(panel.receipt), /no queue|unroutable|NO_ROUTE/i),
		);
	});
});
