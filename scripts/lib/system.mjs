// Programs that the tests need and npm does not provide: servers and a browser.
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from './process.mjs';

/** Each with its Debian package and the levels that need it. */
const programs = [
	{ name: 'mosquitto', package: 'mosquitto', levels: ['contract', 'vscode'] },
	{ name: 'mosquitto_pub', package: 'mosquitto-clients', levels: ['contract'] },
	{ name: 'coap-server-notls', package: 'libcoap3-bin', levels: ['contract'] },
	{ name: 'rabbitmq-server', package: 'rabbitmq-server', levels: ['contract', 'vscode'] },
	{ name: 'amqp-publish', package: 'amqp-tools', levels: ['contract'] },
	{ name: 'kcat', package: 'kcat', levels: ['contract'] },
	{
		name: 'rdkafka_mock.h',
		package: 'librdkafka-dev',
		levels: ['contract'],
		path: '/usr/include/librdkafka/rdkafka_mock.h',
	},
	{ name: 'ejabberdctl', package: 'ejabberd', levels: ['contract'] },
	{ name: 'prosody', package: 'prosody', levels: ['contract'] },
	{ name: 'nats-server', package: 'nats-server', levels: ['contract', 'vscode'] },
	{ name: 'docker-compose', package: 'docker-compose', levels: ['contract'] },
	{ name: 'openssl', package: 'openssl', levels: ['contract', 'vscode'] },
	{
		name: 'chromium',
		package: 'chromium',
		levels: ['webview', 'vscode'],
		others: ['chromium-browser', 'google-chrome'],
	},
	{ name: 'ps', package: 'procps', levels: ['vscode'] },
	{ name: 'ip', package: 'iproute2', levels: ['contract'] },
	{ name: 'tcpdump', package: 'tcpdump', levels: ['contract'] },
	{ name: 'unshare', package: 'util-linux', levels: ['contract'] },
	{ name: 'python3', package: 'python3', levels: ['contract'] },
	{ name: 'gcc', package: 'gcc', levels: ['contract'] },
	{ name: 'stdio.h', package: 'libc6-dev', levels: ['contract'], path: '/usr/include/stdio.h' },
	{
		name: 'broker.c',
		package: 'libqpid-proton11-dev-examples',
		levels: ['contract'],
		path: '/usr/share/proton/examples/c/broker.c',
	},
	library('proton', 'python3-qpid-proton'),
	library('paho', 'python3-paho-mqtt'),
	library('pika', 'python3-pika'),
	library('slixmpp', 'python3-slixmpp'),
	library('websockets', 'python3-websockets'),
	library('confluent_kafka', 'python3-confluent-kafka'),
	library('socketio', 'python3-socketio'),
];

/** A Python library that generated programs import. */
function library(name, debian) {
	return { name, package: debian, levels: ['contract'], path: `/usr/lib/python3/dist-packages/${name}` };
}

function isInstalled({ name, others = [], path }) {
	if (path) return existsSync(path);
	if (name === 'chromium' && process.env.CHROMIUM && existsSync(process.env.CHROMIUM)) return true;
	const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin', '/usr/bin'];
	const apps = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
	return (
		folders.some((folder) => [name, ...others].some((file) => existsSync(join(folder, file)))) ||
		(name === 'chromium' && apps.some((app) => existsSync(app)))
	);
}

/** Installs missing programs on Debian as root. Resolves with those that are still missing. */
export async function installPrograms(say) {
	const missing = () => programs.filter((program) => !isInstalled(program));
	const wanted = missing();
	if (wanted.length === 0 || process.getuid?.() !== 0 || !(await isDebian())) return wanted;
	const packages = wanted.map((program) => program.package);
	say(`Installing ${packages.join(', ')} (apt-get).`);
	// Packages must not start their servers: the tests start their own.
	const policy = '/usr/sbin/policy-rc.d';
	const own = !existsSync(policy);
	if (own) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
	try {
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		const apt = (...args) => run('apt-get', ['-o', 'Acquire::Retries=3', ...args], { env, timeoutMs: 300_000 });
		let last = '';
		for (let attempt = 1; attempt <= 3 && missing().length > 0; attempt++) {
			if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, attempt * 3000));
			last = (await apt('update')).text;
			last += (await apt('install', '-y', '--no-install-recommends', ...packages)).text;
		}
		if (missing().length > 0) say(last.trim().split('\n').slice(-15).join('\n'));
	} finally {
		if (own) await rm(policy, { force: true });
	}
	return missing();
}

async function isDebian() {
	const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
	return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(text);
}
