import { createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { listen } from '../net/listen';

export interface ForeignGreeting {
	/** As a failure names the server. */
	server: string;
	bytes: Buffer;
	/** Protocols whose servers may begin like this; `ws`: the WebSocket handshake. */
	own?: readonly string[];
	/** It is recognized only if its first bytes come together, as its packet of a few bytes does. */
	together?: boolean;
}

const of = (server: string, bytes: string, own?: readonly string[]): ForeignGreeting => ({
	...{ server, own, bytes: Buffer.from(bytes, 'latin1') },
});
const web = 'a web server (HTTP)';
const page = '<html>\r\n<head><title>400 Bad Request</title></head>\r\n';
const stream = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;

/** What servers of other protocols say, by themselves or when they do not understand a client. */
export const foreignGreetings: readonly ForeignGreeting[] = [
	of(web, 'HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n', ['ws']),
	of(web, 'HTTP/1.0 404 Not Found\r\n\r\n', ['ws']),
	of(web, page),
	of(web, `<!DOCTYPE html>\n${page}`),
	of('a web server (HTTP/2)', '\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff', ['kafka']),
	of('an SSH server', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
	of('a mail server (SMTP)', '220 mail.example.org ESMTP Postfix\r\n'),
	of('a mail server (SMTP)', '220-mail.example.org SMTP\r\n220 ready\r\n'),
	of('an FTP server', '220 (vsFTPd 3.0.5) FTP\r\n'),
	of('a mail or file server', '220 ready\r\n'),
	of('a mail or file server', '421 Too many connections\r\n'),
	of('a mail or file server', '554 no SMTP service here\r\n'),
	of('a mail server (IMAP)', '* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n'),
	of('a mail server (POP3)', '+OK Dovecot ready.\r\n'),
	of('another server (perhaps Redis)', "-ERR unknown command 'x'\r\n"),
	of('a Redis server', '-DENIED Redis is running in protected mode\r\n'),
	of('a memcached server', 'ERROR\r\n'),
	of('a NATS server', 'INFO {"server_id":"N","version":"2.10"} \r\n', ['nats']),
	of('a STOMP server', 'ERROR\nmessage:Unknown STOMP action\n\n\0'),
	of('a VNC server', 'RFB 003.008\n'),
	{ ...of('a MySQL server', '\x4a\0\0\0\x0a8.0.36\0\x08\0\0\0'), together: true },
	{ ...of('a MySQL server', "\x45\0\0\0\xff\x6a\x04Host '10.0.0.1' is not allowed"), together: true },
	of('a PostgreSQL server', 'E\0\0\0\x8fSFATAL\0C0A000\0Munsupported frontend protocol\0\0'),
	of('a Telnet server', '\xff\xfd\x18\xff\xfd\x20'),
	of('an ActiveMQ server (OpenWire)', '\0\0\x01\x3c\x01ActiveMQ\0\0\0\x0c\x01\0', ['kafka']),
	of('an AMQP 0-9-1 server', 'AMQP\0\0\x09\x01', ['amqp']),
	of('an AMQP 1.0 server', 'AMQP\0\x01\0\0', ['amqp1']),
	of('an AMQP 1.0 server', 'AMQP\x03\x01\0\0', ['amqp1']),
	of('an MQTT broker', '\x20\x02\0\x01', ['mqtt']),
	of('an MQTT broker', '\x20\x03\0\x84\0', ['mqtt']),
	of('an MQTT broker', '\xe0\x02\x81\0', ['mqtt']),
	of('an XMPP server', `<?xml version='1.0'?>${stream}`, ['xmpp']),
	of('an XMPP server', stream, ['xmpp']),
];

export const tlsAlert = Buffer.from('15030300020246', 'hex');

export interface Greeter {
	port: number;
	readonly accepted: number;
}

/** A server that says the same to every client. `when`: at once, after the client's first words, or byte by byte. */
export async function greeter(t: TestContext, bytes: Buffer, when: 'first' | 'answer' | 'slow'): Promise<Greeter> {
	let accepted = 0;
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		accepted++;
		sockets.add(socket);
		socket.on('error', () => {}).on('close', () => sockets.delete(socket));
		socket.setNoDelay(true);
		const say = async () => {
			for (let at = 0; at < bytes.length && !socket.destroyed; at++) {
				socket.write(bytes.subarray(at, at + 1));
				await new Promise((resolve) => setTimeout(resolve, 2));
			}
		};
		if (when === 'first') socket.write(bytes);
		if (when === 'answer') socket.once('data', () => socket.write(bytes));
		if (when === 'slow') void say();
		socket.resume();
	});
	const port = await listen(server);
	t.after(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return {
		port,
		get accepted() {
			return accepted;
		},
	};
}
