import type { Duplex } from 'node:stream';
import { createWebSocketStream, type RawData, type WebSocket, WebSocketServer } from 'ws';
import { cutText } from '../model/text/text';

/** Serves /echo, /ticker and /mqtt, which is the broker, to upgrade requests of an HTTP server. */
export function createWebSocketServer(attach: (stream: Duplex) => void): WebSocketServer {
	const server = new WebSocketServer({
		noServer: true,
		maxPayload: 16 * 1024 * 1024,
		// MQTT over WebSocket uses the subprotocol "mqtt" (MQTT 5, 6). Otherwise the first offered one is accepted.
		handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : ([...offered][0] ?? false)),
	});
	server.on('connection', (socket, request) => {
		socket.on('error', () => {});
		const path = (request.url ?? '/').split('?')[0];
		if (path === '/mqtt') attach(createWebSocketStream(socket));
		else if (path === '/ticker') ticker(socket);
		else if (path === '/echo' || path === '/') echo(socket);
		else socket.close(4404, 'There is nothing here. Try /echo, /ticker or /mqtt.');
	});
	return server;
}

/** The code and the reason of "close 4404 no such field". The reason is cut to the 123 bytes that a close frame holds. */
function closeCommand(data: RawData, isBinary: boolean): { code: number; reason: string } | undefined {
	if (isBinary || !Buffer.isBuffer(data) || data.length > 1000) return undefined;
	const [, code, text = ''] = /^close (1000|[34]\d{3})(?:\s+(.*))?$/s.exec(data.toString().trim()) ?? [];
	let reason = cutText(text, 123);
	while (Buffer.byteLength(reason) > 123) reason = cutText(reason, reason.length - 1);
	return code === undefined ? undefined : { code: Number(code), reason };
}

/** Sends each message back, or closes with a code and a reason when a text message says so: "close 4404 no such field". */
function echo(socket: WebSocket): void {
	socket.on('message', (data, isBinary) => {
		const close = closeCommand(data, isBinary);
		// Bounds the memory that a client costs which sends and never reads.
		if (socket.bufferedAmount > 64 * 1024 * 1024) socket.terminate();
		else if (close) socket.close(close.code, close.reason);
		else socket.send(data, { binary: isBinary });
	});
}

/**
 * Sends prices every second, a binary frame every three and a heartbeat every ten. `{"type":"subscribe","symbol":"…"}` adds
 * a symbol.
 */
function ticker(socket: WebSocket): void {
	const prices = new Map([
		['WHEAT', 214.5],
		['BARLEY', 187.2],
		['MILK', 43.1],
	]);
	let beat = 0;
	const send = (message: object) => socket.send(JSON.stringify(message));
	send({ type: 'welcome', symbols: [...prices.keys()] });
	const timer = setInterval(() => {
		if (socket.bufferedAmount > 1024 * 1024) return;
		for (const [symbol, price] of prices) {
			const next = Math.round((price + (Math.random() - 0.5) * 2) * 100) / 100;
			prices.set(symbol, next);
			send({ type: 'price', symbol, price: next, change: Math.round((next - price) * 100) / 100 });
		}
		beat++;
		if (beat % 3 === 0) socket.send(Buffer.from([0x01, beat & 0xff, 0xca, 0xfe, 0xba, 0xbe]));
		if (beat % 10 === 0) send({ type: 'heartbeat', beat });
	}, 1000);
	socket.on('message', (data) => {
		const text = cutText(String(data), 200);
		const symbol = /"symbol"\s*:\s*"([A-Z]{1,10})"/.exec(text)?.[1];
		if (!symbol) {
			send({ type: 'error', text: 'Send {"type":"subscribe","symbol":"CORN"}.' });
			return;
		}
		if (prices.size < 20 && !prices.has(symbol)) prices.set(symbol, 100);
		send({ type: 'subscribed', symbol });
	});
	socket.on('close', () => clearInterval(timer));
}
