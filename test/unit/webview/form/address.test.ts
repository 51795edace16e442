import assert from 'node:assert/strict';
import test from 'node:test';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { describe, descriptions } from '../../../../src/protocols/descriptions';
import { completeUrl, convertedUrl, protocolOf, suggestedName } from '../../../../webview/form/address';

const of = (id: string) => describe(id) as ProtocolDescription;

const completed: [protocol: string, text: string, url: string][] = [
	['mqtt', 'broker.example', 'mqtt://broker.example'],
	['mqtt', '127.0.0.1:1883', 'mqtt://127.0.0.1:1883'],
	['mqtt', 'broker.example:8883', 'mqtts://broker.example:8883'],
	['mqtt', '[::1]:8883/x', 'mqtts://[::1]:8883/x'],
	['amqp', 'rabbit:5671/vhost', 'amqps://rabbit:5671/vhost'],
	['websocket', 'host/path?a=b', 'ws://host/path?a=b'],
	['mqtt', '', ''],
	['mqtt', 'mqtts://host', 'mqtts://host'],
	['mqtt', 'mqtt:/host', 'mqtt:/host'],
	['mqtt', `$\{env:BROKER}`, `$\{env:BROKER}`],
];
for (const [protocol, text, url] of completed)
	test(`${protocol}: ${JSON.stringify(text)} is the address ${url}`, () =>
		assert.equal(completeUrl(of(protocol), text), url));

const converted: [protocol: string, text: string, url: string | undefined][] = [
	['mqtt', 'tcp://host:1883', 'mqtt://host:1883'],
	['mqtt', 'SSL://host:8883', 'mqtts://host:8883'],
	['mqtt', 'tls://host', 'mqtts://host'],
	['mqtt', 'http://host', 'mqtt://host'],
	['mqtt', 'https://host', 'mqtts://host'],
	['websocket', 'http://host/x', 'ws://host/x'],
	['websocket', 'https://host/x', 'wss://host/x'],
	['amqp', 'wss://host', 'amqps://host'],
	['mqtt', 'wss://host', undefined],
	['mqtt', 'http://', undefined],
	['mqtt', 'ftp://host', undefined],
	['mqtt', 'constructor://host', undefined],
];
for (const [protocol, text, url] of converted)
	test(`${protocol}: ${text} is ${url ? `converted to ${url}` : 'left as it is'}`, () =>
		assert.equal(convertedUrl(of(protocol), text)?.url, url));

test('a URL with the scheme of one other protocol means that protocol', () => {
	const other = (text: string) => protocolOf(descriptions, of('mqtt'), text)?.id;
	assert.equal(other('amqps://host'), 'amqp');
	assert.equal(other('coap://host'), 'coap');
	for (const text of ['mqtt://host', 'ws://host', 'tcp://host', 'host:5672', 'nothing://host'])
		assert.equal(other(text), undefined, text);
});

test('the name is the host, or the protocol on this machine', () => {
	assert.equal(suggestedName(of('mqtt'), 'mqtts://broker.example:8883/x'), 'broker.example');
	for (const host of ['localhost', '127.0.0.1', '[::1]'])
		assert.equal(suggestedName(of('mqtt'), `mqtt://${host}:1883`), 'Local MQTT');
	for (const url of ['', 'mqtt://', 'mqtt://h:99999']) assert.equal(suggestedName(of('mqtt'), url), undefined);
});
