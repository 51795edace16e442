import assert from 'node:assert/strict';
import test from 'node:test';
import { splitSubject } from '../../../src/cli/commands/compare';
import { concerns, needsTarget, targetProblem } from '../../../src/compare/report/concerns';
import { toHtml } from '../../../src/compare/report/html';
import { toMarkdown } from '../../../src/compare/report/markdown';
import type { Cell, Report, ReportSubject } from '../../../src/compare/report/types';
import { hostOf, isLoopback } from '../../../src/compare/report/where';
import { bytes, milliseconds, size } from '../../../src/compare/report/words';
import { guaranteeTopics } from '../../../src/protocols/comparison';
import { descriptions } from '../../../src/protocols/descriptions';

const latency = { p50: 0.3, p99: 1.25, p999: 3, max: 4 };
const cell: Cell = {
	...{
		subject: 0,
		guarantee: 'at-least-once',
		size: 1024,
		label: 'QoS 1',
		measures: 'From here to there.',
		refusedRuns: 0,
		foreign: 0,
		hops: 2,
	},
	runs: [1, 2, 3].map((factor) => ({
		...{ latency: { ...latency, p50: latency.p50 * factor }, sent: 100, refused: 0, delivered: 99, lost: 1 },
		...{
			duplicated: 0,
			reordered: 2,
			delay: 1,
			sender: { sent: 1036, received: 4 },
			receiver: { sent: 4, received: 1040 },
		},
	})),
	capacity: { rate: 12_345 },
};

function reportOf(name: string, more: Partial<Cell> = {}): Report {
	return {
		...{ version: 1, made: Date.UTC(2026, 0, 2, 3, 4), product: 'Test 1.0' },
		machine: { cpu: 'A processor', cores: 2, memory: 2 ** 33, system: 'Linux 6', node: 'v20' },
		settings: { sizes: [1024], rate: 200, seconds: 5, runs: 3, warmUp: 0.5, maxDelay: 20 },
		subjects: [
			{
				...{ name, protocol: 'mqtt', label: 'MQTT', target: 't', where: 'loopback', facts: name, encrypted: false },
				connecting: { ms: 5, bytes: { sent: 34, received: 11 }, roundTrips: 2, sockets: 1 },
				idle: { perHour: { sent: 120, received: 120 }, what: 'PINGREQ and PINGRESP every 60 s' },
			},
		],
		cells: [{ ...cell, ...more }],
	};
}

test('a report states figures, spread, bytes and losses', () => {
	const text = toMarkdown(reportOf('Farm t'));
	for (const part of [
		'| Farm t | QoS 1 | 0.6 ms (0.3–0.9) | 1.25 ms |',
		'| 12,345/s | 2,084 | 1,036 + 4 | 4 + 1,040 | 3 lost, 6 reordered of 300 |',
		'34 + 11',
		'120 + 120 (computed: PINGREQ and PINGRESP every 60 s)',
		'Idle bytes are computed from the keep-alive',
		'A processor (2 cores, 8 GiB)',
		'2026-01-02 03:04 UTC',
		'loopback',
		'| Ordering |',
		'From here to there.',
	])
		assert.ok(text.includes(part), `${part}\n${text}`);
});

test('a report says what went wrong', () => {
	const run = { ...(cell.runs[0] as Cell['runs'][0]), failure: 'The broker has gone.', overloaded: true as const };
	const text = toMarkdown(reportOf('Farm', { problem: 'Nothing accepts connections.', runs: [run], refusedRuns: 2 }));
	assert.match(text, /Nothing accepts connections\./);
	assert.match(text, /The broker has gone\./);
	assert.match(text, /1 of 1 run was stopped/);
	assert.match(toMarkdown(reportOf('Farm', { refusedRuns: 1 })), /1 run was repeated/);
	assert.match(toMarkdown(reportOf('Farm', { foreign: 20 })), /20 other messages arrived/);
	assert.ok(!/other messages/.test(toMarkdown(reportOf('Farm'))));
	const { latency: _, ...empty } = run;
	assert.ok(!/NaN|undefined|Infinity/.test(toHtml(reportOf('Farm', { runs: [empty] }), 'n')));
});

test('the pale part of a bar is the payload as often as it passes a socket', () => {
	const widths = (hops: 1 | 2) =>
		[...toHtml(reportOf('Farm', { hops }), 'n').matchAll(/class="bar (?:payload)? ?s0"[^>]* width="([\d.]+)"/g)].map(
			([, width]) => Number(width),
		);
	const [payload, rest] = widths(2) as [number, number];
	assert.ok(Math.abs(payload / (payload + rest) - 2048 / 2084) < 0.001);
	assert.ok(Math.abs((widths(1)[0] as number) * 2 - payload) < 0.2);
});

test('idle bytes say how they were found', () => {
	const idle = { perHour: { sent: 10, received: 20 }, what: 'pings every 5 s' };
	const cases: [ReportSubject['idle'], string][] = [
		[undefined, 'none (computed: the protocol has no keep-alive)'],
		[idle, '10 + 20 (computed: pings every 5 s)'],
		[{ ...idle, observed: 120, what: '' }, '10 + 20 (observed for 120 s)'],
		[{ ...idle, observed: 9, what: 'until it ended: Gone.' }, '10 + 20 (observed for 9 s, until it ended: Gone.)'],
	];
	for (const [own, expected] of cases) {
		const report = reportOf('Farm');
		const [{ idle: _, ...subject }] = report.subjects as [ReportSubject];
		const text = toMarkdown({ ...report, subjects: [{ ...subject, ...(own && { idle: own }) }] });
		assert.ok(text.includes(expected), text);
		assert.equal(text.includes('Idle bytes are computed'), own?.observed === undefined);
	}
});

test('names and answers of servers are text, never markup', () => {
	const hostile = '<img src=x onerror=1>"\'&|[a](http://b) `c` \n# d \u202e';
	const report = reportOf(hostile, { label: hostile, measures: hostile, problem: hostile });
	const markdown = toMarkdown(report);
	assert.ok(!/(?<!\\)<img|(?<!\\)\[a\]|\u202e|(?<!\\)`c/.test(markdown), markdown);
	for (const line of markdown.split('\n'))
		if (line.startsWith('| ') && line.includes('img'))
			assert.equal(line.split(/(?<!\\)\|/).length - 2, line.includes('QoS') || line.includes('0.6 ms') ? 12 : 7, line);
	const html = toHtml(report, 'nonce"');
	assert.ok(!/<img|\u202e/.test(html));
	assert.ok(html.includes('&lt;img src=x onerror=1&gt;&quot;&#39;&amp;|'));
	assert.ok(!/<script|\son\w+=(?!1)|style="|javascript:|<link|src=(?!x)/.test(html.replaceAll('onerror=1', '')));
	assert.match(html, /content="default-src 'none'; style-src 'nonce-nonce&quot;'"/);
});

test('numbers in words', () => {
	assert.deepEqual([0.123456, 1, 9.99, 25, 1234.5].map(milliseconds), [
		'0.123 ms',
		'1 ms',
		'9.99 ms',
		'25 ms',
		'1,235 ms',
	]);
	assert.deepEqual([0, 5.94, 27, 1036.4, 1_000_000].map(bytes), ['0', '5.9', '27', '1,036', '1,000,000']);
	assert.deepEqual([16, 1000, 1024, 65_536, 1 << 20].map(size), ['16 B', '1,000 B', '1 KiB', '64 KiB', '1 MiB']);
});

test('loopback is told from other hosts', () => {
	const cases: [url: string, host: string, isLocal: boolean][] = [
		['mqtt://localhost:1883', 'localhost', true],
		['mqtt://LOCALHOST', 'LOCALHOST', true],
		['coap://[::1]:5683/a', '::1', true],
		['amqp://user:pw@127.9.0.1/v', '127.9.0.1', true],
		['mqtt://localhost.example.org', 'localhost.example.org', false],
		['mqtt://127.0.0.1.example.org', '127.0.0.1.example.org', false],
		['wss://localhost@example.org/', 'example.org', false],
		['mqtt://192.168.0.1', '192.168.0.1', false],
		['nonsense', '', false],
	];
	for (const [url, host, isLocal] of cases) assert.deepEqual([hostOf(url), isLoopback(url)], [host, isLocal], url);
});

test('what needs an agreement is said', () => {
	const [mqtt, amqp] = ['MQTT', 'AMQP 0-9-1'].map((name) => descriptions.find(({ label }) => label === name));
	assert.ok(mqtt && amqp);
	const local = { name: 'A', url: 'mqtt://localhost', production: false };
	assert.deepEqual(concerns({ ...local, description: mqtt, target: 'a' }), []);
	assert.deepEqual(concerns({ ...local, production: true, url: 'mqtt://b', description: mqtt, target: 'a' }), [
		'A is marked as production.',
		'A is a server on b.',
	]);
	assert.match(
		concerns({ ...local, description: amqp, target: 'queue/a' }).join(),
		/^A: Removes messages from the queue/,
	);
	assert.deepEqual(concerns({ ...local, description: amqp, target: 'exchange/a/b' }), []);
	const effects = descriptions.filter(({ comparison }) =>
		Object.values(comparison?.routes('') ?? {}).some(({ sideEffect }) => sideEffect !== undefined),
	);
	for (const description of effects)
		assert.match(concerns({ ...local, description, target: '' }).join(), /^A: The account is online/);
	assert.ok(effects.length > 0);
	assert.match(targetProblem(mqtt, 'a/#') ?? '', /wildcard/i);
	assert.match(targetProblem(mqtt, '') ?? '', /topic is missing/);
	assert.equal(targetProblem(mqtt, 'a/b'), undefined);
});

test('every protocol has routes with its own verbs, modes and fields, and a phrase for each guarantee', () => {
	for (const { label, comparison, verbs, subscription } of descriptions) {
		assert.ok(comparison, label);
		for (const target of ['', 'a', 'exchange/a/b']) {
			const routes = Object.values(comparison.routes(target));
			assert.ok(routes.length > 0, label);
			for (const { send, receive, delivery, echo } of routes) {
				const verb = verbs.find(({ id }) => id === send.verb);
				assert.ok(verb && !verb.noPayload, `${label}: ${send.verb}`);
				for (const key of Object.keys(send.values))
					assert.ok(
						verb.fields.some((field) => field.key === key),
						`${label}: ${key}`,
					);
				const { target: _, mode, ...values } = receive ?? { target: '' };
				const own = mode === undefined ? undefined : subscription?.modes?.find(({ id }) => id === mode);
				if (mode !== undefined) assert.ok(own, `${label}: ${mode}`);
				const fields = [...(subscription?.fields ?? []), ...(own?.fields ?? [])];
				for (const key of Object.keys(values))
					assert.ok(
						fields.some((field) => field.key === key),
						`${label}: ${key}`,
					);
				assert.ok(delivery === 'copy' || (!receive && !echo), label);
			}
		}
		assert.deepEqual(Object.keys(comparison.guarantees), Object.keys(guaranteeTopics), label);
		assert.equal(typeof needsTarget({ comparison, verbs } as never), 'boolean');
	}
});

test('an argument is split into connection and target', () => {
	const cases: [string, string, string][] = [
		['mqtt://localhost:farm/x', 'mqtt://localhost', 'farm/x'],
		['mqtt://localhost:1883:farm/x:y', 'mqtt://localhost:1883', 'farm/x:y'],
		['mqtt://localhost:1883', 'mqtt://localhost:1883', ''],
		['amqp://u:p@h:5672/v:queue/a', 'amqp://u:p@h:5672/v', 'queue/a'],
		['coap://[::1]:5683:a', 'coap://[::1]:5683', 'a'],
		['ws://localhost:8080/echo?a=1', 'ws://localhost:8080/echo?a=1', ''],
		['Farm:a/b', 'Farm', 'a/b'],
		['Farm: east:a:b', 'Farm: east', 'a:b'],
		['Farm', 'Farm', ''],
		['Other:a:b', 'Other', 'a:b'],
	];
	for (const [text, connection, target] of cases)
		assert.deepEqual(
			splitSubject(text, (name) => name === 'Farm' || name === 'Farm: east'),
			{ connection, target },
			text,
		);
});
